"""Tells people in time that what they connected with ends."""

from pollbot.accounts.rows import AccountRows
from pollbot.store.worker import Clock, Worker

_LOOKS = 6 * 3600.0


class AccountEnds(Worker):
    """Owes a word to whoever has an account that is over within two weeks.

    Nobody wakes it: what is connected now ends in a year.
    """

    def __init__(self, account_rows: AccountRows, clock: Clock) -> None:
        super().__init__("ends of accounts", clock)
        self._account_rows = account_rows

    async def turn(self, now: float) -> float | None:
        """Look who is to be told by now."""
        await self._account_rows.tell_of_ends(now)
        first = await self._account_rows.next_end()
        return now + _LOOKS if first is None else min(first, now + _LOOKS)
