"""An issue that moved to another project has two keys, and is one issue under both of them."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from pollbot.jira.rules import LANDS_WITHIN
from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.slack import Message
from pollbot.slack.clicks import VoteClick
from pollbot.wiring import Pollbot
from tests.polls.test_post_later import ask, at
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, nothing_waits, rest, shown
from tests.support.polls import answer, close, poll, polls_listed
from tests.support.schedules import (
    change,
    form,
    lines,
    listed,
    press,
    schedule,
    submit,
    told_in_form,
    until_due,
)
from tests.support.team_voice import connect

OLD, NEW = "PLAT-12", "OPS-3"
HALLWAY = "C0HALLWAY"
COUNTED, WITHDRAWN = "is counted in Jira", "is withdrawn in Jira"
Check = Callable[[House], Awaitable[None]]
Kind = Callable[[House], Awaitable[Check]]
Way = Callable[[House], Awaitable[object]]


async def shows(house: House, message: Message, key: str, *, other: str = OLD) -> None:
    def there() -> bool:
        words = shown(message) + str(message.blocks) + message.text
        return key in words and other not in words

    await house.slack.until(there, what=f"{key} and no {other} on {message.blocks}")


# What is known of an issue by its key


async def a_card(house: House) -> Check:
    await house.slack.command(ADA, PLANNING, "/votes", OLD)
    card = await house.card(OLD)

    async def check(house: House) -> None:
        await shows(house, card, NEW)
        before = house.jira.votes(NEW)
        await house.slack.press(ADA, card.id, "vote", value=VoteClick(issue=OLD).pack())
        await house.told(ADA, COUNTED)
        await house.slack.until(lambda: f"{before + 1} votes" in card.text, what=card.text)

    return check


async def a_ballot(house: House) -> Check:
    await press(house, ADA, await listed(house), "New: ballot")
    await form(house)
    await change(house, "every", "daily")
    await submit(house, query="project = PLAT ORDER BY key", at="09:00", channel=HALLWAY)
    await until_due(house)
    ballot = await house.card(OLD, channel=HALLWAY)

    async def check(house: House) -> None:
        await shows(house, ballot, NEW)
        assert "PLAT-13" in ballot.text

    return check


async def a_wish_of_somebody_not_connected(house: House) -> Check:
    await house.vote(CLEO, OLD)
    await house.told(CLEO, OLD)

    async def check(house: House) -> None:
        await house.connect(CLEO)
        assert NEW in (await house.told(CLEO, COUNTED)).text
        assert "acc-cleo" in house.jira.issues[NEW].voters

    return check


async def a_wish_that_waits_for_jira(house: House) -> Check:
    await connect(house, CLEO)
    house.jira.faults.fail_next("POST votes", 503, headers={"Retry-After": "600"})
    await house.vote(CLEO, OLD)
    await house.told(CLEO, "Queued")

    async def check(house: House) -> None:
        await house.slack.command(CLEO, PLANNING, "/unvote", NEW)
        await house.told(CLEO, "that is not final")
        house.clock.ahead += LANDS_WITHIN
        assert NEW in (await house.told(CLEO, WITHDRAWN)).text
        house.clock.ahead += 1200
        assert "acc-cleo" not in house.jira.issues[NEW].voters

    return check


async def a_link(house: House) -> Check:
    await house.slack.command(ADA, HALLWAY, "/pollbot", f"link {OLD}")
    await house.told(ADA, f"|{OLD}>")

    async def check(house: House) -> None:
        said = await house.slack.command(ADA, HALLWAY, "/pollbot", "link")
        assert f"|{NEW}>" in said.body
        await house.vote(ADA, channel=HALLWAY)
        assert NEW in (await house.told(ADA, COUNTED)).text

    return check


async def a_poll(house: House) -> Check:
    card = await poll(house, f'{OLD} "Lunch?" "Pizza" "Soup"')

    async def check(house: House) -> None:
        await shows(house, card, NEW)
        for key in (OLD, NEW):
            (only,) = await polls_listed(house, key)
            assert "Lunch?" in only

    return check


async def a_record(house: House) -> Check:
    card = await poll(house, f'{OLD} "Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Soup")
    told = await close(house, ADA, card)
    house.jira.faults.fail_next("POST comment", 503, headers={"Retry-After": "600"})
    await house.slack.view_action(ADA, told.id, "record_result")
    await house.told(ADA, "Jira does not answer right now")

    async def check(house: House) -> None:
        house.jira.issues[NEW].old_keys.clear()
        house.clock.ahead += 1200
        word = await house.told(ADA, "is written on the issue")
        assert NEW in word.text
        assert len(house.jira.comments(NEW)) == 1

    return check


async def a_schedule(house: House) -> Check:
    await house.slack.command(ADA, PLANNING, "/votes", OLD)
    await schedule(house, await house.card(OLD), every="daily", at="09:00", channel=HALLWAY)

    async def check(house: House) -> None:
        assert f"|{NEW}>" in str(await lines(house))
        house.jira.issues[NEW].old_keys.clear()
        await until_due(house)
        await house.card(NEW, channel=HALLWAY)

    return check


async def a_poll_to_come(house: House) -> Check:
    answer = await ask(house, post_at=at(house, 3, "10:00"), where=OLD)
    assert "Saved" in told_in_form(answer)

    async def check(house: House) -> None:
        house.jira.issues[NEW].old_keys.clear()
        house.clock.ahead += at(house, 3, "10:00") - house.clock() + 60
        await shows(house, await house.card("Lunch?"), NEW)

    return check


# How Jira tells that it moved


async def a_card_by_the_old_key(house: House) -> None:
    await house.slack.command(BEN, PLANNING, "/votes", OLD)
    await house.card(NEW)


async def a_card_by_the_new_key(house: House) -> None:
    await house.slack.command(BEN, PLANNING, "/votes", NEW)
    await house.card(NEW)


async def a_vote_by_the_old_key(house: House) -> None:
    await house.vote(BEN, OLD)
    assert NEW in (await house.told(BEN, COUNTED)).text


async def a_vote_by_the_new_key(house: House) -> None:
    await house.vote(BEN, NEW)
    await house.told(BEN, COUNTED)


async def a_redrawn_card(house: House) -> None:
    card = await house.card("Export", channel=PLANNING)
    await house.slack.press(BEN, card.id, "withdraw")
    await house.told(BEN, "nothing to withdraw")
    await house.card(NEW)


async def a_search(house: House) -> None:
    await press(house, BEN, await listed(house, BEN), "New: top voted issues")
    await form(house, BEN)
    answer = await submit(house, BEN, query="project = OPS", channel=PLANNING)
    assert "Saved" in told_in_form(answer)


async def a_list_by_the_old_key(house: House) -> None:
    await polls_listed(house, OLD, user=BEN)


async def a_list_by_the_new_key(house: House) -> None:
    await polls_listed(house, NEW, user=BEN)


KINDS: list[Kind] = [
    a_card,
    a_ballot,
    a_wish_of_somebody_not_connected,
    a_wish_that_waits_for_jira,
    a_link,
    a_poll,
    a_record,
    a_schedule,
    a_poll_to_come,
]
WAYS: list[Way] = [
    a_card_by_the_old_key,
    a_card_by_the_new_key,
    a_vote_by_the_old_key,
    a_vote_by_the_new_key,
    a_redrawn_card,
    a_search,
    a_list_by_the_old_key,
    a_list_by_the_new_key,
]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.__name__)


async def known_to_jira(house: House) -> None:
    """Have two people connected, and an issue whose id Jira has told."""
    house.slack.add_channel(HALLWAY, "hallway")
    await connect(house, ADA, BEN)
    await house.slack.command(BEN, PLANNING, "/votes", OLD)
    await house.card(OLD)


@each_kind
@pytest.mark.parametrize("way", WAYS, ids=lambda one: one.__name__)
async def test_all_that_is_known_of_an_issue_follows_to_its_new_key(
    house: House, pollbot: Pollbot, kind: Kind, way: Way
) -> None:
    await known_to_jira(house)
    check = await kind(house)
    await rest(house, pollbot)
    house.jira.move(OLD, NEW)

    await way(house)

    await check(house)


async def test_a_poll_that_waits_for_an_account_is_made_under_the_new_key(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    await known_to_jira(house)
    await house.slack.command(CLEO, PLANNING, "/poll", f'{OLD} "Lunch?" "Pizza" "Soup"')
    await house.told(CLEO, "Lunch?")
    house.jira.move(OLD, NEW)
    await a_card_by_the_new_key(house)
    house.jira.issues[NEW].old_keys.clear()

    await house.connect(CLEO)

    await shows(house, await house.card("Lunch?"), NEW)


@each_kind
async def test_a_move_that_an_earlier_run_has_heard_of_is_known(house: House, kind: Kind) -> None:
    async with house.program() as pollbot:
        await known_to_jira(house)
        check = await kind(house)
        await rest(house, pollbot)
        house.jira.move(OLD, NEW)
    async with house.program():
        await a_list_by_the_new_key(house)
    async with house.program():
        await check(house)


# One person's wishes under both keys


ACCOUNT = "acc-ada"
DONE = {"/vote": COUNTED, "/unvote": WITHDRAWN}
VERBS = {"/vote": "POST", "/unvote": "DELETE"}
both_ways = pytest.mark.parametrize(
    ("first", "last"), [("/vote", "/unvote"), ("/unvote", "/vote")], ids=["withdrawn", "voted"]
)
both_orders = pytest.mark.parametrize("keys", [(OLD, NEW), (NEW, OLD)], ids=["to new", "to old"])


async def asks(house: House, command: str, key: str) -> None:
    await house.slack.command(ADA, PLANNING, command, key)


def stands(house: House, command: str) -> bool:
    """Return whether Jira has what the command asks for."""
    return (ACCOUNT in house.jira.issues[NEW].voters) is (command == "/vote")


async def final(house: House, command: str) -> None:
    house.clock.ahead += 5
    await house.jira.until(lambda: stands(house, command), what="the last word in Jira")
    house.clock.ahead += LANDS_WITHIN
    assert NEW in (await house.told(ADA, DONE[command])).text


class Slow:
    """One call over which Jira takes its time."""

    def __init__(self, house: House, name: str) -> None:
        self._name = name
        self._before = house.jira.faults.before
        self.under_way, self.goes_on = asyncio.Event(), asyncio.Event()

    async def before(self, name: str, request: web.Request) -> web.Response | None:
        if name == self._name and not self.under_way.is_set():
            self.under_way.set()
            await self.goes_on.wait()
        return await self._before(name, request)


@both_ways
@both_orders
@pytest.mark.parametrize("known", [True, False], ids=["known", "never seen"])
@pytest.mark.parametrize("trouble", ["down", "429"])
async def test_of_wishes_under_both_keys_that_wait_for_jira_the_last_word_stands(
    house: House,
    pollbot: Pollbot,
    monkeypatch: pytest.MonkeyPatch,
    first: str,
    last: str,
    keys: tuple[str, str],
    known: bool,
    trouble: str,
) -> None:
    await (known_to_jira(house) if known else connect(house, ADA))
    house.jira.move(OLD, NEW)
    house.jira.issues[NEW].voters = set() if last == "/vote" else {ACCOUNT}
    house.jira.faults.mode = trouble
    for command, key in zip((first, last), keys, strict=True):
        await asks(house, command, key)
        await house.told(ADA, f"|{key}> is saved")

    # Should the first be sent at all, it takes longer than the last.
    slow = Slow(house, f"{VERBS[first]} votes")
    monkeypatch.setattr(house.jira.faults, "before", slow.before)
    house.jira.faults.mode = "up"

    await final(house, last)
    slow.goes_on.set()
    await nothing_waits(house, pollbot)
    assert stands(house, last)
    assert DONE[first] not in str(house.words(ADA))


@both_ways
async def test_a_call_on_its_way_under_the_old_key_does_not_undo_a_wish_under_the_new_one(
    house: House, pollbot: Pollbot, first: str, last: str
) -> None:
    await connect(house, ADA)
    house.jira.move(OLD, NEW)
    house.jira.issues[NEW].voters = set() if first == "/vote" else {ACCOUNT}
    late = house.jira.faults.hold_up_next(f"{VERBS[first]} votes")
    await asks(house, first, OLD)
    await house.slack.until(late.gone.is_set, what="a call on its way")

    await asks(house, last, NEW)
    await house.told(ADA, "that is not final")
    await late.land()

    await final(house, last)
    await nothing_waits(house, pollbot)
    assert stands(house, last)
    assert DONE[first] not in str(house.words(ADA))


@both_ways
async def test_a_wish_in_hand_while_its_move_is_heard_of_is_told_once_and_replaced_by_a_newer_one(
    house: House, pollbot: Pollbot, monkeypatch: pytest.MonkeyPatch, first: str, last: str
) -> None:
    await known_to_jira(house)
    house.jira.issues[OLD].voters = set() if first == "/vote" else {ACCOUNT}
    slow = Slow(house, f"{VERBS[first]} votes")
    monkeypatch.setattr(house.jira.faults, "before", slow.before)
    await asks(house, first, OLD)
    await house.slack.until(slow.under_way.is_set, what="a call under way")
    house.jira.move(OLD, NEW)
    await a_list_by_the_new_key(house)
    await asks(house, last, OLD)

    slow.goes_on.set()

    await final(house, last)
    await nothing_waits(house, pollbot)
    assert stands(house, last)
    assert str(house.words(ADA)).count(DONE[last]) == 1


# Which issue a key leads to


async def linked(house: House) -> str:
    """Return the words about the channel's link."""
    return (await house.slack.command(ADA, PLANNING, "/pollbot", "link")).body


async def linked_and_moved(house: House) -> None:
    await known_to_jira(house)
    await house.slack.command(ADA, PLANNING, "/pollbot", f"link {OLD}")
    house.jira.move(OLD, NEW)
    await a_list_by_the_old_key(house)
    assert f"|{NEW}>" in await linked(house)


async def test_an_issue_that_moves_on_and_back_again_is_followed(
    house: House, pollbot: Pollbot
) -> None:
    await linked_and_moved(house)

    for before, after in ((NEW, "DEV-7"), ("DEV-7", OLD)):
        house.jira.move(before, after)
        house.jira.issues[after].old_keys.discard(after)
        await polls_listed(house, NEW, user=BEN)
        assert f"|{after}>" in await linked(house)
        await house.vote(ADA, NEW)
        assert after in (await house.told(ADA, f"|{after}> {COUNTED}")).text


async def test_a_key_that_is_another_issues_now_leads_there_and_nothing_else_goes_along(
    house: House, pollbot: Pollbot
) -> None:
    await known_to_jira(house)
    await house.slack.command(ADA, PLANNING, "/pollbot", f"link {OLD}")
    house.jira.move(OLD, NEW)
    house.jira.add_issue(OLD, "Another wish", other_votes=40)

    await a_list_by_the_old_key(house)

    assert f"|{NEW}>" in await linked(house)
    await house.vote(ADA, OLD)
    assert "It has 41 votes now" in (await house.told(ADA, COUNTED)).text
    assert house.jira.issues[NEW].voters == set()


async def test_keys_of_another_site_stay_as_they_are(house: House) -> None:
    elsewhere = JiraStandIn(now=house.clock)
    elsewhere.people = house.jira.people
    elsewhere.add_issue(OLD, "The same key and the same id, on another site")
    await elsewhere.start()
    try:
        async with house.program():
            await linked_and_moved(house)
        async with house.program(jira_url=elsewhere.site_url):
            await connect(house, ADA)
            await house.vote(ADA, OLD)
            assert f"{elsewhere.site_url}/browse/{OLD}|" in (await house.told(ADA, COUNTED)).text
            assert elsewhere.votes(OLD) == 1
        async with house.program():
            assert f"|{NEW}>" in await linked(house)
    finally:
        await elsewhere.stop()


async def test_an_admin_may_save_a_form_that_was_open_while_its_issue_moved(
    house: House, pollbot: Pollbot
) -> None:
    house.slack.add_channel(HALLWAY, "hallway")
    await connect(house, ADA, BEN)
    await house.slack.command(BEN, PLANNING, "/votes", OLD)
    card = await house.card(OLD)
    await schedule(house, card, user=BEN, every="daily", at="09:00", channel=HALLWAY)
    await press(house, ADA, await listed(house), "Edit")
    await form(house)
    house.jira.move(OLD, NEW)
    await a_vote_by_the_new_key(house)
    await rest(house, pollbot)

    answer = await submit(house, at="10:00")

    assert "Saved" in told_in_form(answer), answer
    (said,) = await lines(house)
    assert f"|{NEW}>" in said
    assert "10:00" in said
