"""How much one message may hold, and how to draw what would be more.

Slack adds up the texts of a message's blocks and refuses it as ``msg_blocks_too_long``. It
publishes no number. Known are 12,000 characters "with a buffer for block containers"
(slackapi/bolt-js#2509, where 13,297 in one block were taken and each further block cost some
100), and one message of 11,341 that was refused (slackapi/bolt-js#2867). What a control
brings back and reads aloud is counted here as well, since nobody knows that Slack does not.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Block = dict[str, Any]
R = TypeVar("R")

MESSAGE = 10_000
"""What all blocks of a message may weigh together."""
AROUND = 800
"""How much of that is kept free for what others put around a drawing."""
TEXT_BYTES = 4000
"""What chat.update takes as ``text``: bytes of UTF-8, whatever docs.slack.dev calls them."""

_PER_BLOCK = 100
_BLOCKS_FREE = 25  # they fit between 10,000 and what Slack was seen to refuse
_VIEW_BLOCKS = 95
_VIEW_BYTES = 200_000  # of 250,000 that docs.slack.dev gives for views.open
_NO_TEXT = {"type", "action_id", "block_id", "style", "align", "format"}


def weight(blocks: Sequence[Block]) -> int:
    """Return what the blocks weigh: all their texts in characters, and many blocks themselves."""
    return sum(map(_texts, blocks)) + _PER_BLOCK * max(0, len(blocks) - _BLOCKS_FREE)


def fits(blocks: Sequence[Block]) -> bool:
    """Return whether this is a message, with what may still come around it."""
    return weight(blocks) <= MESSAGE - AROUND


def fitted(
    draw: Callable[[R], list[Block]],
    rooms: Sequence[R],
    fits: Callable[[list[Block]], bool] = fits,
) -> list[Block]:
    """Return the drawing with the first of these ``rooms`` with which it fits, else the last.

    The rooms leave more and more out.
    """
    drawn = draw(rooms[0])
    if fits(drawn):
        return drawn
    least = bisect_left(rooms, True, 1, len(rooms) - 1, key=lambda room: fits(draw(room)))
    return draw(rooms[least])


def pages(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return the blocks in as many windows as they need, with room for what turns the pages."""
    parts: list[list[Block]] = [[]]
    taken = 0
    for block in blocks:
        size = len(json.dumps(block))
        if parts[-1] and (len(parts[-1]) >= _VIEW_BLOCKS or taken + size > _VIEW_BYTES):
            parts.append([])
            taken = 0
        parts[-1].append(block)
        taken += size
    return parts


def in_bytes(text: str) -> int:
    """Return how many bytes of UTF-8 the text takes."""
    return len(text.encode(errors="replace"))


def _texts(part: Any) -> int:
    if isinstance(part, dict):
        return sum(_texts(value) for name, value in part.items() if name not in _NO_TEXT)
    if isinstance(part, list):
        return sum(map(_texts, part))
    if not isinstance(part, str):
        return 0
    # What stands beyond Unicode's first plane, as emoji do, counts as two in most places.
    return len(part) if part.isascii() else len(part.encode("utf-16-le", "surrogatepass")) // 2
