"""Secrets at rest: unreadable on disk, and the keys can be changed."""

import base64
import os
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from pollbot.cards.rows import Wanted
from pollbot.database import Store
from pollbot.errors import StartError
from pollbot.jira.client import basic
from pollbot.jira.issues import IssueAt
from pollbot.jira.rules import Wish
from pollbot.people import Account, Address, Person, Pressed
from pollbot.store.vault import Vault, key_beside
from pollbot.votes.rules import Wished
from tests.support.connecting import keep_account
from tests.support.held import due

SITE = "https://acme.atlassian.net"
ADA = Person("T0SANDBOX", "U0ADA")
TOKEN = "ATATT3xFfGF0-the-token-of-ada"
CREDENTIAL = basic("ada@example.com", TOKEN)
ACCOUNT = Account("acc-ada", "Ada of Jira", SITE, CREDENTIAL)
HOOKS = "https://hooks.slack.com/actions/T0/1/"
OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))
NOW = 1_700_000_000.0


async def fill(store: Store) -> None:
    """Put every kind of secret into the store, and some of them twice."""
    await keep_account(store, ADA, SITE, ACCOUNT, NOW)
    await store.intents.press(
        ADA,
        Wished(SITE, "PLAT-12", Wish.VOTE),
        Address("C1", HOOKS + "of-the-click"),
        NOW,
        action_ts="1700000000.000100",
    )
    pressed = Pressed("card", "C1", "1700000000.000001", HOOKS + "of-the-card", issue_key="PLAT-12")
    await store.presses.keep(ADA, SITE, pressed, NOW)
    await store.intents.ask(
        ADA, Wished(SITE, "PLAT-13", Wish.VOTE), Address("C1", HOOKS + "of-the-command"), NOW
    )
    await store.intents.ask(
        ADA, Wished(SITE, "PLAT-13", Wish.WITHDRAW), Address("C1", HOOKS + "2"), NOW
    )
    await store.cards.want(ADA, Wanted("C1", SITE, HOOKS + "of-votes", "stamp", "PLAT-13"), NOW)
    await store.accounts.link(ADA, "C1", IssueAt(SITE, "PLAT-13"), NOW)


async def secrets_in(store: Store) -> set[str | None]:
    """Return every secret that comes out again."""
    account = await store.accounts.find(ADA, SITE)
    intents = await due(store.intents.work, NOW)
    cards = await due(store.cards.work, NOW)
    return {
        account.credential if account else None,
        *(intent.address.response_url for intent in intents),
        *(card.response_url for card in cards),
    }


SECRETS = {CREDENTIAL, HOOKS + "of-the-click", HOOKS + "2", HOOKS + "of-votes"}


def test_a_key_file_is_made_for_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        key = key_beside(tmp_path / "pollbot.db")
    finally:
        os.umask(before)

    file = tmp_path / "pollbot.db.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().strip() == key
    assert key_beside(tmp_path / "pollbot.db") == key, "it is made once"


async def test_without_keys_a_store_opens_again_with_its_key_file(tmp_path: Path) -> None:
    store = Store(tmp_path / "pollbot.db", [])
    await fill(store)
    store.close()

    store = Store(tmp_path / "pollbot.db", [])

    assert await secrets_in(store) == SECRETS
    store.close()


async def test_with_keys_no_key_file_is_made(tmp_path: Path) -> None:
    Store(tmp_path / "pollbot.db", [OLD]).close()

    assert not (tmp_path / "pollbot.db.key").exists()


async def test_an_old_key_can_be_retired_after_one_start_with_both(tmp_path: Path) -> None:
    path = tmp_path / "pollbot.db"
    store = Store(path, [OLD])
    await fill(store)
    store.close()

    Store(path, [NEW, OLD]).close()
    store = Store(path, [NEW])

    assert await secrets_in(store) == SECRETS
    store.close()
    with pytest.raises(StartError):
        Store(path, [OLD])


async def test_the_wrong_key_is_refused_with_a_reason_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "pollbot.db"
    store = Store(path, [OLD])
    await fill(store)
    store.close()

    with pytest.raises(StartError) as refused:
        Store(path, [OTHER])

    assert "POLLBOT_ENCRYPTION_KEYS: none of the keys opens what is stored" in str(refused.value)
    assert "nothing was changed" in str(refused.value)
    assert OTHER not in str(refused.value)
    store = Store(path, [OLD])
    assert await secrets_in(store) == SECRETS
    store.close()


async def test_a_lost_key_file_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "pollbot.db"
    store = Store(path, [])
    await fill(store)
    store.close()
    key = (tmp_path / "pollbot.db.key").rename(tmp_path / "elsewhere")

    with pytest.raises(StartError, match=r"put its \.key file back"):
        Store(path, [])

    key.replace(tmp_path / "pollbot.db.key")
    store = Store(path, [])
    assert await secrets_in(store) == SECRETS
    store.close()


@pytest.mark.parametrize(
    "content", [b"", b"not a key\n", b"\xff\xfe\x00", OLD[:-4].encode()], ids=range(4)
)
def test_a_key_file_with_something_else_in_it_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pollbot.db.key").write_bytes(content)

    with pytest.raises(StartError, match=r"pollbot\.db\.key holds no Fernet key"):
        Store(tmp_path / "pollbot.db", [])

    assert (tmp_path / "pollbot.db.key").read_bytes() == content


def test_a_sealed_secret_looks_different_each_time_and_opens_with_any_key() -> None:
    old, both = Vault([OLD]), Vault([NEW, OLD])

    sealed = old.seal(TOKEN)

    assert TOKEN not in sealed
    assert old.seal(TOKEN) != sealed
    assert both.open(sealed) == TOKEN
    renewed = both.resealed(sealed)
    assert renewed is not None
    assert Vault([NEW]).open(renewed) == TOKEN
    assert both.resealed(renewed) is None


async def test_no_secret_can_be_read_from_the_files(tmp_path: Path) -> None:
    store = Store(tmp_path / "pollbot.db", [])
    readable = [
        TOKEN,
        CREDENTIAL,
        CREDENTIAL.removeprefix("Basic "),
        base64.b64encode(TOKEN.encode()).decode().rstrip("="),
        "ada@example.com",
        HOOKS,
        "hooks.slack.com",
    ]

    await fill(store)
    files = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    store.close()
    files |= {f"{file.name}, closed": file.read_bytes() for file in tmp_path.iterdir()}

    assert "pollbot.db-wal" in files, "what is written last is there"
    assert any(b"acc-ada" in content for content in files.values()), "and can be read"
    for name, content in files.items():
        for secret in readable:
            assert secret.encode() not in content, f"{secret} in {name}"


async def test_a_forgotten_account_leaves_nothing_to_open(tmp_path: Path) -> None:
    path = tmp_path / "pollbot.db"
    store = Store(path, [OLD])
    await keep_account(store, ADA, SITE, ACCOUNT, NOW)
    await store.accounts.disconnect(ADA, [SITE], 2.0)

    store.close()

    assert b"gAAAA" not in path.read_bytes(), "a sealed secret begins like this"
    assert b"acc-ada" not in path.read_bytes()
    assert not path.with_name("pollbot.db-wal").exists()
