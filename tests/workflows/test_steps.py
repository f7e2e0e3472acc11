"""Steps of Slack's Workflow Builder: polls created, votes counted, ends waited for."""

from pollbot.wiring import Pollbot
from tests.support import polls
from tests.support.house import ADA, BEN, PLANNING, House, rest
from tests.support.workflows import begun, created, done


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
