"""A poll that more people answer than fit into any message."""

import asyncio
import json

from pollbot.wiring import Pollbot
from tests.support.house import ADA, House, rest, shown
from tests.support.polls import close, drawn, manage, poll, reply

PEOPLE = 1_100


async def test_eleven_hundred_people_answer_and_every_message_stays_small(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    crowd = [f"U0CROWD{number:04}" for number in range(PEOPLE)]
    for user in crowd:
        house.slack.add_person(user, user.lower())

    for begin in range(0, PEOPLE, 50):
        clicks = [
            house.slack.press(user, card.id, f"answer:{number % 2}")
            for number, user in enumerate(crowd[begin : begin + 50])
        ]
        assert {answer.status for answer in await asyncio.gather(*clicks)} == {200}

    half = PEOPLE // 2
    await house.slack.until(
        lambda: f"{PEOPLE:,} participants" in card.text, what=f"all of them in {card.text}"
    )
    assert f"Pizza {half} (50 %), Soup {half} (50 %)" in card.text
    await rest(house, pollbot)
    updates = [call for call in house.slack.calls if call.method == "chat.update"]
    assert len(updates) < PEOPLE / 5, "many answers share a change"
    assert len(json.dumps(card.blocks)) < 10_000
    assert shown(card).count("<@U0CROWD") == 2 * 10, "ten names an option, and how many more"
    remembered = [one.get("value") for block in card.blocks for one in block.get("elements", [])]
    assert any(remembered)
    assert "U0CROWD" not in str(remembered), "no button knows who answered"
    names = await manage(house, ADA, card, "names", '"callback_id": "poll_names"')
    assert all(f"<@{user}>" in drawn(names) for user in crowd)
    await close(house, ADA, card)
    announced = await reply(house, card, "Closed")
    assert f"{half} · 50 %" in shown(announced)
