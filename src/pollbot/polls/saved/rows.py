"""People's own templates."""

from collections.abc import Collection
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from pollbot.chance import Chance, new_id
from pollbot.errors import BadField
from pollbot.people import Person
from pollbot.polls.saved.refusals import (
    ManyTemplates,
    NameTaken,
    TemplateGone,
    TemplateNotYours,
)
from pollbot.polls.saved.rules import (
    MOST_OWN,
    MOST_SHARED,
    NAME,
    NAME_FIELD,
    Definition,
    Saved,
    Wish,
    first_name,
    folded,
)
from pollbot.store import audit
from pollbot.store.audit import What
from pollbot.store.columns import Columns
from pollbot.store.deliveries import act
from pollbot.store.writer import Connection, Writer, reading

_DEFINITION = TypeAdapter(Definition)


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A template as it lies in its table; what its definition says a newer version may know."""

    id: str
    team_id: str
    owner: str
    name: str
    shared: bool
    definition: str


_ROW = Columns(SavedRow)


class SavedRows:
    """A template is its owner's, and everybody's of the workspace once it is shared.

    It outlives its owner's time in the workspace: a shared one goes on, and an admin may have it.
    """

    def __init__(self, writer: Writer, chance: Chance) -> None:
        self._writer = writer
        self._chance = chance

    @reading
    def seen_by(self, db: Connection, person: Person) -> list[Saved]:
        """Return the person's own templates, and then what others share, by their names."""
        rows = db.execute(
            f"SELECT {_ROW} FROM poll_templates WHERE team_id = ? AND (owner = ? OR shared = 1)"
            " ORDER BY (owner = ?) DESC, folded, id",
            (person.team_id, person.user_id, person.user_id),
        ).fetchall()
        return [_saved(row) for row in rows]

    @reading
    def find(self, db: Connection, person: Person, template_id: str) -> Saved:
        """Return a template that the person may use. Raises TemplateGone."""
        return _find(db, person, template_id)

    @act
    def keep(
        self,
        db: Connection,
        person: Person,
        title: str,
        definition: Definition,
        stamp: str,
        now: float,
    ) -> Saved:
        """Keep a template under a name that the person has not used; the same ``stamp`` keeps one.

        Raises ManyTemplates.
        """
        asked = (person.team_id, person.user_id, "new template", stamp)
        made = db.execute(
            "SELECT deed FROM deliveries"
            " WHERE team_id = ? AND user_id = ? AND subject = ? AND stamp = ?",
            asked,
        ).fetchone()
        if made is not None:
            return _find(db, person, str(made[0]))
        own = _own_names(db, person)
        if len(own) >= MOST_OWN:
            raise ManyTemplates(len(own))
        saved_id, name = new_id(self._chance), _unused(first_name(title), own)
        db.execute(
            "INSERT INTO poll_templates"
            " (id, team_id, owner, name, folded, shared, definition, made_at)"
            " VALUES (?, ?, ?, ?, ?, 0, ?, ?)",
            (
                saved_id,
                person.team_id,
                person.user_id,
                name,
                folded(name),
                _DEFINITION.dump_json(definition).decode(),
                now,
            ),
        )
        db.execute(
            "INSERT INTO deliveries (team_id, user_id, subject, stamp, deed, seen_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (*asked, saved_id, now),
        )
        return _find(db, person, saved_id)

    @act
    def change(
        self, db: Connection, person: Person, wish: Wish, now: float, *, as_admin: bool
    ) -> Saved:
        """Give a template another name, and share it or not; what it asks stays as it is.

        Raises TemplateNotYours, and NameTaken, ManyTemplates and ChangedMeanwhile in their field.
        """
        template_id = wish.template
        saved = _managed(db, person, template_id, as_admin=as_admin)
        owner, after = Person(saved.team_id, saved.owner), wish.onto(saved)
        if folded(after.name) in _own_names(db, owner, but=template_id):
            raise BadField(NAME_FIELD, NameTaken(after.name, shared=False))
        if after.shared:
            others = _shared_names(db, saved.team_id, but=template_id)
            if folded(after.name) in others:
                raise BadField(NAME_FIELD, NameTaken(after.name, shared=True))
            if not saved.shared and len(others) >= MOST_SHARED:
                raise BadField(NAME_FIELD, ManyTemplates(len(others), shared=True))
        db.execute(
            "UPDATE poll_templates SET name = ?, folded = ?, shared = ? WHERE id = ?",
            (after.name, folded(after.name), int(after.shared), template_id),
        )
        if after.shared != saved.shared:
            audit.note(db, person, What.TEMPLATE_SHARED, template_id, now, shared=after.shared)
        return _find(db, owner, template_id)

    @act
    def delete(
        self, db: Connection, person: Person, template_id: str, now: float, *, as_admin: bool
    ) -> Saved:
        """Delete a template; polls that it began stay. Raises TemplateNotYours."""
        saved = _managed(db, person, template_id, as_admin=as_admin)
        db.execute("DELETE FROM poll_templates WHERE id = ?", (template_id,))
        if saved.shared:
            audit.note(db, person, What.TEMPLATE_REMOVED, template_id, now)
        return saved

    @act
    def take_over(self, db: Connection, person: Person, template_id: str, now: float) -> Saved:
        """Make a shared template the person's, who is an admin. Raises TemplateNotYours."""
        saved = _managed(db, person, template_id, as_admin=True)
        if saved.owner == person.user_id:
            return saved
        taken = _own_names(db, person) | _shared_names(db, saved.team_id, but=saved.id)
        name = _unused(saved.name, taken)
        db.execute(
            "UPDATE poll_templates SET owner = ?, name = ?, folded = ? WHERE id = ?",
            (person.user_id, name, folded(name), template_id),
        )
        was = Person(saved.team_id, saved.owner)
        audit.note(db, person, What.TEMPLATE_SHARED, template_id, now, taken_from=was)
        return _find(db, person, template_id)


def _find(db: Connection, person: Person, template_id: str) -> Saved:
    row = db.execute(
        f"SELECT {_ROW} FROM poll_templates WHERE team_id = ? AND id = ?"
        " AND (owner = ? OR shared = 1)",
        (person.team_id, template_id, person.user_id),
    ).fetchone()
    if row is None:
        raise TemplateGone
    return _saved(row)


def _managed(db: Connection, person: Person, template_id: str, *, as_admin: bool) -> Saved:
    saved = _find(db, person, template_id)
    if saved.owner != person.user_id and not as_admin:
        raise TemplateNotYours
    return saved


def _saved(row: tuple[object, ...]) -> Saved:
    kept = _ROW.read(row)
    try:
        definition = _DEFINITION.validate_json(kept.definition)
    except ValidationError:
        definition = None
    return Saved(kept.id, kept.team_id, kept.owner, kept.name, kept.shared, definition)


def _own_names(db: Connection, person: Person, but: str = "") -> set[str]:
    rows = db.execute(
        "SELECT folded FROM poll_templates WHERE team_id = ? AND owner = ? AND id <> ?",
        (person.team_id, person.user_id, but),
    ).fetchall()
    return {str(name) for (name,) in rows}


def _shared_names(db: Connection, team_id: str, but: str) -> set[str]:
    rows = db.execute(
        "SELECT folded FROM poll_templates WHERE team_id = ? AND shared = 1 AND id <> ?",
        (team_id, but),
    ).fetchall()
    return {str(name) for (name,) in rows}


def _unused(name: str, taken: Collection[str]) -> str:
    """Return the name, with a number behind it where it is taken."""
    tried, number = name[:NAME], 1
    while folded(tried) in taken:
        number += 1
        tried = f"{name[: NAME - 5]} {number}"
    return tried
