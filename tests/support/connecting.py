"""People who are connected before a story begins."""

from pollbot.accounts.grant_rows import SignIn
from pollbot.accounts.rules import Waiting
from pollbot.database import Store
from pollbot.people import Account, Person

CHECK = "a check"


async def keep_account(
    store: Store, person: Person, site: str, account: Account, now: float
) -> Waiting:
    """Keep an account as after a check of its token; return what waited for it."""
    asked = SignIn(person.team_id, person.user_id, "", now, site=site)
    await store.grants.begin_check(CHECK, asked, now)
    waiting = await store.grants.connect_checked(CHECK, person, site, account, now)
    assert waiting is not None
    return waiting
