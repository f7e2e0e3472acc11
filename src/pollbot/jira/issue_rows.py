"""Issues as Jira knows them: by an id, whatever their keys; all that is kept follows a new key."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cachetools import LRUCache

from pollbot.jira.issues import Told
from pollbot.jira.key_rows import present
from pollbot.store.writer import Connection, Writer, transaction

Follow = Callable[[Connection, str, str, str], None]
"""Gives all that is kept of a site's issue another key, in the open transaction: the site, the
key before, and the key of now."""

REMEMBERED = 10_000
"""Issues that are known without a look at the disk: those that Jira told of last."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The key of an issue, and the number of the question whose answer told it last."""

    key: str
    number: int


class IssueRows:
    """Every key that Jira told, with the id of its issue, and the key that took its place.

    Rows that are about an issue have its present key; ids are a site's own. What was told
    lately is known without a look at the disk.
    """

    def __init__(self, writer: Writer, followers: Sequence[Follow]) -> None:
        self._writer = writer
        self._followers = followers
        self._present: LRUCache[tuple[str, str], _Known] = LRUCache(REMEMBERED)
        self._led_to: LRUCache[tuple[str, str], str] = LRUCache(REMEMBERED)

    @transaction
    def present(self, db: Connection, site: str, issue_key: str) -> str:
        """Return the key that an issue has now, as far as Jira has told of it."""
        return present(db, site, issue_key)

    async def learn(self, told: Told, *, taken: bool = False) -> list[str]:
        """Have all that is kept of these issues follow to their present keys.

        Return the ids of issues that were known by a key which is another's now: nothing is
        changed for that key until it is told again as ``taken``, so that what is kept under
        it can follow its own issue before.
        """
        news = [(id_, key) for id_, key in told.keys if self._is_news(told, id_, key)]
        alias = told.asked
        if not news and (alias is None or self._led_to.get((told.site, alias)) == told.keys[0][0]):
            return []
        lost = await self._learn(told, news, taken)
        if not lost:
            for id_, key in news:
                self._present[told.site, id_] = _Known(key, told.number)
                self._led_to.pop((told.site, key), None)
            if alias is not None:
                self._led_to[told.site, alias] = told.keys[0][0]
        return lost

    def _is_news(self, told: Told, id_: str, key: str) -> bool:
        """Return whether an issue's key is not known yet, and not from before the last answer."""
        known = self._present.get((told.site, id_))
        if known is None:
            return True
        if known.key == key:
            self._present[told.site, id_] = _Known(key, max(known.number, told.number))
            return False
        return told.number > known.number

    @transaction
    def _learn(
        self, db: Connection, told: Told, news: list[tuple[str, str]], taken: bool
    ) -> list[str]:
        lost: list[str] = []
        for id_, key in news:
            other = _owner(db, told.site, key)
            if other is not None and other != id_ and not taken:
                lost.append(other)
            else:
                self._call(db, told, id_, key)
        if told.asked is not None and not lost:
            self._lead(db, told.site, told.asked, told.keys[0][0])
        return lost

    def _call(self, db: Connection, told: Told, id_: str, key: str) -> None:
        """Keep that the issue has this key now, and have what is kept of it follow."""
        site = told.site
        had = dict(
            db.execute(
                "SELECT issue_key, moved_to FROM issues WHERE site = ? AND issue_id = ?",
                (site, id_),
            ).fetchall()
        )
        if key in had and (had[key] is None or told.may_lag):
            return
        db.execute(
            "INSERT INTO issues (site, issue_key, issue_id) VALUES (?, ?, ?)"
            " ON CONFLICT (site, issue_key) DO UPDATE SET issue_id = excluded.issue_id,"
            " moved_to = NULL",
            (site, key, id_),
        )
        db.execute(
            "UPDATE issues SET moved_to = ? WHERE site = ? AND issue_id = ? AND issue_key <> ?",
            (key, site, id_, key),
        )
        for before, moved_to in had.items():
            if moved_to is None:
                self._follow(db, site, before, key)

    def _lead(self, db: Connection, site: str, asked: str, id_: str) -> None:
        """Keep that Jira answers for a key with an issue that has another one now."""
        row = db.execute(
            "SELECT issue_id FROM issues WHERE site = ? AND issue_key = ?", (site, asked)
        ).fetchone()
        if row is not None and row[0] == id_:
            return
        (key,) = db.execute(
            "SELECT issue_key FROM issues WHERE site = ? AND issue_id = ? AND moved_to IS NULL",
            (site, id_),
        ).fetchone()
        db.execute(
            "INSERT INTO issues (site, issue_key, issue_id, moved_to) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (site, issue_key) DO UPDATE SET issue_id = excluded.issue_id,"
            " moved_to = excluded.moved_to",
            (site, asked, id_, key),
        )
        if row is None:
            # What was kept under it before anybody had looked; of another issue it stays as it is.
            self._follow(db, site, asked, key)

    def _follow(self, db: Connection, site: str, before: str, key: str) -> None:
        """Give all that is kept of an issue its new key."""
        for follow in self._followers:
            follow(db, site, before, key)


def _owner(db: Connection, site: str, key: str) -> str | None:
    """Return the id of the issue whose present key that is; None if it is nobody's."""
    row = db.execute(
        "SELECT issue_id FROM issues WHERE site = ? AND issue_key = ? AND moved_to IS NULL",
        (site, key),
    ).fetchone()
    return None if row is None else str(row[0])
