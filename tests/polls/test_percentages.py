"""Percentages of a poll with one answer each add up to 100, the same wherever they are read."""

import re

from pollbot.wiring import Pollbot
from tests.records.test_records import KEY, comment, said
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, rest, shown
from tests.support.polls import answer, close, drawn, manage, poll, reply
from tests.support.schedules import press, schedule, until_due
from tests.support.team_voice import connect

OTHERS = ["U0DAN", "U0EVE", "U0FAY", "U0GUS"]
# 3, 2 and 2 of 7 are 42.9, 28.6 and 28.6 percent: rounded each by itself they make 101.
CHOICES = ["Pizza"] * 3 + ["Soup"] * 2 + ["Salad"] * 2
FAIR = ["42", "29", "29"]


def percents(text: str) -> list[str]:
    return re.findall(r"(\d+) %", text)


async def test_they_add_up_to_100_on_every_surface(house: House, pollbot: Pollbot) -> None:
    for user in OTHERS:
        house.slack.add_person(user, user[2:].capitalize())
        house.slack.channels[PLANNING].members.add(user)
    await connect(house, ADA)
    card = await poll(house, f'{KEY} "Lunch?" "Pizza" "Soup" "Salad"')
    for user, choice in zip([ADA, BEN, CLEO, *OTHERS], CHOICES, strict=True):
        await answer(house, user, card, choice)
    await house.card("Salad 2")
    await schedule(house, card, every="daily", at="09:00")
    await until_due(house)
    post = await house.slack.until(
        lambda: next((m for m in house.slack.messages if "Scheduled by" in shown(m)), None),
        what="the post of the schedule",
    )
    view = await manage(house, ADA, card, "show_results", "Salad")
    told = await close(house, ADA, card)
    announced = await reply(house, card, "Closed")
    await rest(house, pollbot)
    await house.slack.view_action(ADA, told.id, "record_result")
    written = await comment(house)
    await press(house, ADA, card, "Results")
    asked = await house.told(ADA, "Salad 2 (")

    seen = {
        "card": percents(shown(card)),
        "card, in words": percents(card.text),
        "schedule": percents(shown(post)),
        "window": percents(drawn(view)),
        "announcement": percents(shown(announced)),
        "record": percents(said(written)),
        "asked for": percents(shown(asked)),
    }

    assert seen == dict.fromkeys(seen, FAIR)


async def test_where_several_answers_are_allowed_they_are_shares_of_people(
    house: House, pollbot: Pollbot
) -> None:
    card = await poll(house, 'multi "Lunch?" "Pizza" "Soup"')
    for user, choices in ((ADA, ("Pizza", "Soup")), (BEN, ("Pizza",)), (CLEO, ("Soup", "Pizza"))):
        for choice in choices:
            await answer(house, user, card, choice)

    await house.card("Pizza 3 (100 %), Soup 2 (67 %)")
    await rest(house, pollbot)
