"""Who may make polls, as admins say: refused at every way to one, and nothing is guessed."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pollbot.wiring import Pollbot
from tests.polls.test_post_later import ask, at
from tests.support.house import ADA, BEN, CLEO, PLANNING, House, rest
from tests.support.polls import drawn, hanging, manage, more, poll, window
from tests.support.rights import add_group, allow, close_windows, rights_form, submit_rights
from tests.support.schedules import line, until_due

LUNCH = '"Lunch?" "Pizza" "Soup"'
TEAM = "S0TEAM"
ADMINS = "admins of this workspace only"
MEMBERS = "members of the user group @pollsters"
NAMED = "people whom an admin of this workspace named"

Way = Callable[[House, str], Awaitable[None]]


async def by_command(house: House, user: str) -> None:
    await house.slack.command(user, PLANNING, "/poll", LUNCH)


async def by_template(house: House, user: str) -> None:
    await house.slack.command(user, PLANNING, "/poll", "yesno")


async def behind_pollbot(house: House, user: str) -> None:
    await house.slack.command(user, PLANNING, "/pollbot", f"poll {LUNCH}")


async def by_form(house: House, user: str) -> None:
    await house.slack.command(user, PLANNING, "/poll", "")


async def half_typed(house: House, user: str) -> None:
    await house.slack.command(user, PLANNING, "/poll", '"Lunch?" "Pizza"')


async def by_shortcut(house: House, user: str) -> None:
    await house.slack.shortcut(user, "new_poll")


async def from_a_message(house: House, user: str) -> None:
    message = house.slack.say(CLEO, PLANNING, "Lunch?\n- Pizza\n- Soup")
    await house.slack.shortcut(user, "make_poll", message.id)


async def in_a_message(house: House, user: str) -> None:
    await house.slack.share(user, house.slack.direct_channel(user).id, f"poll {LUNCH}")


async def named(house: House, user: str) -> None:
    house.slack.channels[PLANNING].app_is_member = True
    await house.slack.share(user, PLANNING, f"<@{house.slack.bot_user_id}> poll {LUNCH}")


async def on_home(house: House, user: str) -> None:
    await house.slack.open_home(user)
    home = await house.slack.until(lambda: house.slack.homes.get(user), what="Home")
    new = next(
        element["action_id"]
        for block in home.view["blocks"]
        for element in block.get("elements", [])
        if element.get("text", {}).get("text") == "New poll"
    )
    await house.slack.home_action(user, new)


WAYS = (
    by_command,
    by_template,
    behind_pollbot,
    by_form,
    half_typed,
    by_shortcut,
    from_a_message,
    in_a_message,
    named,
    on_home,
)


def said(house: House, user: str) -> str:
    answers = [str(one.answer.body) for one in house.slack.deliveries if one.answer is not None]
    return "\n".join([*house.words(user), *answers])


def polls_kept(house: House) -> list[tuple[object, ...]]:
    return house.rows("SELECT id FROM polls") + house.rows("SELECT id FROM waiting_polls")


@pytest.mark.parametrize("way", WAYS, ids=lambda one: one.__name__)
async def test_each_way_to_a_poll_is_refused_with_the_rule_and_whom_to_ask(
    house: House, pollbot: Pollbot, way: Way
) -> None:
    await allow(house, makers="admins")

    await way(house, BEN)

    await house.slack.until(
        lambda: ADMINS in said(house, BEN), what=f"a refusal in {said(house, BEN)}"
    )
    assert "`/pollbot setup`" in said(house, BEN)
    await rest(house, pollbot)
    assert (polls_kept(house), hanging(house)) == ([], [])
    assert house.slack.stack_of(BEN) == []


@pytest.mark.usefixtures("pollbot")
async def test_a_form_that_was_open_before_the_rule_keeps_what_was_typed(house: House) -> None:
    await house.slack.command(BEN, PLANNING, "/poll", "")
    form = await window(house, BEN, '"callback_id": "create_poll"')
    await allow(house, makers="admins")

    values = {"title": {"value": "Lunch?"}, "options": {"value": "Pizza\nSoup"}}
    answer = await house.slack.submit(BEN, form.id, values)

    assert ADMINS in str(answer.json), "the form says it, and stays open"
    assert polls_kept(house) == []


@pytest.mark.usefixtures("pollbot")
async def test_a_copy_is_a_new_poll(house: House) -> None:
    card = await poll(house, LUNCH, user=BEN)
    await manage(house, BEN, card, "close_poll", "is closed")
    await allow(house, makers="admins")

    await close_windows(house, BEN)
    window = await more(house, BEN, card)
    await house.slack.view_action(BEN, window.id, "copy_poll")

    await house.slack.until(lambda: ADMINS in said(house, BEN), what=said(house, BEN))
    assert len(house.rows("SELECT id FROM polls")) == 1


@pytest.mark.usefixtures("pollbot")
async def test_admins_always_may(house: House) -> None:
    add_group(house, TEAM, "pollsters", [BEN])
    for chosen in (
        {"makers": "admins"},
        {"makers": "people", "people": [BEN]},
        {"makers": "group", "group": TEAM},
    ):
        await allow(house, **chosen)
        await poll(house, f'"{chosen["makers"]}?" "Pizza" "Soup"')


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ({"makers": "people", "people": [BEN]}, NAMED),
        ({"makers": "group", "group": TEAM}, MEMBERS),
    ],
    ids=["people", "group"],
)
@pytest.mark.usefixtures("pollbot")
async def test_who_is_named_or_in_the_group_may_and_nobody_else(
    house: House, chosen: dict[str, Any], why: str
) -> None:
    add_group(house, TEAM, "pollsters", [BEN])
    await allow(house, **chosen)

    await poll(house, LUNCH, user=BEN)
    await by_command(house, CLEO)

    await house.slack.until(lambda: why in said(house, CLEO), what=said(house, CLEO))
    assert len(house.rows("SELECT id FROM polls")) == 1


async def test_what_is_not_saved_when_slack_has_to_be_answered_is_said_to_be_so(
    house: House, pollbot: Pollbot
) -> None:
    add_group(house, TEAM, "pollsters", [BEN])
    await allow(house, makers="group", group=TEAM)
    for asked in ("users.info", "usergroups.users.list"):
        house.slack.faults.slow_down(asked, 1.3)

    answer = await house.slack.command(BEN, PLANNING, "/poll", f"until tomorrow {LUNCH}")
    kept = house.rows("SELECT id FROM polls")
    await house.card("Lunch?")

    assert (answer.status, answer.error, kept) == (200, None, [])
    assert "Your poll is not saved yet" in answer.body
    assert len(house.rows("SELECT id FROM polls")) == 1


async def a_group(house: House) -> None:
    add_group(house, TEAM, "pollsters", [BEN])
    await allow(house, makers="group", group=TEAM)


async def gone(house: House) -> None:
    house.slack.groups[TEAM].is_disabled = True


async def without_scope(house: House) -> None:
    house.slack.tokens.bot_scopes.remove("usergroups:read")


async def away(house: House) -> None:
    fail = {"ok": False, "error": "service_unavailable"}
    house.slack.faults.fail_next("usergroups.users.list", 503, fail, times=1)


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (gone, "is gone or disabled in Slack"),
        (without_scope, "it lacks the scope `usergroups:read`"),
        (away, "does not tell at the moment"),
    ],
    ids=["gone", "without the scope", "away"],
)
@pytest.mark.usefixtures("pollbot")
async def test_a_group_that_cannot_be_read_is_said_and_admins_still_may(
    house: House, how: Callable[[House], Awaitable[None]], why: str
) -> None:
    await a_group(house)
    await how(house)

    await by_command(house, BEN)

    await house.slack.until(lambda: why in said(house, BEN), what=said(house, BEN))
    assert polls_kept(house) == []
    await poll(house, LUNCH)


@pytest.mark.usefixtures("pollbot")
async def test_without_the_scope_the_form_says_why_no_group_is_offered(house: House) -> None:
    await without_scope(house)

    form = await rights_form(house)

    assert "usergroups:read" in drawn(form)
    answer = await submit_rights(house, form, makers="group")
    assert "Choose the user group" in str(answer.json)
    assert house.rows("SELECT rights FROM rights") == []


async def test_a_schedule_whose_owner_may_not_any_more_is_paused_and_says_so(house: House) -> None:
    house.slack.people[ADA].is_admin = False
    async with house.program(admins=frozenset({BEN})):
        await ask(house, post_at=at(house, 3, "10:00"), repeat="daily")
        await allow(house, BEN, makers="admins")

        await until_due(house)

        told = await house.told(ADA, ADMINS)
        assert "Lunch?" in told.text
        assert "paused" in (await line(house)).lower()
        assert (polls_kept(house), hanging(house)) == ([], [])


async def test_a_schedule_waits_while_slack_does_not_tell_who_makes_polls(house: House) -> None:
    house.slack.people[ADA].is_admin = False
    async with house.program(admins=frozenset({BEN})):
        await ask(house, post_at=at(house, 3, "10:00"))
        add_group(house, TEAM, "pollsters", [ADA])
        await allow(house, BEN, makers="group", group=TEAM)
        fail = {"ok": False, "error": "service_unavailable"}
        house.slack.faults.fail_next("usergroups.users.list", 503, fail)
        await until_due(house)
        await house.slack.until(
            lambda: any(c.method == "usergroups.users.list" for c in house.slack.calls),
            what="a look at the group",
        )

        house.clock.ahead += 600

        assert "Lunch?" in (await house.card("Lunch?")).text


@pytest.mark.parametrize(
    ("chosen", "at", "why"),
    [
        ({"makers": "people", "people": []}, "people", "Name at least one person"),
        ({"makers": "group"}, "group", "Choose the user group"),
        ({"projects": "PLAT, first-one"}, "projects", "is no key of a Jira project"),
        ({"projects": "PLAT-12"}, "projects", "is no key of a Jira project"),
        ({"places": "only"}, "channels", "Choose at least one channel"),
        ({"places": "but", "channels": []}, "channels", "Choose at least one channel"),
    ],
)
@pytest.mark.usefixtures("pollbot")
async def test_what_makes_no_rule_is_said_at_its_field(
    house: House, chosen: dict[str, Any], at: str, why: str
) -> None:
    add_group(house, TEAM, "pollsters", [BEN])
    form = await rights_form(house)

    answer = await submit_rights(house, form, **chosen)

    assert list((answer.json or {})["errors"]) == [at]
    assert why in str(answer.json)
    assert house.rows("SELECT rights FROM rights") == []


@pytest.mark.usefixtures("pollbot")
async def test_two_admins_at_once_lose_nothing(house: House) -> None:
    house.slack.people[BEN].is_admin = True
    first, second = await rights_form(house), await rights_form(house, BEN)

    await submit_rights(house, first, projects="plat, app")
    await submit_rights(house, second, makers="admins")

    [(kept,)] = house.rows("SELECT rights FROM rights")
    assert '"makers":"admins"' in kept.replace(" ", "")
    assert "PLAT" in kept
    changed = house.rows(
        "SELECT about, fields FROM audit WHERE what = 'setup changed' ORDER BY nth"
    )
    assert [about for about, _ in changed] == ["right projects", "right makers"]
    assert "PLAT APP" in changed[0][1]


@pytest.mark.usefixtures("pollbot")
async def test_only_admins_change_what_is_allowed(house: House) -> None:
    form = await rights_form(house)
    await submit_rights(house, form, makers="admins")
    sent = house.slack.deliveries[-1].body

    by_ben = sent | {"user": sent["user"] | {"id": BEN}}
    await house.slack.deliver(by_ben, kind="interactive")

    assert "Only admins" in str(house.slack.deliveries[-1].answer)
    assert len(house.rows("SELECT nth FROM audit WHERE what = 'setup changed'")) == 1
