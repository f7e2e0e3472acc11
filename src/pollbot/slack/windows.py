"""A window that only tells something."""

from pollbot.slack.clicks import MOST_WORDS, ConnectClick, DropPollClick, WordsClick
from pollbot.slack.kit import Block, Message, actions, button, section, view, words
from pollbot.text.catalog import say

TOLD_VIEW = "poll_told"
_WORK_IN_WINDOWS = (ConnectClick.action_id, DropPollClick.action_id)


def form_by_click(typed: str, thread_ts: str | None) -> Message:
    """Return the way to a form for words in a message: Slack opens one after a click only."""
    if len(typed) > MOST_WORDS:
        return words(
            say(
                ":information_source: That opens a form, and is too long to be carried into it "
                "by a button. Send it as a command in a channel, with /pollbot in front."
            )
        )
    return words(
        say(":information_source: That opens a form, which Slack shows after a click only."),
        button(
            say("Open the form"), WordsClick(typed=typed, thread=thread_ts or None), style="primary"
        ),
    )


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
