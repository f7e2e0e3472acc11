"""Steps that cannot be done: Slack hears why, once, and nothing else has happened."""

import copy
from typing import Any

import pytest

from pollbot.wiring import Pollbot
from tests.support import polls
from tests.support.house import ADA, BEN, CLEO, LEADS, PLANNING, TWO_OF_US, House, rest
from tests.support.rights import add_group, allow
from tests.support.workflows import CREATE, begun, created, done, failed

LONG = "x" * 301

REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "no question": ("create_poll", {"question": " "}, "needs a question"),
    "a question that is too long": ("create_poll", {"question": LONG}, "301 characters"),
    "no options": ("create_poll", {"options": ""}, "at least 2 options"),
    "one option": ("create_poll", {"options": "Pizza"}, "at least 2 options"),
    "an option twice": ("create_poll", {"options": "Pizza\nSoup\n pizza "}, "“Pizza”"),
    "101 options": (
        "create_poll",
        {"options": "\n".join(f"Option {number}" for number in range(101))},
        "I found 101",
    ),
    "an unknown word": ("create_poll", {"settings": "multi dance"}, "“dance”"),
    "a word that is nearly one": ("create_poll", {"settings": "anonymus"}, "anonymous"),
    "words that contradict": ("create_poll", {"settings": "multi single"}, "single"),
    "a template with options": ("create_poll", {"settings": "yesno"}, "Pizza"),
    "an end that has passed": ("create_poll", {"end": "2001-01-01T00:00Z"}, "in the past"),
    "an end that is none": ("create_poll", {"end": "soonish"}, "soonish"),
    "two issues": ("create_poll", {"about": "PLAT-12 PLAT-13"}, "One issue at a time"),
    "no issue": ("create_poll", {"about": "the export"}, "the export"),
    "an issue without an account": ("create_poll", {"about": "PLAT-12"}, "/pollbot connect"),
    "no channel": ("create_poll", {"channel": ""}, "names no channel"),
    "a channel that is not there": ("create_poll", {"channel": "C0GONE"}, "channel_not_found"),
    "a private one without pollbot": ("create_poll", {"channel": LEADS}, "/invite @pollbot"),
    "a conversation": ("create_poll", {"channel": TWO_OF_US}, "channel_not_found"),
    "inputs of other kinds": ("create_poll", {"question": ["Lunch?"], "options": 7}, "a question"),
    "votes of nothing": ("votes_of_issue", {}, "Which issue?"),
    "votes of no issue": ("votes_of_issue", {"issue": "the export"}, "the export"),
    "votes on another site": (
        "votes_of_issue",
        {"issue": "https://x.example/browse/A-1"},
        "x.exam",
    ),
    "votes that Jira hides": ("votes_of_issue", {"issue": "PLAT-12"}, "/pollbot connect"),
    "the end of nothing": ("poll_closed", {}, "waits for nothing"),
    "the end of no poll": ("poll_closed", {"poll": "Lunch, please"}, "“Lunch, please” is no poll"),
    "the end of an unknown poll": ("poll_closed", {"poll": "0123456789abcdef"}, "not known here"),
    "a link to no poll": (
        "poll_closed",
        {"poll": f"https://acme.slack.com/archives/{PLANNING}/p1700000000000001"},
        "no message with a poll",
    ),
    "an unknown step": ("dance", {}, "pollbot manifest --steps"),
}


@pytest.mark.parametrize(("step", "given", "why"), REFUSED.values(), ids=REFUSED)
async def test_what_cannot_be_done_is_said_and_nothing_else_is_done(
    house: House, pollbot: Pollbot, step: str, given: dict[str, Any], why: str
) -> None:
    run = await begun(house, step, **({**CREATE, **given} if step == "create_poll" else given))

    said = await failed(house, run)

    assert why in said
    assert not {"*", "`", "<"} & set(said), "Slack passes it on as plain text"
    await rest(house, pollbot)
    assert house.rows("SELECT id FROM polls") == []
    assert house.rows("SELECT id FROM executions") == []
    assert [m.text for m in house.slack.messages] == []
    ends = [call for call in house.slack.calls if call.method.startswith("functions.")]
    assert len(ends) == 1


async def test_nobody_asks_where_nobody_used_the_workflow(house: House, pollbot: Pollbot) -> None:
    del pollbot
    forged = await begun(house, "create_poll", "", **CREATE, person=ADA)
    nobody = await begun(house, "create_poll", "", **CREATE)

    assert "who used the workflow" in await failed(house, nobody)
    assert "who used the workflow" in await failed(house, forged), "only Slack says who it was"


async def test_who_left_meanwhile_asks_nothing(house: House, pollbot: Pollbot) -> None:
    del pollbot
    house.slack.people[BEN].has_left = True

    run = await begun(house, "create_poll", BEN, **CREATE)

    assert "no active account" in await failed(house, run)


async def test_a_poll_comes_into_no_channel_that_its_asker_cannot_see(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    house.slack.channels[LEADS].app_is_member = True

    theirs = await begun(house, "create_poll", CLEO, **{**CREATE, "channel": LEADS})
    ours = await begun(house, "create_poll", BEN, **{**CREATE, "channel": LEADS})

    assert "not known to be in that channel" in await failed(house, theirs)
    await done(house, ours)
    assert len(house.rows("SELECT id FROM polls")) == 1


async def test_without_the_scopes_to_look_pollbot_asks_for_them(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    house.slack.tokens.bot_scopes = [
        one for one in house.slack.tokens.bot_scopes if one not in ("channels:read", "groups:read")
    ]

    run = await begun(house, "create_poll", **CREATE)

    assert "channels:read and groups:read" in await failed(house, run)


@pytest.mark.parametrize("left_out", ["function_execution_id", "function", "inputs"])
async def test_an_event_that_lacks_something_is_taken_and_harms_nothing(
    house: House, pollbot: Pollbot, left_out: str
) -> None:
    run = house.slack.workflows.begin(ADA, "create_poll", CREATE)
    body = house.slack.workflows.executed(run)
    del body["event"][left_out]

    answer = await house.slack.deliver(body, kind="events_api")

    assert (answer.status, answer.body) == (200, "")
    await rest(house, pollbot)
    assert house.rows("SELECT id FROM polls") == []
    assert run.state == ("running" if left_out == "function_execution_id" else "failed")


async def test_what_slack_did_not_sign_is_no_step(house: House, pollbot: Pollbot) -> None:
    run = house.slack.workflows.begin(ADA, "create_poll", CREATE)

    answer = await house.slack.deliver(
        house.slack.workflows.executed(run), kind="events_api", signature="v0=0123"
    )

    assert answer.status == 401
    await rest(house, pollbot)
    assert (run.state, house.rows("SELECT id FROM executions")) == ("running", [])


async def test_nothing_is_told_of_a_poll_of_another_workspace(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    told = await created(house)
    run = house.slack.workflows.begin(ADA, "poll_closed", {"poll": told["poll"]})
    body = copy.deepcopy(house.slack.workflows.executed(run))
    body["team_id"] = body["authorizations"][0]["team_id"] = "T0OTHER"

    await house.slack.deliver(body, kind="events_api")

    assert "belongs to another workspace" in await failed(house, run)


async def test_who_is_asked_in_german_reads_why_in_german(house: House, pollbot: Pollbot) -> None:
    del pollbot
    house.slack.people[BEN].locale = "de-DE"

    run = await begun(house, "create_poll", BEN, **{**CREATE, "channel": ""})

    assert "nennt keinen Channel" in await failed(house, run)


async def test_what_people_wrote_pings_nobody_in_what_a_step_tells(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    told = await created(house, question="Hey &lt;!channel&gt; *now*?", options="<@U0BEN>\nB_a_r")
    waiting = await begun(house, "poll_closed", poll=told["link"])
    card = await house.card("Hey")
    await polls.answer(house, BEN, card, "B_a_r")

    await polls.close(house, ADA, card)

    ended = await done(house, waiting)
    assert told["question"] == "Hey <\u2060!channel> *now*?"
    assert "<!" not in str([told, ended])
    assert "<@" not in str([told, ended])
    assert ended["winner"] == "B_a_r"
    assert "B_a_r 1 (100 %)" in ended["result"]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ({"makers": "admins"}, "admins of this workspace only"),
        ({"places": "only", "channels": [LEADS]}, "post cards in some channels only"),
    ],
    ids=["who", "where"],
)
async def test_what_admins_do_not_allow_no_step_does(
    house: House, pollbot: Pollbot, rule: dict[str, Any], why: str
) -> None:
    await allow(house, **rule)

    run = await begun(house, "create_poll", BEN, **CREATE)

    assert why in await failed(house, run)
    await rest(house, pollbot)
    assert house.rows("SELECT id FROM polls") == []


async def test_a_step_waits_while_slack_does_not_tell_who_makes_polls(
    house: House, pollbot: Pollbot
) -> None:
    del pollbot
    add_group(house, "S0TEAM", "pollsters", [BEN])
    await allow(house, makers="group", group="S0TEAM")
    away = {"ok": False, "error": "service_unavailable"}
    house.slack.faults.fail_next("usergroups.users.list", body=away, times=2)

    run = await begun(house, "create_poll", BEN, **CREATE)
    await house.slack.heard("usergroups.users.list")
    house.clock.ahead += 60

    await done(house, run)
