# Every target makes .venv by itself; all it needs is python3 (3.11 or newer) and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# More at once than a small machine has cores, since most tests wait for something.
JOBS ?= 4
SIDE_BY_SIDE := --numprocesses $(JOBS) --dist worksteal

.PHONY: demo test torture breakages check run bench dist clean

demo: $(VENV)/ready          ## try everything in a browser: no Slack, no Jira, no account
	$(BIN)/pollbot demo

test: $(VENV)/ready          ## every test, the browser's too; FILE=tests/… runs one file or test
	$(BIN)/pytest -q $(if $(FILE),$(FILE),$(SIDE_BY_SIDE))

torture: $(VENV)/ready       ## the long tests at their full length, and all that breakages survive
	TORTURE=1 $(BIN)/pytest -q --timeout 3600 $(SIDE_BY_SIDE) $(FILE)
	$(if $(FILE),,$(BIN)/python -m tests.breakages --full --jobs $(JOBS))

breakages: $(VENV)/ready     ## pollbot, broken in one place at a time: which test notices? ONE=…
	$(BIN)/python -m tests.breakages $(ONE)

check: $(VENV)/ready         ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

run: $(VENV)/ready           ## the real thing; settings come from the environment or .env
	$(BIN)/python app.py

bench: $(VENV)/ready         ## the measurements, beside their goals
	$(BIN)/python -m bench

dist: $(VENV)/ready          ## the wheel and the sdist of this version, in dist/
	$(BIN)/python -m build --no-isolation

$(VENV)/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
