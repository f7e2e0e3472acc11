"""Polls by what they say, when they were made, and where they hang; nothing is written here."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from pollbot.people import Person
from pollbot.polls.kept import Kept
from pollbot.polls.kept_rows import COLUMNS, kept_from
from pollbot.polls.searches.rules import LOOKED_THROUGH, Search, has_all
from pollbot.store.writer import Connection, Writer, reading

_DAY = 86400.0


@dataclass(slots=True)
class Match:
    """A poll that has the words: whether it is the person's, and in which channels it hangs."""

    id: str
    site: str
    mine: bool
    channels: list[str] = field(default_factory=list)


class SearchRows:
    """Looks through the polls of a workspace.

    What they say is compared here and not by the database, whose engines differ in what they
    take for the same letter.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @reading
    def matching(
        self, db: Connection, person: Person, search: Search, subject: str, now: float
    ) -> tuple[list[Match], bool]:
        """Return the polls that are looked for, the open ones first, and whether some were not.

        With a ``subject`` only those on it. Who may see which is not asked here.
        """
        since = 0.0 if search.days is None else now - search.days * _DAY
        rows = db.execute(
            "SELECT id, site, title, description, options, created_by = ? AND found = 0"
            " OR EXISTS (SELECT 1 FROM json_each(owners) WHERE value = ?) FROM polls"
            " WHERE team_id = ? AND made = 1 AND deleted_at IS NULL"
            " AND (CAST(? AS TEXT) <> 'open'"
            " OR (closed_at IS NULL AND (closes_at IS NULL OR closes_at > ?)))"
            " AND (CAST(? AS TEXT) <> 'closed' OR closed_at IS NOT NULL OR closes_at <= ?)"
            " AND (created_at >= ? OR closed_at >= ?)"
            " AND (CAST(? AS TEXT) = '' OR subject = ?)"
            " AND (CAST(? AS TEXT) = '' OR EXISTS (SELECT 1 FROM cards"
            " WHERE cards.poll_id = polls.id AND cards.channel_id = ?))"
            " ORDER BY (closed_at IS NULL AND (closes_at IS NULL OR closes_at > ?)) DESC,"
            " created_at DESC, id LIMIT ?",
            (
                *(person.user_id, person.user_id, person.team_id),
                *(search.state, now, search.state, now, since, since),
                *(subject, subject, search.channel, search.channel),
                *(now, LOOKED_THROUGH + 1),
            ),
        ).fetchall()
        terms = search.terms
        found = {
            poll_id: Match(poll_id, site, bool(mine))
            for poll_id, site, title, description, options, mine in rows[:LOOKED_THROUGH]
            if (mine or not search.mine) and has_all(terms, (title, description, *_titles(options)))
        }
        hanging = db.execute(
            "SELECT poll_id, channel_id, posted_by FROM cards"
            " WHERE team_id = ? AND poll_id IS NOT NULL ORDER BY made_at, id",
            (person.team_id,),
        ).fetchall()
        for poll_id, channel_id, posted_by in hanging:
            match = found.get(poll_id)
            if match is not None:
                match.mine = match.mine or (posted_by == person.user_id and not search.mine)
                if channel_id not in match.channels:
                    match.channels.append(channel_id)
        return list(found.values()), len(rows) > LOOKED_THROUGH

    @reading
    def polls(self, db: Connection, team_id: str, poll_ids: Sequence[str]) -> list[Kept]:
        """Return these polls, in this order; one that is gone is left out."""
        found = []
        for poll_id in poll_ids:
            row = db.execute(
                f"SELECT {COLUMNS} FROM polls WHERE team_id = ? AND id = ? AND deleted_at IS NULL",
                (team_id, poll_id),
            ).fetchone()
            if row is not None:
                found.append(kept_from(row))
        return found


def _titles(options: str) -> list[str]:
    return [str(one.get("title") or "") for one in json.loads(options) if not one.get("removed")]
