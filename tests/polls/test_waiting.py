"""Polls that cannot be made when they are asked for: kept, made when they can be, and told."""

import copy
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pollbot.sandbox.slack import Answer, Message, View
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.wiring import Pollbot
from tests.door.test_cut_off import copies_in
from tests.support import stored
from tests.support.house import (
    ADA,
    BEN,
    PLANNING,
    TOKENS,
    House,
    letters,
    nothing_waits,
    rest,
    shown,
    written,
)
from tests.support.polls import (
    action,
    all_of,
    close,
    element,
    hanging,
    labels,
    more,
    poll,
    polls_listed,
    until,
)
from tests.support.team_voice import (
    MACRO,
    PAGE,
    SPACE,
    by_default,
    change,
    close_windows,
    command,
    connect,
    in_time,
    press,
    set_up,
    team_voice,
    window,
)

LUNCH = '"Lunch?" "Pizza" "Soup"'
FILLED = {
    "title": {"value": "Lunch?"},
    "options": {"value": "Pizza\nSoup"},
}
LONG = 60.0
DAY = 86400.0


@dataclass
class World:
    """A house with a Team Voice beside it, and what is to be asked for in it."""

    house: House
    voice: TeamVoiceStandIn
    where: str
    in_team_voice: bool

    @asynccontextmanager
    async def program(self) -> AsyncIterator[Pollbot]:
        settings = by_default(self.voice) if self.in_team_voice else {}
        async with self.house.program(**settings) as pollbot:
            yield pollbot


Home = tuple[str, bool]
HOMES: dict[str, Home] = {
    "on an issue, in pollbot": ("PLAT-12", False),
    "on a page, in pollbot": ("page", False),
    "on an issue, in Team Voice": ("PLAT-12", True),
    "on a page, in Team Voice": ("page", True),
}


def link(house: House) -> str:
    return f"{house.jira.site_url}/wiki/spaces/DOCS/pages/{PAGE}/Release+plan"


@pytest.fixture
async def voice(house: House) -> AsyncIterator[TeamVoiceStandIn]:
    async with team_voice(house) as stand_in:
        yield stand_in


async def world(house: House, voice: TeamVoiceStandIn, home: Home) -> World:
    """Have all known that a poll at that home needs; Ada is connected."""
    where, in_team_voice = home
    made = World(house, voice, link(house) if where == "page" else where, in_team_voice)
    async with made.program():
        await connect(house, ADA)
        if where == "page" and in_team_voice:
            await set_up(house, ADA, SPACE, voice.url)
            await close_windows(house, ADA)
            await command(house, ADA, f"macro {link(house)} {MACRO}", "/pollbot")
    return made


# The two ways to ask, and what comes of it at once


async def by_command(world: World, user: str) -> Message | View:
    house = world.house
    answer = await house.slack.command(user, PLANNING, "/poll", f"{world.where} {LUNCH}")
    in_time(answer)
    return await house.told(user, "Lunch?")


async def by_form(world: World, user: str) -> Message | View:
    house = world.house
    await house.slack.command(user, PLANNING, "/poll", world.where)
    form = await window(house, user, '"callback_id": "create_poll"')
    answer = await house.slack.submit(user, form.id, filled(form))
    in_time(answer)
    return await window(house, user, "poll_told")


def filled(form: View) -> dict[str, Any]:
    return FILLED | {"channel": {element(form, "channel"): PLANNING}}


WAYS: dict[str, Callable[[World, str], Awaitable[Message | View]]] = {
    "command": by_command,
    "form": by_form,
}


def said(told: Message | View) -> str:
    return str(told.view["blocks"]) if isinstance(told, View) else f"{told.text} {shown(told)}"


def offered(told: Message | View) -> set[str]:
    blocks = told.view["blocks"] if isinstance(told, View) else told.blocks
    return {
        one["action_id"]
        for block in blocks
        if block["type"] == "actions"
        for one in block["elements"]
    }


# What stands in the way, what is said of it, and how it is mended


@dataclass(frozen=True)
class Trouble:
    words: str
    begin: Callable[[World], Awaitable[None]]
    mend: Callable[[World], Awaitable[None]]
    only_team_voice: bool = False


async def jira_down(world: World) -> None:
    world.house.jira.faults.mode = "down"


async def jira_busy(world: World) -> None:
    world.house.jira.faults.mode = "429"


async def jira_slow(world: World) -> None:
    world.house.jira.faults.slow_seconds = 2.2
    world.house.jira.faults.mode = "slow"


async def jira_up(world: World) -> None:
    world.house.jira.faults.mode = "up"


async def voice_down(world: World) -> None:
    world.voice.faults.mode = "down"


async def voice_busy(world: World) -> None:
    world.voice.faults.mode = "429"


async def voice_odd(world: World) -> None:
    world.voice.html_mode = True


async def voice_up(world: World) -> None:
    world.voice.faults.mode, world.voice.html_mode = "up", False


async def not_connected(world: World) -> None:
    async with world.program():
        await command(world.house, ADA, "disconnect", "/pollbot")


async def token_dead(world: World) -> None:
    world.house.jira.revoke("acc-ada")


async def connected(world: World) -> None:
    world.house.jira.people["acc-ada"].tokens[TOKENS[ADA]] = None
    async with world.program():
        await close_windows(world.house, ADA)
        await connect(world.house, ADA)


TROUBLES = {
    "Jira away": Trouble("Jira does not answer right now", jira_down, jira_up),
    "Jira busy": Trouble("too many requests came to Jira", jira_busy, jira_up),
    "Jira slow": Trouble("takes longer than usual", jira_slow, jira_up),
    "Team Voice away": Trouble("Team Voice does not answer", voice_down, voice_up, True),
    "Team Voice busy": Trouble("Team Voice is asked too much", voice_busy, voice_up, True),
    "Team Voice odd": Trouble("does not understand", voice_odd, voice_up, True),
    "not connected": Trouble("own Jira account", not_connected, connected),
    "token dead": Trouble("no longer accepts your API token", token_dead, connected),
}

TABLE = [
    pytest.param(way, home, trouble, id=f"{home}, by {way}: {trouble}")
    for way in WAYS
    for home in HOMES
    for trouble in TROUBLES
    if HOMES[home][1] or not TROUBLES[trouble].only_team_voice
]


@pytest.mark.parametrize(("way", "home", "trouble"), TABLE)
async def test_a_poll_that_cannot_be_made_now_is_kept_over_a_restart_and_made_once(
    house: House, voice: TeamVoiceStandIn, way: str, home: str, trouble: str
) -> None:
    there, what = await world(house, voice, HOMES[home]), TROUBLES[trouble]
    await what.begin(there)
    async with there.program():
        kept = await WAYS[way](there, ADA)

        assert what.words in said(kept)
        assert "is saved, and is made and posted by itself" in said(kept)
        wants_account = trouble in ("not connected", "token dead")
        assert offered(kept) == {"drop_poll"} | ({"connect_jira"} if wants_account else set())
    assert hanging(house) == []
    assert voice.polls == {}

    await what.mend(there)
    async with there.program() as pollbot:
        told = await house.slack.until(
            lambda: next((m for m in letters(house, ADA) if "is made" in m), None),
            LONG,
            what=f"that it is made: {letters(house, ADA)}",
        )
        card = await house.card("Lunch?")
        await nothing_waits(house, pollbot)

        assert f"<#{PLANNING}>" in told
        assert "Pizza" in labels(card).values()
        assert len(hanging(house)) == 1
        assert len(voice.polls) == int(there.in_team_voice)
        assert len(await polls_listed(house, there.where)) == 1
    assert house.rows("SELECT * FROM waiting_polls") == []


# Posted later, and copied


def of(home: str, trouble: str) -> bool:
    return HOMES[home][1] or not TROUBLES[trouble].only_team_voice


ALL = [
    pytest.param(home, trouble, id=f"{home}: {trouble}")
    for home in HOMES
    for trouble in TROUBLES
    if of(home, trouble)
]


async def later(world: World, **fields: Any) -> tuple[Answer, View]:
    """Fill in the form with a time, a day ahead, and send it; return the answer and the form."""
    house = world.house
    await house.slack.command(ADA, PLANNING, "/poll", world.where)
    form = await all_of(house, await window(house, ADA, '"callback_id": "create_poll"'))
    at = {"post_at": {"changed": int(house.clock() + DAY)}, "repeat": {"changed": "none"}}
    answer = await house.slack.submit(ADA, form.id, filled(form) | at | fields)
    in_time(answer)
    return answer, form


@pytest.mark.parametrize(("home", "trouble"), ALL)
async def test_a_poll_is_saved_for_later_though_nobody_can_be_asked_about_it(
    house: House, voice: TeamVoiceStandIn, home: str, trouble: str
) -> None:
    there, what = await world(house, voice, HOMES[home]), TROUBLES[trouble]
    await what.begin(there)
    async with there.program():
        await later(there)
        kept = await window(house, ADA, "poll_told")

        assert "Saved" in said(kept)
        assert what.words in said(kept)
        wants_account = trouble in ("not connected", "token dead")
        assert offered(kept) == ({"connect_jira"} if wants_account else set())
        await close_windows(house, ADA)
    assert hanging(house) == []

    await what.mend(there)
    async with there.program():
        house.clock.ahead += DAY + 60
        card = await house.card("Lunch?")

        assert "Pizza" in labels(card).values()
        assert len(hanging(house)) == 1
        assert len(voice.polls) == int(there.in_team_voice)


@pytest.mark.parametrize("trouble", ["not connected", "token dead"])
async def test_one_that_is_due_before_its_person_has_connected_is_paused_until_then(
    house: House, voice: TeamVoiceStandIn, trouble: str
) -> None:
    there = await world(house, voice, HOMES["on an issue, in pollbot"])
    await TROUBLES[trouble].begin(there)
    async with there.program():
        await later(there)
        await window(house, ADA, "poll_told")
        await close_windows(house, ADA)
        house.clock.ahead += DAY + 60

        told = await house.told(ADA, "Your schedule is paused")

        assert "`/pollbot connect`" in shown(told)
    assert hanging(house) == []

    await TROUBLES[trouble].mend(there)
    async with there.program():
        await house.card("Lunch?")


async def test_what_jira_refuses_is_said_while_the_form_of_a_later_one_is_open(
    house: House, voice: TeamVoiceStandIn
) -> None:
    house.jira.add_issue("PLAT-99", "Hidden", seen_by=set())
    there = await world(house, voice, ("PLAT-99", False))
    async with there.program():
        answer, form = await later(there)

        assert "does not show it to you" in str((answer.json or {}).get("errors"))
        assert form.id in house.slack.views
        assert house.rows("SELECT id FROM schedules") == []


async def copied(world: World) -> View:
    """Press *Post a copy* of the one poll; return the window that tells of it."""
    house, card = world.house, hanging(world.house)[0]
    opened = await more(house, ADA, card)
    in_time(await house.slack.view_action(ADA, opened.id, "copy_poll"))
    return await window(house, ADA, "poll_told")


@pytest.mark.parametrize(("home", "trouble"), ALL)
async def test_a_copy_that_cannot_be_made_now_is_kept_and_made_once(
    house: House, voice: TeamVoiceStandIn, home: str, trouble: str
) -> None:
    there, what = await world(house, voice, HOMES[home]), TROUBLES[trouble]
    async with there.program():
        await by_command_at_once(there)
        await close(house, ADA, hanging(house)[0])
        await close_windows(house, ADA)
    await what.begin(there)
    async with there.program():
        kept = await copied(there)

        assert what.words in said(kept)
        assert "drop_poll" in offered(kept)
        await close_windows(house, ADA)
    assert len(hanging(house)) == 1

    await what.mend(there)
    async with there.program() as pollbot:
        await house.slack.until(
            lambda: any("is made" in text for text in letters(house, ADA)), LONG, what="a word"
        )
        await house.slack.until(lambda: len(hanging(house)) == 2, LONG, what="the copy's card")
        await nothing_waits(house, pollbot)

        assert len(hanging(house)) == 2
        assert len(voice.polls) == 2 * int(there.in_team_voice)


async def by_command_at_once(world: World) -> None:
    in_time(await world.house.slack.command(ADA, PLANNING, "/poll", f"{world.where} {LUNCH}"))
    await world.house.card("Lunch?")


# While it waits


async def waiting(house: House, text: str = f"PLAT-12 {LUNCH}", user: str = ADA) -> Message:
    """Ask for a poll while Jira is away; return what is said of it."""
    house.jira.faults.mode = "down"
    in_time(await house.slack.command(user, PLANNING, "/poll", text))
    return await house.told(user, "is saved")


async def letter(house: House, part: str, user: str = ADA) -> Message:
    """Return pollbot's direct message to the person that has this part, once it is there."""
    return await house.slack.until(
        lambda: next(
            (
                m
                for m in reversed(house.slack.messages)
                if part in m.text and m.text in letters(house, user)
            ),
            None,
        ),
        LONG,
        what=f"“{part}” in {letters(house, user)}",
    )


async def nothing_was_made(house: House, pollbot: Pollbot) -> None:
    house.jira.faults.mode = "up"
    await nothing_waits(house, pollbot)
    assert hanging(house) == []
    assert house.rows("SELECT id FROM polls") == []
    assert house.rows("SELECT id FROM waiting_polls") == []


@pytest.mark.parametrize("way", WAYS)
async def test_its_person_may_drop_it_and_reads_what_it_was(
    house: House, voice: TeamVoiceStandIn, way: str
) -> None:
    there = await world(house, voice, HOMES["on an issue, in pollbot"])
    house.jira.faults.mode = "down"
    async with there.program() as pollbot:
        kept = await WAYS[way](there, ADA)

        if isinstance(kept, View):
            await house.slack.view_action(ADA, kept.id, "drop_poll")
            dropped = said(await window(house, ADA, "Dropped"))
        else:
            await press(house, ADA, kept, "Drop it")
            dropped = said(await house.told(ADA, "Dropped"))

        assert "/poll PLAT-12 " in dropped
        assert '"Lunch?" "Pizza" "Soup"' in dropped
        assert "Drop it" not in dropped
        await nothing_was_made(house, pollbot)


async def test_what_was_made_meanwhile_is_not_dropped(house: House, pollbot: Pollbot) -> None:
    await connect(house, ADA)
    kept = await waiting(house)
    house.jira.faults.mode = "up"
    await letter(house, "is made")

    await house.slack.press(ADA, kept.id, "drop_poll")

    await house.told(ADA, "does not wait any more")
    await rest(house, pollbot)
    assert len(hanging(house)) == 1


async def test_nobody_drops_the_poll_of_another(house: House, pollbot: Pollbot) -> None:
    await connect(house, ADA)
    kept = await waiting(house)
    (button,) = (e for b in kept.blocks for e in b.get("elements", []) if "value" in e)
    card = await poll(house, '"Which day?" "Tuesday" "Thursday"', user=BEN)
    await house.slack.press(BEN, card.id, action(card, "Tuesday"))
    forged = copy.deepcopy(house.slack.deliveries[-1].body)
    forged["actions"][0] |= {"action_id": button["action_id"], "value": button["value"]}

    await house.slack.deliver(forged, kind="interactive")

    await house.told(BEN, "does not wait any more")
    house.jira.faults.mode = "up"
    await letter(house, "is made")


async def test_disconnecting_drops_it_by_name(house: House, pollbot: Pollbot) -> None:
    await connect(house, ADA)
    await waiting(house)
    await waiting(house, 'PLAT-13 "Dinner?" "Pizza" "Soup"')

    answer = await command(house, ADA, "disconnect", "/pollbot")

    assert "Dropped with it, and not made: your polls “Lunch?”, “Dinner?”." in answer
    await nothing_was_made(house, pollbot)


async def test_the_same_command_again_keeps_it_once(house: House, pollbot: Pollbot) -> None:
    await connect(house, ADA)
    await waiting(house)
    again = house.slack.deliveries[-1]

    await house.slack.deliver(again.body, kind=again.kind)
    house.jira.faults.mode = "up"
    await letter(house, "is made")
    await house.slack.deliver(again.body, kind=again.kind)
    await nothing_waits(house, pollbot)

    assert len(hanging(house)) == 1
    assert len(await polls_listed(house, "PLAT-12")) == 1


async def test_a_person_has_a_bounded_number_of_them(house: House, pollbot: Pollbot) -> None:
    await connect(house, ADA, BEN)
    for number in range(20):
        await waiting(house, f'PLAT-12 "Lunch {number}?" "Pizza" "Soup"')

    refused = await command(house, ADA, 'PLAT-12 "One more?" "Pizza" "Soup"')
    await waiting(house, user=BEN)

    assert "20 polls of yours wait to be made already" in refused
    assert len(house.rows("SELECT id FROM waiting_polls")) == 21


async def test_what_needs_no_jira_does_not_wait_for_it(house: House, pollbot: Pollbot) -> None:
    house.jira.faults.mode = "down"

    assert await command(house, ADA, LUNCH) == ""

    await house.card("Lunch?")


async def test_a_token_that_dies_while_it_waits_is_told_and_the_poll_made_with_a_new_one(
    house: House, pollbot: Pollbot
) -> None:
    await connect(house, ADA)
    await waiting(house)
    house.jira.revoke("acc-ada")
    house.jira.faults.mode = "up"

    told = await letter(house, "no longer accepts your API token")
    assert "*Lunch?*" in told.text
    await rest(house, pollbot)
    house.jira.people["acc-ada"].tokens[TOKENS[ADA]] = None
    await house.connect(ADA)

    await window(house, ADA, "Your poll “Lunch?” is being made")
    await letter(house, "is made")
    assert sum("no longer accepts" in word for word in letters(house, ADA)) == 1


async def test_a_vote_that_finds_the_token_dead_lets_the_poll_wait_as_well(
    house: House, pollbot: Pollbot
) -> None:
    await connect(house, ADA)
    await waiting(house)
    house.jira.faults.fail_next("GET issue", 503, "", times=4)
    house.jira.revoke("acc-ada")
    house.jira.faults.mode = "up"
    await house.vote(ADA, "PLAT-13")
    await house.told(ADA, "no longer accepts your API token")

    house.jira.people["acc-ada"].tokens[TOKENS[ADA]] = None
    await house.connect(ADA)

    await letter(house, "is made")
    await house.votes("PLAT-13", 1)


# What is not made in the end


def gone(house: House, voice: TeamVoiceStandIn) -> None:
    del house.jira.issues["PLAT-12"]


def hidden(house: House, voice: TeamVoiceStandIn) -> None:
    house.jira.issues["PLAT-12"].seen_by = {"acc-ben"}


def not_to_be_edited(house: House, voice: TeamVoiceStandIn) -> None:
    house.jira.people["acc-ada"].may_edit = set()


def token_refused(house: House, voice: TeamVoiceStandIn) -> None:
    voice.tokens.clear()


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (gone, "Jira knows no issue PLAT-12"),
        (hidden, "does not show it to you"),
        (not_to_be_edited, "those who may edit PLAT-12"),
        (token_refused, "does not accept the access token"),
    ],
)
async def test_what_is_refused_in_the_end_is_told_with_all_that_was_typed(
    house: House, voice: TeamVoiceStandIn, why: Callable[..., None], words: str
) -> None:
    there = await world(house, voice, HOMES["on an issue, in Team Voice"])
    async with there.program() as pollbot:
        await waiting(house, 'PLAT-12 multi comments "Say \\"when\\"" "Now" "Later"')
        why(house, voice)
        house.jira.faults.mode = "up"

        told = await letter(house, "was not made")

        assert words in told.text
        assert as_typed(told) == '/poll PLAT-12 multi comments "Say \\"when\\"" "Now" "Later"'
        assert voice.polls == {}
        await nothing_was_made(house, pollbot)


async def test_what_team_voice_cannot_keep_is_said_at_once_though_jira_is_away(
    house: House, voice: TeamVoiceStandIn
) -> None:
    there = await world(house, voice, HOMES["on an issue, in Team Voice"])
    async with there.program():
        house.jira.faults.mode = "down"

        answer = await command(house, ADA, f"PLAT-12 hidden {LUNCH}")

        assert "Team Voice can only keep polls whose results are always visible" in answer
        assert house.rows("SELECT id FROM waiting_polls") == []


@pytest.mark.parametrize("is_connected", [True, False], ids=["Jira away", "not connected"])
async def test_it_waits_for_a_day_and_not_for_longer(
    house: House, pollbot: Pollbot, is_connected: bool
) -> None:
    if is_connected:
        await connect(house, ADA)
    await waiting(house)

    house.clock.ahead += DAY + 120

    told = await letter(house, "was not made")
    assert "waited for 24 hours" in told.text
    assert '/poll PLAT-12 "Lunch?" "Pizza" "Soup"' in shown(told)
    await nothing_was_made(house, pollbot)


async def test_it_is_not_made_after_its_own_end(house: House, pollbot: Pollbot) -> None:
    await connect(house, ADA)
    kept = await waiting(house, f"PLAT-12 {until(house, 3600)} {LUNCH}")
    assert "not after its end" in kept.text

    house.clock.ahead += 3700
    house.jira.faults.mode = "up"

    told = await letter(house, "was not made")
    assert "would have ended" in told.text
    await nothing_was_made(house, pollbot)


# In the middle of making it


def answer_is_lost(voice: TeamVoiceStandIn) -> None:
    voice.faults.lose_next_answer("POST polls")


def fails(voice: TeamVoiceStandIn) -> None:
    voice.faults.fail_next("POST polls", 502)


def as_typed(told: Message | View) -> str:
    """Return what was typed, as it is given back."""
    blocks = told.view["blocks"] if isinstance(told, View) else told.blocks
    return "".join(
        leaf["text"]
        for block in blocks
        if block["type"] == "rich_text"
        for part in block["elements"]
        if part["type"] == "rich_text_preformatted"
        for leaf in part["elements"]
    )


IN_TEAM_VOICE = [home for home in HOMES if HOMES[home][1]]
UNSURE = {
    "it is there": (answer_is_lost, "is made"),
    "it is not there": (fails, "it has no such poll"),
}


@pytest.mark.parametrize("is_restarted", [False, True], ids=["", "restarted"])
@pytest.mark.parametrize("unsure", UNSURE)
@pytest.mark.parametrize("home", IN_TEAM_VOICE)
@pytest.mark.parametrize("way", [*WAYS, "kept"])
async def test_what_team_voice_did_not_answer_is_looked_for_there_and_made_once(
    house: House,
    voice: TeamVoiceStandIn,
    way: str,
    home: str,
    unsure: str,
    is_restarted: bool,
) -> None:
    there, (fault, words) = await world(house, voice, HOMES[home]), UNSURE[unsure]
    async with there.program() as pollbot:
        fault(voice)
        if way == "kept":
            await waiting(house, f"{there.where} {LUNCH}")
            house.jira.faults.mode = "up"
            await house.slack.until(lambda: "POST" in str(voice.calls), LONG, what="a try")
        else:
            told = await WAYS[way](there, ADA)
            assert "may have been created all the same. I look there" in said(told)
            assert as_typed(told) == f"/poll {typed_place(there)} local {LUNCH}"
        if not is_restarted:
            await is_decided(there, pollbot, words)
    if is_restarted:
        async with there.program() as pollbot:
            await is_decided(there, pollbot, words)


def typed_place(there: World) -> str:
    site = there.house.jira.site_url
    is_page = there.where != "PLAT-12"
    return f"{site}/wiki/pages/viewpage.action?pageId={PAGE}" if is_page else there.where


async def is_decided(there: World, pollbot: Pollbot, words: str) -> None:
    """Wait for the last word; the poll is in Team Voice and has a card, or neither."""
    house, is_made = there.house, words == "is made"
    told = await letter(house, words)
    if is_made:
        await house.card("Lunch?")
    else:
        assert as_typed(told) == f"/poll {typed_place(there)} {LUNCH}"
    await nothing_waits(house, pollbot)

    assert len(there.voice.polls) == len(hanging(house)) == int(is_made)
    assert len(house.rows("SELECT id FROM polls")) == int(is_made)
    assert house.rows("SELECT id FROM waiting_polls") == []
    assert len(letters(house, ADA)) == 1


async def test_what_others_have_listed_meanwhile_is_found_and_is_its_creators(
    house: House, voice: TeamVoiceStandIn
) -> None:
    there = await world(house, voice, HOMES["on an issue, in Team Voice"])
    async with there.program():
        await connect(house, BEN)
        answer_is_lost(voice)
        await by_command(there, ADA)
        assert len(await polls_listed(house, "PLAT-12", user=BEN)) == 1

        await letter(house, "is made")

        await house.card("Lunch?")
        assert house.rows("SELECT created_by FROM polls") == [(ADA,)]


@pytest.mark.parametrize("way", WAYS)
async def test_what_cannot_be_looked_for_for_a_day_is_told_with_all_that_was_typed(
    house: House, voice: TeamVoiceStandIn, way: str
) -> None:
    there = await world(house, voice, HOMES["on an issue, in Team Voice"])
    async with there.program() as pollbot:
        answer_is_lost(voice)
        await WAYS[way](there, ADA)
        voice.faults.mode = "down"

        house.clock.ahead += DAY + 120

        told = await letter(house, "may have been created, or not")
        assert as_typed(told) == f"/poll PLAT-12 {LUNCH}"
        assert "with `local` before the question" in told.text
        await nothing_waits(house, pollbot)
        assert hanging(house) == []
        assert house.rows("SELECT id FROM polls") == []


async def test_a_kill_while_team_voice_makes_it_loses_nothing_of_what_was_typed(
    house: House, voice: TeamVoiceStandIn
) -> None:
    there = await world(house, voice, HOMES["on an issue, in Team Voice"])
    async with there.program() as pollbot:
        voice.faults.mode, voice.faults.slow_seconds = "slow", 4.0
        in_time(await house.slack.command(ADA, PLANNING, "/poll", f"PLAT-12 {LUNCH}"))
        await written(pollbot)
        assert len(house.rows("SELECT id FROM waiting_polls")) == 1
    voice.faults.mode = "up"

    async with there.program() as pollbot:
        await house.slack.until(lambda: letters(house, ADA), LONG, what="a word")
        await nothing_waits(house, pollbot)

        assert len(letters(house, ADA)) == 1
        assert len(voice.polls) == len(hanging(house)) == len(house.rows("SELECT id FROM polls"))
        assert hanging(house) or f"/poll PLAT-12 {LUNCH}" in str(house.slack.messages)


async def test_one_that_was_cut_off_before_team_voice_answered_is_found_and_not_made_again(
    house: House, voice: TeamVoiceStandIn
) -> None:
    there = await world(house, voice, HOMES["on an issue, in Team Voice"])
    async with there.program():
        await waiting(house)
        row = house.rows("SELECT stamp FROM waiting_polls")
        house.jira.faults.mode = "up"
        await letter(house, "is made")
    # What a crash leaves between Team Voice's answer and the row.
    change(house, "UPDATE polls SET made = 0, remote_id = NULL, raw = NULL")
    change(house, "DELETE FROM cards")
    wait_again(house, row[0][0], "making")
    house.slack.messages.clear()

    async with there.program() as pollbot:
        await letter(house, "is made")
        await house.card("Lunch?")
        await nothing_waits(house, pollbot)

        assert len(voice.polls) == len(hanging(house)) == 1
        assert len(letters(house, ADA)) == 1
    assert house.rows("SELECT id FROM waiting_polls") == []


@pytest.mark.parametrize("has_card", [True, False])
@pytest.mark.parametrize("home", HOMES)
async def test_one_that_was_cut_off_later_is_not_made_a_second_time(
    house: House, voice: TeamVoiceStandIn, home: str, has_card: bool
) -> None:
    there = await world(house, voice, HOMES[home])
    async with there.program():
        await waiting(house, f"{there.where} {LUNCH}")
        row = house.rows("SELECT stamp FROM waiting_polls")
        house.jira.faults.mode = "up"
        await letter(house, "is made")
        await house.card("Lunch?")
    # What a crash leaves before the outcome is on disk.
    wait_again(house, row[0][0], "making")
    if not has_card:
        change(house, "DELETE FROM cards")
        change(house, "DELETE FROM deliveries WHERE deed = 'card'")
        house.slack.messages.clear()
    house.jira.faults.mode = "down"
    heard = len(letters(house, ADA))

    async with there.program() as pollbot:
        await house.slack.until(
            lambda: len(letters(house, ADA)) > heard, LONG, what="that it is made"
        )
        await house.card("Lunch?")
        await nothing_waits(house, pollbot)

        assert len(house.rows("SELECT id FROM polls")) == 1
        assert len(voice.polls) == int(there.in_team_voice)
        assert len(hanging(house)) == 1
    assert house.rows("SELECT id FROM waiting_polls") == []


@pytest.mark.of_files
async def test_whenever_pollbot_is_cut_off_while_team_voice_makes_one_it_hangs_once(
    house: House, voice: TeamVoiceStandIn, tmp_path: Path
) -> None:
    there = await world(house, voice, HOMES["on an issue, in Team Voice"])
    with copies_in(tmp_path / "cut", voice) as copied:
        async with there.program() as pollbot:
            copied.of = lambda: 0
            in_time(await house.slack.command(ADA, PLANNING, "/poll", f"PLAT-12 {LUNCH}"))
            card = await house.card("Lunch?")
            await rest(house, pollbot)
            copied.of = None
    assert len(copied.taken) > 2

    for _, folder in copied.taken:
        house.database = folder / "pollbot.db"
        known = house.rows("SELECT 1 FROM cards WHERE message_ts IS NOT NULL")
        house.slack.messages[:] = [card] * len(known)
        voice.polls = copied.there[folder.name]
        async with there.program() as pollbot:
            # What is being made is looked for by others a while after.
            for _ in range(3):
                await rest(house, pollbot)
                house.clock.ahead += 120
            await nothing_waits(house, pollbot)
        assert len(hanging(house)) == len(house.rows("SELECT id FROM polls")) == len(voice.polls)


def wait_again(house: House, stamp: str, state: str) -> None:
    """Put back the row of Ada's poll as it was before its outcome was kept."""
    ((team, subject, kind),) = house.rows("SELECT team_id, subject, kind FROM polls")
    ask = json.dumps(
        {
            "draft": {"title": "Lunch?", "options": ["Pizza", "Soup"]},
            "kind": kind,
            "subject": subject,
        }
    )
    values = (team, ADA, house.jira.site_url, kind, subject, ask, stamp, PLANNING, state)
    with stored.opened(house.database) as db:
        db.execute(
            "INSERT INTO waiting_polls (id, team_id, user_id, site, kind, subject, ask, stamp,"
            " channel_id, state, asked_at, due_at) VALUES ('w', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            (*values, house.clock()),
        )
