"""docs/install.md and docs/operate.md, followed to the letter: each block of code is run.

Where a page names what is somebody's own (tokens, the site, folders), that of the stand-ins takes
its place. What needs root, Docker or nginx is not run, and is listed here; test_deploy.py looks at
what it uses.
"""

import asyncio
import os
import re
import shutil
import socket
import sys
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import yaml
from cryptography.fernet import Fernet

from pollbot.text.manifest import manifest
from tests.e2e.process import Process
from tests.support.house import ADA, House
from tests.support.packages import ROOT, built, installed
from tests.support.pages import block, blocks, read
from tests.support.torture import TORTURE

INSTALL, OPERATE = read("install.md"), read("operate.md")
NOT_RUN = {
    "install.md": {
        "sudo useradd": "root",
        "docker build": "Docker",
        "server {": "nginx",
        "location =": "nginx",
    },
    "operate.md": {
        "# /etc/litestream.yml": "test_litestream.py",
        "litestream": "test_litestream.py",
        "scrape_configs:": "Prometheus",
        "docker exec": "Docker",
        "docker stop": "Docker",
    },
}
RUN: dict[str, list[tuple[str, str]]] = {
    "install.md": [
        ("1. The program", ""),
        ("2. The Slack app", ""),
        ("Where `/poll` or `/vote` belongs to another app", ""),
        ("Where Jira is not at atlassian.net", ""),
        ("Steps for Workflow Builder", ""),
        ("3. Settings", "SLACK_BOT_TOKEN"),
        ("3. Settings", "chmod"),
        ("4. Start", ".venv"),
        ("4. Start", "curl"),
        ("HTTP instead of Socket Mode", ".venv"),
        ("HTTP instead of Socket Mode", "SLACK_BOT_TOKEN"),
        ("Sign in with Atlassian", ""),
        ("Many workspaces", ".venv"),
        ("Many workspaces", "POLLBOT_PUBLIC_URL"),
    ],
    "operate.md": [
        ("Back up", "pollbot"),
        ("Back up", "0 3"),
        ("Take all polls along", ""),
        ("See who changed what", ""),
        ("Restore", ""),
        ("The drill", ""),
        ("See what is wrong", "pollbot doctor"),
        ("See what is wrong", "pollbot doctor --bundle"),
        ("Rotate keys", ""),
    ],
}


def taken(page: str, title: str, start: str = "") -> str:
    """Return a block that is run, which the list above names."""
    assert (title, start) in RUN[page]
    return block(INSTALL if page == "install.md" else OPERATE, title, start)


@pytest.mark.parametrize(("page", "text"), [("install.md", INSTALL), ("operate.md", OPERATE)])
def test_each_block_is_run_or_it_is_said_why_not(page: str, text: str) -> None:
    run = [block(text, title, start) for title, start in RUN[page]]

    left = [one for one in blocks(text) if one not in run]

    assert [one for one in left if not one.startswith(tuple(NOT_RUN[page]))] == []
    assert len(left) >= len(NOT_RUN[page])


class Shell:
    """A folder in which what a page says is typed."""

    def __init__(self, folder: Path, **extra: str) -> None:
        self.folder = folder
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", **extra}

    async def type(self, text: str) -> str:
        """Run a block, which stops at the first line that fails; return what it prints."""
        child = await asyncio.create_subprocess_exec(
            "bash",
            *("-euo", "pipefail", "-c", text),
            cwd=self.folder,
            env=self.env,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(100):
            out, _ = await child.communicate()
        assert child.returncode == 0, f"{text}\n{out.decode()}"
        return out.decode()

    async def start(self, text: str) -> Process:
        """Start what a block of one line says; return once it is up."""
        child = await asyncio.create_subprocess_exec(
            *text.split(), cwd=self.folder, env=self.env, stderr=asyncio.subprocess.PIPE
        )
        assert child.stderr is not None
        heard = ""
        async with asyncio.timeout(30):
            while line := (await child.stderr.readline()).decode():
                heard += line
                if up := re.search(r"pollbot is up \((.*), port (\d+)\)", line):
                    return Process(child, int(up[2]), up[1])
        raise AssertionError(heard)


def settings(house: House, page: str, port: int, **ours: str) -> str:
    """Return the page's .env with the stand-ins' values, and where the stand-ins are."""
    values = {
        "SLACK_BOT_TOKEN": house.slack.bot_token,
        "SLACK_APP_TOKEN": house.slack.app_token,
        "SLACK_SIGNING_SECRET": house.slack.signing_secret,
        "POLLBOT_JIRA_URL": house.jira.site_url,
        **ours,
    }
    named = [line.partition("=") for line in page.splitlines()]
    assert all("=" in line for line in page.splitlines())
    lines = [f"{name}={values.get(name, given)}" for name, _, given in named]
    where = {
        "POLLBOT_SLACK_API_URL": house.slack.api_url,
        "POLLBOT_ATLASSIAN_API_URL": house.jira.gateway_url,
        "POLLBOT_PORT": str(port),
    }
    return "\n".join([*lines, *(f"{name}={value}" for name, value in where.items())]) + "\n"


def free_port() -> int:
    """Return a port that nobody listens on, and that no connection is given by chance."""
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
    raise AssertionError("every port is taken")


async def test_the_wheel_and_the_page_lead_from_an_empty_folder_to_a_vote(
    house: House, tmp_path: Path
) -> None:
    folder, port = tmp_path / "empty", free_port()
    folder.mkdir()
    shell = Shell(folder)
    wheel = built(tmp_path / "built")
    shutil.copy(wheel, folder)
    shutil.copy(ROOT / "requirements.lock", folder)

    lines = taken("install.md", "1. The program").splitlines()
    if TORTURE:
        await shell.type("\n".join(lines))
    else:  # what the lock names is fetched from afar
        assert f"--no-deps {wheel.name}" in lines[-2]
        installed(wheel, folder / ".venv")
        await shell.type(lines[-1])
    printed = await shell.type(taken("install.md", "2. The Slack app"))
    assert yaml.safe_load(printed) == manifest()
    prefixed = await shell.type(
        taken("install.md", "Where `/poll` or `/vote` belongs to another app")
    )
    assert yaml.safe_load(prefixed) == manifest(prefix="jira-")
    elsewhere = await shell.type(taken("install.md", "Where Jira is not at atlassian.net"))
    assert yaml.safe_load(elsewhere) == manifest(jira=["jira.acme.example"])

    stepped = await shell.type(taken("install.md", "Steps for Workflow Builder"))
    assert yaml.safe_load(stepped) == manifest(steps=True)

    env = settings(house, taken("install.md", "3. Settings", "SLACK_BOT_TOKEN"), port)
    (folder / ".env").write_text(env)
    looked = await shell.type(taken("install.md", "3. Settings", "chmod"))
    assert "Every setting can be used" in looked

    process = await shell.start(taken("install.md", "4. Start", ".venv"))
    try:
        assert (process.said_first, process.port) == ("Socket Mode", port)
        asked = taken("install.md", "4. Start", "curl").replace(":3000/", f":{port}/")
        await is_well(shell, asked)
        await house.connect(ADA)
        await house.vote(ADA, "PLAT-12")
        await house.told(ADA, "is counted")
        await house.votes("PLAT-12", 8)
    finally:
        assert (await process.end())[0] == 0


async def is_well(shell: Shell, asked: str) -> None:
    """Ask as the page says, or by a program of our own where curl is not at hand."""
    if shutil.which("curl"):
        said = await shell.type(asked)
    else:
        async with httpx.AsyncClient() as http:
            said = (await http.get(asked.split()[-1])).text
    assert '"ok": true' in said


async def test_the_page_leads_to_http_and_to_signing_in(house: House, tmp_path: Path) -> None:
    shell, port = Shell(tmp_path), free_port()
    with_pollbot(shell)
    title = "HTTP instead of Socket Mode"

    printed = yaml.safe_load(await shell.type(taken("install.md", title, ".venv")))
    assert printed == manifest("https://pollbot.acme.example")
    path = printed["features"]["slash_commands"][0]["url"].removeprefix(
        "https://pollbot.acme.example"
    )
    others = await shell.type(taken("install.md", "Many workspaces", ".venv"))
    assert yaml.safe_load(others) == manifest(install="https://pollbot.acme.example")
    page = "\n".join(
        [
            taken("install.md", title, "SLACK_BOT_TOKEN"),
            taken("install.md", "Sign in with Atlassian"),
            taken("install.md", "Many workspaces", "POLLBOT_PUBLIC_URL"),
        ]
    )
    (tmp_path / ".env").write_text(
        settings(
            house, page, port, POLLBOT_JIRA_CLIENT_ID="app", POLLBOT_JIRA_CLIENT_SECRET="secret"
        )
    )
    process = await shell.start(taken("install.md", "4. Start", ".venv"))
    try:
        assert process.said_first == "HTTP"
        house.slack.events_url = f"http://127.0.0.1:{port}{path}"
        await house.connect(ADA)
        await house.vote(ADA, "PLAT-12")
        await house.votes("PLAT-12", 8)
        routes = "\n".join(
            [block(INSTALL, title, "server {"), block(INSTALL, "Many workspaces", "location =")]
        )
        proxied = re.findall(r"location = (\S+)", routes)
        assert proxied == [
            *("/slack/events", "/jira/connect", "/jira/callback"),
            *("/slack/install", "/slack/oauth_redirect"),
        ]
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            for route in proxied:
                assert (await http.get(route)).status_code != 404
            assert (await http.get("/jira/other")).status_code == 404
    finally:
        assert (await process.end())[0] == 0


def with_pollbot(shell: Shell) -> Path:
    """Put the program into the folder's .venv, as an installation does; return its folder."""
    programs = shell.folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    program = programs / "pollbot"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nfrom pollbot.cli import main\nsys.exit(main())\n"
    )
    program.chmod(0o755)
    return programs


async def test_what_operators_are_told_to_type_does_what_it_says(
    house: House, tmp_path: Path
) -> None:
    srv, backups = tmp_path / "srv", tmp_path / "backups"
    srv.mkdir()
    backups.mkdir()
    shell = Shell(srv, TMPDIR=str(tmp_path))
    programs = with_pollbot(shell)
    (programs / "systemctl").write_text("#!/bin/sh\n")
    (programs / "systemctl").chmod(0o755)
    shell.env["PATH"] = f"{programs}:{shell.env['PATH']}"
    (srv / ".env").write_text(
        settings(house, taken("install.md", "3. Settings", "SLACK_BOT_TOKEN"), free_port())
    )
    (srv / ".env").chmod(0o600)

    def here(text: str) -> str:
        return text.replace("/srv/pollbot", str(srv)).replace("/backups", str(backups))

    process = await shell.start(f"{programs}/pollbot serve")
    await house.connect(ADA)
    await house.vote(ADA, "PLAT-12")
    await house.votes("PLAT-12", 8)
    await shell.type(here(taken("operate.md", "Back up", "pollbot")))
    exported = await shell.type(here(taken("operate.md", "Take all polls along")))
    assert f"{backups}/polls.json holds 0 polls" in exported
    assert ADA in await shell.type(taken("operate.md", "See who changed what"))
    assert "Every setting can be used" in await shell.type(
        taken("operate.md", "See what is wrong", "pollbot doctor")
    )
    await shell.type(taken("operate.md", "See what is wrong", "pollbot doctor --bundle"))
    assert (srv / "report.json").exists()
    assert (await process.end())[0] == 0

    nightly = taken("operate.md", "Back up", "0 3")
    command = nightly.removeprefix("0 3 * * *").replace("\\%", "%")  # as cron reads it
    (tmp_path / "nightly").mkdir()
    await shell.type(here(command.replace("/backups", str(tmp_path / "nightly"))))
    assert len(list((tmp_path / "nightly").iterdir())) == 1

    await shell.type(here(taken("operate.md", "The drill")))
    await shell.type(here(taken("operate.md", "Restore")))
    assert len(list(srv.glob("pollbot.db.replaced-*"))) == 1


async def test_a_key_made_as_the_page_says_takes_over_as_it_says(
    house: House, tmp_path: Path
) -> None:
    new = (await Shell(tmp_path).type(taken("operate.md", "Rotate keys"))).strip()
    Fernet(new)
    async with house.program():
        await house.connect(ADA)
    beside = house.database.with_name(house.database.name + ".key")
    old = beside.read_text().strip()

    async with house.program(encryption_keys=f"{new},{old}"):
        await house.vote(ADA, "PLAT-12")
        await house.votes("PLAT-12", 8)
    beside.unlink()
    async with house.program(encryption_keys=new):
        await house.vote(ADA, "PLAT-13")
        await house.votes("PLAT-13", 1)
    assert not beside.exists()
