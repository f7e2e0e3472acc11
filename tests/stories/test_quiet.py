"""What pollbot tells people is little: nothing that they see, and together what goes together."""

import re
from pathlib import Path
from typing import Any

import pytest

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support import stored
from tests.support.house import ADA, BEN, EMAILS, PLANNING, TOKENS, House, letters, pings, rest
from tests.support.polls import HOUR, action, poll, until, window

HOME = {"id": "V1", "type": "home", "blocks": [], "private_metadata": ""}
FLEXPANE = {"type": "entity_detail"}
TEN = {f"PLAT-{number}" for number in range(30, 40)}
BESIDE = pytest.mark.parametrize("where", ["home"])


def elsewhere(house: House, user: str, card: Message, action_id: str, where: str) -> dict[str, Any]:
    """Return the payload of a button of a card as it would come from where it is drawn for one."""
    body = house.slack.click_body(user, card.id, action_id)
    for name in ("message", "channel", "response_url"):
        del body[name]
    if where == "home":
        return body | {"container": {"type": "view", "view_id": "V1"}, "view": HOME}
    return body | {"container": FLEXPANE}


async def on_card(house: House) -> Message:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    return await house.card("PLAT-12")


@BESIDE
async def test_a_vote_that_is_seen_where_it_was_cast_is_told_by_no_message(
    house: House, pollbot: Pollbot, where: str
) -> None:
    card = await on_card(house)
    before = house.words(ADA)

    await house.slack.deliver(elsewhere(house, ADA, card, "vote", where), kind="interactive")

    await house.votes("PLAT-12", 8)
    await rest(house, pollbot)
    assert house.words(ADA) == before
    assert house.rows("SELECT count(*) FROM intents") == [(0,)]


@BESIDE
@pytest.mark.usefixtures("pollbot")
async def test_what_became_of_none_is_told_wherever_it_was_asked(house: House, where: str) -> None:
    card = await on_card(house)
    house.jira.issues["PLAT-12"].resolution = "Done"

    await house.slack.deliver(elsewhere(house, ADA, card, "vote", where), kind="interactive")

    told = await house.told(ADA, "resolved")
    assert told.text in letters(house, ADA)


@BESIDE
@pytest.mark.usefixtures("pollbot")
async def test_that_a_vote_waits_is_told_and_then_that_it_is_named(
    house: House, where: str
) -> None:
    card = await on_card(house)
    house.jira.faults.mode = "down"
    await house.slack.deliver(elsewhere(house, ADA, card, "vote", where), kind="interactive")
    await house.told(ADA, "kept")
    house.jira.faults.mode = "up"

    house.clock.ahead += 60
    await house.told(ADA, "is counted")


@BESIDE
async def test_an_answer_that_is_seen_where_it_was_given_is_told_by_no_message(
    house: House, pollbot: Pollbot, where: str
) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    body = elsewhere(house, BEN, card, action(card, "Soup"), where)

    await house.slack.deliver(body, kind="interactive")
    await rest(house, pollbot)

    assert house.words(BEN) == []
    assert house.rows("SELECT count(*) FROM answers") == [(1,)]
    not_told = "SELECT 1 FROM deliveries WHERE told = 0 AND subject LIKE 'poll %'"
    await house.slack.until(lambda: not house.rows(not_told), what="nobody left to be told")


# Runs of clicks on one card


async def ballot(house: House, *, connected: bool = True) -> tuple[Message, list[str]]:
    """Return a list of ten issues in a channel, and what its *Vote* buttons remember."""
    for number in range(30, 40):
        house.jira.add_issue(f"PLAT-{number}", f"Wish {number}")
    await house.connect(BEN)
    keys = ", ".join(f"PLAT-{number}" for number in range(30, 40))
    await house.slack.command(BEN, PLANNING, "/votes", f"key in ({keys})")
    card = await house.card("Vote on these issues")
    if connected:
        await house.connect(ADA)
    values = [
        element["value"]
        for block in card.blocks
        for element in [*block.get("elements", []), block.get("accessory", {})]
        if element.get("action_id") == "vote"
    ]
    assert len(values) == 10
    return card, values


async def click_all(house: House, pollbot: Pollbot, card: Message, values: list[str]) -> None:
    for value in values:
        await house.slack.press(ADA, card.id, "vote", value=value)
        await rest(house, pollbot)
        house.clock.ahead += 1


def told_since(house: House, before: list[str]) -> list[str]:
    """Return what Ada was told since, as she reads it."""
    return [re.sub(r"<[^>|]*\|([^>]*)>", r"\1", one) for one in house.words(ADA)[len(before) :]]


async def test_ten_votes_on_a_list_are_told_by_two_receipts_that_name_each(
    house: House, pollbot: Pollbot
) -> None:
    card, values = await ballot(house)
    before = house.words(ADA)

    await click_all(house, pollbot, card, values)

    told = await all_told(house, before, "is counted in Jira", 10)
    assert len(told) <= 2
    assert named(told) == TEN
    assert all(house.jira.votes(f"PLAT-{n}") == 1 for n in range(30, 40))


async def all_told(house: House, before: list[str], part: str, times: int) -> list[str]:
    """Return what Ada was told since, once it has ``part`` that often."""

    def there() -> list[str] | None:
        told = told_since(house, before)
        return told if "\n".join(told).count(part) == times else None

    return await house.slack.until(there, 20.0, what=f"{times} times {part}: {house.words(ADA)}")


def named(told: list[str]) -> set[str]:
    return set(re.findall(r"PLAT-\d+", " ".join(told)))


async def test_a_first_vote_is_one_click_and_one_message(house: House, pollbot: Pollbot) -> None:
    card, values = await ballot(house)
    before = house.words(ADA)

    await click_all(house, pollbot, card, values[:1])
    await house.told(ADA, "is counted")
    house.clock.ahead += 60
    await rest(house, pollbot)

    assert len(told_since(house, before)) == 1


async def test_votes_that_are_not_in_one_run_are_told_each(house: House, pollbot: Pollbot) -> None:
    card, values = await ballot(house)
    before = house.words(ADA)

    for nth, value in enumerate(values[:3], 1):
        await click_all(house, pollbot, card, [value])
        await all_told(house, before, "is counted", nth)
        house.clock.ahead += 10
        await rest(house, pollbot)

    assert len(told_since(house, before)) == 3


async def test_a_shared_receipt_tells_the_truth_of_each(house: House, pollbot: Pollbot) -> None:
    card, values = await ballot(house)
    house.jira.issues["PLAT-38"].resolution = "Done"
    before = house.words(ADA)

    await click_all(house, pollbot, card, values[:4])

    told = "\n".join(await all_told(house, before, "PLAT-38 is resolved", 1))
    await all_told(house, before, "is counted in Jira", 3)
    assert "PLAT-38 is counted" not in told


async def test_votes_that_wait_are_told_together_and_later_that_they_are_named(
    house: House, pollbot: Pollbot
) -> None:
    card, values = await ballot(house)
    house.jira.faults.mode = "down"
    before = house.words(ADA)

    await click_all(house, pollbot, card, values)
    queued = await all_told(house, before, "Queued", 2)
    assert named(queued) == TEN
    house.jira.faults.mode = "up"
    house.clock.ahead += 120

    told = await all_told(house, before, "is counted in Jira", 10)
    assert len(told) <= 4


async def test_who_is_not_connected_is_asked_for_all_together(
    house: House, pollbot: Pollbot
) -> None:
    card, values = await ballot(house, connected=False)
    before = house.words(ADA)

    await click_all(house, pollbot, card, values)
    asked = await all_told(house, before, "as soon as you are connected", 2)
    assert named(asked) == TEN
    await house.connect(ADA)

    told = await all_told(house, before, "is counted in Jira", 10)
    assert len(told) <= 4


async def test_a_receipt_of_a_run_that_slack_did_not_take_comes_once_it_does(
    house: House, pollbot: Pollbot
) -> None:
    card, values = await ballot(house)
    before = house.words(ADA)
    await click_all(house, pollbot, card, values[:1])
    await all_told(house, before, "is counted in Jira", 1)
    house.slack.faults.mode = "429"
    await click_all(house, pollbot, card, values[1:])
    house.clock.ahead += 10
    house.slack.faults.mode = "up"
    house.clock.ahead += 60

    await all_told(house, before, "is counted in Jira", 10)
    await house.slack.until(
        lambda: not house.rows("SELECT 1 FROM outbox UNION ALL SELECT 1 FROM intents"),
        what="nothing left to be told",
    )


KINDS = pytest.mark.parametrize("kind", ["multi ", "multi anonymous "], ids=["named", "anonymous"])
FIVE = '"Lunch?" "Pizza" "Soup" "Curry" "Salad" "Bread"'


@KINDS
async def test_answers_of_a_run_are_told_by_two_receipts(
    house: House, pollbot: Pollbot, kind: str
) -> None:
    card = await poll(house, kind + FIVE)
    await rest(house, pollbot)

    for title in ("Pizza", "Soup", "Curry", "Salad", "Bread"):
        await house.slack.press(BEN, card.id, action(card, title))
        await rest(house, pollbot)
        house.clock.ahead += 1

    await house.told(BEN, "Salad")
    house.clock.ahead += 60
    await rest(house, pollbot)
    assert len(house.words(BEN)) == 2
    assert "Pizza" in house.words(BEN)[0]
    assert "Soup" not in house.words(BEN)[0]


@KINDS
async def test_a_run_that_ends_where_it_began_says_so(
    house: House, pollbot: Pollbot, kind: str
) -> None:
    card = await poll(house, kind + FIVE)
    await rest(house, pollbot)
    for title in ("Pizza", "Soup", "Soup", "Pizza"):
        await house.slack.press(BEN, card.id, action(card, title))
        await rest(house, pollbot)

    house.clock.ahead += 60

    await house.told(BEN, "withdrawn")
    assert len(house.words(BEN)) == 2


@KINDS
async def test_who_answers_on_a_receipt_sees_it_change_at_once(
    house: House, pollbot: Pollbot, kind: str
) -> None:
    card = await poll(house, kind + FIVE)
    await house.slack.press(BEN, card.id, action(card, "Pizza"))
    receipt = await house.told(BEN, "Pizza")
    await rest(house, pollbot)

    await house.slack.press(BEN, receipt.id, action(receipt, "Withdraw answer"))
    await rest(house, pollbot)

    assert "withdrawn" in str(house.words(BEN))
    assert len(house.words(BEN)) == 1


async def test_a_run_that_a_restart_cuts_off_is_told_by_the_next_one(house: House) -> None:
    async with house.program() as pollbot:
        card = await poll(house, "multi " + FIVE)
        for title in ("Pizza", "Soup", "Curry"):
            await house.slack.press(BEN, card.id, action(card, title))
            await rest(house, pollbot)
    async with house.program() as pollbot:
        await rest(house, pollbot)
        house.clock.ahead += 60
        await rest(house, pollbot)

    assert "*Pizza*, *Soup*, *Curry*" in str(house.words(BEN))
    assert len(house.words(BEN)) == 2


async def test_a_run_that_a_kill_cuts_off_is_told_by_the_next_one(
    house: House, pollbot: Pollbot, tmp_path: Path
) -> None:
    ballots, values = await ballot(house)
    before = house.words(ADA)
    await click_all(house, pollbot, ballots, values[:3])
    card = await poll(house, "multi " + FIVE)
    for title in ("Pizza", "Soup", "Curry"):
        await house.slack.press(BEN, card.id, action(card, title))
        await rest(house, pollbot)

    after = killed(house, tmp_path)
    async with after.program() as new:
        await rest(after, new)
        await after.told(BEN, "Curry")
        await all_told(after, before, "is counted in Jira", 3)


@pytest.mark.parametrize("kind", ["", "multi "], ids=["one", "several"])
async def test_of_a_run_only_the_last_answer_is_left_to_be_told(
    house: House, pollbot: Pollbot, tmp_path: Path, kind: str
) -> None:
    card = await poll(house, kind + FIVE)
    untold = []

    async def seconds_pass(seconds: int) -> None:
        house.clock.ahead += seconds
        await rest(house, pollbot)
        untold.append(
            house.rows("SELECT count(*) FROM deliveries WHERE subject LIKE 'poll %' AND told = 0")
        )

    for title in ("Pizza", "Soup", "Curry", "Salad", "Bread"):
        await house.slack.press(BEN, card.id, action(card, title))
        await rest(house, pollbot)
        await seconds_pass(1)
    after = killed(house, tmp_path)
    await seconds_pass(60)
    await seconds_pass(1)

    assert [count for ((count,),) in untold] == [0, 1, 1, 1, 1, 1, 0]
    assert len(house.words(BEN)) == 2
    async with after.program() as new:
        await rest(after, new)
    assert len(house.words(BEN)) == 3
    assert "*Bread*" in house.words(BEN)[-1]


def killed(house: House, tmp_path: Path) -> House:
    """Return the house as it would be if pollbot was killed now."""
    database = stored.copied(house.database, tmp_path / "after the kill")
    return House(house.slack, house.jira, database, house.clock)


# What goes again


@pytest.mark.usefixtures("pollbot")
async def test_what_asks_to_connect_goes_once_its_person_has(house: House) -> None:
    await house.vote(BEN, "PLAT-12")
    prompt = await house.told(BEN, "as soon as you are connected")

    await house.slack.press(BEN, prompt.id, "connect_jira")
    form = await window(house, BEN, "connect")
    values = {"email": {"value": EMAILS[BEN]}, "token": {"value": TOKENS[BEN]}}
    await house.slack.submit(BEN, form.id, values)

    await house.told(BEN, "is counted in Jira")
    await house.slack.until(
        lambda: not any("as soon as you are connected" in said for said in house.words(BEN)),
        what="no word of connecting",
    )
    assert len(house.words(BEN)) == 1


@pytest.mark.usefixtures("pollbot")
async def test_what_asks_to_connect_stays_while_its_person_has_not(house: House) -> None:
    await house.vote(BEN, "PLAT-12")
    prompt = await house.told(BEN, "as soon as you are connected")

    await house.slack.press(BEN, prompt.id, "connect_jira")
    form = await window(house, BEN, "connect")
    values = {"email": {"value": EMAILS[BEN]}, "token": {"value": "wrong"}}
    await house.slack.submit(BEN, form.id, values)

    assert prompt.text in house.words(BEN)


@pytest.mark.usefixtures("pollbot")
async def test_in_a_receipt_a_vote_that_waited_gives_its_place_to_the_counted_one(
    house: House,
) -> None:
    await house.connect(ADA)
    await house.vote(ADA, "PLAT-12")
    receipt = await house.told(ADA, "is counted")
    house.jira.faults.mode = "down"
    await house.slack.press(ADA, receipt.id, "withdraw")
    await house.told(ADA, "Queued")
    house.jira.faults.mode = "up"
    house.clock.ahead += 60

    await house.told(ADA, "is withdrawn")
    assert len(house.words(ADA)) == 1


# Nobody is pinged

WHERE_PEOPLE_STAND = [
    "Ask <@U0BEN> and <!here> and <!channel>",
    "@here @channel @everyone <!everyone>",
    "<!subteam^S1|@team> <@U0CLEO|cleo>",
    "&lt;@U0BEN&gt; &lt;!here&gt;",
    "*<@U0BEN>* `<!channel>` ~<@W0BEN>~",
]


@pytest.mark.parametrize("written", WHERE_PEOPLE_STAND)
async def test_whatever_people_write_and_do_no_post_pings_anybody(
    house: House, pollbot: Pollbot, written: str
) -> None:
    """Every kind of post in a channel: cards of issues and polls, lists, results, ends, threads."""
    for user in (ADA, BEN):
        await house.connect(user)
    house.jira.issues["PLAT-12"].summary = written
    asked = written.replace('"', "")
    for text in (
        f'comments "{asked}" "{asked} 1" "{asked} 2"',
        f'PLAT-12 "{asked} too" "Yes" "No"',
        f'anonymous until {end(house)} "{asked} last" "Yes" "No"',
        f'until {end(house)} "{asked} named" "Yes" "No"',
    ):
        await house.slack.command(ADA, PLANNING, "/poll", text)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    await house.slack.command(ADA, PLANNING, "/votes", "project = PLAT")
    await house.card("PLAT-13")
    await rest(house, pollbot)
    for card in [one for one in house.slack.messages if one.ephemeral_for is None]:
        for block in card.blocks:
            for element in block.get("elements", []):
                if str(element.get("action_id")).startswith(("vote", "answer")):
                    for user in (ADA, BEN):
                        name, value = element["action_id"], element["value"]
                        await house.slack.press(user, card.id, name, value=value)
    house.clock.ahead += 2 * HOUR
    await rest(house, pollbot)
    await house.slack.until(
        lambda: len([m for m in house.slack.messages if m.thread_ts]) >= 2, what="ends in threads"
    )

    assert pings(house) == []


def end(house: House) -> str:
    return until(house, HOUR).removeprefix("until ")
