"""Templates of people's own: saved, used, named, shared, and what becomes of them."""

import json
from typing import Any

import pytest

from pollbot.sandbox.slack import Message, View
from pollbot.slack.clicks import Click, DeleteTemplateClick, EditTemplateClick, TakeTemplateClick
from pollbot.wiring import Pollbot
from tests.support import stored
from tests.support.house import ADA, BEN, CLEO, PLANNING, TWO_OF_US, House, rest
from tests.support.polls import (
    BOUND,
    DAY,
    HOUR,
    all_of,
    at,
    chosen,
    close,
    drawn,
    form_poll,
    manage,
    offers,
    poll,
    window,
)

LUNCH = '"Lunch?" "Pizza" "Soup"'
TEMPLATE = '"callback_id": "save_template"'
LIST = '"callback_id": "poll_templates"'
FORM = '"callback_id": "create_poll"'


async def save(
    house: House, user: str, card: Message, name: str = "", *, shared: bool = False
) -> View:
    """Save a card's poll as a template, and name it."""
    form = await manage(house, user, card, "save_as_template", TEMPLATE)
    values: dict[str, dict[str, object]] = {}
    if name:
        values["name"] = {"value": name}
    if shared:
        values["shared"] = {"value": ["shared"]}
    sent = await house.slack.submit(user, form.id, values)
    assert "is saved" in sent.body, sent
    return form


async def listed(house: House, user: str) -> View:
    for open_ in reversed(house.slack.stack_of(user)):
        await house.slack.close(user, open_.id)
    await house.slack.command(user, PLANNING, "/poll", "templates")
    return await window(house, user, LIST)


async def used(house: House, user: str, name: str) -> View:
    for open_ in reversed(house.slack.stack_of(user)):
        await house.slack.close(user, open_.id)
    await house.slack.command(user, PLANNING, "/poll", f"template {name}")
    return await window(house, user, FORM)


async def press(house: House, user: str, view: View, action_id: str, part: str) -> View:
    sent = await house.slack.view_action(user, view.id, action_id)
    assert (sent.status, sent.error) == (200, None), sent
    return await window(house, user, part)


def names(house: House) -> list[tuple[str, str, int]]:
    return house.rows("SELECT owner, name, shared FROM poll_templates ORDER BY owner, name")


async def test_a_poll_is_saved_and_asked_again_with_all_of_it(
    house: House, pollbot: Pollbot
) -> None:
    card = await form_poll(
        house, ends_in=DAY, remind=HOUR, settings=("several", "names", "changeable", "comments")
    )
    await save(house, ADA, card, "Weekly lunch")
    await close(house, ADA, card)
    house.clock.ahead += 30 * DAY

    form = await used(house, ADA, "weekly  LUNCH")

    assert chosen(form, "title") == "Lunch?"
    assert chosen(form, "options") == "Pizza\nSoup"
    assert sorted(chosen(form, "settings")) == ["changeable", "comments", "names", "several"]
    assert chosen(form, "remind") == "3600"
    assert abs(chosen(form, "end") - at(house, DAY)) <= 120
    await house.slack.submit(ADA, form.id, {"title": {"value": "Lunch again?"}})
    await house.card("Lunch again?")
    await rest(house, pollbot)


async def test_it_is_ones_own_until_it_is_shared(house: House, pollbot: Pollbot) -> None:
    del pollbot
    card = await poll(house, LUNCH)
    await save(house, ADA, card, "Retro")

    said = await house.slack.command(BEN, PLANNING, "/poll", "template Retro")
    assert said.status == 200
    await house.told(BEN, "There is no template “Retro”")
    form = await press(house, ADA, await listed(house, ADA), "edit_template:0", TEMPLATE)
    await house.slack.submit(ADA, form.id, {"shared": {"value": ["shared"]}})

    view = await used(house, BEN, "retro")
    assert chosen(view, "title") == "Lunch?"
    assert offers(await listed(house, BEN)) == ["Use"]
    assert names(house) == [(ADA, "Retro", 1)]


async def test_from_the_form_and_back_into_it(house: House, pollbot: Pollbot) -> None:
    del pollbot
    await house.slack.command(ADA, PLANNING, "/poll", "")
    form = await all_of(house, await window(house, ADA, FORM))
    typed: dict[str, dict[str, Any]] = {
        "title": {"value": "Which day?"},
        "options": {"value": "Monday\nTuesday"},
        "settings": {"changed": ["several", "names"]},
    }
    for field, value in typed.items():
        form.values[field] = value
    named = await press(house, ADA, form, "save_template_of_form", "Saved as *Which day?*")
    await house.slack.submit(ADA, named.id, {"name": {"value": "Days"}})
    for open_ in reversed(house.slack.stack_of(ADA)):
        await house.slack.close(ADA, open_.id)

    await house.slack.command(ADA, PLANNING, "/poll", "")
    fresh = await window(house, ADA, FORM)
    fresh.values["title"] = {"value": "Something else"}
    (saved,) = house.rows("SELECT id FROM poll_templates")
    await house.slack.view_action(ADA, fresh.id, "pick_template", value=f"own:{saved[0]}")

    taken = await window(house, ADA, "Monday")
    assert chosen(taken, "title") == "Which day?"
    assert "title" not in taken.values
    assert sorted(chosen(taken, "settings")) == ["names", "several"]
    await house.slack.submit(ADA, taken.id, {})
    await house.card("Which day?")


async def test_names_are_ones_own_once_and_shared_ones_the_workspace_s(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    lunch = await poll(house, LUNCH)
    await save(house, ADA, lunch, "Retro", shared=True)
    await save(house, ADA, await poll(house, '"Dinner?" "A" "B"'))
    await save(house, ADA, lunch)
    await save(house, ADA, lunch)
    assert [name for _, name, _ in names(house)] == ["Dinner?", "Lunch?", "Lunch? 2", "Retro"]

    form = await press(house, ADA, await listed(house, ADA), "edit_template:1", TEMPLATE)
    taken = await house.slack.submit(ADA, form.id, {"name": {"value": " RÉTRO ".replace("É", "E")}})
    assert "Another template of yours is called" in taken.body
    empty = await house.slack.submit(ADA, form.id, {"name": {"value": "\u200b"}})
    assert "A template needs a name" in empty.body

    form = await manage(house, BEN, lunch, "save_as_template", TEMPLATE)
    both = {"name": {"value": "retro"}, "shared": {"value": ["shared"]}}
    refused = await house.slack.submit(BEN, form.id, both)
    assert "Another template that is shared in this workspace" in refused.body
    alone = {"name": {"value": "retro"}, "shared": {"value": []}}
    mine = await house.slack.submit(BEN, form.id, alone)
    assert "for you alone" in mine.body
    assert chosen(await used(house, BEN, "Retro"), "title") == "Lunch?"


async def test_one_of_a_person_who_left_works_and_an_admin_takes_it_over(
    house: House, pollbot: Pollbot
) -> None:
    await save(house, BEN, await poll(house, LUNCH, user=BEN), "Retro", shared=True)
    house.slack.people[BEN].has_left = True
    house.clock.ahead += DAY  # what was known of Ben is asked anew

    view = await listed(house, CLEO)
    assert "Shared by somebody who has left" in drawn(view)
    assert offers(view) == ["Use"]
    assert chosen(await used(house, CLEO, "Retro"), "title") == "Lunch?"
    listing = await listed(house, ADA)
    assert offers(listing) == ["Use", "Rename or share", "Delete", "Take over"]
    await press(house, ADA, listing, "take_template:0", "Yours, shared")

    assert names(house) == [(ADA, "Retro", 1)]
    await press(house, ADA, await listed(house, ADA), "delete_template:0", "You have no templates")
    await rest(house, pollbot)
    noted = house.rows("SELECT what FROM audit WHERE what LIKE 'template%' ORDER BY nth")
    assert noted == [("template shared",), ("template shared",), ("template removed",)]


@pytest.mark.parametrize("kind", [EditTemplateClick, DeleteTemplateClick, TakeTemplateClick])
async def test_what_is_another_s_is_changed_by_nobody(
    house: House, pollbot: Pollbot, kind: type[Click]
) -> None:
    await save(house, ADA, await poll(house, LUNCH), "Retro", shared=True)
    (saved,) = house.rows("SELECT id FROM poll_templates")
    view = await listed(house, CLEO)
    extra = {} if kind is EditTemplateClick else {"channel": PLANNING}
    click = kind.model_validate({"template": saved[0], **extra})
    view.view["blocks"][1]["elements"][0] |= {
        "action_id": f"{kind.action_id}:0",
        "value": click.pack(),
    }

    await house.slack.view_action(CLEO, view.id, f"{kind.action_id}:0")

    if kind is EditTemplateClick:
        form = await window(house, CLEO, TEMPLATE)
        sent = await house.slack.submit(CLEO, form.id, {"name": {"value": "Mine"}})
        assert "Only whoever owns that template" in sent.body
    else:
        await house.slack.until(lambda: house.words(CLEO), BOUND, what="why not")
        assert "Only" in house.words(CLEO)[-1]
    await rest(house, pollbot)
    assert names(house) == [(ADA, "Retro", 1)]


async def test_a_double_click_saves_one(house: House, pollbot: Pollbot) -> None:
    card = await poll(house, LUNCH)
    await manage(house, ADA, card, "save_as_template", TEMPLATE)
    once = next(one for one in reversed(house.slack.deliveries) if "save_as_template" in str(one))
    again = {**once.body, "trigger_id": "5.5.5"}
    again["actions"] = [{**once.body["actions"][0], "action_ts": "9999999999.0001"}]

    await house.slack.deliver(again, kind=once.kind)

    await rest(house, pollbot)
    assert len(names(house)) == 1


async def test_settings_of_a_newer_version_are_left_alone(house: House, pollbot: Pollbot) -> None:
    del pollbot
    for name in ("Known", "Strange"):
        await save(house, ADA, await poll(house, LUNCH), name)
    with stored.opened(house.database) as db:
        (text,) = db.execute(
            "SELECT definition FROM poll_templates WHERE name = 'Known'"
        ).fetchone()
        said = json.loads(text)
        said["draft"]["settings"]["of_tomorrow"] = 7
        db.execute(
            "UPDATE poll_templates SET definition = ? WHERE name = 'Known'", (json.dumps(said),)
        )
        said["draft"]["settings"]["visibility"] = "onFridays"
        db.execute(
            "UPDATE poll_templates SET definition = ? WHERE name = 'Strange'", (json.dumps(said),)
        )

    assert chosen(await used(house, ADA, "Known"), "title") == "Lunch?"
    await house.slack.command(ADA, PLANNING, "/poll", "template Strange")
    await house.told(ADA, "was saved by a newer pollbot")
    for place in (0, 1):
        form = await press(house, ADA, await listed(house, ADA), f"edit_template:{place}", TEMPLATE)
        await house.slack.submit(ADA, form.id, {"shared": {"value": ["shared"]}})

    kept = house.rows("SELECT definition FROM poll_templates WHERE shared = 1")
    assert [json.loads(text)["draft"]["settings"]["of_tomorrow"] for (text,) in kept] == [7, 7]


TYPED = {
    'template "Nobody\'s"': "There is no template “Nobody's”",
    "template <b>*x*": "There is no template",
    "template 100%_": "There is no template “100%_”",
    "template 🍕": "There is no template “🍕”",
}


@pytest.mark.parametrize(("typed", "told"), TYPED.items(), ids=TYPED)
async def test_a_name_that_there_is_not_is_said(
    house: House, pollbot: Pollbot, typed: str, told: str
) -> None:
    del pollbot
    await house.slack.command(ADA, PLANNING, "/poll", typed)

    await house.told(ADA, told)
    assert house.rows("SELECT 1 FROM polls") == []


async def test_no_more_than_fit_into_a_menu_are_kept(house: House, pollbot: Pollbot) -> None:
    del pollbot
    card = await poll(house, LUNCH)
    with stored.opened(house.database) as db:
        db.executemany(
            "INSERT INTO poll_templates (id, team_id, owner, name, folded, shared, definition,"
            " made_at) VALUES (?, ?, ?, ?, ?, ?, ?, 1.0)",
            [
                (f"{user}-{n}", house.slack.team_id, user, f"N {n}", f"{user}n{n}", shared, "{}")
                for user, shared, most in ((ADA, 0, 50), (BEN, 1, 40))
                for n in range(most)
            ],
        )

    await manage(house, ADA, card, "save_as_template", '"poll_more"')
    await house.told(ADA, "You have 50 templates already")
    form = await manage(house, CLEO, card, "save_as_template", TEMPLATE)
    full = await house.slack.submit(CLEO, form.id, {"shared": {"value": ["shared"]}})
    assert "40 templates are shared in this workspace already" in full.body
    await house.slack.command(ADA, TWO_OF_US, "/poll", "")
    await window(house, ADA, FORM)


@pytest.mark.parametrize("code", ["expired_trigger_id", "invalid_trigger_id"])
async def test_what_is_saved_is_said_where_slack_opens_no_form_for_it(
    house: House, pollbot: Pollbot, code: str
) -> None:
    await house.slack.command(ADA, PLANNING, "/poll", "")
    form = await window(house, ADA, FORM)
    form.values |= {"title": {"value": "Which?"}, "options": {"value": "A\nB"}}
    house.slack.faults.fail_next("views.push", body={"ok": False, "error": code})

    await house.slack.view_action(ADA, form.id, "save_template_of_form")

    said = await house.told(ADA, "Saved as *Which?*, for you alone")
    assert "`/poll templates` lists it" in said.text
    assert not any("Nothing was changed" in one for one in house.words(ADA))
    assert "Which?" in str((await listed(house, ADA)).view)
