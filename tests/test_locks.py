"""requirements.lock and sbom.json name what is installed, and are of one time.

Whoever changes what pollbot asks for, or a version in constraints.txt, runs `make lock`.
"""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text()
SBOM: dict[str, Any] = json.loads((ROOT / "sbom.json").read_text())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
ASKED_FOR: list[str] = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["postgres"]]


def pins(text: str) -> dict[str, str]:
    """Return the version that is pinned of each package."""
    found = re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


@pytest.mark.parametrize("asked_for", ASKED_FOR)
def test_what_pollbot_asks_for_is_locked_in_a_version_that_will_do(asked_for: str) -> None:
    wanted = Requirement(asked_for)

    assert wanted.specifier.contains(pins(LOCK)[canonicalize_name(wanted.name)])


def test_every_locked_package_has_hashes_and_nothing_else_is_read() -> None:
    whole = re.sub(r"\\\n\s*", "", LOCK)
    lines = [line for line in whole.splitlines() if line and not line.startswith("#")]

    assert len(lines) == len(pins(LOCK)) > len(ASKED_FOR)
    for line in lines:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line
        assert "://" not in line
        assert not line.startswith("-")


def test_the_lock_has_the_versions_that_are_tested() -> None:
    tested = pins((ROOT / "constraints.txt").read_text())

    assert {name: tested[name] for name in pins(LOCK) if name in tested} == {
        name: version for name, version in pins(LOCK).items() if name in tested
    }
    assert set(pins(LOCK)) - set(tested) <= {"pip"}, "constraints.txt cannot hold pip itself"


def test_the_sbom_lists_what_is_locked() -> None:
    listed = {canonicalize_name(one["name"]): one["version"] for one in SBOM["components"]}
    version = PROJECT["version"]

    assert listed == pins(LOCK)
    about = SBOM["metadata"]["component"]
    assert (about["name"], about["version"]) == ("pollbot", version)
    [needs] = [one for one in SBOM["dependencies"] if one["ref"] == about["bom-ref"]]
    direct = {canonicalize_name(one.partition("==")[0]) for one in needs["dependsOn"]}
    assert {canonicalize_name(Requirement(one).name) for one in PROJECT["dependencies"]} <= direct
