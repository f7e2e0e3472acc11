"""Who reads what: a person the language of their Slack, everybody in a channel the team's."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from pollbot.sandbox.slack import Message
from pollbot.wiring import Pollbot
from tests.support.catalog import pseudo, unbracketed
from tests.support.house import ADA, BEN, CLEO, LEADS, PLANNING, House, rest, shown
from tests.support.polls import BOUND, HOUR, answer, form_poll, poll, reply, until, window

GERMAN = pseudo("de")


@dataclass(frozen=True)
class Readers:
    """What people read, and what everybody does: ``de`` or ``en``."""

    house: House
    pollbot: Pollbot
    person: str
    team: str


@pytest.fixture(
    params=[("de", "en"), ("en", "de")], ids=["Germans in a team", "others in a German team"]
)
async def readers(house: House, request: pytest.FixtureRequest) -> AsyncIterator[Readers]:
    """A program that speaks one language to people, and another one to everybody."""
    person, team = request.param
    house.languages = [GERMAN]
    for one in house.slack.people.values():
        one.locale = f"{person}-{person.upper()}"
    async with house.program() as pollbot:
        if team == "de":
            await house.slack.command(ADA, PLANNING, "/pollbot", "setup")
            form = await window(house, ADA, '"callback_id": "setup"')
            await house.slack.view_action(ADA, form.id, "language:0")
            await house.slack.until(
                lambda: house.rows("SELECT code FROM languages") == [("de",)], what="German cards"
            )
            # Who closes it before it is drawn anew is told by a message that it is saved.
            await house.slack.until(
                lambda: [one for one in house.slack.calls if one.method == "views.update"],
                what="the form, drawn anew",
            )
            await house.slack.close(ADA, form.id)
        yield Readers(house, pollbot, person, team)


def spoken(text: str) -> str:
    """Return the language of a text: all that the pretended German says stands in brackets."""
    return "de" if "⟦" in text else "en"


def language(message: Message) -> str:
    """Return the language of a message: its words and its blocks have the same."""
    (only,) = {spoken(message.text), spoken(shown(message))}
    return only


async def test_what_becomes_of_a_vote(readers: Readers) -> None:
    house = readers.house
    await house.vote(BEN, "PLAT-12")
    asked = await house.told(BEN, "pollbot needs your Jira account once")
    await house.connect(BEN)
    counted = await house.told(BEN, "is counted in Jira")
    await house.vote(BEN, "PLAT-7")
    refused = await house.told(BEN, "was not cast")

    assert {language(one) for one in (asked, counted, refused)} == {readers.person}


async def test_a_vote_that_waits(readers: Readers) -> None:
    house = readers.house
    await house.connect(BEN)
    house.jira.faults.mode = "down"
    await house.vote(BEN, "PLAT-12")
    waits = await house.told(BEN, "Queued")
    house.jira.faults.mode = "up"
    house.clock.ahead += 30
    counted = await house.told(BEN, "is counted in Jira")

    assert {language(waits), language(counted)} == {readers.person}


async def test_the_card_of_an_issue_and_why_there_is_none(readers: Readers) -> None:
    house = readers.house
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    card = await house.card("PLAT-12")
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-999")
    none = await house.told(ADA, "No card was posted")
    await house.slack.press(ADA, card.id, "vote")
    again = await house.card("8 votes")

    assert language(none) == readers.person
    assert {language(card), language(again)} == {readers.team}


async def test_a_preview_of_a_link_and_what_becomes_of_a_press_on_it(readers: Readers) -> None:
    house = readers.house
    house.jira.anonymous_may_browse = True
    await house.connect(ADA)
    url = f"{house.jira.site_url}/browse/PLAT-12"
    message = await house.slack.share(BEN, PLANNING, url)
    await house.slack.until(lambda: url in message.unfurls, what="a preview")
    await house.slack.press_preview(ADA, message.id, url, "vote")

    assert spoken(str(message.unfurls[url])) == readers.team
    assert language(await house.told(ADA, "is counted in Jira")) == readers.person


async def test_a_work_object_and_the_pane_beside_it(readers: Readers) -> None:
    house = readers.house
    house.slack.work_objects.is_on = house.jira.anonymous_may_browse = True
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/pollbot", "previews")
    asked = next(m for m in reversed(house.slack.messages) if m.ephemeral_for == ADA)
    await house.slack.press(ADA, asked.id, "work_objects")
    switched = await house.told(ADA, "are Work Objects")
    url = f"{house.jira.site_url}/browse/PLAT-12"
    message = await house.slack.share(BEN, PLANNING, url)
    await house.slack.until(lambda: url in message.entities, what="a Work Object")
    await house.slack.beside.open_pane(ADA, message.id, url)
    pane = house.slack.work_objects.panes[ADA]
    await house.slack.until(lambda: pane.entity, what="a pane")
    opened = str(pane.entity)
    await house.slack.beside.press_in_pane(ADA, "pane_vote")
    await house.slack.until(lambda: "You voted." in str(pane.entity), what="the vote in the pane")

    assert language(switched) == readers.person
    assert spoken(str(message.entities[url])) == readers.team
    assert {spoken(opened), spoken(str(pane.entity))} == {readers.person}


async def test_a_card_that_slack_takes_nowhere(readers: Readers) -> None:
    house = readers.house
    house.slack.channels[PLANNING].is_archived = True
    house.slack.faults.fail_next("response_url", 404, "channel_is_archived", times=1)
    await house.slack.command(ADA, PLANNING, "/poll", '"Lunch?" "Pizza" "Soup"')

    assert language(await house.told(ADA, "Lunch?")) == readers.person


async def test_the_card_of_a_poll_an_answer_to_it_and_its_end(readers: Readers) -> None:
    house = readers.house
    card = await poll(house, f'{until(house, HOUR)} "Lunch?" "Pizza" "Soup"')
    await answer(house, BEN, card, "Soup")
    receipt = await house.told(BEN, "Your answer to")
    house.clock.ahead += HOUR
    end = await reply(house, card, "by its deadline")

    assert language(receipt) == readers.person
    assert {language(card), language(end)} == {readers.team}


async def test_an_offer_to_keep_a_result(readers: Readers) -> None:
    house = readers.house
    await house.connect(ADA)
    await poll(house, f'PLAT-12 {until(house, HOUR)} "Lunch?" "Pizza" "Soup"')
    house.clock.ahead += HOUR

    assert language(await house.told(ADA, "can be kept on")) == readers.person


async def test_a_receipt_that_had_to_wait(readers: Readers) -> None:
    house = readers.house
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    house.slack.faults.mode = "429"
    await answer(house, BEN, card, "Soup")
    await rest(house, readers.pollbot)
    house.slack.faults.mode = "up"
    house.clock.ahead += 40

    assert language(await house.told(BEN, "Soup")) == readers.person


async def test_a_reminder(readers: Readers) -> None:
    house = readers.house
    await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    house.clock.ahead += 2 * HOUR

    assert language(await house.told(CLEO, "you have not answered")) == readers.person


async def test_a_reminder_in_the_thread_where_nobody_knows_who_reads_it(readers: Readers) -> None:
    house = readers.house
    card = await form_poll(house, ends_in=3 * HOUR, remind=HOUR)
    denied = {"ok": False, "error": "missing_scope"}
    house.slack.faults.fail_next("conversations.members", 200, denied)
    house.clock.ahead += 2 * HOUR

    assert language(await reply(house, card, "Lunch?")) == readers.team


async def test_what_is_posted_by_the_clock_and_by_hand(readers: Readers) -> None:
    house = readers.house
    await house.connect(ADA)
    await an_issue_daily(house)
    await at_its_time(house)
    by_clock = await scheduled(house, 1)
    await house.slack.command(ADA, LEADS, "/pollbot", "schedules")
    listed = await house.told(ADA, "PLAT-12")
    await house.slack.press(ADA, listed.id, "run_schedule")
    by_hand = await scheduled(house, 2)

    assert {language(by_clock), language(by_hand)} == {readers.team}
    assert language(listed) == readers.person


async def test_what_somebody_is_owed(readers: Readers) -> None:
    house = readers.house
    house.slack.faults.lose_next_answer("chat.postMessage", 2)
    await house.slack.command(ADA, PLANNING, "/poll", '"Lunch?" "Pizza" "Soup"')
    for pause in (1, 35, 35, 35):
        house.clock.ahead += pause
        await rest(house, readers.pollbot)

    assert language(await house.told(ADA, "did not answer")) == readers.person


async def test_what_somebody_is_to_pass_on_is_as_everybody_would_read_it(readers: Readers) -> None:
    house = readers.house
    await house.connect(ADA)
    await an_issue_daily(house)
    house.slack.channels[PLANNING].is_archived = True
    await at_its_time(house)

    told = await house.told(ADA, "paused")
    parts = [text for block in told.blocks if (text := shown(replace(told, blocks=[block])))]
    of_the_card = [one for one in parts if "Export" in one or "7 votes" in unbracketed(one)]
    assert {spoken(one) for one in of_the_card if "votes" in one} == {readers.team}
    assert {spoken(one) for one in parts if one not in of_the_card} == {readers.person}


async def test_a_result_on_its_issue_and_that_it_is_there(readers: Readers) -> None:
    house = readers.house
    await house.connect(ADA)
    card = await form_poll(house, where="PLAT-12", ends_in=HOUR, record=True)
    await answer(house, BEN, card, "Soup")
    house.clock.ahead += HOUR
    await house.jira.until(lambda: house.jira.comments("PLAT-12"), BOUND, what="a comment")

    assert spoken(str(house.jira.comments("PLAT-12")[0].body)) == readers.team
    assert language(await house.told(ADA, "is written on the issue")) == readers.person


async def an_issue_daily(house: House) -> None:
    """Schedule the votes of PLAT-12 daily, as Ada."""
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-12")
    card = await house.card("PLAT-12")
    await house.slack.press(ADA, card.id, "schedule_issue")
    form = await window(house, ADA, '"callback_id": "schedule"')
    await house.slack.submit(ADA, form.id, {"every": {"schedule_changed": "daily"}})


async def at_its_time(house: House) -> None:
    """Move the clock to right after the next due time of the one schedule."""
    ((due,),) = house.rows("SELECT next_at FROM schedules")
    house.clock.ahead += due - house.clock() + 1.0


async def scheduled(house: House, count: int) -> Message:
    """Return the newest post by itself, once there are so many."""
    found = await house.slack.until(
        lambda: (
            them
            if len(them := [m for m in house.slack.messages if "Scheduled by" in shown(m)]) >= count
            else []
        ),
        BOUND,
        what=f"{count} posts",
    )
    return found[-1]
