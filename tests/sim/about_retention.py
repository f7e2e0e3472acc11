"""Promises about what is forgotten by age: what is older than an admin says, and nothing else."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from tests.sim.world import DATABASE, Workspace

DAY = 86_400.0
POLLS, AUDIT, WORK = 60, 90, 30
"""The days for which closed polls, the audit log, and finished work are kept."""
JUMPS = (POLLS - 0.5, 1.0, AUDIT - POLLS)
"""How many days pass between two looks: until what is over is nearly old enough, and then is."""
_FLEETING = {"beats", "deliveries", "outbox", "tries", "intents", "vote_counts"}
"""Tables whose rows have a time of their own, which is none of the admin's business."""
_NAME_IT_ALL_THE_SAME = {"audit", "forgotten_polls"}
"""Tables in which a poll that is forgotten is named, by an id that leads nowhere."""
_STAY_AS_THEY_ARE = {
    *("accounts", "answers", "comments", "counts", "forgotten_polls", "muted_reminders"),
    *("poll_keys", "retention", "steps", "unfinished"),
}

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """What lies in the database at a moment: by table, rows by what tells them apart."""

    at: float
    tables: Mapping[str, Mapping[tuple[Any, ...], Row]]


def held(place: Workspace) -> Held:
    """Return all that lies there now."""
    with closing(sqlite3.connect(place.folder / DATABASE)) as db:
        db.row_factory = sqlite3.Row
        names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return Held(place.clock(), {name: dict(_rows(db, name)) for (name,) in names})


def forget_what_is_older(place: Workspace, before: Held, after: Held) -> None:
    """Look whether what was older than allowed is gone since then, and all else is there."""
    over = {
        str(one["id"])
        for one in before.tables["polls"].values()
        if (one["deleted_at"] or one["closed_at"] or after.at) < after.at - POLLS * DAY
    }
    for name, rows in after.tables.items():
        for row in rows.values():
            if name not in _NAME_IT_ALL_THE_SAME and over & set(row.values()):
                place.breaks(f"A poll is older than {POLLS} days, and is still in {name}.")
            if name == "audit" and row["at"] < after.at - AUDIT * DAY:
                place.breaks(f"What was done more than {AUDIT} days ago is still in the audit log.")
            if _is_finished(name, row) and row["made_at"] < after.at - WORK * DAY:
                place.breaks(f"A card of an issue is older than {WORK} days, and is still there.")
    for name, rows in before.tables.items():
        for key, row in rows.items() if name not in _FLEETING else ():
            now = after.tables[name].get(key)
            if now is None and not _may_go(name, row, over, after.at):
                place.breaks(f"{row} of {name} is forgotten, and was to be kept.")
            if now is not None and name in _STAY_AS_THEY_ARE and now != row:
                place.breaks(f"{row} of {name} became {now}.")


def _may_go(name: str, row: Row, over: set[str], now: float) -> bool:
    if name == "audit":
        return bool(row["at"] < now - AUDIT * DAY)
    if over & set(row.values()):
        return True
    return _is_finished(name, row) and bool(row["made_at"] < now - WORK * DAY)


def _is_finished(name: str, row: Row) -> bool:
    return name == "cards" and row["poll_id"] is None and bool(row["posted"])


def _rows(db: sqlite3.Connection, table: str) -> Iterator[tuple[tuple[Any, ...], Row]]:
    told = db.execute(f"PRAGMA table_info({table})").fetchall()
    keys = [one["name"] for one in told if one["pk"]] or [one["name"] for one in told]
    for row in db.execute(f"SELECT * FROM {table}"):  # noqa: S608  a table's own name
        yield tuple(row[one] for one in keys), dict(row)
