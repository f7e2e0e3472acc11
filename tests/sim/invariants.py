"""What pollbot promises, looked at from outside: by what Slack, Jira and the wire have seen."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from pollbot.blocks.clicks import VoteClick
from pollbot.domain.votes import Wish
from pollbot.sandbox.slack import Message
from pollbot.sandbox.slack_state import parts
from tests.sim.people import Asking, Planned, Wished
from tests.sim.wire import PATIENCE, Call
from tests.sim.world import BEGIN, ISSUES, PEOPLE, World, json_of

KNOWN = frozenset({"told twice", "copies", "given up", "posted stale", "read in vain"})
"""What pollbot is known to break, by seeds in which it does; each name is explained where it is used.

A name goes from here with the fault that it stands for.
"""

_JUST_AFTER = 0.1
"""Seconds in which an answer that was heard may not be on disk yet."""

_AT_ONCE = 0.3
_ON_TIME = 600.0
_COUNT = re.compile(r":ballot_box_with_ballot: \*([\d,]+) votes?\*")
_SETTLED = ("is counted in Jira", "is withdrawn in Jira", "so there was nothing to withdraw")


@dataclass(frozen=True, slots=True)
class Post:
    """One message that a call has put into a channel, with its words as they were posted.

    ``is_known``: the program had the answer, and then the time to keep it.
    """

    call: Call
    message: Message
    words: str
    is_known: bool

    @property
    def is_scheduled(self) -> bool:
        return "Scheduled by" in self.words


class Promises:
    """Looks whether the promises hold; what does not is told to the world as a sentence."""

    def __init__(self, world: World, asking: Asking, known: frozenset[str] = KNOWN) -> None:
        self._world = world
        self._known = known
        self._asking = asking
        self._quiet_since: float | None = None
        world.wire.on_leaving.append(self._alone)

    def quiet_begins(self) -> None:
        """From now on nothing fails and nothing is cut: each thing is to be done once, and soon."""
        self._quiet_since = self._world.loop.time()

    def when_calm(self) -> None:
        """Look at all that is to be true once nothing is under way any more."""
        self._acknowledged_is_kept()
        posts = list(self._posts())
        self._cards_came_once(posts)
        self._schedules_posted_once(posts)
        for issue in ISSUES:
            self.cards_are_fresh(issue, "though all is calm")

    # While it runs

    def _alone(self, call: Call) -> None:
        """No piece of work is served twice at the same time by one life."""
        key = _piece_of_work(call)
        if key is None:
            return
        for other in self._world.wire.under_way:
            if other is not call and other.life == call.life and _piece_of_work(other) == key:
                self._world.breaks(f"Two calls at once did the same: {' '.join(key[:2])}.")

    # Votes

    def _acknowledged_is_kept(self) -> None:
        for (user, issue), wishes in sorted(self._asking.wishes.items()):
            allowed = {Wish.WITHDRAW}
            for wished in wishes:
                allowed = {wished.wish} if wished.acked_at is not None else allowed | {wished.wish}
            if self._stands(user, issue) not in allowed:
                self._world.breaks(
                    f"What was acknowledged was not kept: the last words of {PEOPLE[user]} on "
                    f"{issue} were {_in_words(allowed)}, and Jira has it the other way."
                )

    def soon(self, wished: Wished) -> None:
        """Look at a vote that was acknowledged 3 s ago, in quiet times."""
        user, issue = wished.user, wished.issue
        if wished.acked_at is None:
            self._world.breaks(f"{PEOPLE[user]} got no answer, though nothing was in the way.")
            return
        if self._asking.wishes[user, issue][-1] is not wished:
            return
        who = f"{PEOPLE[user]}'s {wished.wish} on {issue}"
        if self._stands(user, issue) is not wished.wish:
            self._world.breaks(f"{who} was not in Jira 3 s after it was acknowledged.")
        if not any(at >= wished.sent_at for at in self._receipts(user, issue)):
            self._world.breaks(f"{who} had no receipt 3 s after it was acknowledged.")
        self.cards_are_fresh(issue, "3 s after a vote was acknowledged")

    def once(self) -> None:
        """Look whether each vote of the quiet time went to Jira once and was told once."""
        since = self._quiet_since or 0.0
        for (user, issue), wishes in sorted(self._asking.wishes.items()):
            asked = sum(wished.sent_at >= since for wished in wishes)
            told = len(self._words_of(user, issue, since))
            account = self._account(user)
            writes = sum(
                call.at >= BEGIN + since
                and call.account_id == account
                and call.method in ("POST", "DELETE")
                and call.path.endswith(f"/issue/{issue}/votes")
                for call in self._world.jira.calls
            )
            if told > asked:
                self._world.breaks(
                    f"{PEOPLE[user]} asked {asked} times about {issue} and was told {told} times."
                )
            if writes > asked:
                self._world.breaks(
                    f"{PEOPLE[user]} asked {asked} times about {issue}; it was done {writes} times."
                )

    def _words_of(self, user: str, issue: str, since: float) -> list[float]:
        """Return when the person was told of a vote.

        *told twice*: a settled vote is due from the moment it is settled, though its
        worker is just about to tell it; a turn in between takes it up and tells it, too.
        """
        told = sorted(at for at in self._receipts(user, issue) if at >= since)
        if "told twice" not in self._known:
            return told
        return [at for n, at in enumerate(told) if n == 0 or at - told[n - 1] > _AT_ONCE]

    def _stands(self, user: str, issue: str) -> Wish:
        voted = self._account(user) in self._world.jira.issues[issue].voters
        return Wish.VOTE if voted else Wish.WITHDRAW

    def _account(self, user: str) -> str:
        return f"acc-{PEOPLE[user].lower()}"

    def _receipts(self, user: str, issue: str) -> Iterator[float]:
        """Yield when the person was told what became of a vote on that issue."""
        slack = self._world.slack
        for post in slack.hook_posts:
            hook = slack.hooks[post.url.rpartition("/")[2]]
            if post.status == 200 and hook.user == user and _settles(post.body.get("text"), issue):
                yield post.at - BEGIN
        for call in slack.calls:
            private = call.method == "chat.postEphemeral" and call.args.get("user") == user
            direct = call.method == "chat.postMessage" and call.args.get("channel") == user
            if (private or direct) and call.answer.get("ok"):
                if _settles(call.args.get("text"), issue):
                    yield call.at - BEGIN

    # Cards

    def _posts(self) -> Iterator[Post]:
        """Yield what was posted by chat.postMessage, in order."""
        slack = self._world.slack
        for call in self._world.wire.calls:
            if not call.path.endswith("/chat.postMessage") or call.reply is None:
                continue
            answer = json.loads(call.reply.text)
            if not answer.get("ok"):
                continue
            message = slack.find_message(answer["channel"], answer["ts"])
            if message is not None:
                words = json.dumps(json_of(call).get("blocks"), ensure_ascii=False)
                yield Post(call, message, words, self._is_known(call))

    def _is_known(self, call: Call) -> bool:
        if call.heard_at is None:
            return False
        end = call.heard_at + _JUST_AFTER
        return not any(call.left_at <= cut <= end for cut in self._world.cuts)

    def _cards_came_once(self, posts: list[Post]) -> None:
        by_card: defaultdict[tuple[str, str], list[Post]] = defaultdict(list)
        for post in posts:
            card = _card_of(post.message)
            if card is not None and not post.is_scheduled:
                by_card[card].append(post)
        for (issue, card), same in by_card.items():
            for earlier, later in zip(same, same[1:], strict=False):
                if earlier.is_known:
                    self._world.breaks(
                        f"A card of {issue} was posted twice ({earlier.message.id} and "
                        f"{later.message.id}), though Slack's answer to the first was heard."
                    )
        if "copies" not in self._known:
            for message, _ in self._copies():
                self._world.breaks(f"{message.id} is a copy of a card, put there to redraw it.")
        for issue in ISSUES:
            came = sum(of == issue for of, _ in by_card) + self._given_up(issue)
            asked = [one for one in self._asking.cards if one.issue == issue]
            kept = sum(one.acked_at is not None for one in asked)
            if not kept <= came <= len(asked):
                self._world.breaks(
                    f"{kept} cards of {issue} were asked for and acknowledged, "
                    f"{len(asked) - kept} not acknowledged, and {came} came."
                )

    def _given_up(self, issue: str) -> int:
        """Return how many people were told that a card does not come, by its rule of an hour."""
        return sum(
            "did not answer for an hour" in message.text and f"|{issue}>" in message.text
            for message in self._world.slack.messages
        )

    def cards_are_fresh(self, issue: str, when: str) -> None:
        """Look whether each card of the issue says what Jira counts.

        A card whose first post was lost and repeated hangs twice, and pollbot
        knows one of the two: which one, a click decides.
        """
        by_card: defaultdict[str, list[Post]] = defaultdict(list)
        for post in self._posts():
            card = _card_of(post.message)
            if card is not None and card[0] == issue:
                by_card[card[1]].append(post)
        votes = self._world.jira.votes(issue)
        lost = self._lost_cards()
        stale = sum(
            all(_shown(post.message) != votes for post in same)
            for card_id, same in by_card.items()
            if card_id not in lost
            and any(post.is_known for post in same)
            and not self._is_left_stale(issue, same[-1])
        )
        if stale:
            self._world.breaks(f"{stale} cards of {issue} do not say {votes} votes {when}.")

    def _lost_cards(self) -> set[str]:
        """Return the cards that no vote redraws any more, until somebody presses them.

        While chat.update has to pause, a card is redrawn by response_url. *copies*:
        that of a command replaces nothing, so that a new message is posted, and the
        card counts as redrawn. *given up*: one that was used five times is refused,
        and the card is never drawn by chat.update again.
        """
        lost: set[str] = set()
        if "copies" in self._known:
            lost |= {card for _, card in self._copies()}
        if "given up" in self._known:
            refused = (post for post in self._world.slack.hook_posts if post.status == 404)
            cards = (_card_in(post.body.get("blocks") or []) for post in refused)
            lost |= {card[1] for card in cards if card is not None}
        return lost

    def _is_left_stale(self, issue: str, post: Post) -> bool:
        """Return whether the card is one that no vote has redrawn by a known fault.

        *posted stale*: a scheduled card shows what was read before it was posted, and
        hears only of votes that are settled after that. *read in vain*: where Jira did
        not give the count after a vote, the cards ask for it; one that gets no answer
        is drawn with the old count, and asks no more.
        """
        written = self._last_write(issue)
        if "posted stale" in self._known and post.is_scheduled and post.call.heard_at is not None:
            if post.call.left_at - 4 * PATIENCE <= written <= post.call.heard_at + PATIENCE:
                return True
        reads = (
            call
            for call in self._world.wire.calls
            if call.left_at >= written and call.method == "GET" and f"/issue/{issue}" in call.path
        )
        in_vain = any(
            call.heard_at is None or call.reply is None or call.reply.status != 200
            for call in reads
        )
        return "read in vain" in self._known and in_vain

    def _last_write(self, issue: str) -> float:
        """Return when somebody's vote on the issue last reached Jira."""
        path = f"/issue/{issue}/votes"
        return max(
            (
                call.at - BEGIN
                for call in self._world.jira.calls
                if call.method in ("POST", "DELETE") and call.path.endswith(path)
            ),
            default=0.0,
        )

    def _copies(self) -> Iterator[tuple[Message, str]]:
        """Yield the cards that came by no chat.postMessage, with their ids."""
        posted = {post.message.id for post in self._posts()}
        for message in self._world.slack.messages:
            card = _card_of(message)
            if card and message.ephemeral_for is None and message.id not in posted:
                yield message, card[1]

    # Schedules

    def _schedules_posted_once(self, posts: list[Post]) -> None:
        for planned in self._asking.plans:
            came = [
                float(post.message.ts)
                for post in posts
                if post.is_scheduled and f"daily at {planned.at}" in post.words
            ]
            due = list(self._due_times(planned))
            served = defaultdict(int)
            for at in came:
                before = [one for one in due if one <= at]
                if not before:
                    self._world.breaks(f"The schedule of {planned.at} posted before it was due.")
                else:
                    served[before[-1]] += 1
            for moment, count in served.items():
                if count > 1:
                    self._world.breaks(
                        f"The schedule of {planned.at} posted {count} times for one due time."
                    )
            if due and not served[due[-1]] and self._is_missing(planned, due[-1]):
                self._world.breaks(
                    f"The post of {planned.at} never came, and its owner was not told."
                )

    def _due_times(self, planned: Planned) -> Iterator[float]:
        hour, minute = map(int, planned.at.split(":"))
        first = datetime.fromtimestamp(BEGIN + planned.sent_at, ZoneInfo(planned.zone))
        day = first.replace(hour=hour, minute=minute, second=0, microsecond=0)
        while day.timestamp() <= self._world.clock():
            if day > first:
                yield day.timestamp()
            day += timedelta(days=1)

    def _is_missing(self, planned: Planned, due: float) -> bool:
        """Return whether the post ought to be there, or its owner ought to have been told."""
        if planned.acked_at is None or planned.touched_at is not None:
            return False
        if due <= BEGIN + planned.acked_at:
            return False
        up = [BEGIN + at for at in self._world.ups]
        if planned.skips and not any(due <= at <= due + _ON_TIME for at in up):
            if any(at > due + _ON_TIME for at in up):
                return False
        return not any(
            "may be in its channel or not" in message.text and planned.at in _words(message)
            for message in self._world.slack.messages
        )


def _piece_of_work(call: Call) -> tuple[str, str, str] | None:
    """Return what no two calls may do at once: write somebody's vote, or redraw a message."""
    if call.to == "jira" and call.path.endswith("/votes") and call.method != "GET":
        return "voting at", call.path, call.headers.get("authorization", "")
    if call.path.endswith("/chat.update"):
        ts = parse_qs(call.body.decode()).get("ts") or [str(json_of(call).get("ts"))]
        return "redrawing", ts[0], ""
    return None


def _card_of(message: Message) -> tuple[str, str] | None:
    """Return the issue and the id of a card; None for a message that is none."""
    return _card_in(message.blocks)


def _card_in(blocks: list[dict[str, Any]]) -> tuple[str, str] | None:
    for _, element in parts(blocks):
        if element["action_id"] == VoteClick.action_id:
            click = VoteClick.unpack(element)
            return (click.issue, click.card) if click.card else None
    return None


def _shown(message: Message) -> int | None:
    found = _COUNT.search(_words(message))
    return None if found is None else int(found[1].replace(",", ""))


def _words(message: Message) -> str:
    return json.dumps(message.blocks, ensure_ascii=False)


def _settles(text: object, issue: str) -> bool:
    said = str(text)
    return f"|{issue}>" in said and any(words in said for words in _SETTLED)


def _in_words(wishes: set[Wish]) -> str:
    return " or ".join(sorted(wishes))
