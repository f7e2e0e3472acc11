"""A window that only tells something."""

from pollbot.slack.clicks import ConnectClick, DropPollClick
from pollbot.slack.kit import Block, Message, actions, section, view
from pollbot.text.catalog import say

TOLD_VIEW = "poll_told"
_WORK_IN_WINDOWS = (ConnectClick.action_id, DropPollClick.action_id)


def told_view(said: str | Message, *controls: Block, title: str = "") -> Block:
    """Return a window that tells, and perhaps offers something; a text is markup already.

    Of a message it takes what is said, and such controls as work in a window, too.
    """
    blocks = [section(said)] if isinstance(said, str) else said.blocks
    works = [
        element
        for block in blocks
        for element in block.get("elements", [])
        if element.get("action_id") in _WORK_IN_WINDOWS
    ]
    blocks = [block for block in blocks if block["type"] != "actions"]
    row = [actions(*works, *controls)] if works or controls else []
    return view(title or say("Poll"), [*blocks, *row], callback_id=TOLD_VIEW)
