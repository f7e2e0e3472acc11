"""What the promises take for possible, by itself: what allows too much would find nothing."""

import pytest

from pollbot.jira.rules import Wish
from tests.sim import about_leaving, people
from tests.sim.about_schedules import Reason, explain
from tests.sim.deeds import Deed, Deeds
from tests.sim.leaving import Deed as Step
from tests.sim.people import Wished

VOTE, WITHDRAW = Wish.VOTE, Wish.WITHDRAW
HEARD, UNHEARD, PRESSED = 1.0, None, True
ISSUE = "PLAT-1"


def deed(to: str, heard: float | None, is_dated: bool = False) -> Deed:
    return Deed(to, 0.0, heard, is_dated)


@pytest.mark.parametrize(
    ("deeds", "comes_late", "possible"),
    [
        ([], True, {"off"}),
        ([deed("on", HEARD)], True, {"on"}),
        ([deed("on", UNHEARD)], False, {"off", "on"}),
        ([deed("on", UNHEARD), deed("out", HEARD)], False, {"out"}),
        ([deed("on", UNHEARD), deed("out", HEARD)], True, {"out", "on"}),
        ([deed("on", UNHEARD, PRESSED), deed("out", HEARD)], True, {"out", "on"}),
        ([deed("on", UNHEARD, PRESSED), deed("out", HEARD, PRESSED)], True, {"out"}),
        ([deed("on", UNHEARD), deed("out", HEARD, PRESSED)], True, {"out", "on"}),
        ([deed("over", HEARD), deed("on", HEARD)], False, {"over"}),
        ([deed("over", UNHEARD), deed("on", HEARD)], False, {"over", "on"}),
        ([deed("over", UNHEARD), deed("on", HEARD)], True, {"over", "on"}),
        ([deed("on", UNHEARD), deed("over", HEARD)], True, {"over"}),
    ],
)
def test_what_nobody_heard_of_may_have_come_or_come_yet(
    deeds: list[Deed], comes_late: bool, possible: set[str]
) -> None:
    assert Deeds("off", comes_late, deeds, for_good="over").last == possible


def test_at_a_time_only_what_was_sent_by_then_can_be() -> None:
    done = [Deed("on", 1.0, 2.0), Deed("out", 5.0, 6.0)]
    deeds = Deeds("off", comes_late=False, all=done)

    assert [deeds.between(at, at) for at in (0.5, 1.5, 3.0, 5.5, 7.0)] == [
        {"off"},
        {"off", "on"},
        {"on"},
        {"on", "out"},
        {"out"},
    ]


@pytest.mark.parametrize(
    ("is_pressed", "comes_late", "allowed"),
    [
        ((False, False), False, {WITHDRAW}),
        ((False, False), True, {VOTE, WITHDRAW}),
        ((True, False), True, {VOTE, WITHDRAW}),
        ((True, True), True, {WITHDRAW}),
    ],
)
def test_a_vote_that_nobody_heard_of_may_come_after_a_withdrawal_where_envelopes_come_late(
    is_pressed: tuple[bool, bool], comes_late: bool, allowed: set[Wish]
) -> None:
    vote, withdrawal = (
        Wished("U0ADA", ISSUE, at, heard, wish, pressed)
        for at, heard, wish, pressed in zip(
            (1.0, 5.0), (None, 5.1), (VOTE, WITHDRAW), is_pressed, strict=True
        )
    )

    assert people.last_words([vote, withdrawal], comes_late=comes_late) == allowed


def step(what: str, heard: float | None, wish: Wish | None = None) -> Step:
    return Step(what, 0.0, ISSUE if wish else "", wish, heard)


@pytest.mark.parametrize(
    ("steps", "at_once", "late"),
    [
        ([("connects", HEARD), ("votes", HEARD, VOTE)], {VOTE}, {VOTE}),
        (
            [("votes", UNHEARD, VOTE), ("connects", HEARD), ("votes", HEARD, WITHDRAW)],
            {WITHDRAW},
            {VOTE, WITHDRAW},
        ),
        (
            [
                *[("votes", UNHEARD, VOTE), ("disconnects", HEARD), ("connects", HEARD)],
                ("votes", HEARD, WITHDRAW),
            ],
            {WITHDRAW},
            {VOTE, WITHDRAW},
        ),
        (
            [("disconnects", UNHEARD), ("connects", HEARD), ("votes", HEARD, VOTE)],
            {VOTE},
            None,
        ),
        ([("connects", HEARD), ("votes", HEARD, VOTE), ("disconnects", HEARD)], None, None),
        ([("connects", UNHEARD), ("votes", HEARD, VOTE)], None, None),
    ],
)
def test_of_who_is_connected_the_last_words_are_known_as_far_as_nothing_comes_late(
    steps: list[tuple[str, float | None, Wish]], at_once: set[Wish] | None, late: set[Wish] | None
) -> None:
    deeds = [step(*one) for one in steps]

    for comes_late, allowed in ((False, at_once), (True, late)):
        known = about_leaving.last_words(deeds, comes_late=comes_late)
        assert known == ({} if allowed is None else {ISSUE: allowed})


@pytest.mark.parametrize(
    ("posts", "reasons", "explained"),
    [
        ([5.0], [(1.0, 9.0)], 1),
        ([0.5], [(1.0, 9.0)], 0),
        ([9.0], [(1.0, 9.0)], 0),
        ([5.0, 6.0], [(1.0, 9.0)], 1),
        ([5.0, 6.0], [(1.0, 9.0), (2.0, 6.0)], 2),
        ([5.0, 6.0], [(2.0, 6.0), (1.0, 9.0)], 2),
        ([5.0, 6.0, 7.0], [(1.0, 9.0), (2.0, 6.0)], 2),
        ([], [(1.0, 9.0)], 0),
    ],
)
def test_each_reason_explains_one_post_that_comes_in_its_time(
    posts: list[float], reasons: list[tuple[float, float]], explained: int
) -> None:
    found = explain(posts, [Reason(*one) for one in reasons])

    assert len(found) == explained
    assert all(one.since <= posts[post] < one.until for post, one in found.items())
    assert len(set(map(id, found.values()))) == explained
