"""Two people have one form open: what the second one sends undoes nothing of the first one's."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from pollbot.sandbox.slack import View
from pollbot.slack.clicks import EditTemplateClick
from pollbot.wiring import Pollbot
from tests.support import schedules
from tests.support.house import ADA, BEN, LEADS, PLANNING, House
from tests.support.polls import (
    defaults_form,
    manage,
    poll,
    refused,
    send_form,
    window,
)
from tests.support.rights import retention_form, rights_form
from tests.support.team_voice import close_windows

TEMPLATE = '"callback_id": "save_template"'


async def nothing(house: House) -> None:
    """Begin as ever."""


async def a_template(house: House) -> None:
    """Have a template of Ada's that is shared."""
    card = await poll(house, '"Lunch?" "Pizza" "Soup"')
    form = await manage(house, ADA, card, "save_as_template", TEMPLATE)
    await send_form(house, form, {"name": "Lunch", "shared": ["shared"]})


async def template_form(house: House, user: str) -> View:
    await close_windows(house, user)
    await house.slack.command(user, PLANNING, "/poll", "templates")
    listed = await window(house, user, '"callback_id": "poll_templates"')
    edit = next(
        one
        for block in listed.view["blocks"]
        for one in block.get("elements", [])
        if str(one.get("action_id")).startswith(EditTemplateClick.action_id)
    )
    await house.slack.view_action(user, listed.id, edit["action_id"])
    return await window(house, user, TEMPLATE)


async def a_list(house: House) -> None:
    """Have the top voted issues posted every day, by Ada."""
    await house.connect(ADA)
    await close_windows(house, ADA)
    await schedules.top_issues(house)


async def schedule_form(house: House, user: str) -> View:
    await close_windows(house, user)
    await schedules.press(house, user, await schedules.listed(house, user), "Edit")
    return await window(house, user, '"callback_id": "schedule"')


@dataclass(frozen=True)
class Form:
    """A form that two may have open: how they come to it, and what they write into it.

    ``same`` is about the same field as ``his``, of which ``says`` is told, and ``hers`` about
    something else. ``kept`` asks for what is kept, in columns or as JSON; it is ``after`` once Ben
    has sent ``same`` and Ada ``hers``.
    """

    open: Callable[[House, str], Awaitable[View]]
    his: Mapping[str, Any]
    hers: Mapping[str, Any]
    same: Mapping[str, Any]
    kept: str
    after: Mapping[str, Any]
    begin: Callable[[House], Awaitable[None]] = nothing
    says: str = ""


FORMS = {
    "a template": Form(
        template_form,
        {"name": "Our lunch"},
        {"shared": []},
        {"name": "Dinner"},
        "SELECT name, shared FROM poll_templates",
        {"name": "Dinner", "shared": 0},
        begin=a_template,
        says="“Our lunch”",
    ),
    "a schedule, when": Form(
        schedule_form,
        {"at": "10:30"},
        {"name": "What we build", "view": "chart", "missed": "skip"},
        {"at": "08:00"},
        "SELECT json_extract(plan, '$.recurrence.at'), json_extract(plan, '$.name'),"
        " json_extract(plan, '$.view'), json_extract(plan, '$.missed') FROM schedules",
        {"at": "08:00:00", "name": "What we build", "view": "chart", "missed": "skip"},
        begin=a_list,
    ),
    "a schedule, its name": Form(
        schedule_form,
        {"name": "What we build"},
        {"at": "10:30"},
        {"name": "The top"},
        "SELECT json_extract(plan, '$.recurrence.at'), json_extract(plan, '$.name') FROM schedules",
        {"at": "10:30:00", "name": "The top"},
        begin=a_list,
        says="“What we build”",
    ),
    "defaults": Form(
        defaults_form,
        {"visibility": "afterVote"},
        {"settings": ["changeable", "names", "comments"], "end": "259200"},
        {"visibility": "afterClose"},
        "SELECT defaults FROM poll_defaults",
        {"visibility": "afterClose", "comments": True, "lasts": 259200.0},
    ),
    "rights": Form(
        rights_form,
        {"projects": "PLAT"},
        {"places": "but", "channels": [LEADS]},
        {"projects": "APP"},
        "SELECT rights FROM rights",
        {"projects": ["APP"], "places": "but", "channels": [LEADS]},
    ),
    "rights, whom a rule is about": Form(
        rights_form,
        {"makers": "people", "people": [BEN]},
        {"projects": "PLAT"},
        {"makers": "people", "people": [ADA]},
        "SELECT rights FROM rights",
        {"makers": "people", "people": [ADA], "projects": ["PLAT"]},
    ),
    "retention": Form(
        retention_form,
        {"polls": "90"},
        {"work": "30"},
        {"polls": "60"},
        "SELECT polls, audit, work FROM retention",
        {"polls": 60, "audit": None, "work": 30},
    ),
}


def kept(house: House, form: Form) -> dict[str, Any]:
    [row] = house.rows(form.kept)
    return dict(json.loads(row[0])) if len(row) == 1 else dict(zip(form.after, row, strict=True))


@pytest.fixture(autouse=True)
def two_admins(house: House, pollbot: Pollbot) -> None:
    house.slack.people[BEN].is_admin = True


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
async def test_each_field_is_whose_who_changed_it_and_of_both_it_is_the_first_ones(
    house: House, form: Form
) -> None:
    await form.begin(house)
    hers, his = await form.open(house, ADA), await form.open(house, BEN)
    assert refused(await send_form(house, his, form.his)) == {}
    before = kept(house, form)

    sent = await send_form(house, hers, form.same)

    ((where, said),) = refused(sent).items()
    assert where in form.same
    assert "since you opened the form" in said
    assert form.says in said
    assert "Nothing was saved." in said
    assert kept(house, form) == before
    assert hers.id in house.slack.views, "nothing that was typed is lost"
    assert refused(await send_form(house, hers, form.his)) == {}, "as it is already"
    assert kept(house, form) == before

    hers, his = await form.open(house, ADA), await form.open(house, BEN)
    at_once = await asyncio.gather(
        send_form(house, his, form.same), send_form(house, hers, form.hers)
    )
    assert [refused(one) for one in at_once] == [{}, {}]
    assert kept(house, form) == form.after
