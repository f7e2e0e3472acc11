"""What admins may allow, and what their form remembers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from pollbot.errors import BadField, PollbotError, StaleForm
from pollbot.polls.forms.state import chosen_in, value_in
from pollbot.rights.refusals import ManyProjects, NoChannels, NoGroup, NoPeople, NotAProject
from pollbot.rights.rules import ALL, Makers, Places, Rights, checked, read_projects
from pollbot.slack.meanwhile import Parts, mine, traces

MAKERS, GROUP, PEOPLE, PROJECTS, PLACES, CHANNELS = (
    "makers",
    "group",
    "people",
    "projects",
    "places",
    "channels",
)
PICKED = "value"
_FIELD_OF: Mapping[type[PollbotError], str] = {
    NotAProject: PROJECTS,
    ManyProjects: PROJECTS,
    NoGroup: GROUP,
    NoPeople: PEOPLE,
    NoChannels: CHANNELS,
}


class _Memory(BaseModel):
    """What the form keeps besides its fields: with what it began."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    v: Literal[1]
    began: Rights = ALL


def memory_of(rights: Rights) -> str:
    """Return what the form keeps besides its fields."""
    return _Memory(v=1, began=rights).model_dump_json(exclude_defaults=False)


def read_rights(view: Mapping[str, Any]) -> tuple[Rights, Rights]:
    """Return with what the form began, and what somebody chose in it.

    Raises BadField for projects that are none, and StaleForm if it is not one of ours.
    """
    try:
        began = _Memory.model_validate_json(view["private_metadata"]).began
        values = view["state"]["values"]
        typed = str(value_in(values, PROJECTS, "value") or "")
        group = value_in(values, GROUP, "selected_option") or {} if GROUP in values else {}
        chosen = Rights(
            Makers(chosen_in(values, MAKERS)),
            str(group.get("value") or ""),
            str((group.get("text") or {}).get("text") or "").removeprefix("@"),
            _ids(values, PEOPLE, "selected_users"),
            began.projects,
            Places(chosen_in(values, PLACES)),
            _ids(values, CHANNELS, "selected_conversations"),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StaleForm from error
    try:
        return began, replace(chosen, projects=read_projects(typed))
    except (NotAProject, ManyProjects) as error:
        raise BadField(PROJECTS, error) from error


def changed(rights: Rights, *, began: Rights, chosen: Rights) -> Rights:
    """Return the rights with what an admin chose; what another one changed meanwhile stays.

    Raises BadField where the rule lacks whom or what it is about, and where both changed the same.
    """
    fields = {MAKERS: MAKERS, PROJECTS: PROJECTS, PLACES: PLACES}
    parts = mine(traces(_parts(began)), _parts(chosen), _parts(rights), fields)
    source = {name: chosen if name in parts else rights for name in fields}
    makers, places = source[MAKERS], source[PLACES]
    wanted = Rights(
        makers.makers,
        makers.group,
        makers.handle,
        makers.people,
        source[PROJECTS].projects,
        places.places,
        places.channels,
    )
    try:
        return checked(wanted)
    except (NoGroup, NoPeople, NoChannels) as error:
        raise BadField(_FIELD_OF[type(error)], error) from error


def _parts(rights: Rights) -> Parts:
    """Return what is decided each for itself: whom a rule is about belongs to the rule."""
    makers, places = rights.makers, rights.places
    return {
        MAKERS: (
            makers.value,
            rights.group if makers is Makers.GROUP else "",
            rights.people if makers is Makers.PEOPLE else (),
        ),
        PROJECTS: rights.projects,
        PLACES: (places.value, rights.channels if places is not Places.ALL else ()),
    }


def _ids(values: Mapping[str, Any], block_id: str, name: str) -> tuple[str, ...]:
    return tuple(sorted(str(one) for one in value_in(values, block_id, name) or []))
