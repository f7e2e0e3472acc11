"""How many votes issues had, day by day, as far as pollbot asked Jira: which keeps no history.

Source: developer.atlassian.com, Jira Cloud REST v3: an issue's changelog tells of no vote, and no
event does.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pollbot.jira.issues import Issue
from pollbot.store.columns import Columns
from pollbot.store.writer import Connection, Writer, long_transaction, reading, transaction

DAY = 86400.0
KEPT_DAYS = 40
"""Days for which they are kept."""
_REMEMBERED = 20_000

Heard = Callable[[Connection, str, str, int, float], None]
"""Hears in the transaction that an issue has another number of votes than was known: its site, its
key, that number, and when."""


@dataclass(frozen=True, slots=True)
class DayOfVotes:
    """What was read of an issue's votes in one day of UTC: the fewest, the most, and the last.

    ``day`` counts from 1970.
    """

    issue_key: str
    day: int
    low: int
    high: int
    votes: int


_ROW = Columns(DayOfVotes)


def day_of(moment: float) -> int:
    """Return the day of UTC, counted from 1970."""
    return int(moment // DAY)


class CountRows:
    """One row for each issue and day. What was kept in this run is known without a look at it."""

    def __init__(self, writer: Writer, heard: Sequence[Heard] = ()) -> None:
        self._writer = writer
        self._heard = heard
        self._known: dict[tuple[str, str], DayOfVotes] = {}

    async def note(self, site: str, issues: Iterable[Issue], now: float) -> None:
        """Keep how many votes these issues have."""
        news = [
            told
            for issue in issues
            if (told := self._told(site, issue.key, issue.votes, now)) is not None
        ]
        if not news:
            return
        await self._note(site, news, now)
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        self._known |= {(site, one.issue_key): one for one in news}

    def _told(self, site: str, key: str, votes: int, now: float) -> DayOfVotes | None:
        """Return what is known of the day by now; None if that is no news."""
        before, day = self._known.get((site, key)), day_of(now)
        if before is None or before.day != day:
            return DayOfVotes(key, day, votes, votes, votes)
        if before.votes == votes:
            return None
        return DayOfVotes(key, day, min(before.low, votes), max(before.high, votes), votes)

    @transaction
    def _note(self, db: Connection, site: str, news: Sequence[DayOfVotes], now: float) -> None:
        for one in news:
            _keep(db, site, one)
            for heard in self._heard:
                heard(db, site, one.issue_key, one.votes, now)

    @reading
    def since(
        self, db: Connection, site: str, keys: Iterable[str], day: int
    ) -> dict[str, list[DayOfVotes]]:
        """Return what was read of these issues from a day on, in order; by their keys."""
        return {
            key: [
                _ROW.read(row)
                for row in db.execute(
                    f"SELECT {_ROW} FROM vote_counts WHERE site = ? AND issue_key = ?"
                    " AND day >= ? ORDER BY day",
                    (site, key, day),
                ).fetchall()
            ]
            for key in keys
        }

    @long_transaction
    def tidy(self, db: Connection, now: float) -> None:
        """Forget what is too old."""
        db.execute("DELETE FROM vote_counts WHERE day < ?", (day_of(now) - KEPT_DAYS,))


def follow(db: Connection, site: str, before: str, key: str) -> None:
    """Have what is known of an issue that has a new key go on under that."""
    rows = db.execute(
        f"SELECT {_ROW} FROM vote_counts WHERE site = ? AND issue_key = ? ORDER BY day",
        (site, before),
    ).fetchall()
    for one in map(_ROW.read, rows):
        _keep(db, site, DayOfVotes(key, one.day, one.low, one.high, one.votes))
    db.execute("DELETE FROM vote_counts WHERE site = ? AND issue_key = ?", (site, before))


def _keep(db: Connection, site: str, one: DayOfVotes) -> None:
    db.execute(
        "INSERT INTO vote_counts (site, issue_key, day, low, high, votes) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (site, issue_key, day) DO UPDATE SET"
        " low = CASE WHEN excluded.low < vote_counts.low THEN excluded.low"
        " ELSE vote_counts.low END,"
        " high = CASE WHEN excluded.high > vote_counts.high THEN excluded.high"
        " ELSE vote_counts.high END, votes = excluded.votes",
        (site, one.issue_key, one.day, one.low, one.high, one.votes),
    )
