"""Two workspaces of one pollbot, with equal ids in Slack, see nothing of each other.

Each story of tests/door/test_every_delivery.py, and one of each listener that only shows something
(tests/support/looks.py), is lived in one of them, and then in the other.
"""

import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest

from pollbot.polls.refusals import PollElsewhere, PollUnknown
from pollbot.schedules.refusals import ScheduleElsewhere, ScheduleGone
from pollbot.setup.sentences import sentence
from pollbot.slack.markup import unmarked
from pollbot.thresholds.refusals import ThresholdElsewhere, ThresholdGone
from tests.door import test_every_delivery as every
from tests.door.test_every_delivery import ROWS, VOICE
from tests.polls.test_post_later import BERLIN
from tests.support import looks
from tests.support.apart import HERE, NOWHERE, THERE, World, renamed, world
from tests.support.house import (
    A_WHILE,
    ADA,
    BEN,
    EMAILS,
    PLANNING,
    TOKENS,
    Clock,
    House,
    rest,
    settled,
)
from tests.support.looks import LOOKS
from tests.support.polls import HOUR, poll, until
from tests.support.schedules import schedule, until_due
from tests.support.team_voice import by_default, close_windows, connect, team_voice
from tests.support.tried import Tried, once

_OF_INSTALLING = {"audit", "audit_people", "workspaces"}
"""Tables that tell of one of them that pollbot was installed there."""

Story = Callable[[House], Awaitable[Any]]
STORIES: dict[str, Story] = {**ROWS, **LOOKS}


def without_a_story() -> str:
    """Return what to do about listeners of whose story nobody knows; nothing if there are none."""
    without, gone = sorted(every.LOOKS - LOOKS.keys()), sorted(LOOKS.keys() - every.LOOKS)
    if gone:
        return f"{gone} in {looks.__file__} are listeners that are no more, or that act"
    if not without:
        return ""
    return (
        f"write for {without} in {looks.__file__} how it comes to be asked, with the delivery that "
        "is brought to it as the last one; what changes something has its story in DEEDS of "
        f"{every.__file__}"
    )


def test_each_listener_has_a_story() -> None:
    assert not without_a_story()


def listened_for(name: str) -> list[tuple[str, Any]]:
    """Return what a listener listens for: of which kind, and what it is called."""
    found: list[tuple[str, Any]] = []

    class App:
        def __getattr__(self, kind: str) -> Callable[..., Any]:
            def listen(wanted: Any, **_: Any) -> Callable[..., None]:
                def add(listener: Any) -> None:
                    if f"{every.feature_of(listener.__module__)}.{listener.__name__}" == name:
                        found.append((kind, wanted))

                return add

            return listen

    every.register_all(App())
    return found


def asked(body: dict[str, Any]) -> list[tuple[str, str]]:
    """Return for what a payload comes to a listener."""
    view, event = body.get("view") or {}, body.get("event") or {}
    match body.get("type", "command"):
        case "block_actions":
            return [("action", one["action_id"]) for one in body["actions"]]
        case "block_suggestion":
            return [("options", body["action_id"])]
        case "view_submission":
            return [("view", view["callback_id"])]
        case "event_callback":
            return [("event", event["type"])]
        case "shortcut":
            return [("global_shortcut", body["callback_id"])]
        case "message_action":
            return [("message_shortcut", body["callback_id"])]
        case _:
            return [("command", body.get("command", ""))]


def is_for(body: dict[str, Any], kind: str, wanted: Any) -> bool:
    names = [name for of, name in asked(body) if of == kind]
    if isinstance(wanted, dict):
        wanted = wanted["action_id"]
    if isinstance(wanted, re.Pattern):
        return any(wanted.search(name) for name in names)
    return wanted in names


@pytest.fixture
async def apart(
    house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    # What is drawn with an id in it is drawn otherwise where that has marks of Slack's in it.
    monkeypatch.setattr("pollbot.chance.urlsafe_b64encode", lambda id_: b64encode(id_, b"xy"))
    async with world(house.jira, house.database, clock) as made:
        yield made


def said(world: World, team_id: str) -> list[str]:
    """Return all that Slack was told in a workspace."""
    slack = world.slack(team_id)
    calls = [f"{call.method} {json.dumps(call.args, default=str)}" for call in slack.calls]
    return sorted(calls + [f"response_url {json.dumps(post.body)}" for post in slack.hook_posts])


NOT_HERE = (
    PollElsewhere(),
    PollUnknown(),
    ScheduleElsewhere(),
    ScheduleGone(),
    ThresholdElsewhere(),
    ThresholdGone(),
)


def timeless(text: str) -> str:
    """Return the text without times: what is done in two places is done one after the other."""
    return re.sub(r"\b1\d{9}(\.\d+)?\b|\d{4}-\d\d-\d\d \d\d:\d\d", "TIME", text)


def unknown(text: str) -> str:
    """Return the text without the difference between what is elsewhere and what is nowhere.

    Of what is elsewhere only that is told, as somebody may meet it in a shared channel.
    """
    for refused in NOT_HERE:
        for words in (sentence(refused), unmarked(sentence(refused))):
            text = text.replace(words, "That is not known here.")
    return text


@pytest.mark.parametrize("name", STORIES)
async def test_what_names_what_is_another_workspace_s_finds_nothing_and_changes_nothing(
    apart: World, name: str, tried: Tried
) -> None:
    """Each delivery of the story is brought once more, from elsewhere, with all that it names."""
    async with team_voice(apart.here) as voice, apart.program(**by_default(voice)) as pollbot:
        VOICE.set(voice)
        await connect(apart.here, ADA)
        await STORIES[name](apart.here)
        await settled(apart.here, pollbot)
        brought = list(apart.here.slack.deliveries)
        if name in LOOKS:
            wanted = listened_for(name)
            assert any(is_for(brought[-1].body, *one) for one in wanted), brought[-1].body
        before, told = apart.rows(HERE), said(apart, HERE)
        strange = {one: one[::-1] for one in apart.drawn(HERE)}

        found = {}
        for team_id in (THERE, NOWHERE):
            slack = apart.slack(team_id)
            slack.know(apart.slack(HERE))
            names = {HERE: team_id} | (strange if team_id == NOWHERE else {})
            answers = []
            for one in brought:
                body = json.loads(renamed(json.dumps(one.body), names))
                answer = await slack.replay(body, one)
                answers.append(f"{one.kind} {answer.status} {answer.body}")
                await rest(apart.here, pollbot)
            own = apart.drawn(team_id) - set(names.values()) - set(names.keys())
            back = {new: old for old, new in names.items()} | dict.fromkeys(own, "NEW")
            heard = [*answers, *said(apart, team_id)]
            found[team_id] = [timeless(unknown(renamed(one, back))) for one in heard]

        with once(tried, "two workspaces: deeds that name the other's", if_not="let in"):
            assert apart.rows(HERE) == before
            assert said(apart, HERE) == told
        extra = [one for one in found[THERE] if one not in found[NOWHERE]]
        with once(tried, "two workspaces: answers to those", if_not="leaked"):
            assert extra == [], [one for one in found[NOWHERE] if one not in found[THERE]]
            # Whose card nobody knows is taken for one that was forgotten, and drawn anew.
            unheard = [one for one in found[NOWHERE] if one not in found[THERE]]
            assert [one for one in unheard if not one.startswith("chat.update ")] == []


@pytest.mark.parametrize("name", ROWS)
async def test_the_same_in_two_workspaces_is_done_in_each_and_seen_in_neither_other(
    apart: World, name: str, tried: Tried
) -> None:
    """The whole story is lived here, and then there, by people and in channels of equal ids."""
    async with team_voice(apart.here) as voice, apart.program(**by_default(voice)) as pollbot:
        VOICE.set(voice)
        kept, undo = {}, None
        for team_id in (HERE, THERE):
            house, ahead = apart.houses[team_id], apart.here.clock.ahead
            await connect(house, ADA)
            undone = await ROWS[name](house)
            took_long = apart.here.clock.ahead - ahead > A_WHILE
            await settled(apart.here, pollbot)
            kept[team_id] = {
                table: len(rows)
                for table, rows in apart.rows(team_id).items()
                if table not in _OF_INSTALLING
            }
            for issue in apart.jira.issues.values():
                issue.voters.clear()  # nobody there has voted yet, whoever they are in Jira
            if team_id == HERE:
                undo, before, told = undone, apart.rows(HERE), said(apart, HERE)
        if "Team Voice" not in name:  # which both of them have
            with once(tried, "two workspaces: the same in both", if_not="lost"):
                assert kept[THERE] == kept[HERE]
        with once(tried, "two workspaces: deeds in the one beside", if_not="let in"):
            if not took_long:
                assert apart.rows(HERE) == before
                assert said(apart, HERE) == told
            if undo is not None and not took_long:
                before, told = apart.rows(THERE), said(apart, THERE)
                await undo(apart.here)
                await rest(apart.here, pollbot)
                assert apart.rows(THERE) == before
                assert said(apart, THERE) == told


async def test_one_workspace_does_not_wait_for_what_slack_asks_another_to_wait_for(
    apart: World,
) -> None:
    apart.slack(HERE).limits["users.info"] = (1, 60.0)
    for team_id, user in ((HERE, ADA), (THERE, BEN)):
        apart.slack(team_id).people[user].locale = "de-DE"
    async with apart.program():
        said = [
            await apart.slack(team_id).command(user, PLANNING, "/pollbot", "help")
            for team_id, user in ((HERE, BEN), (HERE, ADA), (THERE, BEN))
        ]

    assert "Umfrage" not in said[1].body, "Slack did not tell which language it is"
    assert "Umfrage" in said[2].body


async def test_what_is_due_in_both_at_once_goes_to_each_by_its_own_token_and_once(
    apart: World,
) -> None:
    """A schedule's post, the end of a poll, and a vote that Jira did not take until now."""
    people = {HERE: ADA, THERE: BEN}  # whose Jira account is Ada's there
    async with apart.program() as pollbot:
        for team_id, like in people.items():
            house = apart.houses[team_id]
            await house.connect(ADA, email=EMAILS[like], token=TOKENS[like])
            await close_windows(house, ADA)
            # Later than the poll's end, whatever time of day it is.
            later = datetime.fromtimestamp(house.clock() + 2 * HOUR, BERLIN)
            card = await poll(house, f'"Of {team_id}?" "A" "B"')
            await schedule(house, card, every="daily", at=f"{later:%H:%M}")
            await poll(house, f'{until(house, HOUR)} "Over in {team_id}?" "A" "B"')
        await settled(apart.here, pollbot)
        apart.jira.faults.answer_all(503)
        for team_id in people:
            await apart.houses[team_id].vote(ADA, "PLAT-13")
        await rest(apart.here, pollbot)
        began = {team_id: len(apart.slack(team_id).calls) for team_id in people}

        await until_due(apart.here)
        apart.jira.faults.let_go()
        for _ in range(3):
            await settled(apart.here, pollbot)
            apart.here.clock.ahead += A_WHILE

        for team_id, other in ((HERE, THERE), (THERE, HERE)):
            calls = apart.slack(team_id).calls[began[team_id] :]
            said = [json.dumps(one.args) for one in calls if one.method == "chat.postMessage"]
            assert len([one for one in said if f"Of {team_id}?" in one]) == 1, said
            assert len([one for one in said if f"Over in {team_id}?" in one]) == 1, said
            told = [one for one in apart.houses[team_id].words(ADA) if "is counted" in one]
            assert len(told) == 1, apart.houses[team_id].words(ADA)
            assert not [one for one in said if other in one]
            assert apart.slack(NOWHERE).calls == []
        votes = [one for one in apart.jira.calls if one.method == "POST" and one.status == 204]
        assert sorted(one.account_id or "" for one in votes) == ["acc-ada", "acc-ben"]
