"""A direct message that says that a vote waits becomes the one that says that it is counted."""

from pathlib import Path

import pytest

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support import stored
from tests.support.house import ADA, EMAILS, PLANNING, TOKENS, House, letters, rest
from tests.support.polls import window

QUEUED, COUNTED, WITHDRAWN = "Queued", "is counted in Jira", "is withdrawn"


async def write(house: House, words: str) -> None:
    """Write to pollbot in a direct message, which is answered by one."""
    await house.slack.share(ADA, house.slack.direct_channel(ADA).id, words)


async def waits(house: House, *keys: str) -> Message:
    """Have a vote on each wait for Jira, of which one message tells; return that."""
    await house.connect(ADA)
    for key in keys:
        if key not in house.jira.issues:
            house.jira.add_issue(key, "Wish")
    house.jira.faults.mode = "down"
    for key in keys:
        await write(house, f"vote {key}")
    return await house.told(ADA, QUEUED)


async def back(house: House, pollbot: Pollbot) -> None:
    """Let Jira answer again, and time pass until all is told that is to be told."""
    house.jira.faults.mode = "up"
    await pass_time(house, pollbot)


async def pass_time(house: House, pollbot: Pollbot) -> None:
    for _ in range(3):
        house.clock.ahead += 60
        await rest(house, pollbot)


def calls(house: House, method: str) -> int:
    return sum(call.method == method for call in house.slack.calls)


async def test_a_vote_that_waited_is_counted_in_the_message_that_said_so(
    house: House, pollbot: Pollbot
) -> None:
    said = await waits(house, "PLAT-12")
    await rest(house, pollbot)
    posted = calls(house, "chat.postMessage")

    await back(house, pollbot)

    assert (await house.told(ADA, COUNTED)).id == said.id
    assert len(letters(house, ADA)) == 1
    assert calls(house, "chat.postMessage") == posted
    assert house.rows("SELECT 1 FROM intents UNION ALL SELECT 1 FROM outbox") == []


async def test_votes_that_waited_together_are_counted_together(
    house: House, pollbot: Pollbot
) -> None:
    await waits(house, "PLAT-12", "PLAT-13", "PLAT-14", "PLAT-15")
    await pass_time(house, pollbot)
    before = len(letters(house, ADA))  # the first at once, others together

    await back(house, pollbot)

    told = letters(house, ADA)
    assert len(told) == before
    assert sum(one.count(COUNTED) for one in told) == 4
    assert QUEUED not in str(told)


async def test_of_votes_that_waited_together_none_waits_long_for_another(
    house: House, pollbot: Pollbot
) -> None:
    """What is decided of one is told, and the message that told of both says the end of both."""
    await waits(house, "PLAT-21", "PLAT-22", "PLAT-23")
    await pass_time(house, pollbot)
    house.jira.faults.mode = "up"
    house.jira.faults.turn_away("POST votes", "PLAT-23")

    await pass_time(house, pollbot)
    first = "".join(one for one in letters(house, ADA) if COUNTED in one)
    assert "PLAT-22" in first
    assert "PLAT-23" not in first
    house.jira.faults.let_go()
    for _ in range(5):
        await pass_time(house, pollbot)

    told = letters(house, ADA)
    assert sum(one.count(COUNTED) for one in told) == 3
    assert QUEUED not in str(told)


async def test_where_the_message_is_gone_a_new_one_tells(house: House, pollbot: Pollbot) -> None:
    said = await waits(house, "PLAT-12")
    await rest(house, pollbot)
    house.slack.messages.remove(said)

    await back(house, pollbot)

    assert (await house.told(ADA, COUNTED)).id != said.id
    assert len(letters(house, ADA)) == 1


@pytest.mark.parametrize("code", ["edit_window_closed", "cant_update_message", "msg_too_long"])
async def test_where_slack_does_not_change_the_message_a_new_one_tells(
    house: House, pollbot: Pollbot, code: str
) -> None:
    await waits(house, "PLAT-12")
    await rest(house, pollbot)
    house.slack.faults.fail_next("chat.update", body={"ok": False, "error": code})

    await back(house, pollbot)

    assert len([one for one in letters(house, ADA) if COUNTED in one]) == 1


@pytest.mark.parametrize("taken", [True, False])
async def test_a_change_whose_answer_is_lost_leaves_one_message(
    house: House, pollbot: Pollbot, *, taken: bool
) -> None:
    said = await waits(house, "PLAT-12")
    await rest(house, pollbot)
    if taken:
        house.slack.faults.lose_next_answer("chat.update")
    else:
        house.slack.faults.fail_next("chat.update", 0)

    await back(house, pollbot)

    assert (await house.told(ADA, COUNTED)).id == said.id
    assert len(letters(house, ADA)) == 1


async def test_slack_that_is_away_when_it_is_counted_changes_the_message_later(
    house: House, pollbot: Pollbot
) -> None:
    said = await waits(house, "PLAT-12")
    await rest(house, pollbot)
    house.slack.faults.mode = "429"
    await back(house, pollbot)
    assert QUEUED in said.text
    house.slack.faults.mode = "up"

    await pass_time(house, pollbot)

    assert COUNTED in said.text
    assert len(letters(house, ADA)) == 1


async def test_what_was_refused_is_a_message_of_its_own_and_the_old_word_goes(
    house: House, pollbot: Pollbot
) -> None:
    """A message that is changed notifies nobody, and what went wrong has to be noticed."""
    said = await waits(house, "PLAT-12")
    house.jira.issues["PLAT-12"].resolution = "Done"

    await back(house, pollbot)

    told = await house.told(ADA, "resolved")
    assert told.id != said.id
    assert letters(house, ADA) == [told.text]


async def test_a_newer_wish_takes_the_place_of_the_older_one(
    house: House, pollbot: Pollbot
) -> None:
    said = await waits(house, "PLAT-12")
    await pass_time(house, pollbot)

    await write(house, "unvote PLAT-12")
    await pass_time(house, pollbot)
    assert len(letters(house, ADA)) == 1
    assert "withdraw" in said.text.lower()

    await back(house, pollbot)
    assert len(letters(house, ADA)) == 1
    assert QUEUED not in said.text


async def test_who_clicks_on_a_card_meanwhile_is_told_there_and_the_older_word_goes(
    house: House, pollbot: Pollbot
) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    card = await house.card("PLAT-12")
    await waits(house, "PLAT-12")
    await pass_time(house, pollbot)

    await house.slack.press(ADA, card.id, "vote")
    await pass_time(house, pollbot)
    await back(house, pollbot)

    told = await house.told(ADA, COUNTED)
    assert told.ephemeral_for == ADA
    assert letters(house, ADA) == []


async def test_what_asks_to_connect_becomes_the_counted_vote(
    house: House, pollbot: Pollbot
) -> None:
    await write(house, "vote PLAT-12")
    said = await house.told(ADA, "as soon as you are connected")
    await house.slack.press(ADA, said.id, "connect_jira")
    form = await window(house, ADA, "connect")
    values = {"email": {"value": EMAILS[ADA]}, "token": {"value": TOKENS[ADA]}}
    await house.slack.submit(ADA, form.id, values)

    await pass_time(house, pollbot)

    assert COUNTED in said.text
    assert len(letters(house, ADA)) == 1


async def test_who_never_connects_hears_that_it_is_over_and_is_asked_no_more(
    house: House, pollbot: Pollbot
) -> None:
    await write(house, "vote PLAT-12")
    said = await house.told(ADA, "as soon as you are connected")
    await rest(house, pollbot)

    house.clock.ahead += 86_400
    await pass_time(house, pollbot)

    assert said not in house.slack.messages
    assert len(letters(house, ADA)) == 1


async def test_a_restart_between_changes_the_message(house: House) -> None:
    async with house.program() as pollbot:
        said = await waits(house, "PLAT-12")
        await rest(house, pollbot)
    async with house.program() as pollbot:
        await back(house, pollbot)

    assert COUNTED in said.text
    assert len(letters(house, ADA)) == 1


async def test_a_kill_before_it_is_known_where_the_word_is_leads_to_a_second_one(
    house: House, pollbot: Pollbot, tmp_path: Path
) -> None:
    """It is on disk before the word leaves that it is said, so it is never said twice."""
    house.slack.faults.lose_next_answer("chat.postMessage")
    await waits(house, "PLAT-12")
    await rest(house, pollbot)

    after = _killed(house, tmp_path)
    async with after.program() as new:
        await back(after, new)

    told = letters(house, ADA)
    assert len([one for one in told if QUEUED in one]) == 1
    assert len([one for one in told if COUNTED in one]) == 1


async def test_a_kill_after_the_word_changes_the_message(
    house: House, pollbot: Pollbot, tmp_path: Path
) -> None:
    said = await waits(house, "PLAT-12")
    await rest(house, pollbot)

    after = _killed(house, tmp_path)
    async with after.program() as new:
        await back(after, new)

    assert COUNTED in said.text
    assert len(letters(house, ADA)) == 1


def _killed(house: House, tmp_path: Path) -> House:
    """Return the house as it would be if pollbot was killed now, which asks Jira no more."""
    database = stored.copied(house.database, tmp_path / "after the kill")
    return House(house.slack, house.jira, database, house.clock)
