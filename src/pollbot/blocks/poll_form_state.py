"""The form of a poll while somebody fills it in, and what each of its controls does to it."""

from dataclasses import dataclass, field, replace
from typing import Literal

from pollbot.domain.polls import FEWEST_OPTIONS, TEMPLATES, Draft, PollSettings

MOST_IN_FORM = 40

Keep = Literal["team_voice", "pollbot"]


@dataclass(frozen=True, slots=True)
class FormOption:
    """One option as it stands in the form. Its key stays, so that what is typed stays with it."""

    key: str
    text: str = ""

    @property
    def option_id(self) -> str | None:
        """The id of the poll's option that is edited here; None for a new one."""
        return self.key[1:] if self.key.startswith("=") else None


@dataclass(frozen=True, slots=True)
class FormState:
    """The form as somebody has filled it in so far.

    ``poll`` is the id of the poll that is edited, empty for a new one. With
    ``options_fixed`` there are too many options for a form, and they stay as
    they are. ``next_key`` was never a key, so that no old text comes back.
    """

    title: str = ""
    description: str = ""
    options: tuple[FormOption, ...] = (FormOption("1"), FormOption("2"))
    settings: PollSettings = field(default_factory=PollSettings)
    template: str | None = None
    issue: str = ""
    page: str = ""
    channel: str = ""
    poll: str = ""
    has_source: bool = False
    keep: Keep = "pollbot"
    options_fixed: bool = False
    next_key: int = 3


def add_option(state: FormState) -> FormState:
    """Return the form with one more option to fill in, if there is room for it."""
    if len(state.options) >= MOST_IN_FORM:
        return state
    new = FormOption(str(state.next_key))
    return replace(state, options=(*state.options, new), next_key=state.next_key + 1)


def remove_option(state: FormState, key: str) -> FormState:
    """Return the form without that option; the last two stay."""
    if len(state.options) <= FEWEST_OPTIONS:
        return state
    return replace(state, options=tuple(one for one in state.options if one.key != key))


def move_option(state: FormState, key: str, places: int) -> FormState:
    """Return the form with that option so many places further down; beyond an end it stays."""
    keys = [one.key for one in state.options]
    if key not in keys:
        return state
    old = keys.index(key)
    new = old + places
    if not 0 <= new < len(keys):
        return state
    options = list(state.options)
    options.insert(new, options.pop(old))
    return replace(state, options=tuple(options))


def apply_template(state: FormState, name: str) -> FormState:
    """Return the form with that template's options; an unknown name leaves them as they are."""
    template = TEMPLATES.get(name)
    if template is None:
        return replace(state, template=None)
    # New keys: Slack keeps what was typed under the old ones.
    options = tuple(
        FormOption(str(state.next_key + place), text) for place, text in enumerate(template.options)
    )
    return replace(state, template=name, options=options, next_key=state.next_key + len(options))


def to_draft(state: FormState) -> Draft:
    """Return the poll as it was written. A question left empty is the template's own."""
    template = TEMPLATES.get(state.template or "")
    texts = tuple(text for text in (one.text.strip() for one in state.options) if text)
    # An average means something only while the scale is as it was.
    same = template is not None and texts == template.options
    return Draft(
        title=state.title.strip() or (template.title if template is not None else ""),
        options=texts,
        description=state.description,
        settings=state.settings,
        template=template.name if template is not None and same else None,
    )


def edited_options(state: FormState) -> tuple[tuple[str | None, str], ...] | None:
    """Return (id or None for a new one, title) in order; None if the options stay as they are."""
    if state.options_fixed:
        return None
    return tuple((one.option_id, one.text) for one in state.options if one.text.strip())
