"""Rows by name: what a row's fields say is what lies in the columns of its table."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest
from cryptography.fernet import Fernet
from pydantic import Json

from pollbot.accounts.rows import AccountRow
from pollbot.cards.rows import CardRow
from pollbot.database import Store
from pollbot.polls.answers.receipt_rows import ReceiptRow
from pollbot.polls.ends.rows import Ending
from pollbot.polls.kept_rows import PollRow
from pollbot.polls.saved.rows import SavedRow
from pollbot.polls.sources.rows import PageFacts, SourceRow
from pollbot.polls.waiting.rows import WaitingRow
from pollbot.records.rows import RecordRow
from pollbot.rights.rows import RightsRow
from pollbot.schedules.kept_rows import ScheduleRow
from pollbot.store.audit import AuditRow
from pollbot.store.columns import Columns, named
from pollbot.store.outbox import OutboxRow
from pollbot.votes.rows import IntentRow
from pollbot.votes.watches.rows import WatchRow

ROWS = [
    ("accounts", AccountRow),
    ("audit", AuditRow),
    ("cards", CardRow),
    ("endings", Ending),
    ("intents", IntentRow),
    ("outbox", OutboxRow),
    ("pages", PageFacts),
    ("polls", PollRow),
    ("receipts", ReceiptRow),
    ("poll_templates", SavedRow),
    ("records", RecordRow),
    ("rights", RightsRow),
    ("schedules", ScheduleRow),
    ("sources", SourceRow),
    ("waiting_polls", WaitingRow),
    ("watches", WatchRow),
]
IN_PYTHON = {float: "REAL", int: "INTEGER", bool: "INTEGER"}


@pytest.mark.parametrize(("table", "row"), ROWS, ids=lambda one: getattr(one, "__name__", one))
def test_each_field_is_a_column_of_its_kind(tmp_path: Path, table: str, row: type[Any]) -> None:
    Store(tmp_path / "pollbot.db", [Fernet.generate_key().decode()]).close()
    db = sqlite3.connect(tmp_path / "pollbot.db")
    known = {
        name: (kind, bool(not_null))
        for _, name, kind, not_null, *_ in db.execute(f"PRAGMA table_info({table})")
    }
    db.close()
    hints = get_type_hints(row)

    said = {
        field.name: (
            next((IN_PYTHON[one] for one in _kinds(hints[field.name]) if one in IN_PYTHON), "TEXT"),
            NoneType not in _kinds(hints[field.name]),
        )
        for field in fields(row)
    }

    assert said == {name: known[name] for name in said}


def _kinds(hint: Any) -> tuple[Any, ...]:
    """Return the kinds of a union, or the one that it is."""
    return get_args(hint) if NoneType in get_args(hint) else (hint,)


@dataclass(frozen=True)
class Dish:
    name: str
    parts: Json[tuple[str, ...]]
    price: float | None
    hot: bool


@pytest.mark.parametrize(
    "dish", [("Soup", '["leek", "salt"]', 4.5, 1), ("12", "[]", None, 0), ("", '[""]', 0.0, 1)]
)
def test_what_was_written_by_name_is_read_by_name(dish: tuple[Any, ...]) -> None:
    columns = Columns(Dish)
    values = dict(zip(("name", "parts", "price", "hot"), dish, strict=True))

    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE dishes (hot INTEGER, price REAL, parts TEXT, name TEXT) STRICT")
        db.execute(f"INSERT INTO dishes {named(values)}", values)
        found = columns.read(db.execute(f"SELECT {columns} FROM dishes").fetchone())  # noqa: S608  names of columns

    assert (found.name, found.price, found.hot) == (dish[0], dish[2], bool(dish[3]))
    assert isinstance(found.hot, bool)
    assert isinstance(found.parts, tuple)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (("Soup", "[]", 1.0), "shorter"),
        (("Soup", "[]", 1.0, 0, 0), "longer"),
        ((None, "[]", 1.0, 0), "name"),
        (("Soup", "leek", 1.0, 0), "parts"),
    ],
)
def test_what_is_no_such_row_is_not_read(values: tuple[Any, ...], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Columns(Dish).read(values)


def test_what_lies_in_a_row_that_does_not_fit_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="a row does not fit: parts, price") as refused:
        Columns(Dish).read(("Soup", "somebody's secret", "another secret", 0))

    assert "secret" not in str(refused.value)
    assert refused.value.__suppress_context__
