"""Closed polls that are too old to be kept, and what is left of them: an id that says so."""

from pollbot.store.writer import Connection

_QUIET = (
    "NOT EXISTS (SELECT 1 FROM endings WHERE endings.poll_id = polls.id)"
    " AND NOT EXISTS (SELECT 1 FROM receipts WHERE receipts.poll_id = polls.id)"
    " AND NOT EXISTS (SELECT 1 FROM records WHERE records.poll_id = polls.id"
    " AND records.state IN ('wanted', 'unconnected'))"
    " AND NOT EXISTS (SELECT 1 FROM schedules WHERE schedules.team_id = polls.team_id"
    " AND json_extract(schedules.plan, '$.subject') = polls.id AND schedules.next_at IS NOT NULL)"
    " AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.about = polls.id"
    " AND (outbox.owed > 0 OR outbox.state = 'claimed'))"
)


def too_old(db: Connection, team_id: str, before: float, most: int) -> list[str]:
    """Return some polls that were closed or deleted before that, of which nothing is owed."""
    rows = db.execute(
        "SELECT id FROM polls WHERE team_id = ? AND made = 1"
        f" AND coalesce(deleted_at, closed_at) < ? AND {_QUIET} ORDER BY id LIMIT ?",
        (team_id, before, most),
    ).fetchall()
    return [str(poll_id) for (poll_id,) in rows]


def forget(db: Connection, team_id: str, poll_id: str, now: float) -> None:
    """Forget a poll with its answers and cards; who presses one of these is told that."""
    for table in _BESIDE:
        db.execute(f"DELETE FROM {table} WHERE poll_id = ?", (poll_id,))
    for table in _ABOUT:
        db.execute(f"DELETE FROM {table} WHERE about = ?", (poll_id,))
    # Answers, comments, counts and keys go with it.
    db.execute("DELETE FROM polls WHERE id = ?", (poll_id,))
    db.execute(
        "INSERT INTO forgotten_polls (id, team_id, forgotten_at) VALUES (?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (poll_id, team_id, now),
    )


_BESIDE = ("cards",)
_ABOUT = ("outbox",)
