"""Promises about polls in Team Voice: made once, nobody counted twice, and told as it is there."""

from tests.sim.about_polls import make_each_once, possible_splits, posted_once, split_on
from tests.sim.polls import OnIssue
from tests.sim.seen import words_of
from tests.sim.voice import Voiced
from tests.sim.wire import Call
from tests.sim.world import Workspace, json_of

_HAS_NONE, _PERHAPS = "it has no such poll", "may have been created"


def say_what_is_there(place: Workspace, voiced: Voiced) -> None:
    """Look whether each card says what was answered in Slack and what Team Voice has, added."""
    for poll in voiced.asked:
        kept, cards = voiced.there(poll), voiced.cards(poll)
        posted_once(place, poll.title, cards)
        titles = tuple(str(option["title"]) for option in kept.in_order)
        inside = [kept.count(one) for one in kept.option_ids]
        allowed = {
            tuple(map(sum, zip(inside, split, strict=True))) for split in possible_splits(poll)
        }
        for card in cards:
            split = split_on(titles, words_of(card))
            if split not in allowed:
                place.breaks(
                    f"{poll.title} shows {split} of {titles} on {card.id}; {inside} answered "
                    f"inside, and with those of Slack it is one of {sorted(allowed)}."
                )


def are_made_once(place: Workspace, voiced: Voiced) -> None:
    """Look whether each poll was made once here and there, and its person heard of it.

    Where Team Voice did not answer, its person may have heard that it has none.
    """

    def is_excused(one: OnIssue, said: str) -> bool:
        there = voiced.all_called(one.title)
        asked = [call for call in place.wire.calls if _makes(call, one)]
        unheard = any(not call.went_well for call in asked)
        if _HAS_NONE in said and there:
            place.breaks(f"{one.user} was told that Team Voice has no {one.title}, and it has.")
        return unheard and (_HAS_NONE in said or _PERHAPS in said)

    make_each_once(place, voiced, is_excused)
    for one in voiced.on_issues:
        there = voiced.all_called(one.title)
        if len(there) > 1:
            place.breaks(
                f"{one.title} was asked for once, and is in Team Voice {len(there)} times.",
                "doubled",
            )
        if voiced.cards(one) and not there:
            place.breaks(f"{one.title} hangs in a channel, and Team Voice has no such poll.")


def _makes(call: Call, one: OnIssue) -> bool:
    return call.to == "voice" and call.method == "POST" and json_of(call)["title"] == one.title
