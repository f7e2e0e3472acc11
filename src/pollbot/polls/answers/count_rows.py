"""How often each option was chosen in Slack, and by how many people, kept beside the answers.

Whatever changes answers changes these in its transaction, so that nobody has to count a crowd.
"""

from collections.abc import Mapping

from pollbot.polls.tally import Part
from pollbot.store.writer import Connection

_PEOPLE = ""
"""Stands for the people among the options; no option has this id."""


def counted(db: Connection, poll_id: str) -> Part:
    """Return how often each option was chosen, and by how many people."""
    rows = db.execute(
        "SELECT option_id, answers FROM counts WHERE poll_id = ? AND answers > 0", (poll_id,)
    ).fetchall()
    counts = {str(option_id): int(answers) for option_id, answers in rows}
    return Part(people=counts.pop(_PEOPLE, 0), counts=counts)


def moved(db: Connection, poll_id: str, changes: Mapping[str, int], people: int) -> None:
    """Keep that options were chosen by so many more, or fewer, and that so many more answered."""
    db.executemany(
        "INSERT INTO counts (poll_id, option_id, answers) VALUES (?, ?, ?)"
        " ON CONFLICT (poll_id, option_id)"
        " DO UPDATE SET answers = counts.answers + excluded.answers",
        [
            (poll_id, option_id, more)
            for option_id, more in {**changes, _PEOPLE: people}.items()
            if more
        ],
    )


def recount(db: Connection, poll_id: str) -> None:
    """Count anew, after what changes answers by their options."""
    forget(db, poll_id)
    db.execute(
        "INSERT INTO counts (poll_id, option_id, answers)"
        " SELECT poll_id, option_id, count(*) FROM answers WHERE poll_id = ?"
        " GROUP BY poll_id, option_id"
        # Once nothing ties the answers of an anonymous poll to people, it knows how many they were.
        " UNION ALL SELECT ?, ?, coalesce((SELECT people FROM polls WHERE id = ?),"
        " (SELECT count(DISTINCT voter) FROM answers WHERE poll_id = ?))",
        (poll_id, poll_id, _PEOPLE, poll_id, poll_id),
    )


def forget(db: Connection, poll_id: str) -> None:
    """Forget the counts of a poll whose answers are gone."""
    db.execute("DELETE FROM counts WHERE poll_id = ?", (poll_id,))
