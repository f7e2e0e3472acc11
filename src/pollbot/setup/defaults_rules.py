"""What admins may choose as the defaults of polls, and what their form remembers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from pollbot.errors import BadField, StaleForm
from pollbot.polls.defaults.rules import LASTS, USUAL, Defaults
from pollbot.polls.forms.state import (
    REMIND_BEFORE,
    REMIND_FIELD,
    SETTINGS,
    SETTINGS_FIELD,
    VISIBILITY_FIELD,
    chosen_in,
    chosen_many_in,
)
from pollbot.polls.rules import Visibility
from pollbot.setup.refusals import NoDefaultReminder
from pollbot.slack.meanwhile import Parts, mine, traces

END, RECORD, PICKED = "end", "record", "value"


_FIELDS = {
    **dict.fromkeys(SETTINGS, SETTINGS_FIELD),
    "visibility": VISIBILITY_FIELD,
    "lasts": END,
    "remind_before": REMIND_FIELD,
    "record": RECORD,
}


class _Memory(BaseModel):
    """What the form keeps besides its fields: with what it began."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    v: Literal[1]
    began: Defaults = USUAL


def memory_of(defaults: Defaults) -> str:
    """Return what the form keeps besides its fields."""
    return _Memory(v=1, began=defaults).model_dump_json()


def ticked(defaults: Defaults) -> list[str]:
    """Return the names of what is ticked in the box of settings."""
    return [name for name in SETTINGS if getattr(defaults, name)]


def read_defaults(view: Mapping[str, Any]) -> tuple[Defaults, Defaults]:
    """Return with what the form began, and what somebody chose in it.

    Raises StaleForm if it is not one of ours.
    """
    try:
        began = _Memory.model_validate_json(view["private_metadata"]).began
        values = view["state"]["values"]
        settings = chosen_many_in(values, SETTINGS_FIELD)
        visibility = Visibility(chosen_in(values, VISIBILITY_FIELD))
        lasts, remind = chosen_in(values, END), chosen_in(values, REMIND_FIELD)
        chosen = Defaults(
            **{name: name in settings for name in SETTINGS},
            visibility=visibility,
            lasts=next((one for one in LASTS if str(int(one)) == lasts), None),
            remind_before=next((one for one in REMIND_BEFORE if str(int(one)) == remind), None),
            record=RECORD in chosen_many_in(values, RECORD),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StaleForm from error
    return began, chosen


def changed(defaults: Defaults, *, began: Defaults, chosen: Defaults) -> Defaults:
    """Return the defaults with what an admin chose; what another one changed meanwhile stays.

    Raises BadField for a reminder that no poll could send, and where both changed the same.
    """
    parts = mine(traces(_parts(began)), _parts(chosen), _parts(defaults), _FIELDS)
    after = replace(defaults, **{name: getattr(chosen, name) for name in parts})
    before, lasts = after.remind_before, 0.0 if after.stays_open else after.lasts or 0.0
    if before is not None and not (after.names and lasts > before):
        raise BadField(REMIND_FIELD, NoDefaultReminder())
    return after


def _parts(defaults: Defaults) -> Parts:
    return {name: getattr(defaults, name) for name in _FIELDS}
