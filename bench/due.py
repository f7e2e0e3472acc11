"""Schedules made due at a moment, in the file of a pollbot that does not run."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path


def copied_to(folder: Path, channels: tuple[str, ...], each: int, due: float) -> None:
    """Put so many copies of each person's schedule of a plain poll in its place, all due then.

    Each copy posts in a channel of its own. What was scheduled of issues is dropped.
    """
    with closing(sqlite3.connect(folder / "pollbot.db")) as db, db:
        cursor = db.execute("SELECT * FROM schedules WHERE json_extract(plan, '$.what') = 'poll'")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
        db.execute("DELETE FROM schedules")
        marks = ", ".join("?" * len(names))
        for place, channel in enumerate(channels):
            row = rows[place // each]
            plan = json.loads(row["plan"]) | {"channel_id": channel}
            copied = row | {
                "id": f"copy-{place}",
                "stamp": f"copy-{place}",
                "plan": json.dumps(plan),
                "next_at": due,
                "due_at": due,
            }
            db.execute(
                f"INSERT INTO schedules VALUES ({marks})",  # noqa: S608  marks only
                list(copied.values()),
            )


def made_due(folder: Path, plain: Mapping[str, float], issues: float) -> None:
    """Make schedules due: those of plain polls by their channels, all of issues at one moment."""
    with closing(sqlite3.connect(folder / "pollbot.db")) as db, db:
        for channel, at in plain.items():
            db.execute(
                "UPDATE schedules SET next_at = ?, due_at = ?"
                " WHERE json_extract(plan, '$.channel_id') = ?",
                (at, at, channel),
            )
        db.execute(
            "UPDATE schedules SET next_at = ?, due_at = ?"
            " WHERE json_extract(plan, '$.what') = 'issue'",
            (issues, issues),
        )
