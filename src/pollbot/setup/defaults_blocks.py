"""The form in which admins say what polls begin with in their workspace."""

from pollbot.polls.defaults.blocks import lengths
from pollbot.polls.defaults.rules import Defaults
from pollbot.polls.forms.blocks import remind_field, settings_field, visibility_field
from pollbot.setup.defaults_rules import END, PICKED, RECORD, memory_of, ticked
from pollbot.slack.kit import Block, choice, field, picker, section, view
from pollbot.text.catalog import say

DEFAULTS_FORM = "poll_defaults"
_NO_END = "none"


def defaults_form(defaults: Defaults) -> Block:
    """Return the form; it remembers with what it began."""
    return view(
        say("Defaults of polls"),
        [
            section(
                say(
                    "What a new poll begins with in this workspace, in the form and by command. "
                    "Everybody can choose otherwise for their own poll. Polls that are there "
                    "already stay as they are, and so do those that a schedule posts."
                )
            ),
            settings_field(ticked(defaults), PICKED),
            visibility_field(defaults.visibility, PICKED),
            _end(defaults.lasts),
            remind_field(defaults.remind_before, PICKED),
            _record(ticks=defaults.record),
        ],
        callback_id=DEFAULTS_FORM,
        submit=say("Save"),
        close=say("Cancel"),
        memory=memory_of(defaults),
    )


def _end(lasts: float | None) -> Block:
    choices = [
        choice(say("No end"), _NO_END),
        *(choice(label, str(int(seconds))) for seconds, label in lengths().items()),
    ]
    known = lasts if lasts in lengths() else None
    chosen = _NO_END if known is None else str(int(known))
    return field(END, say("End"), picker("static_select", PICKED, choices, chosen=[chosen]))


def _record(*, ticks: bool) -> Block:
    label = say("Write the result on the issue when it closes")
    tick = choice(label, RECORD, say("One comment in Jira, in the name of who made the poll"))
    box = picker("checkboxes", PICKED, [tick], chosen=[RECORD] if ticks else [])
    return field(RECORD, say("Decision on record"), box, optional=True)
