"""Whoever answers hears of it, even if Slack takes nothing just then; and never more than twice."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support import stored
from tests.support.house import ADA, BEN, CLEO, LEADS, PLANNING, House, rest, written
from tests.support.polls import HOUR, answer, close, element, form_poll, manage, poll, until
from tests.support.schedules import listed, press, schedule, until_due
from tests.support.team_voice import connect

LUNCH = '"Lunch?" "Pizza" "Soup"'
WAYS = ("response_url", "chat.postEphemeral", "chat.postMessage")
NAMED, ANONYMOUS = "", "anonymous "
KINDS = pytest.mark.parametrize("kind", [NAMED, ANONYMOUS], ids=["named", "anonymous"])


def heard(house: House, user: str, part: str) -> int:
    """Return how often the user was told something with ``part`` in it."""
    return sum(part in said for said in house.words(user))


async def time_passes(house: House, pollbot: Pollbot, minutes: int = 10) -> None:
    """Let that much time go by, and pollbot do what is due in it."""
    for _ in range(minutes):
        house.clock.ahead += 60
        await rest(house, pollbot)


def killed(house: House, tmp_path: Path) -> House:
    """Return the house as it would be if pollbot was killed now."""
    database = stored.copied(house.database, tmp_path / "after the kill")
    return House(house.slack, house.jira, database, house.clock)


async def lunch(house: House, pollbot: Pollbot, kind: str = NAMED) -> Message:
    card = await poll(house, kind + LUNCH)
    await rest(house, pollbot)
    return card


async def soup_waits(
    house: House, pollbot: Pollbot, kind: str = NAMED, *, seconds: int = 60
) -> Message:
    """Let Ben choose soup while Slack asks to wait with his receipt; return the poll's card."""
    card = await lunch(house, pollbot, kind)
    wait = {"Retry-After": str(seconds)}
    house.slack.faults.fail_next("response_url", 429, "slow down", wait)
    await answer(house, BEN, card, "Soup")
    await rest(house, pollbot)
    return card


# Slack asks us to wait


@KINDS
async def test_a_receipt_that_slack_does_not_take_comes_once_it_does(
    house: House, pollbot: Pollbot, kind: str
) -> None:
    card = await lunch(house, pollbot, kind)
    house.slack.faults.mode = "429"
    await answer(house, BEN, card, "Soup")
    await time_passes(house, pollbot, 5)
    assert heard(house, BEN, "Soup") == 0

    house.slack.faults.mode = "up"
    await time_passes(house, pollbot)

    assert heard(house, BEN, "*Soup*") == 1
    assert heard(house, BEN, "Slack does not answer") == 0
    assert house.rows("SELECT count(*) FROM receipts") == [(0,)]


@KINDS
async def test_one_receipt_is_enough_for_several_changes(
    house: House, pollbot: Pollbot, kind: str
) -> None:
    card = await lunch(house, pollbot, kind)
    house.slack.faults.mode = "429"
    await answer(house, BEN, card, "Soup")
    await rest(house, pollbot)
    await answer(house, BEN, card, "Pizza")
    await rest(house, pollbot)
    house.slack.faults.mode = "up"
    await time_passes(house, pollbot)

    assert heard(house, BEN, "*Soup*") == 0
    assert heard(house, BEN, "*Pizza*") == 1


async def test_what_is_told_of_a_newer_answer_needs_not_be_told_of_an_older_one(
    house: House, pollbot: Pollbot
) -> None:
    card = await soup_waits(house, pollbot)
    await answer(house, BEN, card, "Pizza")
    await rest(house, pollbot)
    await time_passes(house, pollbot)

    assert heard(house, BEN, "Your answer") == 1
    assert heard(house, BEN, "*Pizza*") == 1


async def test_a_receipt_outlives_a_restart_and_takes_another_way_if_its_own_is_too_old(
    house: House,
) -> None:
    async with house.program() as pollbot:
        card = await lunch(house, pollbot)
        house.slack.faults.mode = "429"
        await answer(house, BEN, card, "Soup")
        await rest(house, pollbot)
        sealed = house.rows("SELECT response_url FROM receipts")
        assert sealed
        assert "http" not in str(sealed)
    house.clock.ahead += HOUR
    house.slack.faults.mode = "up"
    async with house.program() as pollbot:
        await time_passes(house, pollbot)

    assert heard(house, BEN, "*Soup*") == 1


async def test_of_an_anonymous_poll_nothing_on_disk_says_who_is_to_be_told(
    house: House, pollbot: Pollbot
) -> None:
    card = await lunch(house, pollbot, ANONYMOUS)
    before = [one.args for one in house.slack.calls]
    house.slack.faults.mode = "429"
    await answer(house, BEN, card, "Soup")
    await rest(house, pollbot)

    assert house.rows("SELECT count(*) FROM receipts") == [(0,)]
    assert house.rows("SELECT count(*) FROM outbox WHERE kind = 'receipt'") == [(0,)]
    sent = [one.args for one in house.slack.calls][len(before) :]
    assert not any(BEN in str(args) for args in sent)


async def test_a_poll_that_closes_meanwhile_still_tells_what_was_answered(
    house: House, pollbot: Pollbot
) -> None:
    card = await soup_waits(house, pollbot)
    await close(house, ADA, card)
    await time_passes(house, pollbot)

    assert heard(house, BEN, "*Soup*") == 1
    assert not any("Withdraw" in str(m.blocks) for m in house.slack.messages if "*Soup*" in m.text)


async def test_an_anonymous_poll_that_closes_meanwhile_says_that_nobody_can_tell(
    house: House, pollbot: Pollbot
) -> None:
    card = await soup_waits(house, pollbot, ANONYMOUS)
    await close(house, ADA, card)
    await time_passes(house, pollbot)

    assert heard(house, BEN, "*Soup*") == 0
    assert heard(house, BEN, "If you answered, your answer counts") == 1


async def test_a_poll_that_gives_up_its_names_forgets_who_is_to_be_told(
    house: House, pollbot: Pollbot
) -> None:
    card = await soup_waits(house, pollbot, seconds=100)
    assert house.rows("SELECT user_id FROM receipts") == [(BEN,)]
    # The card says who chose what as long as it may.
    house.clock.ahead += 2
    await rest(house, pollbot)
    named = [one for one in house.slack.calls if "Soup" in str(one.args) and BEN in str(one.args)]
    assert {one.method for one in named} == {"chat.update"}
    before = len(house.slack.calls)

    await without_names(house, card)

    assert house.rows("SELECT count(*) FROM receipts") == [(0,)]
    await time_passes(house, pollbot)
    later = [one for one in house.slack.calls[before:] if "Soup" in str(one.args)]
    assert later
    assert not any(BEN in str(one.args) for one in later)


async def test_a_poll_that_gives_up_its_names_while_somebody_is_told_names_them_by_no_other_way(
    house: House, pollbot: Pollbot
) -> None:
    card = await soup_waits(house, pollbot)
    house.slack.faults.slow_down("response_url", 1.5)
    house.slack.faults.fail_next("response_url", 404, "expired_url")
    house.clock.ahead += 61
    await house.slack.until(
        lambda: house.rows("SELECT count(holder) FROM receipts") == [(1,)], what="a second try"
    )

    await without_names(house, card)

    await rest(house, pollbot)
    assert len([one for one in house.slack.hook_posts if one.status == 404]) == 1
    assert heard(house, BEN, "Soup") == 0
    named = [one.method for one in house.slack.calls if BEN in str(one.args)]
    assert not {*named} & {*WAYS}


async def without_names(house: House, card: Message) -> None:
    """Edit the poll so that it keeps no names any more."""
    form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    sent = await house.slack.submit(
        ADA, form.id, {"settings": {element(form, "settings"): ["changeable"]}}
    )
    assert (sent.status, sent.body) == (200, ""), sent


# pollbot is killed


async def test_a_kill_between_the_answer_and_its_receipt_loses_none(
    house: House, pollbot: Pollbot, tmp_path: Path
) -> None:
    card = await lunch(house, pollbot)
    house.slack.faults.mode = "slow"
    for user in (BEN, CLEO):
        await answer(house, user, card, "Soup")
    after = killed(house, tmp_path)
    house.slack.faults.mode = "up"
    await rest(house, pollbot)
    assert [heard(house, user, "*Soup*") for user in (BEN, CLEO)] == [1, 1]

    for _ in range(3):
        async with after.program() as again:
            await time_passes(after, again)

    assert [heard(house, user, "*Soup*") for user in (BEN, CLEO)] == [2, 2]


async def test_who_was_told_before_the_kill_is_told_no_more(
    house: House, pollbot: Pollbot, tmp_path: Path
) -> None:
    card = await lunch(house, pollbot)
    await answer(house, BEN, card, "Soup")
    await house.told(BEN, "*Soup*")
    house.clock.ahead += 2
    await rest(house, pollbot)
    await written(pollbot)

    after = killed(house, tmp_path)
    async with after.program() as again:
        await time_passes(after, again)

    assert heard(house, BEN, "*Soup*") == 1


async def test_an_orderly_end_tells_everybody_once(house: House) -> None:
    async with house.program() as pollbot:
        card = await lunch(house, pollbot)
        house.slack.faults.mode = "slow"
        house.slack.faults.slow_seconds = 0.3
        await answer(house, BEN, card, "Soup")
    house.slack.faults.mode = "up"
    async with house.program() as pollbot:
        await time_passes(house, pollbot)

    assert heard(house, BEN, "*Soup*") == 1


# Answers of Slack are lost


@dataclass(frozen=True)
class Lost:
    """Slack's answers to words, of which so many are lost once ``now`` was called."""

    house: House
    pollbot: Pollbot
    times: int

    async def now(self) -> None:
        await rest(self.house, self.pollbot)
        for way in WAYS:
            self.house.slack.faults.lose_next_answer(way, self.times)


async def an_answer(house: House, lost: Lost) -> tuple[str, str]:
    card = await poll(house, LUNCH)
    await lost.now()
    await answer(house, BEN, card, "Soup")
    return BEN, "*Soup*"


async def an_anonymous_answer(house: House, lost: Lost) -> tuple[str, str]:
    card = await poll(house, ANONYMOUS + LUNCH)
    await lost.now()
    await answer(house, BEN, card, "Soup")
    return BEN, "*Soup*"


async def a_look_at_my_answer(house: House, lost: Lost) -> tuple[str, str]:
    card = await poll(house, LUNCH)
    await lost.now()
    await answer(house, BEN, card, "My answer")
    return BEN, "have not answered"


async def a_refused_answer(house: House, lost: Lost) -> tuple[str, str]:
    card = await poll(house, f"final {LUNCH}")
    await answer(house, BEN, card, "Soup")
    await house.told(BEN, "*Soup*")
    await lost.now()
    await answer(house, BEN, card, "Pizza")
    return BEN, "are final"


async def something_for_admins(house: House, lost: Lost) -> tuple[str, str]:
    await lost.now()
    await house.slack.command(BEN, PLANNING, "/pollbot", "setup")
    return BEN, "admins"


async def a_vote(house: House, lost: Lost) -> tuple[str, str]:
    await house.connect(BEN)
    await lost.now()
    await house.vote(BEN, "PLAT-12")
    return BEN, "PLAT-12"


async def a_vote_without_an_account(house: House, lost: Lost) -> tuple[str, str]:
    await lost.now()
    await house.vote(BEN, "PLAT-12")
    return BEN, "PLAT-12"


async def a_vote_while_jira_is_away(house: House, lost: Lost) -> tuple[str, str]:
    await house.connect(BEN)
    house.jira.faults.mode = "down"
    await lost.now()
    await house.vote(BEN, "PLAT-12")
    return BEN, "PLAT-12"


async def a_card_of_no_issue(house: House, lost: Lost) -> tuple[str, str]:
    await house.connect(BEN)
    await lost.now()
    await house.slack.command(BEN, PLANNING, "/votes", "NONE-1")
    return BEN, "NONE-1"


async def a_card_while_jira_is_away(house: House, lost: Lost) -> tuple[str, str]:
    house.jira.faults.mode = "down"
    await lost.now()
    await house.slack.command(BEN, PLANNING, "/votes", "PLAT-12")
    return BEN, "does not answer"


async def a_result_without_an_account(house: House, lost: Lost) -> tuple[str, str]:
    await connect(house, ADA)
    card = await form_poll(house, record=True, where="PLAT-12")
    await house.slack.command(ADA, PLANNING, "/pollbot", "disconnect")
    await lost.now()
    await close(house, ADA, card)
    return ADA, "with your own Jira account, which pollbot needs once"


async def a_result_that_is_written(house: House, lost: Lost) -> tuple[str, str]:
    await connect(house, ADA)
    card = await form_poll(house, record=True, where="PLAT-12")
    await lost.now()
    await close(house, ADA, card)
    return ADA, "PLAT-12"


async def a_schedule_that_is_paused(house: House, lost: Lost) -> tuple[str, str]:
    await schedule(house, await poll(house, LUNCH), every="daily", at="09:00")
    found = await listed(house)
    await lost.now()
    await press(house, ADA, found, "Pause")
    return ADA, "aused"


async def a_schedule_whose_channel_is_closed(house: House, lost: Lost) -> tuple[str, str]:
    await schedule(house, await poll(house, LUNCH), every="daily", at="09:00")
    await rest(house, lost.pollbot)
    house.slack.channels[PLANNING].is_archived = True
    house.slack.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": "is_archived"})
    await until_due(house)
    await house.slack.until(lambda: posts(house, "is_archived") == 1, what="a refused post")
    for way in WAYS:
        house.slack.faults.lose_next_answer(way, lost.times)
    return ADA, "Lunch?"


async def a_post_by_hand(house: House, lost: Lost) -> tuple[str, str]:
    far = datetime.fromtimestamp(house.clock() + 12 * HOUR, UTC)
    await schedule(house, await poll(house, LUNCH), every="daily", at=f"{far:%H}:00")
    found = await listed(house)
    await lost.now()
    await press(house, ADA, found, "Run now")
    return ADA, "may be in its channel"


async def a_reminder(house: House, lost: Lost) -> tuple[str, str]:
    await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    await lost.now()
    house.clock.ahead += 2 * HOUR
    return BEN, "you have not answered"


async def an_offer(house: House, lost: Lost) -> tuple[str, str]:
    await connect(house, ADA)
    await form_poll(house, ends_in=HOUR, where="PLAT-12")
    await lost.now()
    house.clock.ahead += HOUR
    return ADA, "closed"


async def what_does_not_work_outside(house: House, lost: Lost) -> tuple[str, str]:
    await rest(house, lost.pollbot)
    await poll(house, f"{until(house, HOUR)} {LUNCH}", channel=LEADS)
    await lost.now()
    return ADA, "no member"


async def an_edit(house: House, lost: Lost) -> tuple[str, str]:
    card = await poll(house, LUNCH)
    await answer(house, BEN, card, "Soup")
    await house.told(BEN, "*Soup*")
    form = await manage(house, ADA, card, "edit_poll", '"callback_id": "edit_poll"')
    await lost.now()
    await house.slack.submit(ADA, form.id, {"option:=2": {"value": "Hot soup"}})
    house.clock.ahead += 10
    return BEN, "was edited after you had answered"


SAYINGS: list[Callable[[House, Lost], Awaitable[tuple[str, str]]]] = [
    an_answer,
    an_anonymous_answer,
    a_look_at_my_answer,
    a_refused_answer,
    something_for_admins,
    a_vote,
    a_vote_without_an_account,
    a_vote_while_jira_is_away,
    a_card_of_no_issue,
    a_card_while_jira_is_away,
    a_result_without_an_account,
    a_result_that_is_written,
    a_schedule_that_is_paused,
    a_schedule_whose_channel_is_closed,
    a_post_by_hand,
    a_reminder,
    an_offer,
    what_does_not_work_outside,
]


@pytest.mark.parametrize("times", [2, 10], ids=["twice", "ten times"])
@pytest.mark.parametrize("saying", SAYINGS, ids=lambda one: one.__name__)
async def test_after_lost_answers_a_word_comes_at_most_once_more(
    house: House,
    pollbot: Pollbot,
    saying: Callable[[House, Lost], Awaitable[tuple[str, str]]],
    times: int,
) -> None:
    user, part = await saying(house, Lost(house, pollbot, times))
    await rest(house, pollbot)
    await time_passes(house, pollbot, 45)

    said = Counter(text for text in house.words(user) if part in text)
    assert said
    assert max(said.values()) <= 2, said
    assert heard(house, user, "Slack does not answer") == 0


@dataclass(frozen=True)
class Silent(Lost):
    """A Slack that answers nothing once ``now`` was called, and does nothing either."""

    async def now(self) -> None:
        await rest(self.house, self.pollbot)
        self.house.slack.faults.mode = "down"


@pytest.mark.parametrize(
    "saying",
    [
        an_answer,
        an_anonymous_answer,
        a_vote,
        a_vote_without_an_account,
        a_card_of_no_issue,
        an_edit,
    ],
    ids=lambda one: one.__name__,
)
async def test_a_word_that_may_leave_twice_outlasts_a_silence(
    house: House,
    pollbot: Pollbot,
    saying: Callable[[House, Lost], Awaitable[tuple[str, str]]],
) -> None:
    user, part = await saying(house, Silent(house, pollbot, 0))
    await rest(house, pollbot)
    await time_passes(house, pollbot, 3)
    assert heard(house, user, part) == 0

    house.slack.faults.mode = "up"
    await time_passes(house, pollbot, 2)

    assert heard(house, user, part) == 1


def posts(house: House, error: str) -> int:
    return sum(call.answer.get("error") == error for call in house.slack.calls)


# A crowd


@pytest.fixture
def crowd(house: House) -> list[str]:
    """Two hundred people of whom nobody has answered anything."""
    users = [f"U0CROWD{number:03}" for number in range(200)]
    for user in users:
        house.slack.add_person(user, user.lower())
    return users


@KINDS
async def test_a_crowd_is_told_so_many_at_a_time_and_each_just_once(
    house: House, pollbot: Pollbot, crowd: list[str], kind: str
) -> None:
    card, faults = await lunch(house, pollbot, kind), house.slack.faults
    faults.drip("response_url")

    pressed = await asyncio.gather(*(house.slack.press(one, card.id, "answer:1") for one in crowd))
    assert {one.status for one in pressed} == {200}
    await house.slack.until(lambda: faults.stuck >= 64, what="words that hang")
    assert faults.stuck == 64, "no more until one of these is told, or hangs for a second"
    await house.slack.until(lambda: faults.stuck > 64, what="words after those that hang")

    faults.let_go()
    await time_passes(house, pollbot, 2)
    assert Counter(heard(house, one, "*Soup*") for one in crowd) == {1: len(crowd)}


@KINDS
async def test_where_slack_asks_to_wait_one_finds_out_for_a_crowd_when_it_takes_more(
    house: House, pollbot: Pollbot, crowd: list[str], kind: str
) -> None:
    card, faults = await lunch(house, pollbot, kind), house.slack.faults
    faults.answer_all(429, "slow down", {"Retry-After": "60"})
    before = len(house.slack.hook_posts)

    pressed = await asyncio.gather(*(house.slack.press(one, card.id, "answer:1") for one in crowd))
    assert {one.status for one in pressed} == {200}
    await rest(house, pollbot)
    tried = len(house.slack.hook_posts) - before
    assert tried <= 64, "as many as were under way when Slack first asked to wait"
    house.clock.ahead += 58
    await rest(house, pollbot)
    assert len(house.slack.hook_posts) - before == tried, "nobody comes sooner than asked for"
    await time_passes(house, pollbot, 3)
    assert 0 < len(house.slack.hook_posts) - before - tried <= 4, "one each time"

    faults.let_go()
    await time_passes(house, pollbot, 3)
    assert Counter(heard(house, one, "*Soup*") for one in crowd) == {1: len(crowd)}
    assert house.rows("SELECT count(*) FROM receipts") == [(0,)]
