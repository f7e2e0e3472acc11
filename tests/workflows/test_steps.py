"""Steps of Slack's Workflow Builder: polls created, votes counted, ends waited for."""

import pytest

from pollbot.wiring import Pollbot
from tests.support import polls
from tests.support.house import ADA, BEN, PLANNING, House, rest
from tests.support.workflows import CREATE, begun, created, done, failed


def runs(house: House) -> list[tuple[object, ...]]:
    return house.rows("SELECT id, step, poll_id, why FROM executions ORDER BY id")


async def test_a_workflow_creates_a_poll_as_whoever_uses_it(house: House, pollbot: Pollbot) -> None:
    told = await created(house, BEN, options="- Pizza\n- Soup & bread\n")

    card = await house.card("Lunch?")
    assert "Ben asks" in card.text
    assert "Soup & bread" in str(card.blocks)
    assert told == {
        "poll": polls.poll_id(card),
        "question": "Lunch?",
        "link": f"{house.slack.site_url}/archives/{PLANNING}/p{card.ts.replace('.', '')}",
    }
    await rest(house, pollbot)
    assert runs(house) == []


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"settings": "multi anonymous"}, "obody sees who chose what"),
        ({"settings": "yesno", "options": "", "question": ""}, "Yes, No"),
        ({"options": "Pizza, Soup; Salad"}, "Pizza, Soup, Salad"),
        ({"options": " 1. Pizza\n\n 2. 3 eggs, fried\n"}, "Pizza, 3 eggs, fried"),
        ({"options": "5. Mai, 2. Juni"}, "5. Mai, 2. Juni"),
        ({"options": "1,5 h, 2,5 h"}, "1,5 h, 2,5 h"),
        ({"end": "2h"}, "Closes on"),
        ({"end": "tomorrow 18:00", "settings": "hidden"}, "Closes on"),
        ({"about": "plat-12", "settings": "here"}, None),
    ],
)
async def test_a_step_reads_what_it_is_given_as_a_command_does(
    house: House, pollbot: Pollbot, given: dict[str, str], shown: str | None
) -> None:
    del pollbot
    run = await begun(house, "create_poll", **{**CREATE, **given})

    if shown is None:
        assert "“plat-12” names one" in await failed(house, run)
        return
    await done(house, run)
    [card] = [m for m in house.slack.messages if m.blocks]
    assert shown in f"{card.text} {card.blocks}"


async def test_a_date_of_slacks_is_an_end(house: House, pollbot: Pollbot) -> None:
    del pollbot
    at = polls.at(house, polls.DAY)

    await created(house, end=str(at))

    assert house.rows("SELECT closes_at FROM polls") == [(float(at),)]


async def test_a_workflow_counts_the_votes_of_an_issue(house: House, pollbot: Pollbot) -> None:
    del pollbot
    await house.connect(ADA)

    told = await done(house, await begun(house, "votes_of_issue", issue="plat-12"))

    assert told == {
        "key": "PLAT-12",
        "votes": 7,
        "summary": "Export <all> & more",
        "status": "Open",
        "link": f"{house.jira.site_url}/browse/PLAT-12",
    }


async def test_a_workflow_waits_until_a_poll_closed(house: House, pollbot: Pollbot) -> None:
    told = await created(house)
    card = await house.card("Lunch?")
    waiting = await begun(house, "poll_closed", "", poll=told["poll"])
    await polls.answer(house, BEN, card, "Soup")
    await rest(house, pollbot)
    assert waiting.state == "running"

    await polls.close(house, ADA, card)

    told = await done(house, waiting)
    said = "Poll: Lunch? – Pizza 0 (0 %), Soup 1 (100 %). 1 participant · 1 answer."
    assert str(told.pop("result")).startswith(f"{said} Most answers: Soup. Closed on 20")
    assert told == {
        "question": "Lunch?",
        "reason": "by hand",
        "winner": "Soup",
        "counts": "Pizza: 0 (0 %)\nSoup: 1 (100 %)",
        "answers": 1,
    }
    await rest(house, pollbot)
    assert runs(house) == []
