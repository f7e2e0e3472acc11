"""Promises about cards: each that was asked for comes once, and says what Jira counts."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import pairwise

from pollbot.sandbox.slack import Message
from tests.sim.people import Asked
from tests.sim.seen import Post, card_in, count_on, posts, writes
from tests.sim.wire import PATIENCE
from tests.sim.world import ISSUES, World

_AN_HOUR = 3600.0


def came_once(world: World, asked: list[Asked], known: Collection[str]) -> None:
    """Look whether each card came, and came again only where nobody can know of the first."""
    for issue in ISSUES:
        by_card = _posts_by_card(world, issue, scheduled=False)
        for same in by_card.values():
            for earlier, later in pairwise(same):
                if earlier.is_known:
                    world.breaks(
                        f"A card of {issue} was posted twice ({earlier.message.id} and "
                        f"{later.message.id}), though Slack's answer to the first was heard."
                    )
        mine = [one for one in asked if one.issue == issue]
        kept = sum(one.acked_at is not None for one in mine)
        lost = _lost_overnight(world, mine) if "lost overnight" in known else 0
        if not kept - lost <= len(by_card) <= len(mine):
            world.breaks(
                f"{kept} cards of {issue} were asked for and acknowledged, "
                f"{len(mine) - kept} not acknowledged, and {len(by_card)} came."
            )
    if "copies" not in known:
        for message, _ in _copies(world):
            world.breaks(f"{message.id} is a copy of a card, put there to redraw it.")


def are_fresh(world: World, issue: str, when: str, known: Collection[str]) -> None:
    """Look whether each card of the issue says what Jira counts.

    A card whose first post was lost and repeated hangs twice, and pollbot knows one
    of the two: which one, a click decides.
    """
    votes = world.jira.votes(issue)
    lost = _lost(world, known)
    stale = [
        same[-1].message.id
        for card, same in _posts_by_card(world, issue, scheduled=True).items()
        if card not in lost
        and any(post.is_known for post in same)
        and all(count_on(post.message) != votes for post in same)
        and not _is_left_stale(world, issue, same[-1], known)
    ]
    if stale:
        world.breaks(f"{issue} has {votes} votes, and a card does not say so {when}: {stale}.")


def _posts_by_card(world: World, issue: str, *, scheduled: bool) -> dict[str, list[Post]]:
    """Return the posts of each card of the issue; those of schedules only if asked for."""
    by_card: defaultdict[str, list[Post]] = defaultdict(list)
    for post in posts(world):
        card = card_in(post.message.blocks)
        if card is not None and card[0] == issue and (scheduled or not post.is_scheduled):
            by_card[card[1]].append(post)
    return by_card


def _lost(world: World, known: Collection[str]) -> set[str]:
    """Return the cards that no vote redraws any more, until somebody presses them."""
    lost = {card for _, card in _copies(world)} if "copies" in known else set()
    if "given up" in known:
        refused = (post for post in world.slack.hook_posts if post.status == 404)
        cards = (card_in(post.body.get("blocks") or []) for post in refused)
        lost |= {card[1] for card in cards if card is not None}
    return lost


def _copies(world: World) -> Iterator[tuple[Message, str]]:
    """Yield the cards that came by no chat.postMessage, with their ids."""
    posted = {post.message.id for post in posts(world)}
    for message in world.slack.messages:
        card = card_in(message.blocks)
        if card is not None and message.ephemeral_for is None and message.id not in posted:
            yield message, card[1]


def _is_left_stale(world: World, issue: str, post: Post, known: Collection[str]) -> bool:
    """Return whether the last vote on the issue may have passed the card by."""
    written = max(writes(world, issue), default=0.0)
    heard_at = post.call.heard_at
    if "posted stale" in known and post.is_scheduled and heard_at is not None:
        return post.call.left_at - 4 * PATIENCE <= written <= heard_at + PATIENCE
    return "read in vain" in known and any(
        call.left_at >= written
        and call.method == "GET"
        and f"/issue/{issue}" in call.path
        and (call.heard_at is None or call.reply is None or call.reply.status != 200)
        for call in world.wire.calls
    )


def _lost_overnight(world: World, asked: list[Asked]) -> int:
    """Return how many cards may have been given up after an hour."""
    return sum(one.sent_at < world.loop.time() - _AN_HOUR for one in asked)
