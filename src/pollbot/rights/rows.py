"""What the admins of a workspace allow."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

from pydantic import Json, TypeAdapter

from pollbot.people import Person
from pollbot.rights.rules import ALL, Rights
from pollbot.store import audit
from pollbot.store.audit import What
from pollbot.store.columns import Columns
from pollbot.store.deliveries import act
from pollbot.store.writer import Connection, Writer, reading


@dataclass(frozen=True, slots=True)
class RightsRow:
    """A team's rights as they lie in their table: what is not as it is where nobody said so."""

    rights: Json[Rights]


_ROW = Columns(RightsRow)
_RIGHTS = TypeAdapter(Rights)
_LISTS = {"people", "channels"}


class RightRows:
    """One row per team whose admins said something; no row allows everything."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @reading
    def of(self, db: Connection, team_id: str) -> Rights:
        """Return what is allowed in a workspace."""
        return rights_of(db, team_id)

    @act
    def change(
        self, db: Connection, by: Person, rule: Callable[[Rights], Rights], now: float
    ) -> Rights:
        """Keep what the rule makes of the team's rights as they stand; return that."""
        before = rights_of(db, by.team_id)
        after = rule(before)
        _keep(db, by.team_id, after)
        for name in (one.name for one in fields(Rights)):
            was, now_is = getattr(before, name), getattr(after, name)
            if was == now_is:
                continue
            # Of people only how many, as an entry names nobody who may ask to be forgotten.
            said = len if name in _LISTS else _in_words
            words = {"before": said(was), "after": said(now_is)}
            audit.note(db, by, What.SETUP_CHANGED, f"right {name}", now, **words)
        return after


def rights_of(db: Connection, team_id: str) -> Rights:
    """Return what is allowed in a workspace, in the open transaction."""
    found = db.execute(f"SELECT {_ROW} FROM rights WHERE team_id = ?", (team_id,)).fetchone()
    return ALL if found is None else _ROW.read(found).rights


def must_allow(db: Connection, team_id: str, channel_id: str, keys: Iterable[str]) -> None:
    """Raise NotYours unless a card of these issues may be posted there.

    It is asked in the very transaction that keeps what is wanted, so whatever asks for it.
    """
    rights = rights_of(db, team_id)
    rights.check_channel(channel_id)
    for key in keys:
        rights.check_issue(key)


def must_use(db: Connection, team_id: str, key: str) -> None:
    """Raise ProjectNotAllowed unless issues of that project are used in the workspace."""
    rights_of(db, team_id).check_issue(key)


def forget_person(db: Connection, person: Person) -> int:
    """Let the person not be named among who makes polls; return whether they were, as a number."""
    rights = rights_of(db, person.team_id)
    if person.user_id not in rights.people:
        return 0
    left = tuple(one for one in rights.people if one != person.user_id)
    values = {one.name: getattr(rights, one.name) for one in fields(Rights)} | {"people": left}
    _keep(db, person.team_id, Rights(**values))
    return 1


def names(db: Connection, person: Person) -> int:
    """Return whether the person is named among who makes polls, as a number."""
    return int(person.user_id in rights_of(db, person.team_id).people)


def _keep(db: Connection, team_id: str, rights: Rights) -> None:
    text = _RIGHTS.dump_json(rights, exclude_defaults=True).decode()
    db.execute(
        "INSERT INTO rights (team_id, rights) VALUES (?, ?)"
        " ON CONFLICT (team_id) DO UPDATE SET rights = excluded.rights",
        (team_id, text),
    )


def _in_words(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else " ".join(value)
