"""What the polls of a workspace begin with, as its admins said."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import Json, TypeAdapter

from pollbot.people import Person
from pollbot.polls.defaults.rules import USUAL, Defaults, changes
from pollbot.store import audit
from pollbot.store.audit import What
from pollbot.store.columns import Columns
from pollbot.store.deliveries import act
from pollbot.store.writer import Connection, Writer, reading


@dataclass(frozen=True, slots=True)
class DefaultsRow:
    """A team's defaults as they lie in their table: what is otherwise than pollbot's own."""

    defaults: Json[Defaults]


_ROW = Columns(DefaultsRow)
_DEFAULTS = TypeAdapter(Defaults)


class DefaultRows:
    """One row per team whose admins said something; no row means pollbot's own defaults."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    @reading
    def of(self, db: Connection, team_id: str) -> Defaults:
        """Return what the team's polls begin with."""
        return _of(db, team_id)

    @act
    def change(
        self, db: Connection, by: Person, rule: Callable[[Defaults], Defaults], now: float
    ) -> Defaults:
        """Keep what the rule makes of the team's defaults as they stand; return that."""
        before = _of(db, by.team_id)
        changed = rule(before)
        text = _DEFAULTS.dump_json(changed, exclude_defaults=True).decode()
        db.execute(
            "INSERT INTO poll_defaults (team_id, defaults) VALUES (?, ?)"
            " ON CONFLICT (team_id) DO UPDATE SET defaults = excluded.defaults",
            (by.team_id, text),
        )
        for name, after in changes(before, changed).items():
            was = getattr(before, name)
            audit.note(db, by, What.SETUP_CHANGED, f"default {name}", now, before=was, after=after)
        return changed


def _of(db: Connection, team_id: str) -> Defaults:
    found = db.execute(f"SELECT {_ROW} FROM poll_defaults WHERE team_id = ?", (team_id,)).fetchone()
    return USUAL if found is None else _ROW.read(found).defaults
