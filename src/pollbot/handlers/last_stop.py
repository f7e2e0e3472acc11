"""What nobody else took: unknown words, old buttons, and errors on their way to a person."""

import asyncio
import logging
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from pollbot.blocks.accounts import help_text
from pollbot.blocks.kit import Message, words
from pollbot.blocks.votes import connect_button
from pollbot.domain.people import Address, Person
from pollbot.errors import NotConnected, PollbotError, StaleButton
from pollbot.handlers import payloads
from pollbot.services.courier import Courier
from pollbot.services.worker import Tasks

log = logging.getLogger(__name__)

_ANYTHING = re.compile(".*", re.DOTALL)


def register(app: AsyncApp, courier: Courier, beside: Tasks) -> None:
    """Listen for what is left. Comes last: Bolt takes the first listener that matches."""
    app.command(_ANYTHING)(unknown_command)
    app.action({"action_id": _ANYTHING})(unknown_click)
    app.view(_ANYTHING)(unknown_form)
    app.view_closed(_ANYTHING)(nothing_to_do)
    app.shortcut(_ANYTHING)(unknown_click)
    app.options(_ANYTHING)(no_options)
    app.event(_ANYTHING)(nothing_to_do)
    app.error(_explainer(courier, beside))


async def unknown_command(ack: AsyncAck, command: dict[str, Any]) -> None:
    await ack(**payloads.in_words(help_text(str(command.get("command", "")))))


async def unknown_click() -> None:
    raise StaleButton


async def unknown_form(ack: AsyncAck) -> None:
    await ack()


async def nothing_to_do(ack: AsyncAck) -> None:
    await ack()


async def no_options(ack: AsyncAck) -> None:
    await ack(options=[])


def _explainer(courier: Courier, beside: Tasks) -> Callable[..., Awaitable[BoltResponse | None]]:
    async def explain(
        error: Exception,
        request: AsyncBoltRequest,
        context: AsyncBoltContext,
        response: BoltResponse | None,
    ) -> BoltResponse | None:
        """Tell the person what happened: our sentence if we expected it, a reference if not."""
        body, expected = request.body, isinstance(error, PollbotError)
        controls = [connect_button()] if isinstance(error, NotConnected) else []
        message = words(str(error) if expected else _reference(error), *controls)
        if response is not None:
            inline = _inline(body, message)
            if inline is not None:
                return BoltResponse(status=200, body=inline)
        if context.user_id:
            beside.spawn(
                _tell(
                    courier,
                    Person(str(context.team_id or ""), context.user_id),
                    payloads.address(body),
                    message,
                )
            )
        if response is None:
            # Bolt 1.30 looks for our ack every 10 ms and forgets it once this function
            # returns; coming back sooner would turn the ack into a 404.
            await asyncio.sleep(0.05)
            return None
        # For what nobody expected Slack shows its own warning sign as well.
        return BoltResponse(status=200 if expected else 500, body="")

    return explain


def _inline(body: payloads.Body, message: Message) -> dict[str, Any] | None:
    """Return the answer that carries the sentence itself; None where Slack takes none."""
    if "command" in body:
        return payloads.in_words(message)
    if body.get("type") == "view_submission":
        for block in body.get("view", {}).get("blocks", []):
            if block.get("type") == "input":
                errors = {block["block_id"]: message.text}
                return {"response_action": "errors", "errors": errors}
    return None


async def _tell(courier: Courier, who: Person, where: Address, message: Message) -> None:
    try:
        # What the pressed message says stays true, so the sentence never takes its place.
        await courier.tell(who, Address(where.channel_id, where.response_url), message)
    except PollbotError as silent:
        log.warning("%s was not told what went wrong: %s", who.user_id, silent)


def _reference(error: Exception) -> str:
    reference = uuid.uuid4().hex[:8]
    log.error("unexpected error %s", reference, exc_info=error)
    return (
        "Something broke on pollbot's side, and this was not done. Try it once more; if it "
        f"happens again, give whoever runs pollbot this reference: {reference}"
    )
