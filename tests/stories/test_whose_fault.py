"""What is refused by whom: only that one is asked to mend it, and all else stays as it was."""

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pollbot.wiring import Pollbot
from tests.support.house import ADA, PLANNING, House, letters, rest
from tests.support.polls import all_of
from tests.support.schedules import (
    change,
    form,
    line,
    listed,
    press,
    submit,
    told_in_form,
    until_due,
)
from tests.support.team_voice import by_default, connect, team_voice

BERLIN = ZoneInfo("Europe/Berlin")
DAY = 86400.0


async def ask_later(house: House) -> None:
    """Let a poll on PLAT-12 be made and posted three days from now, as Ada."""
    then = datetime.fromtimestamp(house.clock() + 3 * DAY, BERLIN).replace(hour=10, minute=0)
    await house.slack.command(ADA, PLANNING, "/poll", "PLAT-12")
    form = await house.slack.until(
        lambda: next((v for v in house.slack.views.values() if v.user == ADA), None), what="a form"
    )
    await all_of(house, form)
    answer = await house.slack.submit(
        ADA,
        form.id,
        {
            "title": {"value": "Lunch?"},
            "options": {"value": "Pizza\nSoup"},
            "post_at": {"changed": int(then.timestamp())},
            "repeat": {"changed": "weekly"},
        },
    )
    assert "weekly" in told_in_form(answer), answer
    await house.slack.close(ADA, form.id)


def refused_accounts(house: House) -> list[str]:
    """Return who is to connect anew."""
    return [user for (user,) in house.rows("SELECT user_id FROM accounts WHERE refused_at NOTNULL")]


@pytest.mark.parametrize("status", [401, 403])
async def test_team_voices_refusal_of_a_scheduled_poll_is_no_word_about_its_owners_account(
    house: House, status: int
) -> None:
    async with team_voice(house) as voice, house.program(**by_default(voice)) as pollbot:
        await connect(house, ADA)
        await ask_later(house)
        voice.faults.answer_all(status)
        await until_due(house)

        told = await house.told(ADA, "Your schedules are not paused")
        await rest(house, pollbot)

        assert "Team Voice does not take the address or the access token" in told.text
        assert "/pollbot setup" in told.text
        assert "connect" not in told.text.lower()
        assert len(letters(house, ADA)) == 1
        assert "Paused" not in await line(house)
        assert refused_accounts(house) == []
        assert not voice.polls

        # Her account serves her votes as before.
        await house.vote(ADA, "PLAT-12")
        await house.votes("PLAT-12", 8)

        voice.faults.let_go()
        house.clock.ahead += 120
        await house.card("Lunch?")
        assert len(letters(house, ADA)) == 1


def in_public(house: House) -> list[str]:
    """Return all that was posted where everybody reads it."""
    return [
        m.text for m in house.slack.messages if m.ephemeral_for is None and m.channel == PLANNING
    ]


@pytest.mark.parametrize("headers", [True, False], ids=["told in a header", "headers stripped"])
async def test_a_list_that_jira_gave_to_nobody_is_never_posted_as_its_owners(
    house: House, pollbot: Pollbot, headers: bool
) -> None:
    await house.connect(ADA)
    house.jira.anonymous_may_browse = True
    house.jira.add_issue("PLAT-40", "Only for some", other_votes=30, seen_by={"acc-ada"})
    await press(house, ADA, await listed(house), "New: top voted issues")
    await form(house)
    await change(house, "every", "weekly")
    answer = await submit(house, query="plat", at="09:00", view="bars", channel=PLANNING)
    assert "Saved" in told_in_form(answer)
    await until_due(house)
    assert "PLAT-40" in (await house.card("PLAT-12")).text
    await rest(house, pollbot)

    house.jira.headers_arrive = headers
    house.jira.revoke("acc-ada")
    before, known = in_public(house), house.rows("SELECT snapshot FROM schedules")
    await until_due(house)

    told = await house.told(ADA, "is paused")
    await rest(house, pollbot)
    assert "/pollbot connect" in told.text
    assert in_public(house) == before
    assert refused_accounts(house) == [ADA]
    assert house.rows("SELECT snapshot FROM schedules") == known


@pytest.mark.parametrize("headers", [True, False], ids=["told in a header", "headers stripped"])
async def test_nobody_hears_of_a_vote_that_jira_did_not_tell_them_about(
    house: House, pollbot: Pollbot, headers: bool
) -> None:
    await house.connect(ADA)
    house.jira.anonymous_may_browse = True
    await house.vote(ADA, "PLAT-12")
    await house.votes("PLAT-12", 8)
    await rest(house, pollbot)
    house.jira.headers_arrive = headers
    house.jira.revoke("acc-ada")

    await house.slack.command(ADA, PLANNING, "/unvote", "PLAT-12")

    told = await house.told(ADA, "no longer accepts")
    await rest(house, pollbot)
    assert "PLAT-12" in told.text
    assert not [text for text in house.words(ADA) if "no vote" in text]
    assert refused_accounts(house) == [ADA]
    assert house.jira.votes("PLAT-12") == 8


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_site_that_leads_elsewhere_is_a_matter_for_whoever_runs_pollbot(
    house: House, pollbot: Pollbot, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(logging.INFO)
    await house.connect(ADA)
    to = {"Location": "https://new.example/rest"}
    for name in ("POST votes", "GET issue"):
        house.jira.faults.fail_next(name, status, "", to, times=20)

    await house.vote(ADA, "PLAT-12")
    told = await house.told(ADA, "leads to https://new.example")
    await house.slack.command(ADA, PLANNING, "/votes", "PLAT-13")
    await house.told(ADA, "POLLBOT_JIRA_URL")

    assert "as soon as it is back" not in "".join(house.words(ADA))
    assert "POLLBOT_JIRA_URL" in told.text
    assert pollbot.remarks()["jira"].count("new.example") == 1
    assert await pollbot.health() == {}
    logged = [r for r in caplog.records if "new.example now" in r.getMessage()]
    assert len(logged) == 1
    assert refused_accounts(house) == []


async def test_what_the_site_refuses_and_the_gateway_cannot_be_asked_is_said_at_once(
    house: House,
) -> None:
    async with house.program(atlassian_api_url="http://127.0.0.1:1"):
        answer = await house.connect(ADA, token="wrong")

        said = str((answer.json or {})["errors"])
        assert "does not accept this token" in said
        assert "gateway, which could not be reached" in said
        assert house.rows("SELECT count(*) FROM accounts") == [(0,)]
