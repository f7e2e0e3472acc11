"""Bot tokens that end after twelve hours: exchanged in time, once, and on disk before use."""

import asyncio

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from pollbot.sandbox.slack import SlackStandIn
from tests.support.house import ADA, PLANNING, House, rest
from tests.support.installing import GLOBEX, another, installing

HOUR = 3600.0


@pytest.fixture
def globex(house: House) -> SlackStandIn:
    other = another(house)
    other.installing.rotates = True
    return other


async def ask(globex: SlackStandIn, question: str) -> None:
    """Ask something there, and wait until it hangs in the channel."""
    await globex.command(ADA, PLANNING, "/poll", f'"{question}" "Yes" "No"')
    await globex.until(lambda: any(question in m.text for m in globex.messages), what=question)


async def test_a_token_is_exchanged_before_it_ends_and_work_goes_on(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house) as at:
        await at.install(globex)
        await ask(globex, "First?")
        assert globex.installing.refreshes == 0
        first = globex.bot_token
        house.clock.ahead += 11.75 * HOUR

        await ask(globex, "Second?")

        assert globex.installing.refreshes == 1
        assert globex.bot_token != first
        house.clock.ahead += 30 * HOUR
        await ask(globex, "Third?")
        assert globex.installing.refreshes == 2
        assert {call.answer.get("error") for call in globex.calls} == {None}


async def test_twenty_who_want_the_next_token_at_once_exchange_it_once(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house) as at:
        await at.install(globex)
        house.clock.ahead += 12 * HOUR

        people = [globex.add_person(f"U0N{n}", f"Number {n}").id for n in range(20)]

        await asyncio.gather(
            *(globex.command(one, PLANNING, "/pollbot", "connect") for one in people)
        )

        await globex.until(lambda: all(map(globex.stack_of, people)), what="twenty forms")
        assert globex.installing.refreshes == 1


async def test_a_restart_goes_on_with_the_newest_token(house: House, globex: SlackStandIn) -> None:
    async with installing(house) as at:
        await at.install(globex)
        house.clock.ahead += 12 * HOUR
        await ask(globex, "First?")
    async with installing(house):
        await ask(globex, "Second?")

        assert globex.installing.refreshes == 1


async def test_while_slack_cannot_exchange_it_the_old_one_serves_as_long_as_it_lasts(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house) as at:
        await at.install(globex)
        house.clock.ahead += 11.75 * HOUR
        house.slack.faults.fail_next("oauth.v2.access", 503, times=1)

        await ask(globex, "First?")

        assert globex.installing.refreshes == 0
        house.clock.ahead += HOUR
        await ask(globex, "Second?")
        assert globex.installing.refreshes == 1


async def test_an_exchange_that_is_refused_for_good_is_told_and_mended_by_installing_again(
    house: House, globex: SlackStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    async with installing(house) as at:
        await at.install(globex)
        refused = {"ok": False, "error": "invalid_refresh_token"}
        house.slack.faults.fail_next("oauth.v2.access", 200, refused, times=50)
        house.clock.ahead += 13 * HOUR

        await globex.command(ADA, PLANNING, "/poll", '"Late?" "Yes" "No"')
        await house.slack.heard("oauth.v2.access", 2)
        house.slack.faults.mend("oauth.v2.access")
        assert "cannot be exchanged" in caplog.text
        assert "slack" not in await at.pollbot.health()

        await at.install(globex)

        house.clock.ahead += 2 * HOUR
        await globex.until(lambda: any("Late?" in m.text for m in globex.messages))
        await rest(house, at.pollbot)


async def test_while_another_pollbot_exchanges_it_the_old_one_serves_and_then_the_next(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house) as at:
        await at.install(globex)
        rows, old = at.pollbot._store.installations, globex.bot_token
        house.clock.ahead += 11.75 * HOUR
        assert await rows.take_turn(GLOBEX, old, house.clock())
        assert not await rows.take_turn(GLOBEX, old, house.clock()), "one has the turn"

        await ask(globex, "First?")

        assert globex.installing.refreshes == 0
        assert globex.bot_token == old
        house.clock.ahead += 120
        await ask(globex, "Second?")
        assert globex.installing.refreshes == 1, "whoever had the turn has ended"


async def test_an_exchange_whose_answer_was_lost_stops_nothing_while_the_token_lasts(
    house: House, globex: SlackStandIn
) -> None:
    async with installing(house) as at:
        await at.install(globex)
        first = globex.bot_token
        house.clock.ahead += 11.75 * HOUR
        house.slack.faults.lose_next_answer("oauth.v2.access")

        await ask(globex, "First?")

        said = next(call for call in globex.calls if "First?" in str(call.args))
        assert said.answer["ok"] is True
        assert globex.bot_token != first, "Slack has given another one"
        await house.slack.command(ADA, PLANNING, "/poll", '"Tea?" "Yes" "No"')
        await house.card("Tea?")


async def test_tokens_are_sealed_anew_with_a_new_key(house: House, globex: SlackStandIn) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    async with installing(house, encryption_keys=SecretStr(old)) as at:
        await at.install(globex)
    async with installing(house, encryption_keys=SecretStr(f"{new},{old}")):
        await ask(globex, "First?")
    async with installing(house, encryption_keys=SecretStr(new)):
        await ask(globex, "Second?")
        house.clock.ahead += 12 * HOUR
        await ask(globex, "Third?")
        assert globex.installing.refreshes == 1
