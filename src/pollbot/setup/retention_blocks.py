"""The form in which admins say how long what is over is kept."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from pollbot.errors import BadField, StaleForm
from pollbot.polls.forms.state import value_in
from pollbot.retention.refusals import NotDays
from pollbot.retention.rules import FOR_GOOD, LEAST_OF_AUDIT, Retention, read_days
from pollbot.slack.clicks import Click
from pollbot.slack.kit import Block, actions, button, field, section, view, writing
from pollbot.text.catalog import numeral, say

RETENTION_FORM = "retention"
POLLS, AUDIT, WORK = "polls", "audit", "work"


class _Memory(BaseModel):
    """What the form keeps besides its fields: with what it began."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    v: Literal[1]
    began: Retention = FOR_GOOD


class RetentionClick(Click):
    """Show the form with how long what is over is kept."""

    action_id = "retention"


def retention_section(retention: Retention) -> list[Block]:
    """Return how long what is over is kept, in the form of all that is set up."""
    if retention == FOR_GOOD:
        said = say("*How long what is over is kept*\nFor good.")
    else:
        said = say(
            "*How long what is over is kept*\nClosed polls: {polls}. Audit: {audit}. Finished "
            "work: {work}.",
            polls=days_in_words(retention.polls),
            audit=days_in_words(retention.audit),
            work=days_in_words(retention.work),
        )
    return [section(said), actions(button(say("Change times"), RetentionClick()))]


def retention_form(retention: Retention) -> Block:
    """Return the form."""
    return view(
        say("How long is kept"),
        [
            section(
                say(
                    "Days after which pollbot forgets. Nothing that is open, or still owed to "
                    "somebody, is forgotten. Messages in Slack stay. *What is forgotten cannot be "
                    "brought back*, but from a backup. Empty: for good."
                )
            ),
            _field(POLLS, say("Closed polls, with their answers"), retention.polls),
            _field(
                AUDIT,
                say("Entries of the audit log"),
                retention.audit,
                say("At least {days} days.", days=numeral(LEAST_OF_AUDIT)),
            ),
            _field(
                WORK,
                say("Finished work"),
                retention.work,
                say("Schedules that are over, cards of issues, and that something was said."),
            ),
        ],
        callback_id=RETENTION_FORM,
        submit=say("Save"),
        close=say("Cancel"),
        memory=_Memory(v=1, began=retention).model_dump_json(),
    )


def read_retention(form: Mapping[str, Any]) -> tuple[Retention, Retention]:
    """Return with what the form began, and what somebody wrote in it.

    Raises BadField, and StaleForm if it is not one of ours.
    """
    try:
        began = _Memory.model_validate_json(form["private_metadata"]).began
        values = form["state"]["values"]
        typed = {name: str(value_in(values, name, "value") or "") for name in (POLLS, AUDIT, WORK)}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StaleForm from error
    days: dict[str, int | None] = {}
    for name, text in typed.items():
        try:
            days[name] = read_days(text, LEAST_OF_AUDIT if name == AUDIT else 1)
        except NotDays as error:
            raise BadField(name, error) from error
    return began, Retention(days[POLLS], days[AUDIT], days[WORK])


def _field(name: str, label: str, days: int | None, hint: str = "") -> Block:
    initial = "" if days is None else str(days)
    return field(name, label, writing(longest=10, initial=initial), hint=hint, optional=True)


def days_in_words(days: int | None) -> str:
    """Return for how long something is kept; None is for good."""
    return say("for good") if days is None else say("{days} days", days=numeral(days))
