"""Promises about accounts that come and go: none acts once gone, and of nobody stays a trace."""

import sqlite3
from contextlib import closing

from pollbot.jira.rules import Wish
from tests.sim.deeds import Deed as Wished
from tests.sim.deeds import Deeds
from tests.sim.leaving import FORGOTTEN, UNTIL_ALL_CAME, Deed, Leavers
from tests.sim.seen import issue_in
from tests.sim.wire import Call
from tests.sim.world import DATABASE, LEAVERS, Workspace, account_of, acts_in


class NoneActsWhenGone:
    """Looks at each vote that leaves whether its account is still there, and asked for it."""

    def __init__(self, place: Workspace, leavers: Leavers) -> None:
        self._place, self._leavers = place, leavers
        self._users = {account_of(place.team, user): user for user in LEAVERS}
        place.wire.on_leaving.append(self._look)

    def _look(self, call: Call) -> None:
        user = self._users.get(acts_in(call)) if call.is_a_vote else None
        if user is None:
            return
        deeds = self._leavers.deeds[user]
        if not _may_be_connected(deeds, comes_late=self._place.comes_late):
            self._place.breaks(
                f"{call.method} {call.path} left by {LEAVERS[user]}'s account, gone."
            )
        gone = [one for one in deeds if one.parts and one.acked_at is not None]
        parted = max((one.sent_at for one in gone), default=0.0)
        late = float("inf") if self._place.comes_late else UNTIL_ALL_CAME
        if not any(_asks(one, call) and _holds(one, parted, late) for one in deeds):
            self._place.breaks(
                f"{LEAVERS[user]} never asked for {call.method} {call.path}, "
                f"or not since they disconnected."
            )


def keep_last_words(place: Workspace, leavers: Leavers) -> None:
    """Look whether Jira has what somebody asked for since they are connected, or just before."""
    for user, deeds in leavers.deeds.items():
        for issue, allowed in last_words(deeds, comes_late=place.comes_late).items():
            voters = place.jira.issues[place.keys(issue)[-1]].voters
            stands = Wish.VOTE if account_of(place.team, user) in voters else Wish.WITHDRAW
            if stands not in allowed:
                place.breaks(
                    f"What {LEAVERS[user]} asked for about {issue} was acknowledged, and they are "
                    f"connected; Jira has it the other way."
                )


def last_words(deeds: list[Deed], *, comes_late: bool) -> dict[str, set[str]]:
    """Return what Jira may say of each issue of which somebody who is connected knows.

    Of none, if nobody can know whether they are: who disconnects may be heard late, too.
    """
    parted = [at for at, one in enumerate(deeds) if one.parts]
    start = parted[-1] + 1 if parted else 0
    heard = [one for one in deeds[start:] if one.acked_at is not None]
    is_sure = not (comes_late and any(deeds[at].acked_at is None for at in parted))
    if not is_sure or not any(one.what == "connects" for one in heard):
        return {}
    words: dict[str, set[str]] = {}
    for issue in {one.issue for one in heard if one.wish is not None}:
        wished = [
            Wished(one.wish, one.sent_at, one.acked_at)
            for at, one in enumerate(deeds)
            if one.wish is not None and one.issue == issue
            if at >= start or (comes_late and one.acked_at is None)
        ]
        words[issue] = Deeds("", comes_late, wished).last
    return words


def leave_no_trace(place: Workspace, leavers: Leavers) -> None:
    """Look whether any column still names somebody who was forgotten."""
    if not leavers.is_forgotten:
        place.breaks(f"{LEAVERS[FORGOTTEN]} could not be forgotten, though all is calm.")
    with closing(sqlite3.connect(place.folder / DATABASE)) as db:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            rows = db.execute(f"SELECT * FROM {table}")  # noqa: S608  a table's own name
            if any(FORGOTTEN in str(value) for row in rows for value in row):
                place.breaks(f"{LEAVERS[FORGOTTEN]} is in {table}, and was forgotten.")


def _may_be_connected(deeds: list[Deed], *, comes_late: bool) -> bool:
    """Return whether somebody may have an account: they connected since it went, or were late."""
    connects = [one for one in deeds if one.what == "connects"]
    gone = max((one.sent_at for one in deeds if one.parts and one.acked_at is not None), default=0)
    return any(one.sent_at >= gone or (comes_late and one.acked_at is None) for one in connects)


def _holds(deed: Deed, parted: float, late: float) -> bool:
    """Return whether it may come after an account was gone.

    What nobody has heard may be ``late`` by so many seconds.
    """
    since = parted if deed.acked_at is not None else parted - late
    return deed.sent_at > since


def _asks(deed: Deed, call: Call) -> bool:
    wish = Wish.VOTE if call.method == "POST" else Wish.WITHDRAW
    return (deed.issue, deed.wish) == (issue_in(call.path), wish)
