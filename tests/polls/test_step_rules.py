"""The rule of steps: nothing that was ever seen is a neighbour of what is seen now."""

from collections.abc import Callable, Iterable
from random import Random

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from pollbot.polls.answers.steps import may_be_seen
from pollbot.polls.tally import Part
from tests.support.crowds import DEEDS, NOBODY, Back, Moment, Together, after, counted, differing
from tests.support.torture import tries

Rule = Callable[[Part, Iterable[Part]], bool]
STORIES = st.lists(DEEDS, min_size=15, max_size=40)


def closest(rule: Rule, deeds: list[Together | Back]) -> int:
    """Return by how few people's answers two splits differ that were seen under this rule.

    What was seen is remembered with all that was true whenever it came.
    """
    so_far: list[Moment] = [NOBODY]
    seen: list[Part] = []
    true: dict[tuple[tuple[str, int], ...], set[Moment]] = {(): {NOBODY}}
    for deed in deeds:
        so_far.append(after(deed, so_far))
        now = counted(so_far[-1])
        if seen and seen[-1].counts == now.counts:
            continue
        if now in seen or rule(now, seen):
            seen = [*(one for one in seen if one != now), now]
            true.setdefault(tuple(now.counts.items()), set()).add(so_far[-1])
    splits = list(true)
    return min(
        (
            differing(a, b)
            for place, one in enumerate(splits)
            for other in splits[:place]
            for a in true[one]
            for b in true[other]
        ),
        default=3,
    )


@given(STORIES)
@settings(max_examples=tries(150, 2000))
def test_any_two_splits_that_were_seen_differ_by_three_people(deeds: list[Together | Back]) -> None:
    assert closest(may_be_seen, deeds) >= 3


def only_the_last(now: Part, seen: Iterable[Part]) -> bool:
    return may_be_seen(now, list(seen)[-1:])


def steps_of_two(now: Part, seen: Iterable[Part]) -> bool:
    return all(_fewest(one, now) >= 2 for one in (Part(), *seen))


def only_how_many(now: Part, seen: Iterable[Part]) -> bool:
    return all(
        abs((now.people or 0) - (one.people or 0)) >= 3 for one in (Part(), *list(seen)[-1:])
    )


def from_three_on(now: Part, seen: Iterable[Part]) -> bool:
    return (now.people or 0) >= 3


def _fewest(one: Part, other: Part) -> int:
    options = one.counts.keys() | other.counts.keys()
    return max((abs(one.counts.get(o, 0) - other.counts.get(o, 0)) for o in options), default=0)


@pytest.mark.parametrize("rule", [only_the_last, steps_of_two, only_how_many, from_three_on])
@pytest.mark.parametrize("seed", range(10))
def test_a_rule_that_forgets_or_counts_too_little_is_noticed_within_forty_stories(
    rule: Rule, seed: int
) -> None:
    few = settings(max_examples=40, database=None, phases=[Phase.generate])

    chance = Random(seed)  # noqa: S311  no secret comes of it

    try:
        find(STORIES, lambda deeds: closest(rule, deeds) < 3, settings=few, random=chance)
    except NoSuchExample:
        pytest.fail("not noticed")
