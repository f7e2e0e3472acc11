"""What is drawn in a language that shows what is not said in it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from pollbot.sandbox.slack.blockkit import problems, view_problems
from pollbot.slack.kit import Block, Message
from pollbot.text.catalog import Catalogs, speaking
from tests.support.catalog import APART, forgotten

WRITTEN = re.compile(
    r":[a-z_]+:|<[^<>]*>|https://\S+|[a-z]+(?:_[a-z]+)+"
    r"|(?:[A-Z][a-z]+ )?[\d-]{10} [\d:]{5} UTC|Etc/GMT|\b(?:PLAT|poll p1$)"
)
"""What is no sentence: an emoji, an address, a mention, a code of Slack's, a moment, an issue's
key, and by what a comment on an issue is found again."""
NO_TEXT = {
    *("type", "action_id", "block_id", "callback_id", "private_metadata", "value"),
    *("style", "align", "initial_value", "include", "user_id", "channel_id", "url"),
    *("initial_conversation", "initial_users", "response_type", "response_action"),
}
CATALOGS = Catalogs()
LANGUAGES = [found for code in CATALOGS.codes if (found := CATALOGS.of(code)) is not None]


def texts(part: Any) -> Iterator[str]:
    match part:
        case {"type": "rich_text_preformatted"}:
            return
        case dict():
            for name, inner in part.items():
                if name not in NO_TEXT:
                    yield from texts(inner)
        case list():
            for inner in part:
                yield from texts(inner)
        case str():
            yield part


def letters(*shown: object) -> list[str]:
    """Return the words that stand outside of all sentences."""
    left = [WRITTEN.sub("", forgotten(text)) for part in shown for text in texts(part)]
    return [word for text in left for word in re.findall(r"[^\W\d_]{2,}", text)]


def said(draw: Callable[..., Message], *given: Any, **more: Any) -> list[str]:
    """Return what is forgotten in a message, which Slack takes in all languages."""
    for language in LANGUAGES:
        with speaking(language):
            assert problems(draw(*given, **more).blocks, "message") == []
    with speaking(APART):
        message = draw(*given, **more)
    assert "⟦" in message.text
    return letters(message.text, message.blocks)


def said_in_window(draw: Callable[..., Block], *given: Any, **more: Any) -> list[str]:
    """Return what is forgotten in a window, which Slack takes in all languages."""
    for language in LANGUAGES:
        with speaking(language):
            assert view_problems(draw(*given, **more)) == []
    with speaking(APART):
        return letters(draw(*given, **more))
