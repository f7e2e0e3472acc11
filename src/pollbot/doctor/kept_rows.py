"""What is read of the database, without changing a byte of it, whether pollbot runs or not."""

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from cryptography.fernet import Fernet, InvalidToken

from pollbot.accounts.rules import grant_in
from pollbot.database import opens
from pollbot.doctor.of_jira import Reader
from pollbot.doctor.of_team_voice import SetUp
from pollbot.previews.rules import WorkObjects
from pollbot.store.aside import open_aside
from pollbot.store.copies import damage_of, why
from pollbot.store.migrations import applied, pending, unknown
from pollbot.store.vault import Vault

SQLITE = sqlite3.sqlite_version
"""The version of the library."""

_SOON = 60.0
"""Seconds before its end at which an access token is not used any more."""
_MADE_UP = "POLLBOT-1"

_COUNTS = (
    ("votes", "SELECT state, count(*) FROM intents GROUP BY state"),
    ("words", "SELECT state, count(*) FROM outbox GROUP BY state"),
    ("polls to be made", "SELECT state, count(*) FROM waiting_polls GROUP BY state"),
    ("results", "SELECT state, count(*) FROM records GROUP BY state"),
    (
        "cards",
        "SELECT CASE WHEN changes > drawn THEN 'to be drawn' ELSE 'drawn' END, count(*)"
        " FROM cards GROUP BY 1",
    ),
    (
        "polls",
        "SELECT CASE WHEN closed_at IS NULL THEN 'open' ELSE 'closed' END, count(*)"
        " FROM polls GROUP BY 1",
    ),
    (
        "schedules",
        "SELECT CASE WHEN paused = 1 THEN 'paused' ELSE 'active' END, count(*)"
        " FROM schedules GROUP BY 1",
    ),
    (
        "accounts",
        "SELECT CASE WHEN refused_at IS NULL THEN 'connected' ELSE 'refused' END, count(*)"
        " FROM accounts GROUP BY 1",
    ),
)
_KEY = re.compile(r"[A-Z][A-Z0-9_]*-[0-9]+")


@dataclass(frozen=True)
class Kept:
    """What the doctor needs to know of what is stored. ``opened``: whether the keys fit."""

    steps: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    damage: str = ""
    opened: bool = True
    seals: bool = False
    lost_polls: int = 0
    issue: str = _MADE_UP
    beats: tuple[str, ...] = ()
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    readers: tuple[Reader, ...] = ()
    sources: tuple[SetUp, ...] = ()
    previews_off: int = 0
    work_objects: WorkObjects | None = None


@dataclass(frozen=True)
class Asked:
    """For which sites accounts are wanted, and when."""

    sites: tuple[str, ...]
    now: float


class UnreadableError(Exception):
    """The file cannot be read as a database; the text is SQLite's."""


def read_kept(path: Path, keys: list[str], asked: Asked, *, runs: bool) -> Kept:
    """Return what is stored. Raises UnreadableError."""
    try:
        with open_aside(path, runs=runs) as db:
            return _kept(db, path, keys, asked)
    except (sqlite3.Error, OSError) as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT:
            return Kept(damage=str(error))
        raise UnreadableError(why(error)) from error


def _kept(db: sqlite3.Connection, path: Path, keys: list[str], asked: Asked) -> Kept:
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    if "_sqlite_migrations" not in tables:
        return Kept()
    steps = tuple(applied(db))
    newer = tuple(unknown(db))
    damage = damage_of(db)
    if damage or newer or not steps:
        return Kept(steps, newer, damage=damage)
    fits = opens(db, keys)
    vault = Vault(keys) if keys and fits else None
    own = [
        _own_key(path.with_name(path.name + end), vault) for end in (".poll-key", ".poll-key.new")
    ]
    there = Tables(db, tables, sqlite3.OperationalError)
    read = read_tables(there, vault, own, asked)
    return replace(read, steps=steps, older=tuple(pending(db)), opened=fits)


@dataclass(frozen=True, slots=True)
class Tables:
    """What is read in the same words from a file and from a server.

    ``missing`` is raised for a table or a column that there was not yet.
    """

    db: "Reads"
    names: set[str]
    missing: type[Exception]


class Reads(Protocol):
    """A connection of either engine."""

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Any:
        """Run one statement."""


def read_tables(
    there: Tables, vault: Vault | None, own: Sequence[Fernet | None], asked: Asked
) -> Kept:
    """Return what is in the tables. ``own``: what may open the keys of polls."""
    db, tables = there.db, there.names
    return Kept(
        seals=bool(_count(there, "accounts") + _count(there, "sources")),
        lost_polls=_lost_polls(db, own, vault) if "poll_keys" in tables else 0,
        issue=_an_issue(db),
        beats=tuple(name for (name,) in db.execute("SELECT name FROM beats ORDER BY name")),
        counts=_counts(there),
        readers=_readers(db, vault, asked) if vault else (),
        sources=_sources(db, vault) if vault and "sources" in tables else (),
        previews_off=_count(there, "previews WHERE shown = 'off'"),
        work_objects=_work_objects(db) if "work_objects" in tables else None,
    )


def _count(there: Tables, table: str) -> int:
    try:
        return int(there.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    except there.missing:
        return 0


def _counts(there: Tables) -> dict[str, dict[str, int]]:
    counts = {}
    for name, sql in _COUNTS:
        try:
            counts[name] = {str(state): int(count) for state, count in there.db.execute(sql)}
        except there.missing:
            # A database from before there was such a table or column.
            continue
    return counts


def _an_issue(db: Reads) -> str:
    for table in ("links", "cards", "intents"):
        rows = db.execute(f"SELECT issue_key FROM {table} WHERE issue_key LIKE '%-%' LIMIT 20")
        for (key,) in rows:
            if _KEY.fullmatch(str(key)):
                return str(key)
    return _MADE_UP


def _readers(db: Reads, vault: Vault, asked: Asked) -> tuple[Reader, ...]:
    found = []
    for site in asked.sites:
        rows = db.execute(
            "SELECT base_url, credential FROM accounts WHERE site = ? AND refused_at IS NULL"
            " ORDER BY connected_at DESC LIMIT 20",
            (site,),
        ).fetchall()
        for base_url, sealed in rows:
            header = _header(db, vault, vault.open(sealed), asked)
            if header:
                found.append(Reader(base_url, header, site))
    return tuple(found)


def _header(db: Reads, vault: Vault, credential: str, asked: Asked) -> str:
    """Return the Authorization header; empty for a sign-in that would have to be refreshed.

    That would change what is stored, and be a second one beside a pollbot that runs.
    """
    grant_id = grant_in(credential)
    if not grant_id:
        return credential
    row = db.execute(
        "SELECT access FROM grants WHERE id = ? AND expires_at > ?",
        (grant_id, asked.now + _SOON),
    ).fetchone()
    return "" if row is None else f"Bearer {vault.open(row[0])}"


def _sources(db: Reads, vault: Vault) -> tuple[SetUp, ...]:
    rows = db.execute("SELECT workspace, url, token FROM sources ORDER BY workspace")
    return tuple(SetUp(name, vault.open(url), vault.open(token)) for name, url, token in rows)


def _work_objects(db: Reads) -> WorkObjects:
    """Return how it stands with them, as told last."""
    row = db.execute(
        "SELECT is_on, refused, refused_at FROM work_objects"
        " ORDER BY is_on DESC, refused_at DESC LIMIT 1"
    ).fetchone()
    return WorkObjects() if row is None else WorkObjects(bool(row[0]), *row[1:])


def _lost_polls(db: Reads, own: Sequence[Fernet | None], vault: Vault | None) -> int:
    """Return how many open anonymous polls have a key that nothing here opens.

    See polls/answers/key_rows.py for what lies where.
    """
    sealed = [str(key) for (key,) in db.execute("SELECT key FROM poll_keys")]
    if not sealed or vault is None:
        return 0
    return sum(
        vault.opened(key) is None and not any(_fits(one, key) for one in own) for key in sealed
    )


def _own_key(path: Path, vault: Vault | None) -> Fernet | None:
    try:
        return own_key(path.read_text(errors="replace").strip(), vault)
    except OSError:
        return None


def own_key(sealed: str, vault: Vault | None) -> Fernet | None:
    """Return what seals the keys of polls; None if it cannot be opened."""
    try:
        plain = vault.opened(sealed) if vault else None
        return None if plain is None else Fernet(plain)
    except ValueError:
        return None


def _fits(own: Fernet | None, sealed: str) -> bool:
    try:
        return own is not None and bool(own.decrypt(sealed.encode()))
    except InvalidToken:
        return False
