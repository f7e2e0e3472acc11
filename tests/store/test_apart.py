"""Two workspaces with equal ids: how each table keeps their rows apart, and that it does."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from pollbot.accounts.rules import LIVES
from pollbot.database import Store
from pollbot.people import Account, Person
from pollbot.store.migrations import schema
from pollbot.store.outbox import Kind
from pollbot.store.server_tables import _OF_ITS_OWN, _ONE_LEADS
from pollbot.store.set_back import owe_word
from pollbot.store.sqlite import SqliteConnection
from pollbot.store.writer import Connection
from tests.support import stored
from tests.support.connecting import keep_account
from tests.support.statements import empty, for_sqlite


@dataclass(frozen=True)
class ByTeam:
    """Each row names its team, in ``team_id``.

    ``drawn`` are columns with ids that pollbot itself has drawn: no two rows of it anywhere have
    the same. Whatever else may not be there twice may be once in each team.
    """

    drawn: tuple[str, ...] = ()


@dataclass(frozen=True)
class Of:
    """Each row belongs to one of another table, by the id that pollbot has drawn for that."""

    column: str
    table: str


@dataclass(frozen=True)
class ForAll:
    """Its rows are of no team, and tell of none."""

    why: str


TABLES: dict[str, ByTeam | Of | ForAll] = {
    "accounts": ByTeam(),
    "answers": Of("poll_id", "polls"),
    "additions": ByTeam(drawn=("id", "poll_id")),
    "audit": ByTeam(drawn=("nth",)),
    "audit_forgotten": ByTeam(),
    "audit_people": ByTeam(drawn=("id",)),
    "ballot_lines": Of("card_id", "cards"),
    "beats": ForAll("that the database takes writes, and which commands the one Slack app has"),
    "cards": ByTeam(drawn=("id",)),
    "cast_votes": ByTeam(drawn=("id",)),
    "comments": Of("poll_id", "polls"),
    "counts": Of("poll_id", "polls"),
    "crossings": ByTeam(drawn=("id",)),
    "deliveries": ByTeam(),
    "endings": Of("poll_id", "polls"),
    "executions": ByTeam(),
    "grants": ByTeam(drawn=("id",)),
    "installations": ForAll("where the app is installed, under ids that Slack gives once"),
    "installs_begun": ForAll("that somebody opened the page that installs pollbot"),
    "intents": ByTeam(drawn=("id",)),
    "issues": ForAll("which keys an issue of a Jira site has had; sites are the operator's"),
    "languages": ByTeam(),
    "leader": ForAll("which of the processes leads"),
    "links": ByTeam(),
    "mark": ForAll("how old the file is"),
    "muted": ByTeam(),
    "muted_reminders": ByTeam(),
    # What is about something without an id of pollbot's has an occasion of its team's own.
    "outbox": ByTeam(drawn=("about",)),
    "page_links": ByTeam(),
    "pages": ByTeam(),
    "poll_defaults": ByTeam(),
    "retention": ByTeam(),
    "forgotten_polls": ByTeam(drawn=("id",)),
    "poll_templates": ByTeam(drawn=("id",)),
    "poll_key_seal": ForAll("what seals the keys of all polls, each of which has one"),
    "poll_keys": Of("poll_id", "polls"),
    "pollbot_steps": ForAll("which steps were taken"),
    "polls": ByTeam(drawn=("id",)),
    "previews": ByTeam(),
    "receipts": ByTeam(drawn=("id", "poll_id")),
    "records": Of("poll_id", "polls"),
    "rights": ByTeam(),
    "schedules": ByTeam(drawn=("id",)),
    "sign_ins": ByTeam(drawn=("state",)),
    "sources": ByTeam(drawn=("id",)),
    "steps": Of("poll_id", "polls"),
    "teams": ByTeam(),
    "threshold_states": ByTeam(drawn=("threshold_id",)),
    "thresholds": ByTeam(drawn=("id",)),
    "tries": ByTeam(drawn=("id",)),
    "unfinished": Of("poll_id", "polls"),
    "vote_counts": ForAll("how many votes an issue of a Jira site had; sites are the operator's"),
    "voted_issues": ByTeam(drawn=("id",)),
    "waiting_polls": ByTeam(drawn=("id",)),
    "watches": ByTeam(drawn=("id",)),
    "when_all": Of("poll_id", "polls"),
    "work_objects": ByTeam(),
    "workspaces": ByTeam(),
}
"""Of each table how the rows of two workspaces are kept apart that have equal ids in Slack."""

FOR_ALL_TEAMS = {
    r"(SET|issue_key = \?|subject = \?).* WHERE (NOT EXISTS \(.*\) AND )?site = \? AND"
    r" ((kind|what) = 'issue' AND )?(issue_key|subject) = \?": "an issue has a new key, for all",
    r"FROM ballot_lines WHERE site = \? AND issue_key = \? AND EXISTS .*": "the same",
    r"UPDATE deliveries SET subject = \? WHERE subject = \?": "the same",
    r"UPDATE thresholds SET due_at = \? .* site = \?": "an issue has other votes, for all",
    r"FROM tries WHERE site = \? AND issue_key = \?": "when Jira's count of an issue last changed",
    r"deliveries (SET user_id = \? )?WHERE subject = \?": "a subject that names a poll by its id",
    r"FROM deliveries WHERE seen_at < \?": "what is old is forgotten",
    r"recent|coalesce\(answered_at, sent_at\)": "how fast Jira's site may be asked",
}
"""Statements that look for rows by what several teams may have, and why they may."""

TOLD_BY_SLACK = (
    "channel_id|created_by|issue_key|linked_by|message_ts|occasion|owner|page_id|posted_by|"
    "project|reader|set_by|stamp|subject|user_id|workspace"
)
"""Columns with ids of Slack's, or of Jira's: another team may have the same."""


def tables() -> dict[str, list[str]]:
    """Return every table with its columns, those included that only a server has."""
    found = {}
    with closing(sqlite3.connect(":memory:")) as server:
        for script in (_OF_ITS_OWN, _ONE_LEADS):
            server.executescript(script.replace("BIGINT", "INTEGER"))
        for db in (empty(), server):
            for (name,) in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
                " AND name NOT LIKE '%\\_migrations' ESCAPE '\\' AND name NOT LIKE 'sqlite%'"
            ).fetchall():
                found[name] = [row[1] for row in db.execute(f"PRAGMA table_info({name})")]
    return found


def unique_keys(db: sqlite3.Connection, table: str) -> Iterator[set[str]]:
    """Yield the columns of all that may be in a table only once."""
    primary = {row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[5]}
    if primary:
        yield primary
    for _, name, unique, *_ in db.execute(f"PRAGMA index_list({table})").fetchall():
        if unique:
            yield {row[2] for row in db.execute(f"PRAGMA index_info({name})")}


def untold() -> str:
    """Return what to do about tables of which nothing is said; nothing if there are none."""
    found = tables()
    new, gone = sorted(found.keys() - TABLES.keys()), sorted(TABLES.keys() - found.keys())
    if gone:
        return f"TABLES of {__file__} names what is no table any more: {gone}"
    if not new:
        return ""
    return (
        f"say in TABLES of {__file__} how the rows of two workspaces are kept apart in {new}: "
        "ByTeam() if each names its team_id (with the ids that pollbot draws in drawn=…), "
        "Of(column, table) if each belongs to a row of another table, ForAll(why) if it is of none"
    )


def test_of_each_table_it_is_said_how_workspaces_are_kept_apart() -> None:
    assert not untold()


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_kept_apart_as_it_is_said(db: SqliteConnection, table: str) -> None:
    how = TABLES[table]
    match how:
        case ByTeam(drawn):
            assert "team_id" in tables()[table]
            for key in unique_keys(db, table):
                assert "team_id" in key or key & set(drawn), f"one team for {sorted(key)}"
        case Of(column, parent):
            led = db.execute(f"PRAGMA foreign_key_list({table})").fetchall()
            assert (parent, column) in [(row[2], row[3]) for row in led]
            assert "id" in _drawn(parent)
            for key in unique_keys(db, table):
                assert column in key
        case ForAll(why):
            assert "team_id" not in tables()[table], why


@pytest.fixture
def db() -> Iterator[SqliteConnection]:
    """Pollbot's tables, and nothing in them."""
    with closing(SqliteConnection(":memory:", isolation_level=None)) as db:
        for made in schema()[0]:
            db.execute(made)
        yield db


def _drawn(table: str) -> tuple[str, ...]:
    how = TABLES[table]
    return how.drawn if isinstance(how, ByTeam) else ()


def a_row(db: sqlite3.Connection, table: str, team: str) -> dict[str, object]:
    """Return a row that differs from that of another team in what is drawn, and its team."""
    row: dict[str, object] = {}
    how = TABLES[table]
    drawn = {how.column} if isinstance(how, Of) else set(_drawn(table))
    checks = str(db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0])
    for _, name, kind, *_ in db.execute(f"PRAGMA table_info({table})").fetchall():
        one_of = re.search(rf"\b{name} IN \('([^']*)'", checks)
        if name == "team_id":
            row[name] = team
        elif name in drawn:
            row[name] = f"drawn for {team}" if kind == "TEXT" else len(team)
        elif one_of:
            row[name] = one_of[1]
        elif kind == "TEXT":
            row[name] = f'["the same {name}"]'
        else:
            row[name] = 1
    return row


@pytest.mark.parametrize("table", [n for n, how in TABLES.items() if not isinstance(how, ForAll)])
def test_rows_with_equal_ids_lie_in_each_table_side_by_side(
    db: SqliteConnection, table: str
) -> None:
    inserted = []
    for team in ("T0ONE", "T0OTHER"):
        parents = [row[2] for row in db.execute(f"PRAGMA foreign_key_list({table})")]
        for one in (*parents, table):
            row = a_row(db, one, team)
            if one in parents:
                row["id"] = f"drawn for {team}"
            stored.insert(db, one, row)
        inserted.append(row)

    assert stored.by_column(db, f"SELECT * FROM {table}") == inserted  # noqa: S608


def test_no_statement_looks_for_rows_of_a_team_without_naming_it() -> None:
    by_team = "|".join(name for name, how in TABLES.items() if isinstance(how, ByTeam))
    about_them = re.compile(rf"\b(FROM|UPDATE|JOIN) ({by_team})\b")
    drawn = re.compile(
        r"\b(?:\w+\.)?(id|poll_id|card_id|threshold_id|about|deed|state) (=|IN) [?(]"
    )
    found = []
    for place, statement in for_sqlite():
        condition = " WHERE ".join(statement.split(" WHERE ")[1:])
        looks = re.search(rf"\b({TOLD_BY_SLACK})\b (=|IN|<>|LIKE) ", condition)
        if not about_them.search(statement) or not looks or str(place).startswith("doctor/"):
            continue  # the doctor looks at what is the operator's, whoever wrote it
        if re.search(r"\bteam_id\b", condition) or drawn.search(condition):
            continue
        if not any(re.search(known, statement) for known in FOR_ALL_TEAMS):
            found.append(f"{place}: {statement}")

    assert not found, f"name the team, or say in FOR_ALL_TEAMS of {__file__} why not"


# What is owed to people


BEN_HERE, BEN_THERE = Person("T0ONE", "U0BEN"), Person("T0OTHER", "U0BEN")
SITE, NOW = "https://acme.atlassian.net", 1_750_000_000.0
BOTH = [("T0ONE", "U0BEN"), ("T0OTHER", "U0BEN")]


def owed(db: Connection, kind: Kind) -> list[tuple[str, str]]:
    """Return who is to hear of it, each as often as they are."""
    rows = db.execute(
        "SELECT team_id, reader FROM outbox WHERE kind = ? AND owed > 0 ORDER BY 1, 2", (kind,)
    )
    return [(team, reader) for team, reader in rows.fetchall()]


def test_what_was_left_out_is_told_in_both_workspaces(db: Connection) -> None:
    for team, user in BOTH * 2:
        owe_word(db, "vote PLAT-12", user, team, NOW)

    assert owed(db, Kind.SET_BACK) == BOTH
    assert not owe_word(db, "vote PLAT-12", "U0BEN", "T0OTHER", NOW), "they were told already"


async def test_who_connected_at_the_same_moment_hears_in_both_workspaces_when_that_ends(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path / "pollbot.db", [Fernet.generate_key().decode()])
    try:
        account = Account("acc-ben", "Ben", SITE, "Basic abc")
        for person in (BEN_HERE, BEN_THERE):
            await keep_account(store, person, SITE, account, NOW)
        await store.accounts.tell_of_ends(NOW + LIVES)

        with stored.opened(tmp_path / "pollbot.db") as db:
            assert owed(db, Kind.ACCOUNT_ENDS) == BOTH
            occasions = db.execute("SELECT team_id, occasion FROM outbox ORDER BY 1").fetchall()
        for person, (team, occasion) in zip((BEN_HERE, BEN_THERE), occasions, strict=True):
            assert person.team_id == team
            assert await store.accounts.ending(person, SITE, occasion) is not None
    finally:
        store.close()
