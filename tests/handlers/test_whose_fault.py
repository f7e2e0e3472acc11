"""What is refused by whom: only that one is asked to mend it, and all else stays as it was."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.schedules import line, told_in_form, until_due
from tests.support import ADA, PLANNING, House, letters, rest
from tests.team_voice import by_default, connect, team_voice

BERLIN = ZoneInfo("Europe/Berlin")
DAY = 86400.0


async def ask_later(house: House) -> None:
    """Let a poll on PLAT-12 be made and posted three days from now, as Ada."""
    then = datetime.fromtimestamp(house.clock() + 3 * DAY, BERLIN).replace(hour=10, minute=0)
    await house.slack.command(ADA, PLANNING, "/poll", "PLAT-12")
    form = await house.slack.until(
        lambda: next((v for v in house.slack.views.values() if v.user == ADA), None), what="a form"
    )
    answer = await house.slack.submit(
        ADA,
        form.id,
        {
            "title": {"value": "Lunch?"},
            "option:1": {"value": "Pizza"},
            "option:2": {"value": "Soup"},
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
        voice.faults.fail_next("POST polls", status)
        await until_due(house)

        told = await house.told(ADA, "is paused")
        await rest(house, pollbot)

        assert "Team Voice does not accept the access token" in told.text
        assert "/pollbot setup" in told.text
        assert "connect" not in told.text.lower()
        assert len(letters(house, ADA)) == 1
        assert "Paused" in await line(house)
        assert refused_accounts(house) == []
        assert not voice.polls

        # Her account serves her votes as before.
        await house.vote(ADA, "PLAT-12")
        await house.votes("PLAT-12", 8)
