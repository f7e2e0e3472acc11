"""What nobody else took: unknown words, old buttons, and errors on their way to a person."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from pollbot.accounts.blocks import help_text
from pollbot.errors import PollbotError, StaleButton, StaleForm, StorageUnavailable
from pollbot.people import Person
from pollbot.slack import payloads
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.kit import Message
from pollbot.slack.straight import Explain
from pollbot.store.deliveries import DoneElsewhere

_ANYTHING = re.compile(".*", re.DOTALL)


def register(app: AsyncApp, explain: Explain) -> None:
    """Listen for what is left. Comes last: Bolt takes the first listener that matches."""

    async def explained(error: Exception, request: AsyncBoltRequest) -> BoltResponse:
        return explain(error, request.body)

    app.action({"action_id": _ANYTHING})(unknown_click)
    app.command(_ANYTHING)(unknown_command)
    app.view(_ANYTHING)(unknown_form)
    app.view_closed(_ANYTHING)(nothing_to_do)
    app.shortcut(_ANYTHING)(unknown_click)
    app.options(_ANYTHING)(no_options)
    app.event(_ANYTHING)(nothing_to_do)
    app.error(explained)


async def unknown_command(ack: AsyncAck, command: dict[str, Any]) -> None:
    await ack(**payloads.in_words(help_text(str(command.get("command", "")))))


async def unknown_click() -> None:
    raise StaleButton


async def unknown_form() -> None:
    # An empty answer would close the form, with all that was typed into it.
    raise StaleForm


async def nothing_to_do(ack: AsyncAck) -> None:
    await ack()


async def no_options(ack: AsyncAck) -> None:
    await ack(options=[])


def explainer(afterwards: Afterwards) -> Explain:
    """Return what answers where a listener raised."""

    def explain(error: Exception, body: payloads.Body) -> BoltResponse:
        """Answer Slack with the sentence where it takes one; else tell the person beside it."""
        if isinstance(error, DoneElsewhere):
            return BoltResponse(status=200, body="")
        message = afterwards.explained(error)
        inline = _inline(body, message, error)
        if inline is not None:
            return BoltResponse(status=200, body=inline)
        who = payloads.acted(body)
        if who.user_id:
            person = Person(who.team_id, who.user_id)
            afterwards.tell(person, payloads.address(body), message, error)
        elif isinstance(error, StorageUnavailable):
            # An event that nobody did: Slack brings it again until it is answered with 200.
            return BoltResponse(status=503, body="")
        # For what nobody expected Slack shows its own warning sign as well.
        return BoltResponse(status=200 if isinstance(error, PollbotError) else 500, body="")

    return explain


def _inline(body: payloads.Body, message: Message, error: Exception) -> dict[str, Any] | None:
    """Return the answer that carries the sentence itself; None where Slack takes none."""
    if "command" in body:
        return payloads.in_words(message)
    if body.get("type") == "view_submission":
        return payloads.at_field(body.get("view", {}), error, message.text)
    return None
