# Every target makes .venv by itself; all it needs is python3 (3.11 or newer) and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .venv/tools
# Each worker and each program of the tests would read all sources anew.
unexport PYTHONDONTWRITEBYTECODE
# More at once than a small machine has cores, since most tests wait for something.
JOBS ?= 4
SIDE_BY_SIDE := --numprocesses $(JOBS) --dist worksteal
# What failed is run once more with the machine to itself. In programs of their own three seconds
# of Slack's are real ones, and nobody answers in time on a machine that stood still for as long.
ALONE = { test $$? = 1 && echo "What failed, once more and alone:" && \
	$(BIN)/pytest -q -x $(1) --last-failed --last-failed-no-failures none; }
# What stores, and what it is stored for, is tested on both engines.
ON_POSTGRESQL := --engine postgresql --override-ini cache_dir=.pytest_cache/postgresql
STORED := $(addprefix tests/,accounts cards records schedules votes store/test_queue.py \
	store/test_outbox.py store/test_stuck.py store/test_refusals.py polls/test_answer_rows.py \
	polls/test_counts.py polls/test_end_rows.py polls/test_sources.py polls/test_steps.py)
# Too long for each run: what goes by the same statements as these do.
LONG_STORED := $(addprefix tests/,issue_lists picks polls previews setup stories door/test_every_delivery.py)

.PHONY: demo demo-replicas test test-postgresql torture breakages mutants check run bench pictures dist lock clean

demo: $(VENV)/ready          ## try everything in a browser: no Slack, no Jira, no account
	$(BIN)/pollbot demo

demo-replicas: $(VENV)/ready  ## the same with three pollbots, to be killed; needs PostgreSQL
	$(BIN)/pollbot demo --replicas 3

test: $(VENV)/ready          ## every test, the browser's too; FILE=tests/… runs one file or test
	$(BIN)/pytest -q $(if $(FILE),$(FILE),$(SIDE_BY_SIDE) || $(call ALONE))
	$(if $(FILE),,$(MAKE) test-postgresql)

test-postgresql: $(VENV)/ready  ## what is stored, on a PostgreSQL server of the tests' own
	$(BIN)/pytest -q $(ON_POSTGRESQL) $(or $(FILE),$(STORED) $(SIDE_BY_SIDE) || $(call ALONE,$(ON_POSTGRESQL)))

torture: $(VENV)/ready       ## the long tests at their full length, and all that breakages survive; FILE=… a part
	$(if $(FILE),,rm -f .tried)
	TORTURE=1 $(BIN)/pytest -q --timeout 3600 $(SIDE_BY_SIDE) $(FILE)
	$(if $(FILE),,$(BIN)/pytest -q $(ON_POSTGRESQL) $(SIDE_BY_SIDE) $(LONG_STORED))
	$(if $(FILE),,$(BIN)/python -m tests.breakages --full --jobs $(JOBS))

breakages: $(VENV)/ready     ## pollbot, broken in one place at a time: which test notices? ONE=…
	$(BIN)/python -m tests.breakages $(ONE)

mutants: $(VENV)/ready       ## pollbot, changed in 300 small places: how many are noticed? SEED=… COUNT=… ONE=…
	$(BIN)/python -m tests.mutants --jobs $(JOBS) $(if $(SEED),--seed $(SEED)) $(if $(COUNT),--count $(COUNT)) \
		$(if $(ONE),--one $(ONE))

check: $(VENV)/ready         ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

run: $(VENV)/ready           ## the real thing; settings come from the environment or .env
	$(BIN)/python app.py

bench: $(VENV)/ready         ## the measurements, beside their goals; fails if one is missed by a fifth
	$(BIN)/python -m bench

pictures: $(VENV)/ready      ## the pictures in docs/, drawn anew from the sandbox
	$(BIN)/python -m tests.pictures

dist: $(VENV)/ready          ## the wheel and the sdist of this version, in dist/
	$(BIN)/python -m build --no-isolation

lock: $(VENV)/ready          ## requirements.lock and sbom.json, from pyproject.toml and constraints.txt
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet uv==0.13.9 cyclonedx-bom==7.5.0
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(TOOLS)/bin/uv pip compile pyproject.toml --quiet \
		--universal --python-version 3.11 --extra postgres --constraint constraints.txt --generate-hashes \
		--no-emit-index-url --no-annotate --output-file requirements.lock
	$(TOOLS)/bin/uv venv --quiet --clear $(TOOLS)/bare
	$(TOOLS)/bin/uv pip sync --quiet --require-hashes --python $(TOOLS)/bare requirements.lock
	$(TOOLS)/bin/cyclonedx-py environment $(TOOLS)/bare/bin/python --pyproject pyproject.toml \
		--output-reproducible --short-PURLs --output-file $(TOOLS)/sbom.json
	$(BIN)/python -c "$$PLAIN_SBOM" <$(TOOLS)/sbom.json >sbom.json

# Parts, versions, licences and what needs what; the addresses of other projects' pages change.
define PLAIN_SBOM
import json, sys
bom = json.load(sys.stdin)
about = bom["metadata"]
for part in (about["component"], *about["tools"]["components"], *bom["components"]):
    part.pop("externalReferences", None)
json.dump(bom, sys.stdout, indent=1)
print()
endef
export PLAIN_SBOM

$(VENV)/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
