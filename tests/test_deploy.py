"""The Dockerfile, compose.yaml and the systemd unit, seen without Docker and systemd."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from pollbot.cli import _parser
from pollbot.place import Server, place
from pollbot.sandbox.cluster import OLDEST
from pollbot.sandbox.faults import Faults
from pollbot.settings import Settings
from pollbot.wiring import GRACE, Pollbot
from tests.support.cluster import Cluster, programs
from tests.support.house import House
from tests.support.pages import block, read

ROOT = Path(__file__).parents[1]
UNIT = (ROOT / "deploy" / "pollbot.service").read_text()


def instructions() -> list[tuple[str, str]]:
    """Return what the Dockerfile says to do, in order, each on one line."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if line[:1] != "#"]
    whole = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(name, rest) for name, _, rest in (one.partition(" ") for one in whole.split("\n"))]


def last_stage() -> list[tuple[str, str]]:
    steps = instructions()
    begins = max(at for at, (name, _) in enumerate(steps) if name == "FROM")
    return steps[begins:]


def said(name: str) -> str:
    """Return what the last stage says of that, which it says once."""
    [found] = [rest.strip() for step, rest in last_stage() if step == name]
    return found


def unit(name: str) -> list[str]:
    """Return each value that the unit gives a key."""
    return re.findall(rf"^{name}=(.*)$", UNIT, re.MULTILINE)


ENV = dict(re.findall(r"(\w+)=(\S+)", said("ENV")))
CHECK: list[str] = json.loads(said("HEALTHCHECK").partition("CMD ")[2])


def test_the_container_runs_pollbot_and_not_as_root() -> None:
    assert said("USER").partition(":")[0] not in {"root", "0", ""}
    steps = [name for name, _ in last_stage()]
    assert not {"RUN", "COPY"} & set(steps[steps.index("USER") :]), "all is in place before"

    program, *words = json.loads(said("CMD"))

    assert program == "pollbot"
    assert _parser().parse_args(words).command == "serve"


def test_what_is_copied_into_the_image_is_there_and_enough_to_build_it(tmp_path: Path) -> None:
    shown = (ROOT / ".dockerignore").read_text().splitlines()
    stages = {rest.partition(" AS ")[2] for name, rest in instructions() if name == "FROM"}
    copied: set[str] = set()
    for name, rest in instructions():
        if name == "COPY" and (stage := re.match(r"--from=(\w+) ", rest)):
            assert stage[1] in stages
        elif name == "COPY":
            copied |= set(rest.split()[:-1])

    assert shown[0] == "*", "nothing else lies there: no .env, no database"
    assert {f"!{source}" for source in copied} <= set(shown)
    for source in copied:
        copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copyfile
        copy(ROOT / source, tmp_path / source)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, timeout=100)


def test_the_images_python_is_one_that_pollbot_takes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    bases = {rest.split()[0] for name, rest in instructions() if name == "FROM"}

    [base] = bases
    version = re.fullmatch(r"python:(3\.\d+)-slim", base)
    assert version
    assert SpecifierSet(project["requires-python"]).contains(f"{version[1]}.0")


def test_the_containers_settings_exist_and_its_database_lies_on_the_volume() -> None:
    named = [name for name in ENV if name.startswith("POLLBOT_")]

    assert named
    assert {name.removeprefix("POLLBOT_").lower() for name in named} <= set(Settings.model_fields)
    assert Path(ENV["POLLBOT_DATABASE"]).parent == Path(said("VOLUME"))
    assert ENV["POLLBOT_PORT"] == said("EXPOSE")


async def healthy(port: int | str) -> bool:
    """Run the container's health check against that port of this machine."""
    assert CHECK[0] == "python"
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *CHECK[1:],
        env={"PATH": os.environ["PATH"], "POLLBOT_PORT": str(port)},
        stderr=asyncio.subprocess.DEVNULL,
    )
    async with asyncio.timeout(20):
        return await child.wait() == 0


async def test_the_health_check_tells_a_pollbot_that_works(pollbot: Pollbot) -> None:
    assert await healthy(pollbot.port)


async def test_the_health_check_tells_one_that_does_not(house: House) -> None:
    faults: Faults = house.slack.faults
    faults.mode = "down"
    async with house.program() as pollbot:
        assert not await healthy(pollbot.port)
        port = pollbot.port
    assert not await healthy(port), "nobody is there any more"


def test_the_unit_runs_pollbot_as_a_user_with_one_folder() -> None:
    [command] = unit("ExecStart")
    program, *words = command.split()

    assert Path(program).name == "pollbot"
    assert _parser().parse_args(words).command == "serve"
    assert unit("User") not in ([], ["root"], ["0"])
    assert unit("ProtectSystem") == ["strict"]
    assert unit("WorkingDirectory") == [f"/var/lib/{unit('StateDirectory')[0]}"]
    assert not unit("ReadWritePaths")


SYSTEMD = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not at hand"
)


def analyzed(*words: str) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", *words, "--no-pager"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@SYSTEMD
def test_systemd_understands_every_line_of_the_unit(tmp_path: Path) -> None:
    """But for the program, which is not installed here."""
    copy = tmp_path / "pollbot.service"
    copy.write_text(UNIT.replace(unit("ExecStart")[0].split()[0], sys.executable))

    done = analyzed("verify", str(copy))

    assert (done.returncode, done.stderr) == (0, "")


@SYSTEMD
def test_systemd_finds_the_unit_little_exposed() -> None:
    """Its scale is from 0 to 10; what is left is the network, which is what pollbot is for."""
    file = str(ROOT / "deploy" / "pollbot.service")

    done = analyzed("security", "--offline=yes", "--threshold=15", file)

    assert done.returncode == 0, done.stdout


COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
POLLBOTS = {name: one for name, one in SERVICES.items() if one["image"] == "pollbot"}
DATABASE = SERVICES["database"]
# docs.docker.com, "Services top-level elements": of what a service may have, what is used here.
ELEMENTS = {
    *("image", "build", "env_file", "environment", "depends_on", "healthcheck", "volumes"),
    *("stop_grace_period", "restart", "read_only", "tmpfs", "cap_drop", "security_opt"),
}


def seconds(written: str) -> int:
    number, unit = re.fullmatch(r"(\d+)(s|m)", written).groups()  # type: ignore[union-attr]
    return int(number) * (60 if unit == "m" else 1)


def test_compose_runs_two_pollbots_once_the_database_answers() -> None:
    assert set(COMPOSE) == {"name", "x-pollbot", "services", "volumes"}
    assert sorted(SERVICES) == ["database", "pollbot-1", "pollbot-2"]
    for one in SERVICES.values():
        assert set(one) <= ELEMENTS
        assert one["restart"] == "unless-stopped"
        assert "no-new-privileges:true" in one["security_opt"]
    for one in POLLBOTS.values():
        assert one["depends_on"] == {"database": {"condition": "service_healthy"}}
        assert (ROOT / one["build"] / "Dockerfile").is_file()
        assert "healthcheck" not in one, "the image has one"
        # To finish what it does, and what its door has in hand, and then to close.
        assert seconds(one["stop_grace_period"]) > 3 * GRACE
        assert one["read_only"]
        assert one["cap_drop"] == ["ALL"]
    assert len(POLLBOTS) == 2


def test_composes_database_is_of_one_version_and_lies_on_a_volume() -> None:
    version = re.fullmatch(r"postgres:(\d+)-\w+", DATABASE["image"])
    assert version
    assert int(version[1]) >= OLDEST
    [(volume, path)] = [one.split(":") for one in DATABASE["volumes"]]
    assert volume in COMPOSE["volumes"]
    assert path == "/var/lib/postgresql/data", "where that image keeps it, up to version 17"
    assert int(version[1]) <= 17


def test_compose_lets_nobody_in_and_holds_no_secret() -> None:
    raw = (ROOT / "compose.yaml").read_text()
    given = {name: value for one in SERVICES.values() for name, value in one["environment"].items()}

    assert "ports" not in raw
    for name in ("PGPASSWORD", "POSTGRES_PASSWORD", "POLLBOT_ENCRYPTION_KEYS"):
        assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", given[name]), name
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()


def test_composes_settings_exist_and_what_it_asks_for_is_explained() -> None:
    said = block(read("scale.md"), "With Docker Compose", "SLACK_BOT_TOKEN")
    explained = {line.partition("=")[0] for line in said.splitlines()}
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text()))
    slacks = {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"}
    ours = {f"POLLBOT_{name.upper()}" for name in Settings.model_fields} | slacks

    assert asked <= explained
    for one in POLLBOTS.values():
        assert one["env_file"] == ".env"
        assert set(one["environment"]) | explained <= ours | {"PGPASSWORD"}
        server = place(one["environment"]["POLLBOT_DATABASE"])
        assert isinstance(server, Server)
        address = urlsplit(server.address)
        assert SERVICES[address.hostname or ""] is DATABASE
        made = DATABASE["environment"]
        assert (address.username, address.path[1:]) == (made["POSTGRES_USER"], made["POSTGRES_DB"])
        assert address.password is None
        assert one["environment"]["PGPASSWORD"] == made["POSTGRES_PASSWORD"]


def test_composes_health_check_tells_a_server_that_answers(cluster: Cluster) -> None:
    check = DATABASE["healthcheck"]
    assert set(check) == {"test", "interval", "timeout", "retries", "start_period"}
    kind, program, *words = check["test"]
    assert (kind, program) == ("CMD", "pg_isready")
    found = programs()
    assert found is not None

    def asked(port: int) -> int:
        command = [str(found / program), *words, f"--port={port}"]
        return subprocess.run(command, capture_output=True, timeout=60).returncode

    assert asked(cluster.port) == 0
    assert asked(1) != 0
