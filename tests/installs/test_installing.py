"""Installing pollbot in workspaces beside the one of SLACK_BOT_TOKEN, and what each then has."""

import pytest

from pollbot.sandbox.slack import SlackStandIn
from tests.support.house import ADA, BEN, EMAILS, PLANNING, TOKENS, House, rest
from tests.support.installing import another, installing


@pytest.fixture
def globex(house: House) -> SlackStandIn:
    return another(house)


async def connect(slack: SlackStandIn, user: str) -> None:
    """Connect somebody of that workspace."""
    await slack.command(user, PLANNING, "/pollbot", "connect")
    form = await slack.until(lambda: next(iter(slack.views.values()), None))
    typed = {"email": {"value": EMAILS[user]}, "token": {"value": TOKENS[user]}}
    await slack.submit(user, form.id, typed)


async def test_pollbot_is_installed_in_another_workspace_and_answers_there_by_its_own_token(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house) as at:
        page = await at.install(globex)

        assert page.status_code == 200
        assert "<b>Globex</b> has pollbot now" in page.text
        await globex.command(ADA, PLANNING, "/poll", '"Lunch?" "Soup" "Pizza"')
        await globex.heard("chat.postMessage")
        await connect(globex, BEN)
        await globex.command(BEN, PLANNING, "/vote", "PLAT-12")
        await house.votes("PLAT-12", 8)
        await rest(house, at.pollbot)
        assert [m.text for m in house.slack.messages] == [], "nothing was said at home"
        await house.slack.command(ADA, PLANNING, "/poll", '"Tea?" "Yes" "No"')
        await house.card("Tea?")
        assert not any("Tea?" in m.text for m in globex.messages)
