"""Promises about cards: each that was asked for comes once, and says what Jira counts."""

import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from pollbot.sandbox.slack import Message
from tests.sim.people import Asked
from tests.sim.seen import (
    Post,
    card_in,
    count_on,
    landed_unheard,
    last_heard,
    perhaps_posted,
    posts,
    pressed,
    read_stale,
    words_of,
)
from tests.sim.world import ISSUES, Workspace


def came_once(place: Workspace, asked: list[Asked]) -> None:
    """Look whether each card came, and came again only where nobody can know of the first.

    One of which two answers were lost may be missing, if somebody was told so.
    """
    for issue in ISSUES:
        by_card = _posts_by_card(place, issue, scheduled=False)
        for same in by_card.values():
            for earlier, later in pairwise(same):
                if earlier.is_known:
                    place.breaks(
                        f"A card of {issue} was posted twice ({earlier.message.id} and "
                        f"{later.message.id}), though Slack's answer to the first was heard.",
                        "doubled",
                    )
        mine = [one for one in asked if one.issue == issue]
        kept = sum(one.acked_at is not None for one in mine)
        missing = kept - len(by_card)
        if missing > perhaps_posted(place, issue) or len(by_card) > len(mine):
            place.breaks(
                f"{kept} cards of {issue} were asked for and acknowledged, "
                f"{len(mine) - kept} not acknowledged, and {len(by_card)} came."
            )
    for message in _copies(place):
        place.breaks(f"{message.id} is a copy of a card, put there to redraw it.", "doubled")


def are_fresh(place: Workspace, issue: str, when: str) -> None:
    """Look whether each card of the issue says what Jira counts.

    A card whose first post was lost and repeated hangs twice. Of a message whose post
    was lost pollbot knows once somebody has pressed it.
    """
    if read_stale(place, issue):
        return
    votes, touched = place.jira.votes(place.keys(issue)[-1]), pressed(place)
    allowed = {votes}
    if place.mood.beside or landed_unheard(place, issue):
        # Nobody says when a card hears of what was done in another workspace, or by a call that
        # was under way when its person disconnected.
        allowed |= place.votes_since(issue, last_heard(place, issue))
    stale = [
        post.message.id
        for same in _posts_by_card(place, issue, scheduled=True).values()
        for post in same
        if (post.is_known or post.message.id in touched) and count_on(post.message) not in allowed
    ]
    if stale:
        place.breaks(f"{issue} has {votes} votes, and a card does not say so {when}: {stale}.")


def are_named(place: Workspace, issue: str) -> None:
    """Look whether each card of an issue that was just voted on has its present key."""
    key = place.keys(issue)[-1]
    for same in _posts_by_card(place, issue, scheduled=True).values():
        for post in same:
            if post.is_known and f"|{key}>" not in words_of(post.message):
                place.breaks(f"{post.message.id} does not call the issue {key}.")


def _posts_by_card(place: Workspace, issue: str, *, scheduled: bool) -> dict[str, list[Post]]:
    """Return the posts of each card of the issue; those of schedules only if asked for."""
    by_card: defaultdict[str, list[Post]] = defaultdict(list)
    for post in posts(place):
        card = card_in(json.loads(post.blocks))
        if card is not None and card[0] == issue and (scheduled or not post.is_scheduled):
            by_card[card[1]].append(post)
    return by_card


def _copies(place: Workspace) -> Iterator[Message]:
    """Yield the cards that came by no chat.postMessage."""
    posted = {post.message.id for post in posts(place)}
    for message in place.slack.messages:
        card = card_in(message.blocks)
        if card is not None and message.ephemeral_for is None and message.id not in posted:
            yield message
