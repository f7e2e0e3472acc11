"""The splits of open anonymous polls that have been seen: the last one of each part is shown.

A row is there before anybody sees what is in it, so a crash moves nothing. They go at the close.
"""

import json
from collections import Counter
from collections.abc import Mapping

from pollbot.polls.answers.count_rows import counted
from pollbot.polls.answers.steps import may_be_seen
from pollbot.polls.kept import Kept
from pollbot.polls.tally import FEWEST_ANONYMOUS, Part, Split
from pollbot.store.writer import Connection

_NOBODY = Part()


def look(db: Connection, kept: Kept, slack: Part) -> Split:
    """Return the split that may be seen now; this is what moves it on."""
    poll_id, jira = kept.poll.id, kept.jira_part
    return Split(
        _moved(db, poll_id, "slack", slack),
        _NOBODY if jira is None else _moved(db, poll_id, "jira", jira),
    )


def last_seen(db: Connection, poll_id: str) -> Split:
    """Return the split that somebody saw last; to read it moves nothing on."""
    slack, jira = (_last(db, poll_id, part) or _NOBODY for part in ("slack", "jira"))
    return Split(*(one if may_be_seen(one, ()) else _NOBODY for one in (slack, jira)))


def look_at_comments(db: Connection, poll_id: str) -> tuple[tuple[str, str], ...]:
    """Return the comments that may be seen now: new ones join them three at once, or more."""
    (new,) = db.execute(
        "SELECT count(*) FROM comments WHERE poll_id = ? AND shown = 0", (poll_id,)
    ).fetchone()
    if new >= FEWEST_ANONYMOUS:
        db.execute("UPDATE comments SET shown = 1 WHERE poll_id = ?", (poll_id,))
    return tuple(
        db.execute(
            "SELECT voter, comment FROM comments WHERE poll_id = ? AND shown = 1 ORDER BY voter",
            (poll_id,),
        ).fetchall()
    )


def keep(db: Connection, kept: Kept) -> None:
    """Keep what was seen until now of a poll that becomes anonymous."""
    poll_id = kept.poll.id
    slack = counted(db, poll_id)
    db.execute("UPDATE comments SET shown = 1 WHERE poll_id = ?", (poll_id,))
    for part, seen in (("slack", slack), ("jira", kept.jira_part)):
        if seen is not None and any(seen.counts.values()):
            _put_last(db, poll_id, part, _bare(seen))


def seen_options(db: Connection, poll_id: str) -> set[str]:
    """Return the options that have answers in what is shown."""
    shown = (_last(db, poll_id, part) for part in ("slack", "jira"))
    return {option_id for one in shown if one is not None for option_id in one.counts}


def follow(db: Connection, poll_id: str, ways: Mapping[str, str]) -> None:
    """Let what was seen of Slack's answers follow texts that stand under other ids now."""
    if not ways:
        return
    rows = db.execute(
        "SELECT place, counts FROM steps WHERE poll_id = ? AND part = 'slack'", (poll_id,)
    ).fetchall()
    for place, counts in rows:
        seen: Counter[str] = Counter()
        for option_id, count in json.loads(counts).items():
            seen[ways.get(option_id, option_id)] += count
        db.execute(
            "UPDATE steps SET counts = ? WHERE poll_id = ? AND part = 'slack' AND place = ?",
            (json.dumps(seen, sort_keys=True), poll_id, place),
        )


def forget(db: Connection, poll_id: str) -> None:
    """Forget what was seen: the poll is closed, deleted, or keeps names."""
    db.execute("DELETE FROM steps WHERE poll_id = ?", (poll_id,))


def _moved(db: Connection, poll_id: str, part: str, now: Part) -> Part:
    now, last = _bare(now), _last(db, poll_id, part) or _NOBODY
    if now != last and now.counts != last.counts:
        if not now.counts:
            _put_last(db, poll_id, part, _NOBODY)
            return _NOBODY
        # Whatever differs by more people can be seen in any case.
        near = [
            _read(row)
            for row in db.execute(
                "SELECT people, counts FROM steps WHERE poll_id = ? AND part = ?"
                " AND (people IS NULL OR CAST(? AS INTEGER) IS NULL OR abs(people - ?) < ?)",
                (poll_id, part, now.people, now.people, FEWEST_ANONYMOUS),
            ).fetchall()
        ]
        # The same split of other people than before tells what those few chose who came or went.
        if now in near or may_be_seen(now, near):
            last = now
            _put_last(db, poll_id, part, last)
    return last if may_be_seen(last, ()) else _NOBODY


def _last(db: Connection, poll_id: str, part: str) -> Part | None:
    row = db.execute(
        "SELECT people, counts FROM steps WHERE poll_id = ? AND part = ?"
        " ORDER BY place DESC LIMIT 1",
        (poll_id, part),
    ).fetchone()
    return None if row is None else _read(row)


def _put_last(db: Connection, poll_id: str, part: str, shown: Part) -> None:
    counts = json.dumps(shown.counts, sort_keys=True)
    db.execute(
        "DELETE FROM steps WHERE poll_id = ? AND part = ? AND people IS ? AND counts = ?",
        (poll_id, part, shown.people, counts),
    )
    db.execute(
        "INSERT INTO steps (poll_id, part, place, people, counts) SELECT ?, ?,"
        " coalesce(max(place), 0) + 1, ?, ? FROM steps WHERE poll_id = ? AND part = ?",
        (poll_id, part, shown.people, counts, poll_id, part),
    )


def _bare(part: Part) -> Part:
    """Return the counts alone, without options that nobody chose."""
    return Part({one: count for one, count in part.counts.items() if count}, part.people)


def _read(row: tuple[int | None, str]) -> Part:
    people, counts = row
    return _bare(Part(json.loads(counts), people))
