"""What is posted at most once, ever: claimed before it is sent, and marked after it."""

from pollbot.storage.writer import Connection

_KEPT_FOR = 400 * 86400.0


def claim(db: Connection, subject: str, due_at: float, team_id: str, now: float) -> bool:
    """Return whether this post is ours to make; for one subject and due time that is so once.

    One that is claimed and never marked as sent may be missing, and is never made again.
    """
    claimed = db.execute(
        "INSERT INTO posts (subject, due_at, team_id, claimed_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (subject, due_at, team_id, now),
    )
    return claimed.rowcount == 1


def sent(db: Connection, subject: str, due_at: float, now: float) -> None:
    """Keep that the post is over: Slack took it, or refused it for good."""
    db.execute(
        "UPDATE posts SET sent_at = ? WHERE subject = ? AND due_at = ?", (now, subject, due_at)
    )


def release(db: Connection, subject: str, due_at: float) -> None:
    """Give back a claim whose post certainly never reached Slack, so that it can be tried again."""
    db.execute(
        "DELETE FROM posts WHERE subject = ? AND due_at = ? AND sent_at IS NULL", (subject, due_at)
    )


def forget_reminders(db: Connection, poll_id: str) -> None:
    """Forget who was reminded of the poll, and so had not answered it by then."""
    # All that begin with the words before the blank: "!" is the mark after it.
    subject = f"remind {poll_id}"
    db.execute(
        "DELETE FROM posts WHERE subject > ? AND subject < ?", (f"{subject} ", f"{subject}!")
    )


def forget_old(db: Connection, now: float) -> None:
    """Forget posts whose due time is so long ago that nothing would make them again."""
    db.execute(
        "DELETE FROM posts WHERE claimed_at < ? AND (sent_at IS NOT NULL OR tell = 'done')",
        (now - _KEPT_FOR,),
    )
