"""A workspace that removes pollbot: all work there stops, nobody else's, and what is kept of it."""

from typing import Any

import pytest

from pollbot.database import _OF_TEAMS
from pollbot.sandbox.slack import SlackStandIn
from tests.installs.test_installing import connect, installed
from tests.support.house import ADA, BEN, PLANNING, House, rest
from tests.support.installing import GLOBEX, another, installing, remove
from tests.support.statements import empty

DAY = 86400.0
LUNCH = '"Lunch?" "Soup" "Pizza"'


@pytest.fixture
def globex(house: House) -> SlackStandIn:
    return another(house)


def of_globex(house: House) -> dict[str, int]:
    """Return in which tables there is something of Globex, and how much."""
    counts = {
        table: house.rows(f"SELECT count(*) FROM {table} WHERE team_id = ?", GLOBEX)[0][0]  # noqa: S608
        for table in (*_OF_TEAMS, "audit")
    }
    return {table: count for table, count in counts.items() if count}


async def lived_in(house: House, slack: SlackStandIn) -> None:
    """Have a poll, a schedule, an account and a vote in a workspace."""
    await slack.command(ADA, PLANNING, "/poll", LUNCH)
    await slack.until(lambda: any("Lunch?" in m.text for m in slack.messages))
    await connect(slack, BEN)
    await slack.command(BEN, PLANNING, "/vote", "PLAT-12")


async def test_all_work_of_who_removes_it_stops_and_nobody_else_s(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house) as at:
        await at.install(globex)
        await lived_in(house, globex)
        await lived_in(house, house.slack)
        await house.votes("PLAT-12", 8)
        await rest(house, at.pollbot)
        card = next(m for m in house.slack.messages if "Lunch?" in m.text)

        await remove(globex)

        assert installed(house) == []
        assert house.rows("SELECT team_id FROM accounts") == [(house.slack.team_id,)]
        await rest(house, at.pollbot)
        before = len(globex.calls)
        house.clock.ahead += DAY
        await rest(house, at.pollbot)
        assert globex.calls[before:] == [], "nothing is asked of a workspace that is gone"
        option = next(e for b in card.blocks for e in b.get("elements", []) if "Soup" in str(e))
        await house.slack.press(ADA, card.id, option["action_id"], value=option.get("value"))
        await house.slack.until(lambda: "1 answer" in card.text or "Soup: 1" in card.text)


async def test_what_its_polls_had_is_there_again_after_it_installs_again(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house) as at:
        await at.install(globex)
        await globex.command(ADA, PLANNING, "/poll", '"Ends?" "A" "B"')
        await globex.until(lambda: any("Ends?" in m.text for m in globex.messages))
        await remove(globex)
        said = len(globex.messages)
        house.clock.ahead += 29 * DAY
        await rest(house, at.pollbot)

        await at.install(globex)

        await rest(house, at.pollbot)
        assert len(globex.messages) == said, "nothing is told of what was meanwhile"
        await globex.command(ADA, PLANNING, "/poll", "list")
        await globex.until(lambda: any("Ends?" in m.text for m in globex.messages[said:]))


async def test_after_thirty_days_all_of_it_is_deleted_and_nothing_of_others(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house) as at:
        await at.install(globex)
        await lived_in(house, globex)
        await globex.command(ADA, PLANNING, "/poll", 'anonymous "Who?" "A" "B"')
        await globex.until(lambda: any("Who?" in m.text for m in globex.messages))
        await lived_in(house, house.slack)
        await house.votes("PLAT-12", 8)
        await rest(house, at.pollbot)
        assert {"polls", "cards"} <= of_globex(house).keys()
        await remove(globex)
        house.clock.ahead += 29 * DAY
        await rest(house, at.pollbot)
        assert {"polls", "cards"} <= of_globex(house).keys()

        house.clock.ahead += 2 * DAY
        await house.slack.until(lambda: not of_globex(house), what="nothing of Globex")

        assert house.rows("SELECT team_id FROM polls") == [(house.slack.team_id,)]
        assert house.rows("SELECT poll_id FROM poll_keys") == []
        assert house.rows("SELECT team_id FROM accounts") == [(house.slack.team_id,)]
        assert house.rows("SELECT team_id FROM workspaces") == []


def test_each_table_that_names_a_workspace_is_forgotten_with_one() -> None:
    db = empty()
    tables = [
        name
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if any(row[1] == "team_id" for row in db.execute(f"PRAGMA table_info({name})"))
    ]

    # Entries of the audit log are deleted by its own rules, and the list itself comes last.
    assert sorted(tables) == sorted([*_OF_TEAMS, "audit", "workspaces"])


async def test_the_two_events_come_in_any_order_and_again(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house) as at:
        await at.install(globex)
        events = globex.installing.removed(globex)

        for body in (*reversed(events), *events):
            answer = await globex.deliver(body, kind="events_api")
            assert (answer.status, answer.body) == (200, "")

        assert installed(house) == []
        [(gone,)] = house.rows("SELECT count(*) FROM audit WHERE what = 'uninstalled'")
        assert gone == 1


async def test_what_slack_tells_late_takes_no_new_installation_away(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house) as at:
        await at.install(globex)
        events = globex.installing.removed(globex)
        house.clock.ahead += 60
        await at.install(globex)

        for body in events:
            await globex.deliver(body, kind="events_api")

        assert installed(house) == [(GLOBEX, "Globex")]
        await globex.command(ADA, PLANNING, "/poll", LUNCH)
        await globex.until(lambda: any("Lunch?" in m.text for m in globex.messages))


async def test_people_s_own_tokens_are_none_of_pollbot_s(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house) as at:
        await at.install(globex)
        body = next(
            one
            for one in globex.installing.removed(globex)
            if one["event"]["type"] == "tokens_revoked"
        )
        body["event"]["tokens"] = {"oauth": [ADA], "bot": []}

        await globex.deliver(body, kind="events_api")

        assert installed(house) == [(GLOBEX, "Globex")]


@pytest.mark.parametrize("code", ["token_revoked", "account_inactive"])
async def test_a_token_that_is_over_without_a_word_stops_that_workspace_only(
    house: House, globex: SlackStandIn, code: str
) -> None:
    async with installing(house) as at:
        await at.install(globex)
        await connect(globex, BEN)
        globex.tokens.revoke(code)

        await globex.command(ADA, PLANNING, "/poll", LUNCH)

        await house.slack.until(lambda: installed(house) == [], what="nothing of Globex' token")
        assert house.rows("SELECT 1 FROM accounts") == []
        await house.slack.command(ADA, PLANNING, "/poll", LUNCH)
        await house.card("Lunch?")
        assert await at.pollbot.health() == {}


async def test_a_token_that_is_refused_otherwise_is_kept_and_tried_again(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house) as at:
        await at.install(globex)
        globex.faults.fail_next("chat.postMessage", 200, {"ok": False, "error": "invalid_auth"})

        await globex.command(ADA, PLANNING, "/poll", LUNCH)
        await globex.heard("chat.postMessage")

        assert installed(house) == [(GLOBEX, "Globex")]
        await house.slack.command(ADA, PLANNING, "/poll", LUNCH)
        await house.card("Lunch?")
        assert await at.pollbot.health() == {}
        assert "T0GLOBEX" in at.pollbot.remarks()["workspaces"]
        house.clock.ahead += 120
        await globex.until(lambda: any("Lunch?" in m.text for m in globex.messages))


async def test_home_that_removes_it_loses_nothing(house: House) -> None:
    async with house.program():
        await house.connect(ADA)
        await house.slack.until(lambda: house.rows("SELECT 1 FROM accounts") != [])
        for body in house.slack.installing.removed(house.slack):
            answer = await house.slack.deliver(body, kind="events_api")
            assert answer.status == 200

        assert house.rows("SELECT user_id FROM accounts") == [(ADA,)]


# A whole organisation


def org_of(house: House, globex: SlackStandIn) -> dict[str, Any]:
    """Let Globex be one workspace of an organisation; return settings that list that."""
    globex.organisation = "E0ORG"
    way_back = globex.installing.way_back
    globex.installing.way_back = (  # type: ignore[method-assign]
        lambda asked, team_id, user="", **_: way_back(asked, team_id, user, whole=True)
    )
    return {"workspaces": frozenset({"E0ORG"})}


async def test_an_organisation_installs_it_once_for_all_its_workspaces(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house, **org_of(house, globex)) as at:
        page = await at.install(globex)

        assert "adds it to each workspace" in page.text
        assert installed(house) == [("E0ORG", "Globex")]
        await globex.command(ADA, PLANNING, "/poll", LUNCH)
        await globex.until(lambda: any("Lunch?" in m.text for m in globex.messages))
        assert house.rows("SELECT team_id, enterprise_id FROM workspaces") == [(GLOBEX, "E0ORG")]
        assert house.rows("SELECT team_id FROM polls") == [(GLOBEX,)]

        await remove(globex)

        assert installed(house) == []
        assert house.rows("SELECT team_id FROM workspaces WHERE gone_at > 0 ORDER BY 1") == [
            ("E0ORG",),
            (GLOBEX,),
        ]


async def test_a_workspace_is_taken_out_of_an_organisation_and_in_again(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house, **org_of(house, globex)) as at:
        await at.install(globex)
        await globex.command(ADA, PLANNING, "/poll", LUNCH)
        await globex.until(lambda: any("Lunch?" in m.text for m in globex.messages))

        async def told(kind: str) -> None:
            body = globex.installing.removed(globex)[0]
            event = {"type": kind, "team_ids": [GLOBEX]}
            await globex.deliver(body | {"event": event, "event_id": kind}, kind="events_api")

        token = globex.bot_token
        await told("team_access_revoked")
        globex.tokens.give(token)
        answer = await globex.command(ADA, PLANNING, "/poll", LUNCH)
        assert "pollbot does not serve this workspace" in answer.body
        assert installed(house) == [("E0ORG", "Globex")]

        await told("team_access_granted")
        globex.tokens.give(token)

        answer = await globex.command(ADA, PLANNING, "/poll", '"Tea?" "Yes" "No"')
        assert answer.status == 200
        await globex.until(lambda: any("Tea?" in m.text for m in globex.messages))
