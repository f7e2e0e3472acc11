"""What polls hold of a person who names themselves in them, and how that is forgotten."""

import json

from pollbot.cards.rows import touch
from pollbot.people import Person
from pollbot.polls.answers import count_rows
from pollbot.store.writer import Connection

FORGOTTEN = "forgotten-"
"""What the ids begin with that take the place of a person's in the results of closed polls."""


def polls_of(db: Connection, person: Person) -> int:
    """Return how many polls name the person as who made, manages or closed them."""
    (count,) = db.execute(
        "SELECT count(*) FROM polls WHERE team_id = ?"
        " AND (created_by = ? OR closed_by = ? OR owners LIKE ?)",
        (person.team_id, person.user_id, person.user_id, f'%"{person.user_id}"%'),
    ).fetchone()
    return int(count)


def answers_of(db: Connection, person: Person, now: float) -> tuple[int, int]:
    """Return in how many polls that keep names the person answered, and in how many open ones."""
    found = _answered(db, person)
    return len(found), sum(_is_open(db, poll_id, now) for poll_id in found)


def forget_person(db: Connection, person: Person, now: float) -> None:
    """Withdraw what they answered in open polls, and take their name from closed ones.

    Comments go; numbers of closed polls stay as they are. An anonymous poll knows no name.
    """
    team_id, user_id = person.team_id, person.user_id
    for poll_id in _answered(db, person):
        if _is_open(db, poll_id, now):
            db.execute("DELETE FROM answers WHERE poll_id = ? AND voter = ?", (poll_id, user_id))
            count_rows.recount(db, poll_id)
        else:
            (number,) = db.execute(
                "SELECT count(DISTINCT voter) FROM answers WHERE poll_id = ? AND voter LIKE ?",
                (poll_id, f"{FORGOTTEN}%"),
            ).fetchone()
            db.execute(
                "UPDATE answers SET voter = ? WHERE poll_id = ? AND voter = ?",
                (f"{FORGOTTEN}{int(number) + 1}", poll_id, user_id),
            )
        db.execute("DELETE FROM comments WHERE poll_id = ? AND voter = ?", (poll_id, user_id))
        touch(db, "poll_id = ?", poll_id)
    db.execute(
        "DELETE FROM unfinished WHERE voter = ?"
        " AND poll_id IN (SELECT id FROM polls WHERE team_id = ?)",
        (user_id, team_id),
    )
    db.execute(
        "UPDATE additions SET added_by = '' WHERE team_id = ? AND added_by = ?", (team_id, user_id)
    )
    shared = db.execute(
        "SELECT id, owners FROM polls WHERE team_id = ? AND owners LIKE ?",
        (team_id, f'%"{user_id}"%'),
    ).fetchall()
    for poll_id, owners in shared:
        left = [one for one in json.loads(owners) if one != user_id]
        db.execute("UPDATE polls SET owners = ? WHERE id = ?", (json.dumps(left), poll_id))
    db.execute(
        "UPDATE polls SET closed_by = '' WHERE team_id = ? AND closed_by = ?", (team_id, user_id)
    )
    made = db.execute(
        "UPDATE polls SET created_by = '' WHERE team_id = ? AND created_by = ? RETURNING id",
        (team_id, user_id),
    ).fetchall()
    for (poll_id,) in made:
        touch(db, "poll_id = ?", poll_id)


def _answered(db: Connection, person: Person) -> list[str]:
    """Return the polls in which the person answered or wrote a comment under their name."""
    rows = db.execute(
        "SELECT polls.id FROM polls WHERE polls.team_id = ? AND (EXISTS (SELECT 1 FROM answers"
        " WHERE answers.poll_id = polls.id AND answers.voter = ?) OR EXISTS (SELECT 1 FROM comments"
        " WHERE comments.poll_id = polls.id AND comments.voter = ?)) ORDER BY polls.id",
        (person.team_id, person.user_id, person.user_id),
    ).fetchall()
    return [str(poll_id) for (poll_id,) in rows]


def _is_open(db: Connection, poll_id: str, now: float) -> int:
    row = db.execute(
        "SELECT 1 FROM polls WHERE id = ? AND closed_at IS NULL AND deleted_at IS NULL"
        " AND (closes_at IS NULL OR closes_at > ?)",
        (poll_id, now),
    ).fetchone()
    return int(row is not None)
