"""Settings that pollbot keeps beside a poll of Team Voice's, and options that people add to it."""

import asyncio
import copy
import json
from typing import Any

import pytest
from aiohttp import web

from pollbot.sandbox.slack import Message
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from tests.support.house import ADA, BEN, CLEO, House, rest, shown
from tests.support.polls import BOUND, action, answer, labels, poll, window
from tests.support.team_voice import by_default, connect, team_voice

LUNCH = '"Lunch?" "Pizza" "Soup"'


async def add(house: House, user: str, card: Message, text: str) -> str:
    """Add an option by the card; return what is said, at once or later."""
    await house.slack.press(user, card.id, action(card, "Add an option"))
    form = await window(house, user, '"callback_id": "add_option_form"')
    sent = await house.slack.submit(user, form.id, {"new_option": {"value": text}})
    assert (sent.status, sent.error) == (200, None), sent
    return sent.body


async def test_they_hold_in_slack_and_are_never_sent(house: House) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)) as pollbot:
        await connect(house, ADA)
        card = await poll(house, f"PLAT-12 max 2 min 2 places 1 addable {LUNCH}")
        (kept,) = voice.polls.values()
        documented = {
            *("resultsVisibility", "allowSelectionOfMultipleOptions", "endDate", "allowComment"),
            *("closePollOnEndDate", "hideAbsoluteNumbers", "allowRevote", "saveParticipantNames"),
        }
        assert kept.poll["settings"].keys() == documented
        assert kept.poll["settings"]["allowSelectionOfMultipleOptions"] is True
        for option in ("Pizza", "Soup"):
            await answer(house, BEN, card, option)
        await house.slack.until(lambda: "Soup 1" in card.text, BOUND, what=card.text)

        # What changes there leaves them as they are.
        kept.poll["title"] = "Lunch today?"
        house.clock.ahead += 400
        await house.slack.until(lambda: "Lunch today?" in card.text, BOUND, what=card.text)
        await rest(house, pollbot)

        assert "Choose exactly 2." in shown(card)
        await answer(house, CLEO, card, "Soup (full)")
        await house.told(CLEO, "its place is taken")
        assert {str(one["title"]) for one in kept.poll["options"]} == {"Pizza", "Soup"}


async def test_what_two_add_at_once_is_both_there_and_all_else_as_it_was(house: House) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)):
        await connect(house, ADA)
        card = await poll(house, f"PLAT-12 addable {LUNCH}")
        (kept,) = voice.polls.values()
        kept.poll["colour"] = "blue"
        kept.poll["settings"]["shuffle"] = [1, 2]
        kept.poll["options"][0]["picture"] = "pizza.png"
        before = copy.deepcopy(kept.poll)

        said = await asyncio.gather(add(house, BEN, card, "Sushi"), add(house, CLEO, card, "Pho"))

        assert all("is an option of" in one for one in said), said
        after = kept.poll
        assert sorted(one["title"] for one in after["options"]) == ["Pho", "Pizza", "Soup", "Sushi"]
        assert len({one["id"] for one in after["options"]}) == 4
        assert after["options"][:2] == before["options"]
        assert {**after, "options": None} == {**before, "options": None}
        await house.slack.until(
            lambda: {"Sushi", "Pho"} <= set(labels(card).values()), BOUND, what=card.text
        )
        # Who adds has no account there: it is the source's own token that may write.
        assert house.rows("SELECT user_id FROM accounts") == [(ADA,)]
        assert sorted(house.rows("SELECT added_by FROM additions")) == [(BEN,), (CLEO,)]


@pytest.mark.parametrize(
    ("times", "said"), [(1, "is an option of"), (9, "does not have it")], ids=["once", "always"]
)
async def test_an_option_that_somebody_writes_over_is_added_once_more(
    house: House, monkeypatch: pytest.MonkeyPatch, times: int, said: str
) -> None:
    put, left = TeamVoiceStandIn._put, [times]

    def written_over(self: TeamVoiceStandIn, request: web.Request, body: Any) -> web.Response:
        before = copy.deepcopy(self.polls[request.query["pollId"]].poll)
        taken = put(self, request, body)
        if left[0] > 0:
            left[0] -= 1
            self.polls[request.query["pollId"]].poll = before
        return taken

    monkeypatch.setattr(TeamVoiceStandIn, "_put", written_over)
    async with team_voice(house) as voice, house.program(**by_default(voice)):
        await connect(house, ADA)
        card = await poll(house, f"PLAT-12 addable {LUNCH}")

        body = await add(house, BEN, card, "Sushi")

        assert said in body, body
        (kept,) = voice.polls.values()
        titles = [one["title"] for one in kept.poll["options"]]
        assert titles == ["Pizza", "Soup", *(["Sushi"] if times == 1 else [])]
        assert len(house.rows("SELECT 1 FROM additions")) == (times == 1)


async def test_an_option_that_came_there_meanwhile_is_not_added_twice(house: House) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)):
        await connect(house, ADA)
        card = await poll(house, f"PLAT-12 addable {LUNCH}")
        (kept,) = voice.polls.values()
        kept.poll["options"].append({"id": "7", "title": "SUSHI", "order": 2})

        await add(house, BEN, card, "Sushi")

        assert [one["title"] for one in kept.poll["options"]] == ["Pizza", "Soup", "SUSHI"]
        await house.slack.until(lambda: "SUSHI" in labels(card).values(), BOUND, what=card.text)


async def test_while_team_voice_is_away_nothing_is_added_and_that_is_said(house: House) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)):
        await connect(house, ADA)
        card = await poll(house, f"PLAT-12 addable {LUNCH}")
        voice.faults.fail_next("GET polls", 503, times=9)

        body = await add(house, BEN, card, "Sushi")

        assert "Team Voice" in body
        assert house.rows("SELECT 1 FROM additions") == []
        (options,) = house.rows("SELECT options FROM polls")
        assert "Sushi" not in json.dumps(options)
