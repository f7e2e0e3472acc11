"""The last word wins in Jira, too: a call that lands late changes nothing for long."""

from collections.abc import Callable

import pytest

from pollbot.jira.rules import LANDS_WITHIN
from pollbot.sandbox.faults import Late
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, PLANNING, House, nothing_waits, rest

ISSUE, ACCOUNT = "PLAT-13", "acc-ada"
VERBS = {"/vote": "POST", "/unvote": "DELETE"}
DONE = {"/vote": "is counted in Jira", "/unvote": "is withdrawn in Jira"}
UNTRUE = ("nothing to withdraw", "is counted in Jira", "is withdrawn in Jira")
both_ways = pytest.mark.parametrize(
    ("first", "last"), [("/vote", "/unvote"), ("/unvote", "/vote")], ids=["withdrawn", "voted"]
)


async def asks(house: House, command: str, user: str = ADA) -> None:
    await house.slack.command(user, PLANNING, command, ISSUE)


async def held_up(house: House, command: str) -> Late:
    """Ask, and have the call lose its line on the way to Jira."""
    late = house.jira.faults.hold_up_next(f"{VERBS[command]} votes")
    await asks(house, command)
    await house.slack.until(late.gone.is_set, what="a call on its way")
    return late


def stands(house: House, command: str) -> bool:
    """Return whether Jira has what the command asks for."""
    return (ACCOUNT in house.jira.issues[ISSUE].voters) is (command == "/vote")


async def first_wish(house: House, command: str) -> Late:
    """Have Ada connected, Jira in the state that the command changes, and its call held up."""
    await house.connect(ADA)
    house.jira.issues[ISSUE].voters = set() if command == "/vote" else {ACCOUNT}
    return await held_up(house, command)


@both_ways
async def test_a_call_that_lands_late_does_not_undo_a_newer_wish(
    house: House, pollbot: Pollbot, first: str, last: str
) -> None:
    late = await first_wish(house, first)

    await asks(house, last)
    await house.told(ADA, "that is not final")
    assert stands(house, last)
    assert not any(words in str(house.words(ADA)) for words in UNTRUE)
    await late.land()
    assert not stands(house, last)

    house.clock.ahead += 6
    await house.jira.until(lambda: stands(house, last), what="the last word in Jira")
    house.clock.ahead += LANDS_WITHIN
    await house.told(ADA, DONE[last])
    await nothing_waits(house, pollbot)
    assert stands(house, last)
    assert DONE[first] not in str(house.words(ADA))


@both_ways
async def test_a_call_may_land_in_the_last_moment(
    house: House, pollbot: Pollbot, first: str, last: str
) -> None:
    late = await first_wish(house, first)
    await asks(house, last)
    for _ in range(4):
        await rest(house, pollbot)
        house.clock.ahead += LANDS_WITHIN / 5
    await rest(house, pollbot)
    assert DONE[last] not in str(house.words(ADA)), "it is not final yet"

    await late.land()

    house.clock.ahead += LANDS_WITHIN / 2
    await house.told(ADA, DONE[last])
    assert stands(house, last)


@both_ways
async def test_pollbot_that_ends_with_a_call_on_its_way_counts_on_it(
    house: House, first: str, last: str
) -> None:
    async with house.program():
        late = await first_wish(house, first)
    async with house.program() as pollbot:
        await asks(house, last)
        await house.told(ADA, "that is not final")
        await rest(house, pollbot)
        await late.land()
        house.clock.ahead += LANDS_WITHIN
        await house.told(ADA, DONE[last])
        assert stands(house, last)


async def test_a_vote_that_took_two_tries_is_in_doubt_after_it_was_counted(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    late = await held_up(house, "/vote")
    house.clock.ahead += 3
    await house.told(ADA, "is counted in Jira")
    await rest(house, pollbot)

    await asks(house, "/unvote")
    await house.told(ADA, "that is not final")
    await late.land()

    house.clock.ahead += LANDS_WITHIN
    await house.told(ADA, "is withdrawn in Jira")
    assert stands(house, "/unvote")


async def test_a_wish_that_comes_again_after_its_opposite_is_final_at_once(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    late = await held_up(house, "/vote")
    await asks(house, "/unvote")
    await house.told(ADA, "that is not final")

    await asks(house, "/vote")

    await house.told(ADA, "is counted in Jira")
    await late.land()
    await nothing_waits(house, pollbot)
    assert stands(house, "/vote")


def answered(house: House) -> None:
    house.jira.faults.fail_next("POST votes", 429, "", {"Retry-After": "1"})


def cannot_land_any_more(house: House) -> None:
    house.jira.faults.lose_next_answer("POST votes")


@pytest.mark.parametrize(
    ("trouble", "later"), [(answered, 0.0), (cannot_land_any_more, LANDS_WITHIN)]
)
async def test_what_cannot_land_any_more_keeps_nothing_in_doubt(
    house: House, pollbot: Pollbot, trouble: Callable[[House], None], later: float
) -> None:
    await house.connect(ADA)
    trouble(house)
    await asks(house, "/vote")
    await house.told(ADA, "Queued")
    house.clock.ahead += 10
    await house.told(ADA, "is counted")
    await rest(house, pollbot)
    house.clock.ahead += later

    await asks(house, "/unvote")

    await house.told(ADA, "is withdrawn in Jira")
    assert "not final" not in str(house.words(ADA))
    await nothing_waits(house, pollbot)


async def test_what_is_in_doubt_for_one_is_no_matter_for_others(
    house: House, pollbot: Pollbot
) -> None:
    for user in (ADA, BEN):
        await house.connect(user)
    house.jira.issues[ISSUE].voters.add("acc-ben")
    await held_up(house, "/vote")

    await asks(house, "/unvote", BEN)

    await house.told(BEN, "is withdrawn in Jira")
    assert "not final" not in str(house.words(BEN))


async def test_a_clock_that_was_ahead_keeps_nothing_in_doubt_for_longer(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    house.clock.ahead += 2 * 86_400
    late = await held_up(house, "/vote")
    house.clock.ahead -= 2 * 86_400
    await asks(house, "/unvote")
    await house.told(ADA, "that is not final")

    await late.land()
    house.clock.ahead += LANDS_WITHIN + 1

    await house.told(ADA, "is withdrawn in Jira")
    assert stands(house, "/unvote")


@both_ways
async def test_disconnecting_says_which_wishes_it_drops_and_which_may_land_yet(
    house: House, pollbot: Pollbot, first: str, last: str
) -> None:
    late = await first_wish(house, first)
    house.jira.faults.mode = "429"
    await house.vote(ADA, "PLAT-12")
    await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-7")
    await rest(house, pollbot)

    await house.slack.command(ADA, PLANNING, "/pollbot", "disconnect")

    said = (await house.told(ADA, "your token is forgotten")).text
    dropped, _, may_land = said.partition("will not reach Jira")
    deed = {"/vote": "your vote on", "/unvote": "your withdrawal from"}
    for what, key in ((deed[first], ISSUE), ("vote on", "PLAT-12"), ("withdrawal from", "PLAT-7")):
        assert f"{what} <{house.jira.site_url}/browse/{key}|{key}>" in dropped
    assert ISSUE in may_land
    assert "PLAT-12" not in may_land
    house.jira.faults.mode = "up"
    await late.land()
    await nothing_waits(house, pollbot)
    assert house.jira.votes("PLAT-12") == 7


async def test_who_never_connected_hears_of_dropped_wishes_too(
    house: House, pollbot: Pollbot
) -> None:
    await house.vote(ADA, "PLAT-12")
    await house.told(ADA, "kept for 24 hours")

    await house.slack.command(ADA, PLANNING, "/pollbot", "disconnect")

    assert "PLAT-12" in (await house.told(ADA, "You have no Jira account connected. Dropped")).text
    await house.connect(ADA)
    await nothing_waits(house, pollbot)
    assert house.jira.votes("PLAT-12") == 7
