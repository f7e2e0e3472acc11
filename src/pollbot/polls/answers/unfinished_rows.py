"""Answers that have fewer options than their poll asks for, and so do not count yet.

They lie beside the others, so that whatever counts, names or exports answers leaves them out.
"""

from pollbot.polls.answers import count_rows
from pollbot.polls.kept import Kept
from pollbot.polls.rules import Answer, Poll
from pollbot.store.writer import Connection


def begun(db: Connection, poll_id: str, voter: str) -> Answer:
    """Return what somebody chose of an answer that does not count yet."""
    rows = db.execute(
        "SELECT option_id FROM unfinished WHERE poll_id = ? AND voter = ?", (poll_id, voter)
    ).fetchall()
    return frozenset(str(option_id) for (option_id,) in rows)


def keep(db: Connection, poll_id: str, voter: str, before: Answer, after: Answer) -> None:
    """Keep what somebody has chosen of an answer that does not count yet; empty for nothing."""
    if before == after:
        return
    db.executemany(
        "DELETE FROM unfinished WHERE poll_id = ? AND voter = ? AND option_id = ?",
        [(poll_id, voter, option_id) for option_id in before - after],
    )
    db.executemany(
        "INSERT INTO unfinished (poll_id, voter, option_id) VALUES (?, ?, ?)",
        [(poll_id, voter, option_id) for option_id in after - before],
    )


def people(db: Connection, poll_id: str) -> int:
    """Return how many have begun an answer that does not count yet."""
    (number,) = db.execute(
        "SELECT count(DISTINCT voter) FROM unfinished WHERE poll_id = ?", (poll_id,)
    ).fetchone()
    return int(number)


def held(db: Connection, poll_id: str) -> dict[str, int]:
    """Return how often each option is chosen in answers that do not count yet."""
    rows = db.execute(
        "SELECT option_id, count(*) FROM unfinished WHERE poll_id = ? GROUP BY option_id",
        (poll_id,),
    ).fetchall()
    return {str(option_id): int(often) for option_id, often in rows}


def taken(db: Connection, kept: Kept, option_id: str) -> int:
    """Return how many places of an option are taken, in Slack and in Jira."""
    (here,) = db.execute(
        "SELECT (SELECT count(*) FROM answers WHERE poll_id = ? AND option_id = ?)"
        " + (SELECT count(*) FROM unfinished WHERE poll_id = ? AND option_id = ?)",
        (kept.poll.id, option_id, kept.poll.id, option_id),
    ).fetchone()
    there = 0 if kept.jira_part is None else kept.jira_part.counts.get(option_id, 0)
    return int(here) + there


def finish(db: Connection, poll: Poll) -> None:
    """Count what has enough options by now, and forget what was begun of those that are gone."""
    live = {option.id for option in poll.live}
    chosen: dict[str, set[str]] = {}
    for voter, option_id in db.execute(
        "SELECT voter, option_id FROM unfinished WHERE poll_id = ? ORDER BY voter, option_id",
        (poll.id,),
    ).fetchall():
        chosen.setdefault(voter, set()).add(option_id)
    for voter, options in chosen.items():
        still = options & live
        enough = len(still) >= poll.settings.least
        keep(db, poll.id, voter, frozenset(options), frozenset() if enough else frozenset(still))
        if enough:
            db.executemany(
                "INSERT INTO answers (poll_id, voter, option_id) VALUES (?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                [(poll.id, voter, option_id) for option_id in sorted(still)],
            )
    if chosen:
        count_rows.recount(db, poll.id)


def forget(db: Connection, poll_id: str) -> None:
    """Forget what was begun: it never counts any more."""
    db.execute("DELETE FROM unfinished WHERE poll_id = ?", (poll_id,))
