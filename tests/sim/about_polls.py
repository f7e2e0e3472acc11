"""Promises about polls: each answer counts once, and an anonymous one is nobody's."""

import json
import re
from collections.abc import Callable, Iterator, Sequence, Set
from itertools import combinations, pairwise
from typing import Any

from pollbot.people import Person
from pollbot.sandbox.slack import Message
from pollbot.sandbox.slack.state import parts
from pollbot.slack.clicks import MoreClick
from tests.sim.polls import EDITED, PLACES, Answering, Asked, Chosen, OnIssue, Polls
from tests.sim.seen import posts, words_of
from tests.sim.wire import Call
from tests.sim.world import KEY, Workspace, json_of
from tests.support.thief import all_in, poll_keys, pseudonym

Split = tuple[int, ...]

_BAR = r"[▇▁]+ ([\d,]+)(?: of [\d,]+ places?)? · "
_FEWEST = 3
_EDITED_SINCE = "was edited after you had answered"
_LOST = 2
"""How many answers of Slack are lost until nobody knows whether a word was heard."""


def _never(*_: Any) -> bool:
    return False


def count_what_was_answered(place: Workspace, polls: Polls) -> None:
    """Look whether each card of each poll came once, and says what its people answered last."""
    for poll in polls.asked:
        cards = polls.cards(poll)
        posted_once(place, poll.title, cards)
        possible = possible_splits(poll)
        for card in cards:
            split = _split(poll, words_of(card))
            if poll is polls.anonymous and not is_closed(words_of(card)):
                place.breaks(f"{poll.title} is not closed on {card.id}.")
            elif poll is not polls.seats and split not in possible:
                place.breaks(
                    f"{poll.title} shows {split} on {card.id}, and people answered {possible}."
                )


def give_no_place_twice(place: Workspace, poll: Asked) -> None:
    """Look whether nothing that was sent tells of more answers than there are places."""
    seen = {_split(poll, text) for text in _sent(place) if poll.title in text} - {None}
    for split in seen:
        if split is not None and max(split) > PLACES:
            place.breaks(
                f"{poll.title} has {PLACES} places for each option, and told of {split}.", "doubled"
            )
    pressed = {one.option for answers in poll.answers.values() for one in answers if one.acked_at}
    if pressed and not any(split and any(split) for split in seen):
        place.breaks(f"{poll.title} was answered, and nothing tells of it.")


def tell_who_chose_what_was_edited(place: Workspace, poll: Asked) -> None:
    """Look whether those heard of the edit, and once, whose last answer says something else now."""
    for user in poll.people:
        tries = _letters(place, user, _EDITED_SINCE)
        told = [post for post in posts(place) if post.call in tries]
        answers = poll.answers[user]
        if told and (poll.editing_at is None or not any(one.option == 0 for one in answers)):
            place.breaks(f"{user} never chose what was edited, and was told of it.")
        if any(earlier.is_known for earlier, _ in pairwise(told)):
            place.breaks(f"{user} was told twice of one edit.", "doubled")
        if not told and len(tries) < _LOST and _stays(poll, answers):
            place.breaks(f"{user} did not hear that what they chose was edited.")


def _stays(poll: Asked, answers: list[Chosen]) -> bool:
    """Return whether somebody surely chose what was edited after that, and nothing since."""
    if poll.edited_at is None or poll.editing_at is None or not answers:
        return False
    acked_at = answers[-1].acked_at
    return answers[-1].option == 0 and acked_at is not None and acked_at < poll.editing_at


def make_each_once(
    place: Workspace, polls: Answering, is_excused: Callable[[OnIssue, str], bool] = _never
) -> None:
    """Look whether each poll on an issue was made once, and its person heard of one that waited.

    ``is_excused`` says whether what its person was told is enough, where none was made.
    """
    for one in polls.on_issues:
        cards = polls.cards(one)
        posted_once(place, one.title, cards)
        made = {poll for card in cards for poll in _polls_on(card)}
        if len(made) > 1:
            place.breaks(f"{one.title} was asked for once, and made {len(made)} times.", "doubled")
        if one.acked_at is None:
            continue
        said = _said_about(place, one)
        if not made and any(is_excused(one, text) for text in said):
            continue
        if not made and not any("once or not at all" in text for text in said):
            place.breaks(f"{one.title} was acknowledged, and its card never came.")
        tries = _letters(place, one.user, f"*{one.title}*", "is made")
        if one.waits and len(tries) < _LOST and not any("is made" in text for text in said):
            place.breaks(f"{one.title} waited, and {one.user} did not hear that it was made.")


def tell_of_three_or_more(
    place: Workspace, poll: Asked, elsewhere: Set[Split] = frozenset()
) -> None:
    """Look whether any two splits that were sent before the close tell of fewer than three.

    ``elsewhere``: splits that were sent otherwise than as a card.
    """
    seen = elsewhere | {
        split
        for text in _sent(place)
        if poll.title in text and not is_closed(text)
        for split in [_split(poll, text)]
        if split is not None
    }
    for one, other in combinations(sorted({(0,) * len(poll.options), *seen}), 2):
        apart = [after - before for before, after in zip(one, other, strict=True)]
        if max(abs(sum(apart)), *map(abs, apart)) < _FEWEST:
            place.breaks(
                f"{one} and {other} of {poll.title} differ by fewer than three people.", "leaked"
            )


def name_nobody(place: Workspace, poll: Asked) -> None:
    """Look whether what lies on disk, and copies from before the close, tell who answered."""
    copies = [all_in(place.folder), poll.before]
    heap = b"\n".join(content for copy in copies for content in copy.values())
    keys = poll_keys(copies, [KEY])
    for user in poll.people:
        person = Person(place.slack.team_id, user)
        if user.encode() in heap:
            place.breaks(f"{user} is named on disk after {poll.title} was closed.", "leaked")
        if any(pseudonym(key, person).encode() in heap for key in keys):
            place.breaks(
                f"What {user} answered in {poll.title} can be read after its close.", "leaked"
            )


def is_closed(words: str) -> bool:
    """Return whether that is drawn as a poll that is closed."""
    return ":lock:" in words


def posted_once(place: Workspace, title: str, cards: list[Message]) -> None:
    """Look whether the poll's card came again only where nobody can know of the first."""
    for earlier, later in pairwise(one for one in posts(place) if one.message in cards):
        if earlier.is_known:
            place.breaks(
                f"The card of {title} was posted twice, {earlier.message.id} and "
                f"{later.message.id}, though Slack's answer to the first was heard.",
                "doubled",
            )


def _polls_on(card: Message) -> Iterator[str]:
    for _, element in parts(card.blocks):
        if element["action_id"] == MoreClick.action_id:
            yield MoreClick.unpack(element).poll


def _letters(place: Workspace, user: str, *words: str) -> list[Call]:
    """Return the calls that were to bring a person these words, whether they did or not."""
    return [
        call
        for call in place.calls
        if call.path.endswith("/chat.postMessage")
        and json_of(call).get("channel") == user
        and all(one in str(json_of(call).get("text")) for one in words)
    ]


def _said_about(place: Workspace, one: OnIssue) -> list[str]:
    """Return what its person was told about the poll, by whatever way."""
    said = [str(post.body) for post in place.slack.hook_posts if post.status == 200]
    said += [
        str(call.args)
        for call in place.slack.calls
        if one.user in (call.args.get("channel"), call.args.get("user")) and call.answer.get("ok")
    ]
    return [text for text in said if one.title in text]


def possible_splits(poll: Asked) -> set[Split]:
    """Return all splits that what was answered may have come to."""
    possible = {(0,) * len(poll.options)}
    for answers in poll.answers.values():
        last: set[int | None] = {None}
        for chosen in answers:
            in_time = poll.closing_at is None or (chosen.acked_at or 0.0) < poll.closing_at
            kept = chosen.acked_at is not None and in_time
            last = {chosen.option} if kept else last | {chosen.option}
        possible = {
            tuple(n + (place == one) for place, n in enumerate(split))
            for split in possible
            for one in last
        }
    return possible


def _split(poll: Asked, words: str) -> Split | None:
    return split_on(tuple(_texts(poll)), words)


def split_on(options: Sequence[str], words: str) -> Split | None:
    """Return how many chose each option, as a message says it; None if it does not.

    Options are patterns of what they are called.
    """
    counts = []
    for option in options:
        found = re.search(rf'(?:\\n|"){option}(?: _\(edited\)_)?\\n{_BAR}', words)
        if found is None:
            nobody = any(said in words for said in ("Nobody answered", "No answers yet"))
            return (0,) * len(options) if nobody else None
        counts.append(int(found[1]))
    return tuple(counts)


def _texts(poll: Asked) -> Iterator[str]:
    """Yield what each option says, as a pattern: an edit may have been heard, or not yet."""
    first, *others = poll.options
    if poll.edited_at is not None:
        yield EDITED
    else:
        yield first if poll.editing_at is None else f"(?:{first}|{EDITED})"
    yield from others


def _sent(place: Workspace) -> list[str]:
    """Return all that left for Slack, whether it came there or not."""
    return [json.dumps(json_of(call), ensure_ascii=False) for call in place.calls]
