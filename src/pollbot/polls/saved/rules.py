"""What a template of somebody's own is, and the poll that it begins."""

from dataclasses import dataclass, replace

from pollbot.errors import BadField
from pollbot.polls.defaults.rules import end_after
from pollbot.polls.rules import Draft, one_line
from pollbot.polls.saved.refusals import LongName, NoName
from pollbot.slack.meanwhile import Parts, mine
from pollbot.text.writing import same_letters

NAME = 60
MOST_OWN = 50
MOST_SHARED = 40
"""So many of one person, and so many shared in a workspace: together they fit into a menu."""
LISTED = 10
"""As many stand on a page of the list."""
NAME_FIELD = "name"
SHARED_FIELD = "shared"


@dataclass(frozen=True, slots=True)
class Definition:
    """What is asked, and how long after its posting it ends; None for without an end.

    The draft's own end is empty: it would be over when the template is used.
    """

    draft: Draft
    lasts: float | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """A template; ``definition`` is None if a newer version saved it, as this one cannot read.

    ``owner`` begins with a dash where that is somebody who was forgotten.
    """

    id: str
    team_id: str
    owner: str
    name: str
    shared: bool
    definition: Definition | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of a template; ``showed`` are traces of what the form had of it."""

    template: str
    name: str
    shared: bool
    showed: str = ""

    def onto(self, saved: Saved) -> Saved:
        """Return the template with what the person changed. Raises BadField."""
        sent = {"name": self.name, "shared": self.shared}
        fields = {"name": NAME_FIELD, "shared": SHARED_FIELD}
        changed = mine(self.showed, sent, parts_of(saved), fields, ("name",))
        name = self.name if "name" in changed else saved.name
        return replace(
            saved, name=name, shared=self.shared if "shared" in changed else saved.shared
        )


def parts_of(saved: Saved) -> Parts:
    """Return what the form of a template shows that can be changed in it."""
    return {"name": saved.name, "shared": saved.shared}


def kept_of(draft: Draft, begun_at: float) -> Definition:
    """Return what is kept of a poll that was, or would be, posted then."""
    settings = draft.settings
    lasts = None if settings.ends_at is None else max(0.0, settings.ends_at - begun_at) or None
    closes = settings.closes_at_end and lasts is not None
    plain = replace(settings, ends_at=None, closes_at_end=closes)
    remind = draft.remind_before if closes else None
    return Definition(replace(draft, settings=plain, remind_before=remind), lasts)


def begun_by(definition: Definition, now: float) -> Draft:
    """Return the poll that a template begins now."""
    draft, lasts = definition.draft, definition.lasts
    if lasts is None:
        return draft
    ends_at = end_after(now, lasts)
    remind = draft.remind_before
    return replace(
        draft,
        settings=replace(draft.settings, ends_at=ends_at),
        remind_before=remind if remind is not None and ends_at - remind > now else None,
    )


def checked_name(text: str) -> str:
    """Return a template's name on one line. Raises BadField."""
    name = one_line(text)
    if not name:
        raise BadField(NAME_FIELD, NoName())
    if len(name) > NAME:
        raise BadField(NAME_FIELD, LongName(len(name)))
    return name


def first_name(title: str) -> str:
    """Return the name that a template has until somebody gives it another one."""
    return one_line(title)[: NAME - 5].strip() or "1"


def folded(name: str) -> str:
    """Return what two names have in common that are the same."""
    return same_letters(name)
