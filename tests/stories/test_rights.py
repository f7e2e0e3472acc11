"""Who may do what only some may: admins of this workspace, and what Slack could not tell."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from pollbot.sandbox.slack import Answer, Message
from pollbot.slack.clicks import (
    Click,
    CloseClick,
    DeleteClick,
    DeleteScheduleClick,
    EditScheduleClick,
    PauseClick,
    ResumeClick,
    RunNowClick,
)
from pollbot.slack.kit import actions, button
from pollbot.wiring import Pollbot
from tests.support.house import ADA, BEN, CLEO, PLANNING, TWO_OF_US, House, rest, shown
from tests.support.polls import (
    all_of,
    answer,
    drawn,
    element,
    manage,
    more,
    offers,
    poll,
    poll_id,
    remembered,
)
from tests.support.polls import window as front
from tests.support.schedules import lines, lunch, press, schedule
from tests.support.team_voice import in_time

EVE, FAY = "U0EVE", "W0FAY"
"""Admins of other workspaces: of a partner's, and of one of the same organisation."""

LUNCH = '"Lunch?" "Pizza" "Soup"'


@pytest.fixture
async def made(house: House, pollbot: Pollbot) -> "Made":
    """Ben has a poll and a schedule; Ada administers the workspace."""
    house.slack.add_person(EVE, "Eve", is_admin=True, team_id="T0PARTNER", shares=[PLANNING])
    house.slack.add_person(FAY, "Fay", is_admin=True, team_id="T0SISTER", shares=[PLANNING])
    card = await poll(house, LUNCH, user=BEN)
    await schedule(house, card, user=BEN, every="daily", at="09:00")
    await house.slack.command(BEN, TWO_OF_US, "/pollbot", "schedules")
    listed = house.slack.visible_to(BEN, TWO_OF_US)[-1]
    return Made(card, str(remembered(listed, "schedule")))


@dataclass(frozen=True)
class Made:
    card: Message
    schedule_id: str

    def click(self, click: Click) -> Click:
        """Return the click on what Ben made."""
        if hasattr(click, "schedule"):
            return click.model_copy(update={"schedule": self.schedule_id})
        return click.model_copy(update={"poll": poll_id(self.card)})


async def pressed(house: House, user: str, click: Click) -> Answer:
    """Press such a button in the channel, as somebody who was shown it could."""
    message = house.slack.post(
        PLANNING, house.slack.bot_user_id, "-", [actions(button("-", click))]
    )
    try:
        return await house.slack.press(user, message.id, click.action_id)
    finally:
        house.slack.delete(message)


Act = Callable[[House, str, Made], Awaitable[Answer]]


def clicks(click: Click) -> Act:
    return lambda house, user, made: pressed(house, user, made.click(click))


async def sets_up(house: House, user: str, _: Made) -> Answer:
    return await house.slack.command(user, PLANNING, "/pollbot", "setup")


@dataclass(frozen=True)
class OnlyAdmins:
    """What only an admin may do with what is Ben's; what others and the admin are told of it."""

    act: Act
    refused: str
    done: str


POLLS = "Only whoever created the poll, its co-owners and admins"
SCHEDULES = "Only whoever made that schedule and admins"
ONLY_ADMINS = {
    "close": OnlyAdmins(clicks(CloseClick(poll="-")), POLLS, "takes no more answers"),
    "delete": OnlyAdmins(clicks(DeleteClick(poll="-")), POLLS, "is deleted"),
    "pause": OnlyAdmins(clicks(PauseClick(schedule="-")), SCHEDULES, "Paused: Results"),
    "resume": OnlyAdmins(clicks(ResumeClick(schedule="-")), SCHEDULES, "Next:"),
    "run": OnlyAdmins(clicks(RunNowClick(schedule="-")), SCHEDULES, "Posted"),
    "edit a schedule": OnlyAdmins(clicks(EditScheduleClick(schedule="-")), SCHEDULES, "09:00"),
    "drop a schedule": OnlyAdmins(clicks(DeleteScheduleClick(schedule="-")), SCHEDULES, "deleted"),
    "set up": OnlyAdmins(sets_up, "Only admins of this workspace", "Where polls live"),
}


def kept(house: House) -> list[Any]:
    """Return all that is Ben's, as it lies on disk."""
    return [
        house.rows(f"SELECT * FROM {table}")  # noqa: S608  names of tables
        for table in ("polls", "answers", "schedules", "sources", "teams")
    ]


def windows_of(house: House, user: str) -> list[str]:
    return [drawn(view) for view in house.slack.stack_of(user)]


async def saw(house: House, user: str, part: str) -> None:
    """Wait until the person was shown the words, in a window or privately."""

    def there() -> bool:
        said = [*house.words(user), *windows_of(house, user)]
        said += [shown(m) for m in house.slack.visible_to(user, PLANNING) if m.ephemeral_for]
        return any(part in one for one in said)

    await house.slack.until(there, 10, what=f"“{part}” to {user}: {house.words(user)}")


@pytest.mark.parametrize("who", [EVE, FAY, CLEO], ids=["a stranger", "of a sister", "a member"])
@pytest.mark.parametrize("right", ONLY_ADMINS.values(), ids=ONLY_ADMINS)
async def test_whoever_is_no_admin_here_may_not(
    house: House, pollbot: Pollbot, made: Made, right: OnlyAdmins, who: str
) -> None:
    before = kept(house)

    in_time(await right.act(house, who, made))

    await saw(house, who, right.refused)
    await rest(house, pollbot)
    assert windows_of(house, who) == []
    assert kept(house) == before


@pytest.mark.parametrize("right", ONLY_ADMINS.values(), ids=ONLY_ADMINS)
async def test_an_admin_of_this_workspace_may(house: House, made: Made, right: OnlyAdmins) -> None:
    in_time(await right.act(house, ADA, made))

    await saw(house, ADA, right.done)


async def test_a_stranger_is_offered_nothing_of_an_admin(house: House, made: Made) -> None:
    for who in (EVE, FAY, CLEO):
        assert "Close" not in offers(await more(house, who, made.card))
        listed = await house.slack.command(who, TWO_OF_US, "/pollbot", "schedules")
        assert "Schedules in this workspace" not in listed.body
    assert "Close" in offers(await more(house, ADA, made.card))
    listed = await house.slack.command(ADA, TWO_OF_US, "/pollbot", "schedules")
    assert "Schedules in this workspace" in listed.body


async def test_who_is_named_in_the_settings_may_be_of_any_workspace(house: House) -> None:
    house.slack.add_person(EVE, "Eve", team_id="T0PARTNER", shares=[PLANNING])
    async with house.program(admins=frozenset({EVE})):
        await house.slack.command(EVE, PLANNING, "/pollbot", "setup")
        await front(house, EVE, "Where polls live")


# What could not be asked is not "no"


@dataclass(frozen=True)
class Failing:
    """How Slack answers users.info; ``slow`` in seconds."""

    status: int = 200
    body: dict[str, Any] | str | None = None
    slow: float = 0.0

    def begin(self, house: House) -> None:
        if self.slow:
            house.slack.faults.slow_down("users.info", self.slow)
            return
        headers = {"Retry-After": "30"} if self.status == 429 else {}
        house.slack.faults.fail_next("users.info", self.status, self.body, headers, times=50)


def refusing(code: str) -> Failing:
    return Failing(body={"ok": False, "error": code})


ALIEN = {"id": ADA, "is_admin": True, "real_name": "Ada"}
FAILING = {
    "429": Failing(429, {"ok": False, "error": "ratelimited"}),
    "no answer in time": Failing(slow=8.0),
    "a cut connection": Failing(0),
    "internal_error": refusing("internal_error"),
    "500": Failing(500, "<html>Oops</html>"),
    "HTML": Failing(200, "<html>Hello</html>"),
    "a list": Failing(200, "[]"),
    "deep JSON": Failing(200, '{"ok": true, "user": ' + "[" * 100_000),
    "no user": Failing(200, {"ok": True}),
    "a user that is a number": Failing(200, {"ok": True, "user": 7}),
    "a user that is nobody": Failing(200, {"ok": True, "user": {}}),
    "a workspace that is a number": Failing(200, {"ok": True, "user": {**ALIEN, "team_id": 7}}),
    "a user of no workspace": Failing(200, {"ok": True, "user": ALIEN}),
    "missing_scope": refusing("missing_scope"),
    "user_not_found": refusing("user_not_found"),
    "token_revoked": refusing("token_revoked"),
}


async def tried(
    house: House, pollbot: Pollbot, made: Made, right: OnlyAdmins, failing: Failing
) -> None:
    """See that an admin whom Slack does not tell about is not told that they are none."""
    before = kept(house)
    failing.begin(house)

    in_time(await right.act(house, ADA, made))

    await saw(house, ADA, "Whether you are an admin of this workspace could not be looked up")
    await saw(house, ADA, "Nothing was changed.")
    await rest(house, pollbot)
    assert not any("Only" in said for said in house.words(ADA))
    assert kept(house) == before
    house.slack.faults.mend("users.info")
    in_time(await right.act(house, ADA, made))
    await saw(house, ADA, right.done)


@pytest.mark.parametrize("failing", FAILING.values(), ids=FAILING)
async def test_an_admin_who_cannot_be_looked_up_is_no_stranger(
    house: House, pollbot: Pollbot, made: Made, failing: Failing
) -> None:
    await tried(house, pollbot, made, ONLY_ADMINS["close"], failing)


@pytest.mark.parametrize("right", ONLY_ADMINS.values(), ids=ONLY_ADMINS)
async def test_each_right_of_an_admin_is_asked_for_again(
    house: House, pollbot: Pollbot, made: Made, right: OnlyAdmins
) -> None:
    await tried(house, pollbot, made, right, FAILING["429"])


@pytest.mark.parametrize(
    ("failing", "next_step"),
    [
        ("429", "Please try again in a minute."),
        ("no answer in time", "Please try again in a minute."),
        ("missing_scope", "Whoever runs pollbot has to install the app again"),
    ],
)
async def test_the_next_step_is_one_that_may_help(
    house: House, made: Made, failing: str, next_step: str
) -> None:
    FAILING[failing].begin(house)

    await pressed(house, ADA, made.click(CloseClick(poll="-")))

    await saw(house, ADA, next_step)


async def test_a_form_of_an_admin_stays_open_with_what_was_typed(house: House, made: Made) -> None:
    await manage(house, BEN, made.card, "edit_poll", '"callback_id": "edit_poll"')
    for user in (ADA, BEN):
        await more(house, user, made.card)
    await manage(house, ADA, made.card, "edit_poll", '"callback_id": "edit_poll"')
    form = house.slack.stack_of(ADA)[-1]
    house.clock.ahead += 3600.0  # what was known of Ada is asked anew
    FAILING["429"].begin(house)

    typed = {"title": {element(form, "title"): "Dinner?"}}
    sent = await house.slack.submit(ADA, form.id, typed)

    assert "could not be looked up" in str((sent.json or {}).get("errors")), sent
    assert house.slack.stack_of(ADA)[-1].values["title"] == typed["title"]
    house.slack.faults.mend("users.info")
    sent = await house.slack.submit(ADA, form.id, {})
    assert (sent.status, sent.body) == (200, ""), sent
    await house.card("Dinner?")


async def test_what_else_can_be_done_is_offered_to_whom_nobody_knows(
    house: House, made: Made
) -> None:
    FAILING["429"].begin(house)

    assert "Close" in offers(await more(house, ADA, made.card))


async def test_a_list_says_that_it_may_not_be_whole(house: House, made: Made) -> None:
    house.clock.ahead += 3600.0  # what was known of Ben is asked anew
    FAILING["429"].begin(house)

    for user, rest_of_it in ((ADA, "You have no schedules"), (BEN, "Your schedules")):
        listed = await house.slack.command(user, TWO_OF_US, "/pollbot", "schedules")
        in_time(listed)
        assert "could not be looked up" in listed.body
        assert rest_of_it in listed.body
        assert "There are no schedules" not in listed.body


async def test_a_reader_is_reminded_though_the_app_may_not_look_people_up(
    house: House, pollbot: Pollbot
) -> None:
    house.slack.faults.fail_next(
        "users.info", 200, {"ok": False, "error": "missing_scope"}, times=500
    )
    end = int(house.clock() + 7200)
    await house.slack.command(ADA, PLANNING, "/poll", "")
    form = await all_of(house, await front(house, ADA, '"callback_id": "create_poll"'))
    chosen = {"title": "Lunch?", "options": "Pizza\nSoup", "end": end}
    values = {field: {element(form, field): value} for field, value in chosen.items()}
    values["remind"] = {element(form, "remind"): "3600"}
    await house.slack.submit(ADA, form.id, values)
    await answer(house, ADA, await house.card("Lunch?"), "Soup")

    house.clock.ahead += 3700

    await house.told(BEN, "Lunch?")


# No zone is guessed

NEW_YORK = "America/New_York"
AT_FIVE = f"multi until 2031-01-15T17:00 {LUNCH}"
FIVE_IN_NEW_YORK = 1926280800.0  # 22:00 UTC


def polls_made(house: House) -> list[float | None]:
    """Return the end of each poll there is."""
    return [row[0] for row in house.rows("SELECT closes_at FROM polls")]


UNTOLD = {
    **{name: how for name, how in FAILING.items() if "workspace" not in name},
    "no zone": Failing(body={"ok": True, "user": {"id": ADA, "team_id": "T0SANDBOX"}}),
    "a zone that is a list": Failing(body={"ok": True, "user": {"id": ADA, "tz": ["UTC"]}}),
    "an empty zone": Failing(body={"ok": True, "user": {"id": ADA, "tz": ""}}),
}


@pytest.mark.parametrize("failing", UNTOLD.values(), ids=UNTOLD)
async def test_a_time_is_never_taken_in_a_zone_that_nobody_knows(
    house: House, pollbot: Pollbot, failing: Failing
) -> None:
    house.slack.people[ADA].tz = NEW_YORK
    failing.begin(house)

    said = await house.slack.command(ADA, PLANNING, "/poll", AT_FIVE)

    in_time(said)
    await saw(house, ADA, "Your time zone could not be looked up")
    await saw(house, ADA, "nothing was created")
    await saw(house, ADA, 'You typed: /poll multi until 2031-01-15T17:00 "Lunch?" "Pizza" "Soup"')
    await rest(house, pollbot)
    assert polls_made(house) == []
    house.clock.ahead += 3600.0  # what was known of Ada is asked anew
    house.slack.faults.mend("users.info")
    await house.slack.command(ADA, PLANNING, "/poll", AT_FIVE)
    await house.card("Lunch?")
    assert polls_made(house) == [FIVE_IN_NEW_YORK]


@pytest.mark.parametrize(
    "words",
    ["until 2031-01-15T17:00-05:00", "until 2031-01-15T22:00Z", "until 2031-01-15 22:00 UTC"],
)
async def test_a_time_with_its_offset_needs_no_zone(house: House, words: str) -> None:
    async with house.program():
        FAILING["no answer in time"].begin(house)

        in_time(await house.slack.command(ADA, PLANNING, "/poll", f"{words} {LUNCH}"))

        await house.card("Lunch?")
        assert polls_made(house) == [FIVE_IN_NEW_YORK]


async def test_the_word_until_in_a_question_needs_no_zone(house: House) -> None:
    async with house.program():
        FAILING["no answer in time"].begin(house)

        await poll(house, '"Open until 17:00?" "Yes" "No"')

        assert polls_made(house) == [None]


async def test_what_was_typed_is_said_back_as_it_was_typed(house: House) -> None:
    async with house.program():
        FAILING["429"].begin(house)
        options = " ".join(f'"*Option* {n} &lt;!channel&gt; {"x" * 60}"' for n in range(40))

        said = await house.slack.command(
            ADA, PLANNING, "/poll", f'until 2031-01-15 "Which _one_?" {options}'
        )

        (message,) = [m for m in house.slack.messages if m.ephemeral_for == ADA]
        assert said.status == 200
        for n in range(40):
            assert f'"*Option* {n} <\u2060!channel> {"x" * 60}"' in "".join(texts(message)), n


def texts(message: Message) -> list[str]:
    """Return the text that a message's blocks show, whatever it is made of."""
    found: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if isinstance(part.get("text"), str):
                found.append(part["text"])
            for inner in part.values():
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    walk(message.blocks)
    return found


@pytest.mark.parametrize("repeat", ["none", "daily"])
@pytest.mark.parametrize("failing", ["429", "no answer in time", "missing_scope"])
async def test_a_form_that_needs_a_zone_stays_open_with_its_fields(
    house: House, pollbot: Pollbot, failing: str, repeat: str
) -> None:
    house.slack.people[ADA].tz = NEW_YORK
    FAILING[failing].begin(house)
    await house.slack.command(ADA, PLANNING, "/poll", "")
    form = await all_of(house, await front(house, ADA, '"callback_id": "create_poll"'))
    typed = {
        "title": {"value": "Lunch?"},
        "options": {"value": "Pizza\nSoup"},
        "post_at": {"changed": int(house.clock()) + 86400},
        "repeat": {"changed": repeat},
    }

    sent = await house.slack.submit(ADA, form.id, typed)

    said = (sent.json or {})["errors"]
    assert list(said) == ["post_at"]
    assert "Your time zone could not be looked up" in said["post_at"]
    assert "what you filled in is still here" in said["post_at"]
    assert house.slack.stack_of(ADA)[-1].values == typed
    assert house.rows("SELECT * FROM schedules") == []
    house.slack.faults.mend("users.info")
    await house.slack.submit(ADA, form.id, {})
    (line,) = await lines(house)
    assert NEW_YORK in line or repeat == "none"


async def test_no_form_of_a_schedule_is_opened_in_a_zone_that_nobody_knows(
    house: House, pollbot: Pollbot
) -> None:
    house.slack.people[ADA].tz = NEW_YORK
    FAILING["429"].begin(house)
    card = await lunch(house)

    in_time(await press(house, ADA, card, "Schedule results"))

    await saw(house, ADA, "Your time zone could not be looked up")
    assert windows_of(house, ADA) == []
    house.slack.faults.mend("users.info")
    await schedule(house, card, every="daily", at="09:00")
    assert NEW_YORK in (await lines(house))[0]
