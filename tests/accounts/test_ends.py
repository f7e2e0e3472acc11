"""What an account stands on ends after a year; its person hears of it two weeks before."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from pollbot.accounts.rules import LIVES, TOLD_BEFORE
from pollbot.database import Store
from pollbot.people import Account, Person
from pollbot.sandbox.slack import Message
from tests.support.connecting import keep_account
from tests.support.house import ADA, CLEO, House, buttons, rest
from tests.support.signing import signing

DAY = 86400.0
NOW = 1_790_000_000.0
SITE = "https://jira.test"


def told(house: House, user: str) -> list[str]:
    return [text for text in house.words(user) if "ends after a year" in text or "ends by" in text]


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("token", "An API token lives for a year at most"),
        ("sign in", "What you allowed at Atlassian for *127.0.0.1"),
    ],
)
async def test_two_weeks_before_its_end_its_person_is_told_once(
    house: House, way: str, said: str
) -> None:
    async with signing(house) as at:
        if way == "token":
            await house.connect(CLEO)
        else:
            await at.sign_in(CLEO, "acc-cleo")
        await rest(house, at.pollbot)
        house.clock.ahead += 350 * DAY
        await rest(house, at.pollbot)
        assert told(house, CLEO) == []

        house.clock.ahead += 1.5 * DAY

        message: Message = await house.told(CLEO, said)
        assert buttons(message) == {"connect_jira": "Connect Jira"}
        await rest(house, at.pollbot)
        house.clock.ahead += 2 * DAY
        await rest(house, at.pollbot)
        assert len(told(house, CLEO)) == 1
        assert told(house, ADA) == []


async def test_whoever_connects_anew_is_told_of_the_new_end(house: House) -> None:
    async with signing(house) as at:
        await house.connect(CLEO)
        house.clock.ahead += 340 * DAY
        house.slack.views.clear()
        await house.connect(CLEO)
        await rest(house, at.pollbot)

        house.clock.ahead += 20 * DAY
        await rest(house, at.pollbot)
        assert told(house, CLEO) == []

        house.clock.ahead += 332 * DAY
        await house.told(CLEO, "An API token lives for a year at most")


async def test_who_has_disconnected_or_is_refused_is_told_nothing(house: House) -> None:
    async with signing(house) as at:
        await house.connect(CLEO)
        await house.slack.command(CLEO, "C0PLANNING", "/pollbot", "disconnect")
        await rest(house, at.pollbot)

        house.clock.ahead += 360 * DAY
        await rest(house, at.pollbot)

        assert told(house, CLEO) == []


async def test_the_next_end_is_one_of_an_account_that_jira_takes(tmp_path: Path) -> None:
    store = Store(tmp_path / "pollbot.db", [Fernet.generate_key().decode()])
    try:
        account = Account("acc-cleo", "Cleo", SITE, "Basic abc")
        assert await store.accounts.next_end() is None
        await keep_account(store, Person("T1", CLEO), SITE, account, NOW)

        assert await store.accounts.next_end() == NOW + LIVES - TOLD_BEFORE
        await store.accounts.refused(Person("T1", CLEO), SITE, "Basic abc", "", NOW)
        assert await store.accounts.next_end() is None
    finally:
        store.close()
