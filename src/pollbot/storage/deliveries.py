"""What was handled already: Slack may deliver twice, and in any order."""

from pollbot.domain.people import Person
from pollbot.storage.writer import Connection

_KEPT_FOR = 3600.0
_POLLS_KEPT_FOR = 2 * 86400.0  # a schedule tries for a day to post the poll that it made


def is_new(db: Connection, person: Person, subject: str, stamp: str, deed: str, now: float) -> bool:
    """Return whether this click is neither a repeat nor older than what was handled."""
    mine = (person.team_id, person.user_id, subject)
    fresh = db.execute(
        "INSERT INTO deliveries (team_id, user_id, subject, stamp, deed, seen_at)"
        " SELECT ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE team_id = ?"
        " AND user_id = ? AND subject = ? AND stamp > ?) ON CONFLICT DO NOTHING RETURNING 1",
        (*mine, stamp, deed, now, *mine, stamp),
    ).fetchone()
    return fresh is not None


def forget_old(db: Connection, now: float) -> None:
    """Forget what Slack can no longer deliver again, and no schedule can ask for again."""
    db.execute(
        "DELETE FROM deliveries WHERE seen_at < ? AND (subject <> 'new poll' OR seen_at < ?)",
        (now - _KEPT_FOR, now - _POLLS_KEPT_FOR),
    )
