"""A PostgreSQL server for a while, made of the system's packages in a folder that goes with it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

OLDEST = 14
"""The first version that pollbot takes."""
# Where the packages of Debian, Fedora and Homebrew have what is on nobody's PATH.
_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


class ClusterError(Exception):
    """A program of PostgreSQL's failed; ``str(error)`` is what it said last."""


def programs() -> Path | None:
    """Return the folder with initdb and pg_ctl, of the newest version; None if there is none."""
    found = [one for place in _PLACES for one in Path("/").glob(f"{place[1:]}/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve())
    newest = max(found, key=_version_in, default=None)
    return None if newest is None else newest.parent


def version(programs: Path) -> int:
    """Return the major version of the server that is installed there."""
    words = [str(programs / "initdb"), "--version"]
    said = subprocess.run(words, capture_output=True, text=True, check=False).stdout  # noqa: S603  the system's own
    number = re.search(r"\) (\d+)", said)
    return int(number[1]) if number else 0


class Cluster:
    """A server whose databases are gone with its folder. Only who may enter that gets in.

    It listens at a socket in the folder, and with a ``port`` on 127.0.0.1, too. Unless it is
    ``durable``, what it holds need not outlive the machine.
    """

    durable = False

    def __init__(self, programs: Path, folder: Path, port: int | None = None) -> None:
        self.folder = folder
        self.port = port
        self._programs = programs
        self._data = folder / "data"
        self._who: dict[str, Any] = {}
        if os.geteuid() == 0:  # which PostgreSQL refuses to run as
            self._who = _somebody_else()
            shutil.chown(folder, self._who["user"])
        folder.chmod(0o700)
        words = ("-A", "trust", "-U", "pollbot", "--no-locale", "-E", "UTF8", "--no-sync")
        self._run("initdb", "-D", str(self._data), *words)
        self.start()

    def start(self) -> None:
        """Start the server."""
        where = "127.0.0.1" if self.port else "''"
        options = (
            f"-k {shlex.quote(str(self.folder))} -p {self.port or _PORT}"
            f" -c listen_addresses={where}"
            " -c max_connections=200 -c shared_buffers=64MB"
        )
        if not self.durable:
            options += " -c fsync=off -c full_page_writes=off"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self._data), "-o", options, "-l", log, "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it: at once, as a crash would, or in another of pg_ctl's modes."""
        self._run("pg_ctl", "-D", str(self._data), "-m", mode, "-w", "stop")

    def address(self, name: str, port: int | None = None) -> str:
        """Return libpq's address of a database; at another port, what leads to the server."""
        if port or self.port:
            return f"postgresql://pollbot@127.0.0.1:{port or self.port}/{name}"
        folder = quote(str(self.folder), safe="")
        return f"postgresql://pollbot@/{name}?host={folder}&port={_PORT}"

    def _run(self, program: str, *words: str) -> None:
        # Not into a pipe: the server would inherit it, and who reads waits for the server's end.
        with (self.folder / "said").open("w+") as said:
            done = subprocess.run(  # noqa: S603  programs of the system's packages, words of ours
                [str(self._programs / program), *words],
                check=False,
                stdout=said,
                stderr=said,
                cwd=self.folder,
                start_new_session=True,  # Ctrl+C is for whoever runs it
                **self._who,
            )
            if done.returncode:
                said.seek(0)
                told = [
                    said.read(),
                    log.read_text() if (log := self.folder / "log").exists() else "",
                ]
                last = [line for one in told for line in one.splitlines()[-3:] if line.strip()]
                raise ClusterError("\n".join([f"{program} failed ({done.returncode})", *last]))


_PORT = 5432
"""What the socket is named after; nobody else's lies in the same folder."""


def _version_in(found: Path) -> float:
    number = re.search(r"(\d+)(?:\.\d+)?/bin", str(found))
    return float(number[1]) if number else version(found.parent)


def _somebody_else() -> dict[str, Any]:
    """Return as whom root runs the server: a user that was made for it, or nobody."""
    import pwd

    for name in ("postgres", "nobody"):
        try:
            return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}
        except KeyError:
            continue
    raise ClusterError("PostgreSQL does not run as root, and no user postgres or nobody is here")
