"""Who changed what, and when: entries that are added, and never changed.

The database itself refuses to change one, and to delete any that the workspace's retention has
not reached. So no entry holds a user id: it points to a person by a number of ``audit_people``,
and whoever asks to be forgotten is forgotten there.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum, unique

from pydantic import Json

from pollbot.people import Person
from pollbot.store.columns import Columns
from pollbot.store.writer import Connection, Writer, reading

Said = str | int | float | bool | None
"""What a field of an entry may hold: nothing that people wrote, no secret, vote or answer."""

_PERSON = "person"
_AT_ONCE = 500


@unique
class What(StrEnum):
    """What may be done; a later version may know more. The values lie in the table."""

    POLL_MADE = "poll made"
    POLL_EDITED = "poll edited"
    POLL_CLOSED = "poll closed"
    POLL_REOPENED = "poll reopened"
    POLL_DELETED = "poll deleted"
    POLL_SHARED = "poll shared"
    OPTION_ADDED = "option added"
    SCHEDULE_MADE = "schedule made"
    SCHEDULE_CHANGED = "schedule changed"
    SCHEDULE_PAUSED = "schedule paused"
    SCHEDULE_RESUMED = "schedule resumed"
    SCHEDULE_DELETED = "schedule deleted"
    CHANNEL_LINKED = "channel linked"
    CHANNEL_UNLINKED = "channel unlinked"
    PREVIEWS_CHANGED = "previews changed"
    ACCOUNT_CONNECTED = "account connected"
    ACCOUNT_DISCONNECTED = "account disconnected"
    SOURCE_SET = "source set"
    SOURCE_REMOVED = "source removed"
    PAGE_KNOWN = "page known"
    SETUP_CHANGED = "setup changed"
    TEMPLATE_SHARED = "template shared"
    TEMPLATE_REMOVED = "template removed"
    EXPORTED = "exported"
    INSTALLED = "installed"
    UNINSTALLED = "uninstalled"
    RULE_MADE = "rule made"
    RULE_CHANGED = "rule changed"
    RULE_PAUSED = "rule paused"
    RULE_RESUMED = "rule resumed"
    RULE_REMOVED = "rule removed"
    FORGOTTEN_BY_AGE = "forgotten by age"
    PERSON_FORGOTTEN = "person forgotten"


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed as it is read: ``who`` is a user id, None for pollbot itself.

    Empty is somebody who was forgotten, of whom ``nobody`` is the number that is left: entries
    of one such person have the same. ``about`` is an id, an issue's key or a setting's name.
    """

    nth: int
    team_id: str
    at: float
    who: str | None
    nobody: int | None
    what: str
    about: str
    fields: Mapping[str, Said]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """An entry as it lies in its table."""

    nth: int
    team_id: str
    at: float
    who: int | None
    what: str
    about: str
    fields: Json[dict[str, Said | dict[str, int]]]


_ROW = Columns(AuditRow)


def note(
    db: Connection, by: Person, what: What, about: str, now: float, **fields: Said | Person
) -> None:
    """Keep in the open transaction that somebody did something; no user id means pollbot itself.

    ``about`` is what it was done to: an id, an issue's key, a channel, a setting's name. ``fields``
    say more of it; a person is handed in as one. Nothing that people wrote, no secret and no
    answer belongs here, and of an anonymous poll nobody who may have answered it.
    """
    who = _number_of(db, by) if by.user_id else None
    said = {
        name: {_PERSON: _number_of(db, value)} if isinstance(value, Person) else value
        for name, value in fields.items()
    }
    db.execute(
        "INSERT INTO audit (nth, team_id, at, who, what, about, fields)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (_next(db), by.team_id, now, who, what, about, json.dumps(said)),
    )


def nobody(team_id: str) -> Person:
    """Return pollbot itself, as who does something in a workspace."""
    return Person(team_id, "")


def forget_person(db: Connection, person: Person) -> int:
    """Have the person be nobody in all entries; return how many name them."""
    (count,) = db.execute(
        "SELECT count(*) FROM audit WHERE team_id = ? AND who IN"
        " (SELECT id FROM audit_people WHERE team_id = ? AND user_id = ?)",
        (person.team_id, person.team_id, person.user_id),
    ).fetchone()
    db.execute(
        "DELETE FROM audit_people WHERE team_id = ? AND user_id = ?",
        (person.team_id, person.user_id),
    )
    return int(count)


def entries_of(db: Connection, person: Person) -> int:
    """Return how many entries name the person as who did it."""
    (count,) = db.execute(
        "SELECT count(*) FROM audit WHERE team_id = ? AND who IN"
        " (SELECT id FROM audit_people WHERE team_id = ? AND user_id = ?)",
        (person.team_id, person.team_id, person.user_id),
    ).fetchone()
    return int(count)


def forget_before(db: Connection, team_id: str, before: float, most: int = _AT_ONCE) -> int:
    """Forget at most so many of the team's entries from before that; return how many those were."""
    db.execute(
        "INSERT INTO audit_forgotten (team_id, before) VALUES (?, ?) ON CONFLICT (team_id)"
        " DO UPDATE SET before = excluded.before WHERE audit_forgotten.before < excluded.before",
        (team_id, before),
    )
    gone = db.execute(
        "DELETE FROM audit WHERE nth IN (SELECT nth FROM audit WHERE team_id = ? AND at < ?"
        " ORDER BY nth LIMIT ?)",
        (team_id, before, most),
    )
    return gone.rowcount


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some of a team's entries, the newest first: which page, of how many entries in all."""

    entries: list[Entry]
    number: int
    total: int


class AuditRows:
    """The log, as admins read it."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @reading
    def page(self, db: Connection, team_id: str, number: int, size: int) -> AuditPage:
        """Return a page of the team's entries; one that is gone is the last one."""
        (total,) = db.execute("SELECT count(*) FROM audit WHERE team_id = ?", (team_id,)).fetchone()
        number = min(number, (total - 1) // size if total else 0)
        rows = db.execute(
            f"SELECT {_ROW} FROM audit WHERE team_id = ? ORDER BY nth DESC LIMIT ? OFFSET ?",
            (team_id, size, number * size),
        ).fetchall()
        return AuditPage(_entries(db, map(_ROW.read, rows)), number, int(total))


def entries_since(db: Connection, team_id: str | None, since: float) -> list[Entry]:
    """Return what was done since then, in that order; of all teams if none is named."""
    rows = db.execute(
        f"SELECT {_ROW} FROM audit WHERE team_id = coalesce(?, team_id) AND at >= ? ORDER BY nth",
        (team_id, since),
    ).fetchall()
    return _entries(db, map(_ROW.read, rows))


def _entries(db: Connection, rows: Iterable[AuditRow]) -> list[Entry]:
    people: dict[int, str] = dict(db.execute("SELECT id, user_id FROM audit_people").fetchall())

    def said(value: Said | dict[str, int]) -> Said:
        return people.get(value[_PERSON], "") if isinstance(value, dict) else value

    return [
        Entry(
            row.nth,
            row.team_id,
            row.at,
            None if row.who is None else people.get(row.who, ""),
            row.who if row.who is not None and row.who not in people else None,
            row.what,
            row.about,
            {name: said(value) for name, value in row.fields.items()},
        )
        for row in rows
    ]


def _number_of(db: Connection, person: Person) -> int:
    mine = (person.team_id, person.user_id)
    row = db.execute(
        "SELECT id FROM audit_people WHERE team_id = ? AND user_id = ?", mine
    ).fetchone()
    if row is not None:
        return int(row[0])
    number = _next(db)
    db.execute("INSERT INTO audit_people (id, team_id, user_id) VALUES (?, ?, ?)", (number, *mine))
    return number


def _next(db: Connection) -> int:
    """Return a number that no entry has, and that no entry knows a person by."""
    (last,) = db.execute(
        "SELECT max(n) FROM (SELECT max(nth) AS n FROM audit"
        " UNION ALL SELECT max(id) AS n FROM audit_people) AS used"
    ).fetchone()
    return int(last or 0) + 1
