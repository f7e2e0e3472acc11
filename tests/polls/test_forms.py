"""The forms around a poll: made, edited, closed, deleted, commented on, looked at."""

import copy
from typing import Any

import pytest

from pollbot.sandbox.slack import Answer, Message, View
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, LEADS, PLANNING, House, rest, shown
from tests.support.polls import all_of, chosen, drawn, hanging, poll_id, polls_listed, why_not

pytestmark = pytest.mark.usefixtures("pollbot")

LUNCH = '"Lunch?" "Pizza" "Soup"'
FILLED = {
    "title": {"value": "Lunch?"},
    "options": {"value": "Pizza\nSoup"},
}
BOUND = 10.0


async def window(house: House, user: str, callback_id: str) -> View:
    """Return the window that the user has in front, once it is that one."""

    def there() -> View | None:
        stack = house.slack.stack_of(user)
        return stack[-1] if stack and stack[-1].view["callback_id"] == callback_id else None

    return await house.slack.until(there, BOUND, what=f"{callback_id} for {user}")


async def new_form(house: House, text: str = "", channel: str = PLANNING) -> View:
    answer = await house.slack.command(ADA, channel, "/poll", text)
    assert answer.error is None, answer
    return await window(house, ADA, "create_poll")


async def poll(house: House, text: str = LUNCH, user: str = ADA) -> Message:
    """Return the card of a new poll."""
    answer = await house.slack.command(user, PLANNING, "/poll", text)
    assert answer.body == "", answer.body
    title = text.partition('"')[2].partition('"')[0]
    return await house.card(title)


def labels(message: Message) -> dict[str, str]:
    """Return the texts of the message's buttons by action_id; menus are left out."""
    return {
        element["action_id"]: element["text"]["text"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] == "button"
    }


def option(label: str, message: Message) -> str:
    """Return the action_id of the button with that label."""
    found = [action for action, text in labels(message).items() if label in text]
    assert len(found) == 1, labels(message)
    return found[0]


async def answer(house: House, user: str, card: Message, label: str) -> None:
    await house.slack.until(
        lambda: any(label in text for text in labels(card).values()),
        BOUND,
        what=f"{label} on the card",
    )
    pressed = await house.slack.press(user, card.id, option(label, card))
    assert pressed.status == 200, pressed


async def in_front(house: House, user: str, card: Message, wish: str) -> View:
    """Open More on a card and press what is wished there; return the window."""
    await house.slack.press(user, card.id, option("More", card))
    more = await window(house, user, "poll_more")
    await use(house, more, wish)
    return more


async def use(house: House, view: View, action_id: str, **how: Any) -> None:
    """Use a control of a form and wait until the form is drawn again."""
    before = view.hash
    answer = await house.slack.view_action(view.user, view.id, action_id, **how)
    assert answer.error is None, answer
    assert answer.status == 200, answer
    await house.slack.until(lambda: view.hash != before, BOUND, what=f"{action_id} to redraw")


def filled_in(view: View) -> list[tuple[str, str]]:
    """Return the options as the form shows them: label, and what stands in the field."""
    return [
        (
            block["label"]["text"],
            view.values.get(block["block_id"], {}).get(
                "value", block["element"].get("initial_value", "")
            ),
        )
        for block in view.view["blocks"]
        if block["block_id"].startswith("option:")
    ]


def kept(house: House, column: str) -> list[Any]:
    return [row[0] for row in house.rows(f"SELECT {column} FROM polls ORDER BY created_at")]  # noqa: S608  a name


async def card_says(house: House, card: Message, *parts: str) -> None:
    await house.slack.until(
        lambda: all(part in card.text for part in parts),
        BOUND,
        what=f"{parts} on the card, instead of {card.text}",
    )


# To make one


async def test_the_form_makes_a_poll_and_posts_its_card(house: House) -> None:
    form = await new_form(house)

    answer = await house.slack.submit(ADA, form.id, FILLED)

    assert answer.error is None
    assert house.slack.views == {}
    card = await house.card("Lunch?")
    assert [option("Pizza", card), option("Soup", card)] == ["answer:0", "answer:1"]


async def test_more_settings_show_the_rest_and_keep_what_was_typed(house: House) -> None:
    form = await new_form(house)
    inputs = [block["block_id"] for block in form.view["blocks"] if block["type"] == "input"]
    assert inputs == ["title", "options", "issue", "channel"]

    await use(house, form, "more_settings", values=FILLED)

    assert (chosen(form, "title"), chosen(form, "options")) == ("Lunch?", "Pizza\nSoup")
    assert {"description", "settings", "end", "repeat"} <= fields(form)
    assert "more_settings" not in drawn(form)
    await house.slack.submit(ADA, form.id, {"description": {"value": "At *noon*"}})
    assert "At *noon*" in shown(await house.card("Lunch?"))


async def test_the_form_knows_the_issue_that_was_named(house: House) -> None:
    await house.connect(ADA)
    form = await new_form(house, "plat-12")
    assert "PLAT-12" in str(form.view["blocks"])

    await house.slack.submit(ADA, form.id, FILLED)

    card = await house.card("Lunch?")
    assert "PLAT-12" in card.text
    assert len(await polls_listed(house, "PLAT-12")) == 1


async def test_the_form_knows_the_issue_that_the_channel_is_linked_to(house: House) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/pollbot", "link PLAT-13")

    form = await new_form(house)

    assert "PLAT-13" in str(form.view["blocks"])


async def test_a_poll_on_an_issue_needs_an_account_that_sees_it(house: House) -> None:
    form = await new_form(house, "PLAT-12")

    await house.slack.submit(ADA, form.id, FILLED)

    told = await window(house, ADA, "poll_told")
    assert "own Jira account" in str(told.view)
    assert kept(house, "id") == []


async def test_options_are_added_moved_and_removed_with_what_is_typed(house: House) -> None:
    form = await edit_form(house, ADA, await poll(house))

    await use(house, form, "add_option")
    await use(house, form, "option_up", value="1", values={"option:1": {"value": "Salad"}})
    await use(house, form, "option_down", value="=1")
    await use(house, form, "option_remove", value="=2")
    await use(house, form, "add_option")

    assert filled_in(form) == [("Option 1", "Salad"), ("Option 2", "Pizza"), ("Option 3", "")]
    await house.slack.submit(ADA, form.id, {})
    card = await house.card("Lunch?")
    await house.slack.until(lambda: list(labels(card).values())[:2] == ["Salad", "Pizza"], BOUND)


async def test_a_removed_option_does_not_lend_its_text_to_a_new_one(house: House) -> None:
    form = await edit_form(house, ADA, await poll(house))
    await use(house, form, "add_option")
    await use(house, form, "option_remove", value="1", values={"option:1": {"value": "Salad"}})

    await use(house, form, "add_option")

    assert filled_in(form)[2] == ("Option 3", "")


async def test_forty_options_fit_into_the_form_that_edits_and_no_more(house: House) -> None:
    form = await edit_form(house, ADA, await poll(house))

    for place in range(1, 39):
        before = {f"option:{place - 1}": {"value": f"O{place - 1}"}} if place > 1 else {}
        await use(house, form, "add_option", values=before)

    assert len(filled_in(form)) == 40
    assert "add_option" not in str(form.view["blocks"])
    await house.slack.submit(ADA, form.id, {"option:38": {"value": "Last"}})
    card = await house.card("Lunch?")
    await house.slack.until(lambda: "Last" in str(card.blocks), BOUND)


async def test_a_hundred_options_are_written_one_on_a_line(house: House) -> None:
    form = await new_form(house)

    lines = "\n\n".join(f"O{n}" for n in range(1, 101))
    await house.slack.submit(ADA, form.id, FILLED | {"options": {"value": lines}})

    card = await house.card("Lunch?")
    await house.slack.choose(BEN, card.id, "choose", "100")
    await card_says(house, card, "O100 1 (100 %)")


async def test_a_template_brings_its_options_and_its_question(house: House) -> None:
    form = await new_form(house)

    await use(house, form, "pick_template", value="stars", values={"options": {"value": "mine"}})

    assert lines_of(form)[:2] == ["⭐ 1", "⭐⭐ 2"]
    await house.slack.submit(ADA, form.id, {})
    card = await house.card("How many stars?")
    await answer(house, BEN, card, "⭐⭐⭐ 3")
    await card_says(house, card, "average 3.0 of 5")


async def test_own_options_come_back_after_a_template(house: House) -> None:
    form = await new_form(house)
    await use(house, form, "pick_template", value="stars", values=FILLED)
    assert "Your own options are put aside" in drawn(form)

    await use(house, form, "pick_template", value="yesno")
    await use(house, form, "more_settings")
    await use(house, form, "pick_template", value="none")

    assert lines_of(form) == ["Pizza", "Soup"]
    assert "put aside" not in drawn(form)
    await house.slack.submit(ADA, form.id, {})
    assert {"Pizza", "Soup"} < set(labels(await house.card("Lunch?")).values())


async def test_a_template_that_was_changed_is_ones_own(house: House) -> None:
    form = await new_form(house)
    await use(house, form, "pick_template", value="yesno")

    changed = {options_field(form): {"value": "Yes\nPerhaps\nNo"}}
    await use(house, form, "pick_template", value="none", values=changed)

    assert lines_of(form) == ["Yes", "Perhaps", "No"]


async def test_options_too_long_to_be_put_aside_stay(house: House) -> None:
    form = await new_form(house)
    long = "\n".join(f"{n} {'x' * 180}" for n in range(16))

    typed = FILLED | {"options": {"value": long}}
    await use(house, form, "pick_template", value="stars", values=typed)

    assert "too long to be put aside" in drawn(form)
    assert lines_of(form) == long.split("\n")
    assert chosen_template(form) == "none"
    await house.slack.submit(ADA, form.id, {options_field(form): {"value": "Pizza\nSoup"}})
    assert {"Pizza", "Soup"} < set(labels(await house.card("Lunch?")).values())


def fields(form: View) -> set[str]:
    return {block["block_id"] for block in form.view["blocks"]}


def options_field(form: View) -> str:
    return next(name for name in fields(form) if name.partition(":")[0] == "options")


def lines_of(form: View) -> list[str]:
    """Return the options as they stand in the form, one on a line."""
    field = options_field(form)
    return (form.values.get(field, {}).get("value") or chosen(form, field) or "").split("\n")


def chosen_template(form: View) -> str:
    (menu,) = [
        element
        for block in form.view["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == "pick_template"
    ]
    return str(menu["initial_option"]["value"])


async def test_a_change_of_settings_redraws_who_sees_what_and_keeps_the_text(house: House) -> None:
    form = await all_of(house, await new_form(house))
    assert "Names are shown" in str(form.view["blocks"])

    await use(house, form, "changed", block_id="settings", value=["changeable"], values=FILLED)

    assert "Anonymous: nobody sees who chose what" in str(form.view["blocks"])
    assert lines_of(form) == ["Pizza", "Soup"]


async def test_the_card_hangs_in_the_channel_that_was_chosen(house: House) -> None:
    house.slack.add_channel("C0FOOD", "food")
    form = await new_form(house)

    await house.slack.submit(ADA, form.id, FILLED | {"channel": {"value": "C0FOOD"}})

    assert (await house.card("Lunch?", channel="C0FOOD")).channel == "C0FOOD"
    assert not any(message.channel == PLANNING for message in house.slack.messages)


async def test_the_form_reaches_a_private_channel_without_the_app(house: House) -> None:
    form = await new_form(house, channel=LEADS)

    await house.slack.submit(ADA, form.id, FILLED)

    card = await house.card("Lunch?", channel=LEADS)
    await answer(house, BEN, card, "Soup")
    await card_says(house, card, "Soup 1")


MENDED = {
    "end": {"value": None},
    "remind": {"changed": "none"},
    "post_at": {"changed": None},
    "repeat": {"changed": "none"},
}
NASTY = "<!channel> *_~` > <@U0BEN> & \u202e"


@pytest.mark.parametrize(
    ("field", "changes", "sentence"),
    [
        ("options", {"options": {"value": "Pizza\n \n"}}, "at least 2 options"),
        ("options", {"options": {"value": "Pizza\n PIZZA "}}, "Two options are the same: “Pizza”"),
        ("options", {"options": {"value": "Pizza\n\u200b"}}, "at least 2 options"),
        (
            "options",
            {"options": {"value": f"{NASTY}\n{NASTY}"}},
            f"Two options are the same: “\u2068{NASTY}\u202c\u2069”",
        ),
        ("title", {"title": {"value": " \u200b "}}, "needs a question"),
        ("end", {"end": {"value": 1_600_000_000}}, "in the past"),
        ("end", {"end": {"value": 9_999_999_999}}, "more than ten years"),
        ("remind", {"remind": {"changed": "3600"}}, "A reminder needs an end"),
        ("post_at", {"post_at": {"changed": 1_600_000_000}}, "time to post it is in the past"),
        ("post_at", {"repeat": {"changed": "daily"}}, "I need the time of its first post"),
    ],
    ids=[
        "one option",
        "equal",
        "invisible",
        "equal and nasty",
        "no question",
        "past",
        "far away",
        "a reminder of nothing",
        "posted in the past",
        "repeated from never",
    ],
)
async def test_wrong_input_stays_in_the_form_with_a_sentence_where_it_is_wrong(
    house: House, field: str, changes: dict[str, Any], sentence: str
) -> None:
    form = await all_of(house, await new_form(house))

    await house.slack.submit(ADA, form.id, FILLED | changes)

    assert list(form.errors) == [field], form.errors
    assert sentence in form.errors[field]
    assert form.id in house.slack.views
    assert kept(house, "id") == []

    await house.slack.submit(ADA, form.id, FILLED | DEFAULTS | MENDED)
    assert house.slack.views == {}
    await house.card("Lunch?")


DEFAULTS = {"settings": {"changed": ["changeable", "names"]}}


async def test_the_same_submission_twice_makes_one_poll_and_one_card(
    house: House, pollbot: Pollbot
) -> None:
    form = await new_form(house)
    await house.slack.submit(ADA, form.id, FILLED)
    submission = house.slack.deliveries[-1].body

    again = await house.slack.deliver(submission, kind="interactive")

    assert (again.status, again.body) == (200, "")
    await house.card("Lunch?")
    await rest(house, pollbot)
    assert len(await polls_listed(house)) == 1
    assert len(hanging(house)) == 1


async def test_the_same_command_twice_makes_one_poll_and_one_card(
    house: House, pollbot: Pollbot
) -> None:
    await poll(house)
    command = house.slack.deliveries[-1].body

    await house.slack.deliver(command, kind="slash_commands")

    await rest(house, pollbot)
    assert len(await polls_listed(house)) == 1
    assert len(hanging(house)) == 1


async def test_a_form_that_takes_long_says_so_and_the_card_comes(house: House) -> None:
    await house.connect(ADA)
    form = await new_form(house, "PLAT-12")
    house.jira.faults.slow_seconds, house.jira.faults.mode = 2.4, "slow"

    answer = await house.slack.submit(ADA, form.id, FILLED)

    assert answer.error is None
    assert answer.seconds < 3.0
    assert "takes longer than usual" in str(form.view)
    house.jira.faults.mode = "up"
    submission = house.slack.deliveries[-1].body
    await house.slack.deliver(submission, kind="interactive")
    await house.card("Lunch?")
    await house.slack.until(lambda: house.slack.calls[-1].method != "views.open", BOUND)
    assert len(await polls_listed(house, "PLAT-12")) == 1


async def test_what_fails_after_a_long_time_is_told(house: House) -> None:
    await house.connect(ADA)
    form = await new_form(house, "PLAT-999")
    house.jira.faults.slow_seconds, house.jira.faults.mode = 2.4, "slow"

    await house.slack.submit(ADA, form.id, FILLED)

    await house.told(ADA, "Jira knows no issue PLAT-")
    assert kept(house, "id") == []


# To edit one


async def edit_form(house: House, user: str, card: Message) -> View:
    await in_front(house, user, card, "edit_poll")
    return await window(house, user, "edit_poll")


async def test_an_edit_keeps_answers_with_their_options(house: House) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup" "Salad"')
    await answer(house, BEN, card, "Soup")
    form = await edit_form(house, ADA, card)
    assert filled_in(form) == [("Option 1", "Pizza"), ("Option 2", "Soup"), ("Option 3", "Salad")]

    await use(house, form, "option_up", value="=2")
    answered = await house.slack.submit(
        ADA, form.id, {"title": {"value": "Dinner?"}, "option:=2": {"value": "Broth"}}
    )

    assert answered.error is None
    assert house.slack.views == {}
    await card_says(house, card, "Dinner?", "Broth 1 (100 %, edited), Pizza 0 (0 %), Salad 0 (0 %)")
    assert house.rows("SELECT voter, option_id FROM answers") == [(BEN, "2")]


async def test_an_option_with_answers_is_shown_as_removed(house: House) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup" "Salad"')
    await answer(house, BEN, card, "Soup")
    late = house.slack.click_body(CLEO, card.id, option("Soup", card))
    form = await edit_form(house, ADA, card)

    await use(house, form, "option_remove", value="=2")
    await house.slack.submit(ADA, form.id, {})

    await card_says(house, card, "Soup 1 (100 %, removed)")
    assert "Soup" not in str(labels(card))
    await house.slack.deliver(late, kind="interactive")
    await house.told(CLEO, "not there any more")
    assert house.rows("SELECT voter, option_id FROM answers") == [(BEN, "2")]


async def test_a_removed_option_without_answers_is_gone(house: House) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup" "Salad"')
    form = await edit_form(house, ADA, card)

    await use(house, form, "option_remove", value="=2")
    await house.slack.submit(ADA, form.id, {})

    await house.slack.until(lambda: "Soup" not in str(card.blocks) + card.text, BOUND)


async def test_a_new_option_never_gets_an_old_id(house: House) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup" "Salad"')
    late = house.slack.click_body(CLEO, card.id, option("Salad", card))
    form = await edit_form(house, ADA, card)
    await use(house, form, "option_remove", value="=3")
    await use(house, form, "add_option")
    new = next(b["block_id"] for b in form.view["blocks"] if b["block_id"].endswith(":1"))

    await house.slack.submit(ADA, form.id, {new: {"value": "Cake"}})

    await house.slack.until(lambda: "Cake" in str(labels(card)), BOUND)
    await house.slack.deliver(late, kind="interactive")
    await house.told(CLEO, "not there any more")
    assert house.rows("SELECT * FROM answers") == []
    await answer(house, BEN, card, "Cake")
    ((_, given),) = house.rows("SELECT voter, option_id FROM answers")
    assert given not in ("1", "2", "3")


async def test_an_edit_tidies_options_as_making_does(house: House) -> None:
    card = await poll(house)
    form = await edit_form(house, ADA, card)

    await house.slack.submit(ADA, form.id, {"option:=2": {"value": "  Soup \u0007 of  today "}})

    await house.slack.until(lambda: "Soup of today" in labels(card).values(), BOUND)


async def test_an_edit_takes_no_invisible_option(house: House) -> None:
    card = await poll(house, '"Lunch?" "Pizza" "Soup" "Salad"')
    form = await edit_form(house, ADA, card)

    await house.slack.submit(ADA, form.id, {"option:=3": {"value": "\u200b"}})

    await house.slack.until(lambda: "Salad" not in str(card.blocks), BOUND)
    assert list(labels(card).values())[:2] == ["Pizza", "Soup"]
    assert "answer:2" not in labels(card)


async def test_wrong_input_stays_in_the_edit_form(house: House) -> None:
    card = await poll(house)
    form = await edit_form(house, ADA, card)

    await house.slack.submit(ADA, form.id, {"option:=2": {"value": "pizza"}})

    assert "Two options are the same" in form.errors["option:=2"]
    assert kept(house, "options") == [
        '[{"id":"1","title":"Pizza","order":0,"removed":false,"edited":false},'
        '{"id":"2","title":"Soup","order":1,"removed":false,"edited":false}]'
    ]


async def test_a_poll_that_closed_meanwhile_is_not_edited(house: House) -> None:
    card = await poll(house)
    form = await edit_form(house, ADA, card)
    body = close_click(house, ADA)
    await house.slack.deliver(body | {"view": await a_view(house, card)}, kind="interactive")
    await card_says(house, card, "Closed on")

    await house.slack.submit(ADA, form.id, {"title": {"value": "Dinner?"}})

    assert "is closed" in form.errors["remind"]
    assert kept(house, "title") == ["Lunch?"]


async def test_more_options_than_a_form_holds_stay_as_they_are(house: House) -> None:
    card = await poll(house, '"Many?" ' + " ".join(f'"Option {n}"' for n in range(50)))
    await in_front(house, ADA, card, "edit_poll")
    form = await window(house, ADA, "edit_poll")
    assert "they stay as they are" in str(form.view)

    await house.slack.submit(ADA, form.id, {"title": {"value": "So many?"}})

    await card_says(house, card, "So many?")
    assert "Option 49" in kept(house, "options")[0]


# To close and to delete one


async def a_view(house: House, card: Message) -> dict[str, Any]:
    """Return the window behind More, as payloads carry it."""
    await house.slack.press(BEN, card.id, option("More", card))
    return copy.deepcopy((await window(house, BEN, "poll_more")).view) | {"id": "V0NONE"}


def close_click(house: House, user: str, action_id: str = "close_poll") -> dict[str, Any]:
    """Return a press on a button of More by somebody who need not have it."""
    card = next(m for m in reversed(house.slack.messages) if m in hanging(house))
    return {
        "type": "block_actions",
        "user": {"id": user, "name": "somebody", "team_id": house.slack.team_id},
        "team": {"id": house.slack.team_id},
        "container": {"type": "view", "view_id": "V0NONE"},
        "trigger_id": "none",
        "actions": [
            {
                "type": "button",
                "action_id": action_id,
                "block_id": "b",
                "value": f'{{"v":1,"poll":"{poll_id(card)}"}}',
                "action_ts": "1.000001",
            }
        ],
    }


async def test_close_and_delete_ask_first(house: House) -> None:
    card = await poll(house)

    await house.slack.press(ADA, card.id, option("More", card))

    more = await window(house, ADA, "poll_more")
    asks = {
        element["action_id"]: "confirm" in element
        for block in more.view["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    }
    assert (asks["close_poll"], asks["delete_poll"], asks["edit_poll"]) == (True, True, False)


@pytest.mark.parametrize("who", [ADA, BEN], ids=["an admin", "its creator"])
async def test_it_is_closed_by_its_creator_and_by_admins(house: House, who: str) -> None:
    card = await poll(house, user=BEN)
    await answer(house, CLEO, card, "Soup")

    more = await in_front(house, who, card, "close_poll")

    assert "is closed and takes no more answers" in str(more.view)
    await card_says(house, card, "Soup 1 (100 %)", "Closed on")
    assert not any(action.startswith("answer") for action in labels(card))
    assert "Results" in labels(card).values()


@pytest.mark.parametrize("deed", ["close_poll", "delete_poll"])
async def test_nobody_else_closes_or_deletes_it(house: House, deed: str, pollbot: Pollbot) -> None:
    card = await poll(house, user=BEN)
    await answer(house, BEN, card, "Soup")

    await house.slack.deliver(close_click(house, CLEO, deed), kind="interactive")

    await house.told(CLEO, "Only whoever created the poll, its co-owners and admins may do that")
    await rest(house, pollbot)
    await card_says(house, card, "Soup 1 (100 %)")
    assert "answer:0" in labels(card)
    assert "Closed on" not in card.text
    assert house.rows("SELECT voter FROM answers") == [(BEN,)]


async def test_nobody_else_edits_it(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, user=BEN)
    form = await edit_form(house, BEN, card)
    await house.slack.submit(BEN, form.id, {"title": {"value": "Dinner?"}})
    body = copy.deepcopy(house.slack.deliveries[-1].body)
    body["user"]["id"] = CLEO
    body["view"]["state"]["values"]["title"]["value"]["value"] = "Mine!"

    answered = await house.slack.deliver(body, kind="interactive")

    assert answered.json is not None
    assert "Only whoever created the poll" in answered.json["errors"]["remind"]
    await rest(house, pollbot)
    await card_says(house, card, "Dinner?")


async def test_delete_removes_the_answers_and_says_so_on_every_card(house: House) -> None:
    card = await poll(house, f"comments {LUNCH}")
    await answer(house, BEN, card, "Soup")
    await comment(house, BEN, card, "with bread")
    soup = house.slack.click_body(CLEO, card.id, option("Soup", card))
    mine = house.slack.click_body(BEN, card.id, option("My answer", card))
    await house.slack.command(BEN, LEADS, "/poll", "list")
    listed = house.slack.visible_to(BEN, LEADS)
    assert "Lunch?" not in shown(listed[-1])  # it hangs in another channel

    more = await in_front(house, ADA, card, "delete_poll")

    assert "is deleted, with the answers" in str(more.view)
    await card_says(house, card, "The poll “Lunch?” was deleted.")
    assert labels(card) == {}
    for table in ("answers", "comments", "poll_keys", "deliveries WHERE deed = 'answer'"):
        assert house.rows(f"SELECT * FROM {table}") == []  # noqa: S608  names of tables
    for late, who in ((soup, CLEO), (mine, BEN)):
        await house.slack.deliver(late, kind="interactive")
        await house.told(who, "That poll was deleted")


async def test_a_deleted_poll_is_not_deleted_twice(house: House) -> None:
    card = await poll(house)
    await in_front(house, ADA, card, "delete_poll")

    await house.slack.deliver(close_click(house, ADA, "delete_poll"), kind="interactive")

    await house.told(ADA, "That poll was deleted")


# To comment


async def comment_form(house: House, user: str, card: Message) -> View:
    await house.slack.press(user, card.id, option("Comment", card))
    return await window(house, user, "comment_poll")


async def comment(house: House, user: str, card: Message, text: str) -> Answer:
    form = await comment_form(house, user, card)
    return await house.slack.submit(user, form.id, {"comment": {"value": text}})


async def results(house: House, user: str, text: str = "") -> Message:
    """Return the results as /poll list leads to them."""
    await house.slack.command(user, PLANNING, "/poll", f"list {text}")
    listed = house.slack.visible_to(user, PLANNING)[-1]
    await house.slack.press(user, listed.id, option("Results", listed))
    # They take the place of the list, which nobody else sees.
    await house.slack.until(lambda: "Post here" not in labels(listed).values(), BOUND)
    return listed


async def test_a_comment_is_kept_shown_changed_and_removed(house: House) -> None:
    card = await poll(house, f"comments {LUNCH}")
    await answer(house, BEN, card, "Soup")

    await comment(house, BEN, card, "with <!channel> & bread")

    seen = shown(await results(house, CLEO))
    assert f"with &lt;!channel&gt; &amp; bread – <@{BEN}>" in seen
    again = await comment_form(house, BEN, card)
    assert "with <!channel> & bread" in str(again.view)
    await house.slack.submit(BEN, again.id, {"comment": {"value": ""}})
    assert "is removed" in str(again.view)
    assert house.rows("SELECT * FROM comments") == []
    assert "bread" not in shown(await results(house, CLEO))


async def test_a_comment_where_none_is_allowed_is_refused(house: House) -> None:
    card = await poll(house, f"comments {LUNCH}")
    form = await comment_form(house, BEN, card)
    edit = await edit_form(house, ADA, card)
    await house.slack.submit(ADA, edit.id, DEFAULTS)
    await house.slack.until(lambda: "Comment" not in labels(card).values(), BOUND)

    await house.slack.submit(BEN, form.id, {"comment": {"value": "late"}})

    assert "takes no comments" in form.errors["comment"]
    assert house.rows("SELECT * FROM comments") == []


async def test_a_comment_on_a_closed_poll_is_refused(house: House) -> None:
    card = await poll(house, f"comments {LUNCH}")
    form = await comment_form(house, BEN, card)
    await in_front(house, ADA, card, "close_poll")

    await house.slack.submit(BEN, form.id, {"comment": {"value": "late"}})

    assert "is closed" in form.errors["comment"]
    assert house.rows("SELECT * FROM comments") == []


# To look at


async def test_my_answer_to_a_closed_anonymous_poll_is_known_to_nobody(house: House) -> None:
    card = await poll(house, f"anonymous {LUNCH}")
    await answer(house, BEN, card, "Soup")
    mine = house.slack.click_body(BEN, card.id, option("My answer", card))
    await in_front(house, ADA, card, "close_poll")

    await house.slack.deliver(mine, kind="interactive")

    await house.told(BEN, "nobody can tell what you chose, not even pollbot")


async def test_names_are_paged(house: House) -> None:
    card = await poll(house, 'multi "Many?" ' + " ".join(f'"Option {n}"' for n in range(1, 46)))
    await house.slack.choose(BEN, card.id, "choose", [str(n) for n in range(1, 46)])
    await house.slack.until(lambda: len(house.rows("SELECT * FROM answers")) == 45, BOUND)
    names = await in_front(house, CLEO, card, "names")
    assert "Page 1 of 2" in str(names.view)
    assert f"<@{BEN}>" in str(names.view)
    assert "Option 45" not in str(names.view)

    await use(house, names, "names:1")

    assert "Option 45" in str(names.view)
    assert "Option 40*" not in str(names.view)
    await use(house, names, "names:0")
    assert "Option 40*" in str(names.view)


@pytest.mark.parametrize("word", ["hidden", "aftervote"])
async def test_names_that_are_hidden_are_not_called_nobody(house: House, word: str) -> None:
    card = await poll(house, f"{word} {LUNCH}")
    await answer(house, BEN, card, "Soup")

    names = await in_front(house, CLEO, card, "names")

    assert BEN not in str(names.view)
    assert "Nobody has answered" not in str(names.view)


async def test_names_of_an_anonymous_poll_are_not_offered(house: House) -> None:
    card = await poll(house, f"anonymous {LUNCH}", user=BEN)

    for user in (CLEO, BEN, ADA):  # a member, who made it, and an admin
        await house.slack.press(user, card.id, option("More", card))

        more = await window(house, user, "poll_more")
        assert "'names" not in str(more.view["blocks"])


@pytest.mark.parametrize(
    ("view", "kind"),
    [("Table", "table"), ("Chart", "data_visualization"), ("Pie", "data_visualization")],
)
async def test_results_come_as_a_table_and_as_charts(house: House, view: str, kind: str) -> None:
    card = await poll(house)
    await answer(house, BEN, card, "Soup")
    first = await results(house, CLEO)
    assert "table" not in [block["type"] for block in first.blocks]

    await house.slack.press(CLEO, first.id, option(view, first))

    await house.slack.until(
        lambda: kind in [block["type"] for block in first.blocks], BOUND, what=f"{first.blocks}"
    )
    assert "Soup 1 (100 %)" in first.text
    assert view not in labels(first).values()


async def test_a_slack_without_charts_gets_them_in_lines(house: House) -> None:
    card = await poll(house)
    await answer(house, BEN, card, "Soup")
    first = await results(house, CLEO)
    house.slack.faults.fail_next("response_url", 400, "invalid_blocks")

    await house.slack.press(CLEO, first.id, option("Pie", first))

    await house.slack.until(lambda: "Soup: 1" in shown(first), BOUND, what=shown(first))
    assert "data_visualization" not in str(first.blocks)


async def test_a_slack_without_charts_gets_them_in_lines_by_message(house: House) -> None:
    card = await poll(house)
    await answer(house, BEN, card, "Soup")
    first = await results(house, CLEO)
    house.slack.faults.fail_next("response_url", 404, "expired_url", times=2)
    house.slack.faults.fail_next(
        "chat.postEphemeral", 200, {"ok": False, "error": "invalid_blocks"}
    )

    await house.slack.press(CLEO, first.id, option("Table", first))

    last = await house.slack.until(
        lambda: next((m for m in house.slack.messages if "Soup · 1 · 100 %" in shown(m)), None),
        BOUND,
    )
    assert last.ephemeral_for == CLEO
    assert not any(block["type"] == "table" for block in last.blocks)


async def test_results_before_their_time_say_why(house: House) -> None:
    card = await poll(house, f"hidden {LUNCH}")
    await answer(house, BEN, card, "Soup")

    seen = await results(house, BEN)

    assert "when the poll closes" in seen.text
    assert "Soup 1" not in seen.text + shown(seen)
    assert "Pie" not in labels(seen).values()


async def test_poll_results_leads_to_the_results_of_an_issue(house: House) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/poll", f"PLAT-12 {LUNCH}")
    card = await house.card("Lunch?")
    await answer(house, ADA, card, "Soup")
    await poll(house, '"Other?" "A" "B"')

    answered = await house.slack.command(ADA, PLANNING, "/poll", "results PLAT-12")

    assert answered.error is None
    listed = house.slack.visible_to(ADA, PLANNING)[-1]
    assert "Lunch?" in shown(listed)
    assert "1 answer" in shown(listed)
    assert "Other?" not in shown(listed)


async def test_results_on_an_issue_are_for_those_who_can_see_it(house: House) -> None:
    await house.connect(ADA)
    await house.slack.command(ADA, PLANNING, "/poll", f"PLAT-12 {LUNCH}")
    await house.card("Lunch?")

    await house.slack.command(BEN, PLANNING, "/poll", "results PLAT-12")

    await house.told(BEN, "needs your Jira account")
    assert "Lunch?" not in str(house.words(BEN))


async def test_a_plain_poll_of_a_private_channel_is_listed_only_there(house: House) -> None:
    await house.slack.command(ADA, LEADS, "/poll", '"Who leaves?" "Ben" "Cleo"')
    await house.card("Who leaves?", channel=LEADS)

    await house.slack.command(CLEO, PLANNING, "/poll", "list")
    await house.slack.command(BEN, LEADS, "/poll", "list")

    assert "Who leaves?" not in shown(house.slack.visible_to(CLEO, PLANNING)[-1])
    assert "Who leaves?" in shown(house.slack.visible_to(BEN, LEADS)[-1])


# Many options


async def test_twenty_options_are_buttons_and_one_more_is_a_menu(house: House) -> None:
    twenty = await poll(house, '"Twenty?" ' + " ".join(f'"O{n}"' for n in range(20)))
    more = await poll(house, '"More?" ' + " ".join(f'"O{n}"' for n in range(1, 22)))

    assert len([action for action in labels(twenty) if action.startswith("answer")]) == 20
    assert not any(action.startswith("answer:") for action in labels(more))
    await house.slack.choose(BEN, more.id, "choose", "21")
    await house.told(BEN, "*O21*")
    await card_says(house, more, "O21 1 (100 %)")
    assert house.rows("SELECT voter, option_id FROM answers") == [(BEN, "21")]


async def test_a_menu_for_several_answers_holds_the_whole_answer(house: House) -> None:
    card = await poll(house, 'multi "More?" ' + " ".join(f'"O{n}"' for n in range(1, 31)))

    await house.slack.choose(BEN, card.id, "choose", ["1", "30"])
    await house.slack.choose(BEN, card.id, "choose", ["30", "2"])

    await card_says(house, card, "O2 1 (100 %)", "O30 1 (100 %)", "O1 0 (0 %)")
    await house.slack.choose(BEN, card.id, "choose", [])
    await house.told(BEN, "is withdrawn")
    assert house.rows("SELECT * FROM answers") == []


async def test_a_hundred_options_can_be_made_and_answered(house: House) -> None:
    card = await poll(house, '"Hundred?" ' + " ".join(f'"O{n}"' for n in range(1, 101)))

    await house.slack.choose(BEN, card.id, "choose", "100")

    await card_says(house, card, "O100 1 (100 %)")
    await in_front(house, ADA, card, "close_poll")
    await card_says(house, card, "Closed on")


# Bad input


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('"Lunch?"', "and no options"),
        ('"Lunch?" "Pizza"', "only one option, “Pizza”"),
        ('"Lunch?" ' + " ".join(f'"O{n}"' for n in range(101)), "at most 100 options; I found 101"),
        ('"Lunch?" "Pizza" " pizza "', "Two options are the same"),
        ('"Lunch?" "Pizza" "' + "x" * 300 + '"', "An option has 300 characters"),
        ('"' + "x" * 3000 + '" "A" "B"', "The question has 3,000 characters"),
        ('"Lunch?" "Pizza" "Soup', "never end"),
        ("“Lunch?” “Pizza” “Soup", "never end"),
        (f"until 2020-01-01 {LUNCH}", "in the past"),
        (f"until someday {LUNCH}", "“someday” is no day or time"),
        (f"mutli {LUNCH}", "do not know the word “mutli”"),
        (f"NOPE-1 {LUNCH}", "own Jira account"),
    ],
)
async def test_bad_input_gets_a_sentence_and_makes_nothing(
    house: House, text: str, sentence: str, pollbot: Pollbot
) -> None:
    answered = await house.slack.command(ADA, PLANNING, "/poll", text)

    if text.startswith("NOPE"):
        await house.told(ADA, sentence)
    else:
        # What cannot be read opens the form, with what could be, and nothing is lost.
        assert sentence in await why_not(house, ADA, answered)
        form = await window(house, ADA, "create_poll")
        assert chosen(form, "title").startswith(("Lunch?", "xxx"))
    await rest(house, pollbot)
    assert await polls_listed(house) == []
    assert hanging(house) == []


@pytest.mark.parametrize(
    ("text", "title", "first"),
    [
        ("“Lunch?” „Pizza“ «Soup»", "Lunch?", "Pizza"),
        ('"ארוחת צהריים?" "פיצה" "מרק"', "ארוחת צהריים?", "פיצה"),
        ('"🍕 or 🍜?" "👩‍👩‍👧" "🏳️‍🌈"', "🍕 or 🍜?", "👩‍👩‍👧"),
        (r'"Say \"when\"?" "\"Now\"" "Later"', 'Say "when"?', '"Now"'),
        ('"a &amp; b &lt;c&gt;" "1 &lt; 2" "B"', "a & b <c>", "1 < 2"),
    ],
    ids=["smart quotes", "right to left", "emoji", "escaped quotes", "markup"],
)
async def test_unusual_writing_is_taken_as_it_is(
    house: House, text: str, title: str, first: str
) -> None:
    await house.slack.command(ADA, PLANNING, "/poll", text)

    await house.slack.until(lambda: kept(house, "title"), BOUND)
    assert kept(house, "title") == [title]
    card = await house.card("asks")
    await answer(house, BEN, card, first)
    await card_says(house, card, "1 (100 %)")


@pytest.mark.parametrize("ping", ["<!channel>", "<!here|here>", "<@U0BEN>", "<!subteam^S1>"])
async def test_a_title_never_pings(house: House, ping: str) -> None:
    typed = ping.replace("<", "&lt;").replace(">", "&gt;")
    await house.slack.command(
        ADA, PLANNING, "/poll", f'comments "{typed} lunch?" "{typed} a" "b {typed}"'
    )
    card = await house.card("lunch?")
    await house.slack.press(CLEO, card.id, "answer:0")
    await comment(house, CLEO, card, ping)
    await results(house, CLEO)
    await in_front(house, ADA, card, "close_poll")
    await house.slack.press(CLEO, card.id, option("More", card))
    await in_front(house, ADA, card, "delete_poll")
    await card_says(house, card, "was deleted")

    sent = [call.args for call in house.slack.calls] + [p.body for p in house.slack.hook_posts]
    assert [text for text in strings(sent) if ping in text] == []


def strings(value: Any) -> list[str]:
    """Return every text that Slack reads as markup: those of messages and mrkdwn objects."""
    found: list[str] = []
    if isinstance(value, list):
        for each in value:
            found += strings(each)
    elif isinstance(value, dict):
        if isinstance(value.get("text"), str) and value.get("type") != "plain_text":
            found.append(value["text"])
        for each in value.values():
            found += strings(each)
    return found


async def test_an_option_that_is_not_there_is_explained(house: House) -> None:
    card = await poll(house)
    click = house.slack.click_body(BEN, card.id, option("Soup", card))
    click["actions"][0]["value"] = click["actions"][0]["value"].replace('"2"', '"77"')

    answered = await house.slack.deliver(click, kind="interactive")

    assert answered.status == 200
    await house.told(BEN, "not there any more")
    assert house.rows("SELECT * FROM answers") == []


async def test_a_poll_that_never_was_is_explained(house: House) -> None:
    card = await poll(house)
    click = house.slack.click_body(BEN, card.id, option("Soup", card))
    value = click["actions"][0]["value"]
    click["actions"][0]["value"] = value.replace(poll_id(card), "nobody")

    await house.slack.deliver(click, kind="interactive")

    await house.told(BEN, "That poll is not known here")
