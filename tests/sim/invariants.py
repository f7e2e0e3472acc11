"""What pollbot promises, looked at from outside."""

from pollbot.jira.rules import Wish
from tests.sim import about_cards, about_schedules
from tests.sim.people import Asking, Ran, Wished, last_words, that_it_posted
from tests.sim.seen import issue_in, key_in, receipts, writes
from tests.sim.wire import Call
from tests.sim.world import ISSUES, PEOPLE, Workspace, acts_in, json_of
from tests.support.team_voice import VOICE_TOKEN

_MOST_UNTIL_TOLD = 25.0
"""Seconds: three to be counted, and twenty in which somebody who clicks on hears nothing more."""


class Promises:
    """Looks whether the promises hold; what does not is told to the world as a sentence."""

    def __init__(self, place: Workspace, asking: Asking) -> None:
        self._place = place
        self._asking = asking
        self._quiet_since = 0.0
        place.wire.on_leaving += [self._alone, self._as_asked, self._no_secret]

    def quiet_begins(self) -> None:
        """From now on nothing fails and nothing is cut: each thing is to be done once, and soon."""
        self._quiet_since = self._place.loop.time()

    def when_calm(self) -> None:
        """Look at all that is to be true once nothing is under way any more."""
        for (user, issue), wishes in sorted(self._asking.wishes.items()):
            allowed = last_words(wishes, comes_late=self._place.comes_late)
            if self._stands(user, issue) not in allowed:
                self._place.breaks(
                    f"What was acknowledged was not kept: the last words of {PEOPLE[user]} on "
                    f"{issue} were {' or '.join(sorted(allowed))}, and Jira has it the other way."
                )
        about_cards.came_once(self._place, self._asking.cards)
        about_schedules.posted_once(self._place, self._asking.plans)
        for issue in ISSUES:
            about_cards.are_fresh(self._place, issue, "though all is calm")

    def soon(self, wished: Wished) -> None:
        """Look at a vote that was sent 3 s ago, in quiet times."""
        if not self.kept(wished):
            return
        about_cards.are_fresh(self._place, wished.issue, "3 s after a vote was acknowledged")
        about_cards.are_named(self._place, wished.issue)

    def told(self, wished: Wished) -> None:
        """Look at a vote that was sent in quiet times, once every run of clicks is over."""
        if wished.acked_at is None:
            return
        user, issue, sent_at = wished.user, wished.issue, wished.sent_at
        times = receipts(self._place, user, issue)
        if not any(sent_at <= at <= sent_at + _MOST_UNTIL_TOLD for at in times):
            self._place.breaks(
                f"{PEOPLE[user]}'s {wished.wish} on {issue} had no receipt "
                f"{_MOST_UNTIL_TOLD:.0f} s after it was acknowledged."
            )

    def ran(self, runs: list[Ran]) -> None:
        """Look at presses of *Run now* that were sent 3 s ago, in quiet times."""
        for ran in runs:
            if not that_it_posted(self._place, ran):
                self._place.breaks(
                    f"Run now was pressed at {ran.sent_at:.1f} s, though nothing was in the way, "
                    f"and nobody was told that the post is there."
                )
            if ran.after != ran.before:
                self._place.breaks(
                    f"Run now has moved what was planned: {ran.before!r} before, {ran.after!r} now."
                )

    def kept(self, wished: Wished) -> bool:
        """Look whether a vote that was sent 3 s ago is in Jira; False if it is not the newest."""
        user, issue = wished.user, wished.issue
        who = f"{PEOPLE[user]}'s {wished.wish} on {issue}"
        if wished.acked_at is None:
            self._place.breaks(f"{who} was not acknowledged, though nothing was in the way.")
            return False
        if self._asking.wishes[user, issue][-1] is not wished:
            return False
        if self._stands(user, issue) is not wished.wish:
            self._place.breaks(f"{who} was not in Jira 3 s after it was acknowledged.")
        return True

    def once(self) -> None:
        """Look whether each vote of the quiet time went to Jira once and was told once."""
        since = self._quiet_since
        for (user, issue), wishes in sorted(self._asking.wishes.items()):
            asked = sum(wished.sent_at >= since for wished in wishes)
            told = sum(at >= since for at in receipts(self._place, user, issue))
            done = sum(
                at >= since for at in writes(self._place, issue, self._place.account_of(user))
            )
            if told > asked or done > asked:
                self._place.breaks(
                    f"{PEOPLE[user]} asked {asked} times about {issue}; it was done {done} times "
                    f"and told {told} times.",
                    "doubled",
                )

    def _alone(self, call: Call) -> None:
        """No piece of work is served twice at the same time by those who live."""
        work = _piece_of_work(call)
        others = (one for one in self._place.wire.under_way if one is not call)
        if work and any(_piece_of_work(one) == work and self._is_heard(one) for one in others):
            self._place.breaks(f"Two calls at once did the same: {' '.join(work[:2])}.", "doubled")

    def _as_asked(self, call: Call) -> None:
        """Nobody's account says anything that its owner did not ask for."""
        users = [user for user in PEOPLE if self._place.account_of(user) == acts_in(call)]
        if not call.is_a_vote or not users:
            return
        issue = issue_in(call.path)
        wish = Wish.VOTE if call.method == "POST" else Wish.WITHDRAW
        if not any(one.wish is wish for one in self._asking.wishes.get((users[0], issue), ())):
            self._place.breaks(f"{PEOPLE[users[0]]} never asked for a {wish} on {issue}.", "let in")

    def _no_secret(self, call: Call) -> None:
        """No secret leaves but in the head of a call, and Team Voice's own where it asks for it."""
        to_voice = call.path.replace(f"?token={VOICE_TOKEN}&", "?", call.to == "voice")
        said = f"{to_voice} {call.body.decode()}"
        for secret in self._place.secrets:
            if secret in said:
                self._place.breaks(f"{secret} left by {call.method} {call.path}.", "leaked")

    def _is_heard(self, call: Call) -> bool:
        """Return whether the life that made the call has lived on ever since."""
        alive = any(life.number == call.life for life in self._place.lives)
        return alive and not any(at >= call.left_at for at in self._place.stops[call.life])

    def _stands(self, user: str, issue: str) -> Wish:
        voted = (
            self._place.account_of(user)
            in self._place.jira.issues[self._place.keys(issue)[-1]].voters
        )
        return Wish.VOTE if voted else Wish.WITHDRAW


def _piece_of_work(call: Call) -> tuple[str, str, str] | None:
    """Return what no two calls may do at once: write somebody's vote, or redraw a message."""
    if call.is_a_vote:
        if issue_in(call.path) != key_in(call.path):
            # What was asked under both keys of an issue before Jira told that it is one may be
            # under way at once; the last word stands in the end.
            return None
        return "voting at", call.path, call.headers.get("authorization", "")
    if call.path.endswith("/chat.update"):
        return "redrawing", str(json_of(call).get("ts")), call.headers.get("Authorization", "")
    return None
