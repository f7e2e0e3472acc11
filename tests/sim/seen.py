"""What Slack, Jira and the wire have seen of the program."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pollbot.sandbox.slack import Message
from pollbot.sandbox.slack.state import parts
from pollbot.slack.clicks import VoteClick
from tests.sim.wire import Call
from tests.sim.world import BEGIN, LEAVERS, MOVES, PEOPLE, Workspace, acts_in, issue_of, json_of

_JUST_AFTER = 0.1
"""Seconds in which an answer that was heard may not be on disk yet."""

_DONE = 204
_CARD = '"card":'
"""What is in the value of a button that tells which card it is on."""
_COUNT = re.compile(r":ballot_box_with_ballot: \*([\d,]+) votes?\*")
_SETTLED = ("is counted in Jira", "is withdrawn in Jira", "so there was nothing to withdraw")


@dataclass(frozen=True, slots=True)
class Post:
    """One message that a call has put into a channel, with its blocks as they were posted.

    ``is_known``: the program had the answer, and then the time to keep it.
    """

    call: Call
    message: Message
    blocks: str
    is_known: bool

    @property
    def is_scheduled(self) -> bool:
        return "Scheduled by" in self.blocks


def posts(place: Workspace) -> Iterator[Post]:
    """Yield what was posted by chat.postMessage, in order."""
    for call in place.calls:
        if not call.path.endswith("/chat.postMessage") or call.reply is None:
            continue
        answer = json.loads(call.reply.text)
        message = place.slack.find_message(answer.get("channel", ""), answer.get("ts", ""))
        if answer.get("ok") and message is not None:
            blocks = json.dumps(json_of(call).get("blocks"), ensure_ascii=False)
            yield Post(call, message, blocks, is_known(place, call))


def pressed(place: Workspace) -> set[str]:
    """Return the messages of which a press was kept that told which card it was on."""
    places = {
        (str(part.get("channel_id")), str(part.get("message_ts")))
        for sent in place.slack.deliveries
        if sent.body.get("container") and _CARD in str(sent.body.get("actions"))
        if place.is_kept(sent.answer)
        for part in [sent.body["container"]]
    }
    return {one.id for one in place.slack.messages if (one.channel, one.ts) in places}


def card_in(blocks: list[dict[str, Any]]) -> tuple[str, str] | None:
    """Return the issue and the id of a card; None for blocks that are none."""
    for _, element in parts(blocks):
        if element["action_id"] == VoteClick.action_id:
            click = VoteClick.unpack(element)
            return (issue_of(click.issue), click.card) if click.card else None
    return None


def count_on(message: Message) -> int | None:
    """Return how many votes a card says that there are."""
    found = _COUNT.search(words_of(message))
    return None if found is None else int(found[1].replace(",", ""))


def words_of(message: Message) -> str:
    """Return all that a message shows."""
    return json.dumps(message.blocks, ensure_ascii=False)


def receipts(place: Workspace, user: str, issue: str) -> list[float]:
    """Return when the person was told what became of a vote on that issue, by whatever way."""
    slack, told = place.slack, []
    for post in slack.hook_posts:
        hook = slack.hooks[post.url.rpartition("/")[2]]
        if post.status == 200 and hook.user == user and _settles(post.body, issue):
            told.append(post.at - BEGIN)
    for call in slack.calls:
        private = call.method == "chat.postEphemeral" and call.args.get("user") == user
        direct = call.method == "chat.postMessage" and call.args.get("channel") == user
        if (private or direct) and call.answer.get("ok") and _settles(call.args, issue):
            told.append(call.at - BEGIN)
    return sorted(told)


def perhaps_posted(place: Workspace, issue: str) -> int:
    """Return how often somebody was told that a card of the issue may hang or not."""
    said = [str(post.body.get("text")) for post in place.slack.hook_posts]
    said += [str(call.args.get("text")) for call in place.slack.calls]
    return sum(_is_about(text, issue) and "twice, once or not at all" in text for text in said)


def last_heard(place: Workspace, issue: str) -> float:
    """Return when the last vote left of whose outcome the workspace's people can have heard."""
    mine = {place.account_of(user) for user in PEOPLE}
    return max(
        (
            call.left_at
            for call in place.wire.calls
            if call.is_a_vote and call.heard_at is not None
            if issue_in(call.path) == issue and acts_in(call) in mine
        ),
        default=0.0,
    )


def read_stale(place: Workspace, issue: str) -> bool:
    """Return whether Jira told of the issue as it was before, since its people changed it last.

    Nobody can know that it did, and nothing makes whoever was told so ask again: no vote that
    changes nothing, and none in another workspace.
    """
    calls = [call for call in place.wire.calls if call.to == "jira" and call.reply is not None]
    changed_at = _changed_at(place, issue)
    return any(
        call.was_stale and call.left_at > changed_at
        for call in calls
        if issue_of(call.path.partition("/issue/")[2].partition("?")[0].partition("/")[0]) == issue
    )


def _changed_at(place: Workspace, issue: str) -> float:
    """Return when a vote of the workspace's people last changed what Jira counts."""
    mine = {place.account_of(user) for user in (*PEOPLE, *LEAVERS)}
    voters, last = set[str](), 0.0
    for call in place.jira.calls:
        is_a_vote = call.method in ("POST", "DELETE") and issue_in(call.path) == issue
        if not is_a_vote or call.status != _DONE or call.account_id not in mine:
            continue
        before = set(voters)
        (voters.add if call.method == "POST" else voters.discard)(call.account_id)
        if voters != before:
            last = call.at - BEGIN
    return last


def landed_unheard(place: Workspace, issue: str) -> bool:
    """Return whether Jira took a vote of which its life never heard, of somebody who leaves."""
    theirs = {place.account_of(user) for user in LEAVERS}
    return any(
        call.is_a_vote and call.reply is not None and call.heard_at is None
        for call in place.wire.calls
        if call.to == "jira" and acts_in(call) in theirs and issue_in(call.path) == issue
    )


def key_in(path: str) -> str:
    """Return the key under which a path is about an issue's votes."""
    return path.rpartition("/votes")[0].rpartition("/")[2]


def issue_in(path: str) -> str:
    """Return the issue whose votes a path is about."""
    return issue_of(key_in(path))


def writes(place: Workspace, issue: str, account: str | None = None) -> list[float]:
    """Return when somebody's, or one account's, vote or withdrawal reached Jira."""
    return [
        call.at - BEGIN
        for call in place.jira.calls
        if call.method in ("POST", "DELETE")
        and issue_in(call.path) == issue
        and account in (None, call.account_id)
    ]


def is_known(place: Workspace, call: Call) -> bool:
    """Return whether the program had the call's true answer, and then the time to keep it."""
    if call.heard_at is None or call.was_lied_to:
        return False
    end = call.heard_at + _JUST_AFTER
    if any(begun <= end and call.left_at <= over for begun, over in place.disk_troubles):
        return False
    return not any(call.left_at <= cut <= end for cut in place.cuts)


def _settles(body: dict[str, Any], issue: str) -> bool:
    said = str(body.get("text"))
    return _is_about(said, issue) and any(words in said for words in _SETTLED)


def _is_about(text: str, issue: str) -> bool:
    return any(f"|{key}>" in text for key in (issue, MOVES.get(issue)))
