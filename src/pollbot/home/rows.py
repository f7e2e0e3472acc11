"""What is on disk for one person, from all parts; nothing is written here."""

from pollbot.home.rules import MyPoll, OpenPoll, Stand
from pollbot.people import Person
from pollbot.polls.kept_rows import COLUMNS, kept_from
from pollbot.store.outbox import Kind
from pollbot.store.writer import Connection, Writer, reading

_MOST = 200
_IS_OPEN = "closed_at IS NULL AND (closes_at IS NULL OR closes_at > ?)"
_COUNT = COLUMNS.count(",") + 1


class HomeRows:
    """Looks only. Who answered an anonymous poll is asked nowhere here."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @reading
    def open_polls(self, db: Connection, person: Person, now: float) -> list[OpenPoll]:
        """Return the newest open polls with a card in a channel, each with each such card.

        Those that keep names are left out once the person has answered.
        """
        columns = ", ".join(f"polls.{name.strip()}" for name in COLUMNS.split(","))
        rows = db.execute(
            f"SELECT {columns}, cards.channel_id, cards.id FROM polls"
            " JOIN cards ON cards.poll_id = polls.id AND cards.team_id = polls.team_id"
            f" WHERE polls.team_id = ? AND made = 1 AND deleted_at IS NULL AND {_IS_OPEN}"
            " AND cards.posted = 1"
            " AND (CAST(json_extract(polls.settings, '$.names') AS INTEGER) = 0"
            " OR NOT EXISTS (SELECT 1 FROM answers WHERE answers.poll_id = polls.id AND voter = ?))"
            " ORDER BY polls.created_at DESC, polls.id, cards.made_at DESC LIMIT ?",
            (person.team_id, now, person.user_id, _MOST),
        ).fetchall()
        return [OpenPoll(kept_from(row[:_COUNT]), *row[_COUNT:]) for row in rows]

    @reading
    def asked_for(self, db: Connection, person: Person) -> set[str]:
        """Return the cards that the person has posted."""
        rows = db.execute(
            "SELECT id FROM cards WHERE team_id = ? AND posted_by = ? AND poll_id IS NOT NULL"
            " ORDER BY made_at DESC LIMIT 1000",
            (person.team_id, person.user_id),
        )
        return {str(row[0]) for row in rows}

    @reading
    def my_polls(
        self, db: Connection, person: Person, now: float, page: int, size: int
    ) -> tuple[list[MyPoll], int]:
        """Return a page of the polls that the person made or may manage, and how many there are.

        The open ones come first, and of them the newest.
        """
        mine = (
            "team_id = ? AND made = 1 AND deleted_at IS NULL AND ((created_by = ? AND found = 0)"
            " OR EXISTS (SELECT 1 FROM json_each(owners) WHERE value = ?))"
        )
        who = (person.team_id, person.user_id, person.user_id)
        (total,) = db.execute(f"SELECT count(*) FROM polls WHERE {mine}", who).fetchone()
        page = min(page, max(0, total - 1) // size)
        rows = db.execute(
            f"SELECT {COLUMNS}, coalesce((SELECT max(id) FROM cards"
            " WHERE cards.poll_id = polls.id), '')"
            f" FROM polls WHERE {mine}"
            f" ORDER BY ({_IS_OPEN}) DESC, created_at DESC, id LIMIT ? OFFSET ?",
            (*who, now, size, page * size),
        ).fetchall()
        return [MyPoll(kept_from(row[:_COUNT]), row[_COUNT]) for row in rows], int(total)

    @reading
    def stands(self, db: Connection, person: Person) -> list[Stand]:
        """Return the accounts of the person, refused or not."""
        rows = db.execute(
            "SELECT site, display_name, connected_at, refused_at IS NOT NULL FROM accounts"
            " WHERE team_id = ? AND user_id = ?",
            (person.team_id, person.user_id),
        ).fetchall()
        return [Stand(site, name, at, bool(refused)) for site, name, at, refused in rows]

    @reading
    def refused(self, db: Connection, team_id: str) -> int:
        """Return how many accounts of the team Jira takes no more."""
        (count,) = db.execute(
            "SELECT count(*) FROM accounts WHERE team_id = ? AND refused_at IS NOT NULL",
            (team_id,),
        ).fetchone()
        return int(count)

    @reading
    def sources(self, db: Connection, team_id: str) -> dict[str, bool]:
        """Return the projects and spaces whose polls live elsewhere, and which take their token."""
        rows = db.execute(
            "SELECT workspace, NOT EXISTS (SELECT 1 FROM outbox WHERE kind = ? AND about ="
            " sources.id) FROM sources WHERE team_id = ? ORDER BY workspace, site",
            (Kind.SOURCE_REFUSED, team_id),
        ).fetchall()
        return {str(workspace): bool(taken) for workspace, taken in rows}

    @reading
    def withdrawn(self, db: Connection, person: Person, since: float) -> set[str]:
        """Return of which issues the person's last click since then took a vote back.

        Jira's search learns of that a little later. Each is named as in store/deliveries.py.
        """
        rows = db.execute(
            "SELECT subject, deed FROM deliveries WHERE team_id = ? AND user_id = ?"
            " AND deed IN ('vote', 'withdraw') AND seen_at >= ? ORDER BY stamp",
            (person.team_id, person.user_id, since),
        ).fetchall()
        return {str(subject) for subject, deed in dict(rows).items() if deed == "withdraw"}
