"""The wheel and the sdist: whole, and enough by themselves."""

import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
import yaml

from tests.support.packages import ROOT, built, demo_serves, installed, run
from tests.support.torture import TORTURE

SRC = ROOT / "src"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("built"))


async def test_the_wheel_alone_runs_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    programs = installed(wheel, tmp_path / "venv")
    empty = tmp_path / "empty"
    empty.mkdir()
    pollbot = programs / "pollbot"

    found = run(programs / "python", "-c", "import pollbot; print(pollbot.__file__)", folder=empty)
    assert Path(found.strip()).is_relative_to(tmp_path), "it is the installed one that runs"
    version = wheel.name.split("-")[1]
    assert run(pollbot, "--version", folder=empty) == f"pollbot {version}\n"
    printed = yaml.safe_load(run(pollbot, "manifest", folder=empty))
    assert printed == yaml.safe_load((ROOT / "manifest.yml").read_text())
    assert {"page.js", "page.css"} <= {
        Path(name).name for name in await demo_serves(programs, empty)
    }
    assert list(empty.iterdir()) == []


def test_the_wheel_holds_the_program_and_the_sandbox_page_and_nothing_else(wheel: Path) -> None:
    source = {
        path.relative_to(SRC).as_posix()
        for path in (SRC / "pollbot").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }

    with zipfile.ZipFile(wheel) as packed:
        held = {name for name in packed.namelist() if ".dist-info/" not in name}

    assert held == source


def test_the_sdist_holds_what_whoever_installs_from_it_needs(wheel: Path) -> None:
    [sdist] = wheel.parent.glob("*.tar.gz")
    with tarfile.open(sdist) as packed:
        held = {name.partition("/")[2] for name in packed.getnames()}

    assert {"README.md", "LICENSE", "CHANGELOG.md", "manifest.yml", "docs/operate.md"} <= held
    assert not [name for name in held if name.endswith((".env", ".key", ".db", ".pyc"))]


@pytest.mark.skipif(not TORTURE, reason="fetches packages anew: part of `make torture`")
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
async def test_the_lock_and_the_wheel_install_on_each_python(
    wheel: Path, tmp_path: Path, version: str
) -> None:
    python = shutil.which(f"python{version}")
    if python is None or subprocess.run([python, "--version"], capture_output=True).returncode:
        pytest.skip(f"there is no Python {version} here")
    run(python, "-m", "venv", tmp_path / "venv")
    programs, empty = tmp_path / "venv" / "bin", tmp_path / "empty"
    empty.mkdir()

    pip = (programs / "python", "-m", "pip", "install", "--quiet")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.lock")
    run(*pip, "--no-deps", wheel)

    assert run(programs / "pollbot", "--version", folder=empty).startswith("pollbot ")
    assert run(programs / "pollbot", "manifest", folder=empty)
    assert await demo_serves(programs, empty)
