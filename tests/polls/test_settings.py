"""Each of the eight settings changes what it says: on the card, in private, in the store."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from pollbot.sandbox.slack import Message, View
from pollbot.wiring import Pollbot
from tests.support import polls
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, rest, shown

DAN = "U0DAN"
BOUND = 10.0
LATER = 9 * 365 * 86400.0
SOON = 1_900_000_000
DEFAULTS = ("changeable", "names")

Seen = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """One setting, as it is chosen in the form, and all that it changes of a plain poll."""

    ticked: tuple[str, ...] = DEFAULTS
    visibility: str = "alwaysPublic"
    end: int | None = None
    changes: Seen = field(default_factory=dict)


SECRET = "Pizza, Soup."
TOTALS = "3 participants · 3 answers."
WON = "Most answers: Pizza."

# What people see of a poll with default settings: BEN chose Soup and then Pizza, CLEO and
# ADA chose Pizza, and DAN only looks.
STEPS = (
    "The split moves in steps of 3 answers or more, so that nobody can be recognised; the exact "
    "one comes at the close."
)
PLAIN: Seen = {
    "card": f"Pizza 3 (100 %), Soup 0 (0 %). {TOTALS}",
    "more, how": "Choose one, you can change your answer.",
    "more, who sees": "Names are shown with the results. Everybody sees the results at any time.",
    "card, end": "",
    "card, names": {ADA, BEN, CLEO},
    "card, controls": {"My answer", "Schedule results", "More"},
    "receipt": "*Pizza*",
    "receipt, results": False,
    "receipt, ways back": {"Withdraw answer"},
    "told no": False,
    "results": f"Pizza 3 (100 %), Soup 0 (0 %). {TOTALS}",
    "results, names": {ADA, BEN, CLEO},
    "results, views": {"Schedule results", "Table", "Chart", "Pie", "Names"},
    "names": {ADA, BEN, CLEO},
    "kept choices": {"1": 3},
    "kept voters": {ADA, BEN, CLEO},
    "kept settings": {},
    "closed card": f"Pizza 3 (100 %), Soup 0 (0 %). {TOTALS} {WON}",
    "closed, my answer": "*Pizza*",
    "closed, kept voters": {ADA, BEN, CLEO},
}

SETTINGS = {
    "several off, changes on, names on, no end": Setting(),
    "several": Setting(
        (*DEFAULTS, "several"),
        changes={
            "card": "Pizza 3 (100 %), Soup 1 (33 %). 3 participants · 4 answers.",
            "more, how": "Choose as many as you like, you can change your answer.",
            "receipt": "*Pizza*, *Soup*",
            "receipt, ways back": {"Withdraw answer", "Remove “Pizza”", "Remove “Soup”"},
            "results": "Pizza 3 (100 %), Soup 1 (33 %). 3 participants · 4 answers.",
            "kept choices": {"1": 3, "2": 1},
            "kept settings": {"several": True},
            "closed card": "Pizza 3 (100 %), Soup 1 (33 %). 3 participants · 4 answers. " + WON,
            "closed, my answer": "*Pizza*, *Soup*",
        },
    ),
    "resultsVisibility afterVote": Setting(
        visibility="afterVote",
        changes={
            "card": f"{SECRET} {TOTALS} "
            "You see the results once you have answered; they are not shown here before.",
            "more, who sees": "Names are shown with the results. You see the results once you "
            "have answered, everybody when it is closed.",
            "card, names": set(),
            "receipt, results": True,
            "results": f"{SECRET} {TOTALS} "
            "You see the results once you have answered; they are not shown here before.",
            "results, names": set(),
            "results, views": set(),
            "names": set(),
            "kept settings": {"visibility": "afterVote"},
        },
    ),
    "resultsVisibility afterClose": Setting(
        visibility="afterClose",
        changes={
            "card": f"{SECRET} {TOTALS} The results are shown when the poll closes.",
            "more, who sees": "Names are shown with the results. Nobody sees the results before "
            "it is closed.",
            "card, names": set(),
            "results": f"{SECRET} {TOTALS} The results are shown when the poll closes.",
            "results, names": set(),
            "results, views": set(),
            "names": set(),
            "kept settings": {"visibility": "afterClose"},
        },
    ),
    "endDate": Setting(
        (*DEFAULTS, "stays_open"),
        end=SOON,
        changes={
            "card, end": "Planned to end",
            "kept settings": {"ends_at": float(SOON)},
        },
    ),
    "closePollOnEndDate": Setting(
        end=SOON,
        changes={
            "card, end": "Closes on",
            "kept settings": {"ends_at": float(SOON), "closes_at_end": True},
        },
    ),
    "hideAbsoluteNumbers": Setting(
        (*DEFAULTS, "percent_only"),
        changes={
            "card": "Pizza 100 %, Soup 0 %. Percentages only, as its maker chose.",
            "more, who sees": "Names are kept, but not shown. Everybody sees the percentages at "
            "any time.",
            "card, names": set(),
            "results": "Pizza 100 %, Soup 0 %. Percentages only, as its maker chose.",
            "results, names": set(),
            "results, views": {"Schedule results", "Table", "Chart", "Pie"},
            "names": None,
            "kept settings": {"percent_only": True},
            "closed card": f"Pizza 100 %, Soup 0 %. {WON} Percentages only, as its maker chose.",
        },
    ),
    "allowRevote off": Setting(
        ("names",),
        changes={
            "card": f"Pizza 2 (67 %), Soup 1 (33 %). {TOTALS}",
            "more, how": "Choose one, answers are final.",
            "receipt": "*Soup*",
            "receipt, ways back": set(),
            "told no": True,
            "results": f"Pizza 2 (67 %), Soup 1 (33 %). {TOTALS}",
            "kept choices": {"1": 2, "2": 1},
            "kept settings": {"changeable": False},
            "closed card": f"Pizza 2 (67 %), Soup 1 (33 %). {TOTALS} {WON}",
            "closed, my answer": "*Soup*",
        },
    ),
    "saveParticipantNames off": Setting(
        ("changeable",),
        changes={
            "more, who sees": "Anonymous: nobody sees who chose what, and no name is kept. "
            f"Everybody sees the results at any time (from 3 answers on). {STEPS}",
            "card": f"{PLAIN['card']} {STEPS}",
            "results": f"{PLAIN['results']} {STEPS}",
            "card, names": set(),
            "results, names": set(),
            "results, views": {"Schedule results", "Table", "Chart", "Pie"},
            "names": None,
            "kept voters": set(),
            "kept settings": {"names": False},
            "closed, my answer": "nobody can tell",
            "closed, kept voters": set(),
        },
    ),
    "allowComment": Setting(
        (*DEFAULTS, "comments"),
        changes={
            "more, who sees": "Names are shown with the results. Everybody sees the results at "
            "any time. Comments are shown with them, with names.",
            "card, controls": {"My answer", "Comment", "Schedule results", "More"},
            "kept settings": {"comments": True},
        },
    ),
}


def labels(message: Message) -> dict[str, str]:
    """Return the texts of the message's buttons by action_id."""
    return {
        element["action_id"]: element["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    }


def named(what: object) -> set[str]:
    return set(re.findall(r"<@(\w+)>", str(what)))


def in_words(text: str) -> str:
    """Return the result that a text tells: what stands after the question, before the end."""
    tail = text.partition(" – ")[2]
    return re.split(r" (?:Closed|Closes|Planned)", tail)[0]


def chosen(receipt: str) -> str:
    """Return what a receipt says that I chose."""
    found = re.search(r"\*Lunch\?\*: (\*[^.]+\*)\.", receipt)
    assert found, receipt
    return found[1]


async def window(house: House, user: str, callback_id: str) -> View:
    def there() -> View | None:
        stack = house.slack.stack_of(user)
        return stack[-1] if stack and stack[-1].view["callback_id"] == callback_id else None

    return await house.slack.until(there, BOUND, what=f"{callback_id} for {user}")


async def make(house: House, setting: Setting) -> Message:
    """Return the card of a poll that was made with the form."""
    await house.slack.command(ADA, PLANNING, "/poll", "")
    form = await polls.all_of(house, await window(house, ADA, "create_poll"))
    answer = await house.slack.submit(
        ADA,
        form.id,
        {
            "title": {"value": "Lunch?"},
            "options": {"value": "Pizza\nSoup"},
            "settings": {"changed": list(setting.ticked)},
            "visibility": {"changed": setting.visibility},
            "end": {"value": setting.end},
        },
    )
    assert (answer.error, form.errors) == (None, {})
    return await house.card("Lunch?")


async def told(house: House, user: str, count: int) -> list[Message]:
    """Return what the user was told privately, once it is that much."""

    def private() -> list[Message]:
        return [m for m in house.slack.messages if m.ephemeral_for == user]

    await house.slack.until(lambda: len(private()) >= count, BOUND, what=f"{count} words to {user}")
    return private()


async def look(house: House, pollbot: Pollbot, card: Message) -> Seen:
    """Let people answer and look; return all that they and the store saw."""
    seen: Seen = {}
    for user, action_id in ((BEN, "answer:1"), (BEN, "answer:0"), (CLEO, "answer:0")):
        before = len([m for m in house.slack.messages if m.ephemeral_for == user])
        await house.slack.press(user, card.id, action_id)
        await told(house, user, before + 1)
    await house.slack.press(ADA, card.id, "answer:0")
    await told(house, ADA, 1)
    house.clock.ahead += 2.0  # no card is drawn more often than once per second
    await rest(house, pollbot)

    seen["card"] = in_words(card.text)
    lines = shown(card)
    small = next(line for line in lines.splitlines() if line.startswith("Choose"))
    _, end, _ = [*re.split(r" (?=Closes on|Planned to end)", small), "", ""][:3]
    seen["card, end"] = " ".join(end.split()[: 2 if end.startswith("Closes") else 3])
    seen["card, names"] = named(card.blocks)
    seen["card, controls"] = {
        text for action, text in labels(card).items() if not action.startswith("answer")
    }

    words = await told(house, BEN, 2)
    receipt = next(m for m in reversed(words) if "Your answer" in m.text)
    seen["receipt"] = chosen(receipt.text)
    seen["receipt, results"] = "%" in shown(receipt)
    seen["receipt, ways back"] = set(labels(receipt).values())
    seen["told no"] = any("are final, so yours was left" in m.text for m in words)

    await house.slack.command(DAN, PLANNING, "/poll", "list")
    (listed,) = await told(house, DAN, 1)
    results = next(action for action, text in labels(listed).items() if text == "Results")
    await house.slack.press(DAN, listed.id, results)
    await house.slack.until(lambda: "Post here" not in labels(listed).values(), BOUND)
    seen["results"] = in_words(listed.text)
    seen["results, names"] = named(listed.blocks)
    seen["results, views"] = set(labels(listed).values())

    await house.slack.press(DAN, card.id, "more")
    more = await window(house, DAN, "poll_more")
    how = next(
        line
        for block in more.view["blocks"]
        if block["type"] == "context"
        for line in [block["elements"][0]["text"]]
        if line.startswith("Choose")
    )
    how = how.removesuffix(" Only its creator, its co-owners and admins can change it.")
    rules, _, others = how.partition(". ")
    seen["more, how"] = f"{rules}."
    seen["more, who sees"] = re.split(r" (?=Closes on|Planned to end)", others)[0]
    seen["names"] = None
    if "'names'" in str(more.view["blocks"]):
        drawn = more.hash
        await house.slack.view_action(DAN, more.id, "names")
        await house.slack.until(lambda: more.hash != drawn, BOUND)
        seen["names"] = named(more.view)

    people = {ADA, BEN, CLEO}
    seen["kept choices"] = dict(
        house.rows("SELECT option_id, count(*) FROM answers GROUP BY option_id")
    )
    voters = {voter for (voter,) in house.rows("SELECT voter FROM answers")}
    assert len(voters) == 3
    seen["kept voters"] = voters & people
    ((kept, plain),) = [(json.loads(row[0]), DEFAULT) for row in house.rows(KEPT)]
    seen["kept settings"] = {name: value for name, value in kept.items() if value != plain[name]}

    await house.slack.press(ADA, card.id, "more")
    mine = house.slack.click_body(BEN, card.id, "my_answer")
    window_of_ada = await window(house, ADA, "poll_more")
    await house.slack.view_action(ADA, window_of_ada.id, "close_poll")
    await house.slack.until(lambda: "Closed on" in card.text, BOUND, what=card.text)
    seen["closed card"] = in_words(card.text)
    before = len(await told(house, BEN, 2))
    await house.slack.deliver(mine, kind="interactive")
    last = (await told(house, BEN, before + 1))[-1].text
    seen["closed, my answer"] = "nobody can tell" if "nobody can tell" in last else chosen(last)
    seen["closed, kept voters"] = {
        voter for (voter,) in house.rows("SELECT voter FROM answers")
    } & people
    assert house.rows("SELECT * FROM poll_keys") == []
    return seen


KEPT = "SELECT settings FROM polls"
DEFAULT = {
    "several": False,
    "visibility": "alwaysPublic",
    "ends_at": None,
    "closes_at_end": False,
    "percent_only": False,
    "changeable": True,
    "names": True,
    "comments": False,
}


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
async def test_a_setting_changes_exactly_what_it_says(
    house: House, pollbot: Pollbot, setting: Setting
) -> None:
    house.slack.add_person(DAN, "Dan")
    card = await make(house, setting)

    seen = await look(house, pollbot, card)

    assert seen == PLAIN | setting.changes


@pytest.mark.usefixtures("pollbot")
@pytest.mark.parametrize("on", [False, True], ids=["off", "on"])
async def test_comments_are_shown_without_names_in_an_anonymous_poll(
    house: House, on: bool
) -> None:
    ticked = ("changeable", "names", "comments") if on else ("changeable", "comments")
    card = await make(house, Setting(ticked))
    for user in (ADA, BEN, CLEO):
        await house.slack.press(user, card.id, "answer:0")
    await house.slack.press(BEN, card.id, "comment")
    form = await window(house, BEN, "comment_poll")
    assert ("with your name" if on else "without your name") in str(form.view)

    await house.slack.submit(BEN, form.id, {"comment": {"value": "with olives"}})

    assert [row[0] == BEN for row in house.rows("SELECT voter FROM comments")] == [on]
    if not on:
        # New ones are shown three at once, so that none is known by when it came.
        for user in (ADA, CLEO):
            await house.slack.press(user, card.id, "comment")
            form = await window(house, user, "comment_poll")
            await house.slack.submit(user, form.id, {"comment": {"value": f"of {user[2:5]}"}})
    await house.slack.command(CLEO, PLANNING, "/poll", "list")
    listed = house.slack.visible_to(CLEO, PLANNING)[-1]
    await house.slack.press(CLEO, listed.id, "show_results")
    await house.slack.until(lambda: "with olives" in shown(listed), BOUND, what=shown(listed))
    assert (f"with olives – <@{BEN}>" in shown(listed)) is on


@pytest.mark.parametrize("closes", [True, False], ids=["closes at its end", "only planned to end"])
async def test_an_end_closes_the_poll_only_where_it_should(house: House, closes: bool) -> None:
    ticked = DEFAULTS if closes else (*DEFAULTS, "stays_open")
    async with house.program(socket=True):
        card = await make(house, Setting(ticked, end=SOON))
        await house.slack.press(BEN, card.id, "answer:0")
        await told(house, BEN, 1)
        house.clock.ahead = LATER

        await house.slack.press(CLEO, card.id, "answer:1")

        (word,) = await told(house, CLEO, 1)
        assert ("is closed" in word.text) is closes
        assert len(house.rows("SELECT * FROM answers")) == (1 if closes else 2)


async def test_a_poll_that_closed_a_second_ago_takes_no_answer(house: House) -> None:
    async with house.program(socket=True):
        card = await make(house, Setting(end=SOON))
        house.clock.ahead = SOON - house.clock() + 1.0

        await house.slack.press(CLEO, card.id, "answer:1")

        await told(house, CLEO, 1)
        assert house.rows("SELECT * FROM answers") == []


async def test_a_planned_end_that_has_passed_does_not_stand_in_the_way_of_an_edit(
    house: House,
) -> None:
    async with house.program(socket=True):
        card = await make(house, Setting((*DEFAULTS, "stays_open"), end=SOON))
        house.clock.ahead = LATER
        await house.slack.press(ADA, card.id, "more")
        more = await window(house, ADA, "poll_more")
        await house.slack.view_action(ADA, more.id, "edit_poll")
        form = await window(house, ADA, "edit_poll")

        assert "stays_open" in polls.chosen(form, "settings")
        await house.slack.submit(ADA, form.id, {"settings": {"changed": list(DEFAULTS)}})
        assert "in the past" in form.errors["end"]
        await house.slack.submit(
            ADA,
            form.id,
            {
                "title": {"value": "Dinner?"},
                "settings": {"changed": [*DEFAULTS, "stays_open"]},
            },
        )

        await house.slack.until(lambda: "Dinner?" in card.text, BOUND, what=str(form.errors))
        await house.slack.press(ADA, card.id, "more")
        more = await window(house, ADA, "poll_more")
        await house.slack.view_action(ADA, more.id, "edit_poll")
        assert polls.chosen(await window(house, ADA, "edit_poll"), "end") == SOON


@pytest.mark.usefixtures("pollbot")
async def test_names_may_be_given_up_by_an_edit_but_not_asked_for(house: House) -> None:
    card = await make(house, Setting())
    for user in (ADA, BEN, CLEO):
        await house.slack.press(user, card.id, "answer:0")
    await house.slack.until(lambda: named(card.blocks) == {ADA, BEN, CLEO}, BOUND)

    for ticked in (["changeable"], list(DEFAULTS)):
        await house.slack.press(ADA, card.id, "more")
        more = await window(house, ADA, "poll_more")
        await house.slack.view_action(ADA, more.id, "edit_poll")
        form = await window(house, ADA, "edit_poll")
        await house.slack.submit(ADA, form.id, {"settings": {"changed": ticked}})
        assert house.slack.stack_of(ADA) == []

        await house.slack.until(lambda: named(card.blocks) == set(), BOUND)
        assert "Anonymous" in shown(card)
        assert "Pizza 3 (100 %)" in card.text
        voters = {voter for (voter,) in house.rows("SELECT voter FROM answers")}
        assert len(voters) == 3
        assert not voters & {ADA, BEN, CLEO}
