"""pollbot built as whoever releases it builds it, and installed where its source is not."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import venv
from importlib.metadata import Distribution, distribution
from pathlib import Path

import httpx
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def built(folder: Path) -> Path:
    """Build the sdist, and the wheel from that sdist alone; return the wheel, beside its sdist."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    [wheel] = folder.glob("*.whl")
    return wheel


def installed(wheel: Path, folder: Path) -> Path:
    """Install the wheel in a new venv, with what its metadata asks for and no more.

    That is copied from this Python's packages, in the versions that they have here. Returns the
    folder of the venv's programs.
    """
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", wheel)
    [site] = folder.glob("lib/python*/site-packages")
    [metadata] = site.glob("pollbot-*.dist-info")
    for one in _asked_for(Distribution.at(metadata)):
        for file in one.files or []:
            if ".." not in file.parts:
                place = site / file
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(one.locate_file(file)), place)
    return folder / "bin"


def _asked_for(start: Distribution) -> list[Distribution]:
    found: dict[str, Distribution] = {}
    waiting = list(start.requires or [])
    while waiting:
        wanted = Requirement(waiting.pop())
        name = canonicalize_name(wanted.name)
        if name in found or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        found[name] = distribution(name)
        waiting += found[name].requires or []
    return list(found.values())


def run(*command: str | Path, folder: Path | None = None) -> str:
    """Run a program with no setting but the path; return its standard output. It must succeed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


async def demo_serves(programs: Path, folder: Path) -> list[str]:
    """Start the demo in that folder, fetch its page and what that names, end it; return these."""
    child = await asyncio.create_subprocess_exec(
        str(programs / "pollbot"),
        "demo",
        "--port",
        "0",
        cwd=folder,
        env={"PATH": os.environ["PATH"]},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert child.stdout is not None
        async with asyncio.timeout(60):
            line = (await child.stdout.readline()).decode()
        address = re.search(r"http://\S+", line)
        assert address, f"it said {line!r}"
        async with httpx.AsyncClient(base_url=address[0], timeout=10) as http:
            page = await http.get("/")
            assert page.status_code == 200
            named = re.findall(r'(?:src|href)="([^":]+\.(?:js|css))"', page.text)
            for name in named:
                assert (await http.get(name)).status_code == 200, name
        return named
    finally:
        child.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            assert await child.wait() == 0
