"""Promises about polls: each answer counts once, and an anonymous one is nobody's."""

import json
import re
from itertools import combinations, pairwise

from pollbot.domain.people import Person
from tests.sim.polls import Asked, Polls
from tests.sim.seen import posts, words_of
from tests.sim.world import KEY, World, json_of
from tests.thief import all_in, poll_keys, pseudonym

Split = tuple[int, ...]

_FEWEST = 3


def count_what_was_answered(world: World, polls: Polls) -> None:
    """Look whether each card of each poll came once, and says what its people answered last."""
    for poll in polls.asked:
        cards = polls.cards(poll)
        for earlier, later in pairwise(one for one in posts(world) if one.message in cards):
            if earlier.is_known:
                world.breaks(
                    f"The card of {poll.title} was posted twice, {earlier.message.id} and "
                    f"{later.message.id}, though Slack's answer to the first was heard."
                )
        possible = _possible(poll)
        for card in cards:
            split = _split(poll, words_of(card))
            if poll is polls.anonymous and not is_closed(words_of(card)):
                world.breaks(f"{poll.title} is not closed on {card.id}.")
            elif split not in possible:
                world.breaks(
                    f"{poll.title} shows {split} on {card.id}, and people answered {possible}."
                )


def tell_of_three_or_more(world: World, poll: Asked) -> None:
    """Look whether any two splits that were sent before the close tell of fewer than three."""
    seen = {
        split
        for text in _sent(world)
        if poll.title in text and not is_closed(text)
        for split in [_split(poll, text)]
        if split is not None
    }
    for one, other in combinations(sorted({(0,) * len(poll.options), *seen}), 2):
        apart = [after - before for before, after in zip(one, other, strict=True)]
        if max(abs(sum(apart)), *map(abs, apart)) < _FEWEST:
            world.breaks(f"{one} and {other} of {poll.title} differ by fewer than three people.")


def name_nobody(world: World, poll: Asked) -> None:
    """Look whether what lies on disk, and copies from before the close, tell who answered."""
    copies = [all_in(world.folder), poll.before]
    heap = b"\n".join(content for copy in copies for content in copy.values())
    keys = poll_keys(copies, [KEY])
    for user in poll.people:
        person = Person(world.slack.team_id, user)
        if user.encode() in heap:
            world.breaks(f"{user} is named on disk after {poll.title} was closed.")
        if any(pseudonym(key, person).encode() in heap for key in keys):
            world.breaks(f"What {user} answered in {poll.title} can be read after its close.")


def is_closed(words: str) -> bool:
    """Return whether that is drawn as a poll that is closed."""
    return ":lock:" in words


def _possible(poll: Asked) -> set[Split]:
    """Return all splits that what was answered may have come to."""
    possible = {(0,) * len(poll.options)}
    for answers in poll.answers.values():
        last: set[str | None] = {None}
        for chosen in answers:
            in_time = poll.closing_at is None or (chosen.acked_at or 0.0) < poll.closing_at
            kept = chosen.acked_at is not None and in_time
            last = {chosen.option} if kept else last | {chosen.option}
        possible = {
            tuple(n + (option == one) for n, option in zip(split, poll.options, strict=True))
            for split in possible
            for one in last
        }
    return possible


def _split(poll: Asked, words: str) -> Split | None:
    """Return how many chose each option, as a message says it; None if it does not."""
    counts = []
    for option in poll.options:
        found = re.search(rf'(?:\\n|"){option}\\n[▇▁]+ ([\d,]+) · ', words)
        if found is None:
            return (0,) * len(poll.options) if "Nobody answered" in words else None
        counts.append(int(found[1]))
    return tuple(counts)


def _sent(world: World) -> list[str]:
    """Return all that left for Slack, whether it came there or not."""
    return [
        json.dumps(json_of(call), ensure_ascii=False)
        for call in world.wire.calls
        if call.to == "slack"
    ]
