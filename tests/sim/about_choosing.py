"""Promises about what a poll asks of its people, and about what else is done about polls."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

from tests.sim.about_polls import posted_once, split_on
from tests.sim.choosing import (
    BARRED,
    DELETED,
    GOES_ON,
    MANY,
    PAUSED,
    REACHED,
    Choosing,
    Pressed,
    Threshold,
)
from tests.sim.seen import posts, pressed, words_of
from tests.sim.world import DATABASE, GUESTS, LEADS, PLANNING, WATCHED, Workspace, json_of

_BUSY, _SOON = 30.0, 1.0
_DOUBT = "Slack did not answer while pollbot was telling this"


def keep_the_terms(place: Workspace, choosing: Choosing) -> None:
    """Look whether each has chosen so many, as they pressed, and nobody else has; cards say so."""
    options, chosen, unfinished = _stored(place, choosing.poll.title)
    for user in choosing.others:
        if user in chosen or user in unfinished:
            place.breaks(f"{GUESTS[user]} may not answer {choosing.poll.title}, and is counted.")
    for user in choosing.group:
        mine, kept = chosen.get(user, set()), unfinished.get(user, set())
        if len(mine) not in (0, MANY) or len(kept) not in range(MANY) or (mine and kept):
            place.breaks(f"{GUESTS[user]} has chosen {sorted(mine)}, and {sorted(kept)} beside.")
        if frozenset(mine | kept) not in _possible(place, choosing.pressed[user]):
            place.breaks(
                f"{GUESTS[user]} has chosen {sorted(mine | kept)}, which is not what they pressed."
            )
    counted = Counter(option for mine in chosen.values() for option in mine)
    stored = tuple(counted[id_] for id_ in options)
    unknown = {post.message.id for post in posts(place) if not post.is_known} - pressed(place)
    for card in choosing.polls.cards(choosing.poll):
        if card.id in unknown:
            continue
        shown = split_on(tuple(options.values()), words_of(card))
        if shown != stored and (any(stored) or shown is not None):
            place.breaks(f"{choosing.poll.title} shows {shown} on {card.id}; {stored} are stored.")


def add_each_once(place: Workspace, choosing: Choosing) -> None:
    """Look whether what was added is an option, once; and once no more, if nobody heard of it."""
    options, _, _ = _stored(place, choosing.poll.title)
    count = Counter(options.values())
    for one in choosing.added:
        least = 1 if one.acked_at is not None else 0
        if not least <= count[one.text] <= 1:
            place.breaks(f"{one.text} was added, and is an option {count[one.text]} times.")


def make_each_step_once(place: Workspace, choosing: Choosing) -> None:
    """Look whether each step that was taken on has ended, and a poll is made once if it says so."""
    for run, is_taken in choosing.runs:
        title = run.inputs["question"]
        cards = [one for one in place.slack.messages if title in words_of(one)]
        cards = [one for one in cards if one.channel == PLANNING and one.ephemeral_for is None]
        posted_once(place, title, cards)
        if is_taken and run.state == "running":
            place.breaks(f"The step that makes {title} was taken on, and never ended.")
        if run.state == "failed":
            place.breaks(f"The step that makes {title} failed: {run.error}")
        # Both posts may have been lost on their way: whoever made it is told that it may not hang.
        in_doubt = f"Your poll *{title}* is there, but Slack did not an"
        told = any(in_doubt in str(call.args.get("text")) for call in place.slack.calls)
        if run.state == "completed" and not cards and not told:
            place.breaks(f"The step that makes {title} is done, and no card came.")


def cross_once(place: Workspace) -> None:
    """Look whether an issue that reached a number was told of once, or its owner is told."""
    said = [one for one in place.slack.messages if f"reached {REACHED} votes" in one.text]
    told = [one for one in said if one.channel == PLANNING and _DOUBT not in one.text]
    if len(told) > 1:
        place.breaks(f"{len(told)} times it was told that {WATCHED} reached {REACHED} votes.")
    if not said:
        place.breaks(f"{WATCHED} reached {REACHED} votes, and nobody was told.")


def tell_as_wished(place: Workspace, choosing: Choosing) -> None:
    """Look whether each threshold stands as its owner wished it last, and told what it was to tell.

    None tells while it is paused, or what was reached meanwhile. One that is resumed while Jira
    tells of before takes that for how it stands, and tells of what was there already.
    """
    looks = [call for call in place.wire.calls if call.to == "jira" and WATCHED in call.path]
    was_stale = any(call.was_stale for call in looks)
    for threshold in choosing.thresholds:
        stands, reached_at = _standing(place, threshold), choosing.reached_at[threshold.votes]
        what, deeds = f"The threshold at {threshold.votes} votes", threshold.stands
        if stands not in deeds.last:
            possible = " or ".join(sorted(deeds.last))
            place.breaks(
                f"{what} {stands}, and was to be as if it {possible}.",
                "lost" if deeds.all else "let in",
            )
        said = f"reached {threshold.votes} votes"
        tries = [
            call
            for call in place.calls
            if call.path.endswith("/chat.postMessage")
            and json_of(call).get("channel") == LEADS
            and said in str(json_of(call).get("text"))
        ]
        for call in tries:
            if GOES_ON not in deeds.between(call.left_at, call.left_at):
                place.breaks(f"{what} told, and was not to tell anything then.", "let in")
        told = [post for post in posts(place) if post.call in tries]
        is_sure = not deeds.all or not was_stale
        if is_sure and len(told) > 1:
            place.breaks(f"{what} told {len(told)} times that it is reached.", "doubled")
        if is_sure and told and GOES_ON not in deeds.between(reached_at, reached_at):
            place.breaks(f"{what} told what was reached while it told nothing.", "let in")
        is_calm = threshold.votes > REACHED
        if (not deeds.all or (is_calm and stands == GOES_ON)) and not told:
            in_doubt = any(said in one.text and _DOUBT in one.text for one in place.slack.messages)
            if is_calm or not in_doubt:
                place.breaks(f"{WATCHED} {said}, and the threshold that goes on told nobody.")


def _standing(place: Workspace, threshold: Threshold) -> str:
    with closing(sqlite3.connect(place.folder / DATABASE)) as db:
        row = db.execute("SELECT paused FROM thresholds WHERE id = ?", (threshold.id,)).fetchone()
    return DELETED if row is None else PAUSED if row[0] else GOES_ON


def hang_once_more(place: Workspace, choosing: Choosing) -> None:
    """Look whether the poll hangs once where somebody shared it."""
    cards = [one for one in choosing.polls.cards(choosing.poll) if one.channel == LEADS]
    posted_once(place, choosing.poll.title, cards)
    if not cards and any(one.acked_at for one in choosing.shared):
        place.breaks(f"{choosing.poll.title} was to hang in another channel, and does not.")


def find_it(place: Workspace, choosing: Choosing) -> None:
    """Look whether whoever looked for the poll was told of it."""
    for body in choosing.found:
        if choosing.poll.title not in body and "could not write" not in body:
            place.breaks(f"Who looked for {choosing.poll.title} was told: {body[:200]}")


def let_nobody_in(place: Workspace, choosing: Choosing) -> None:
    """Look whether somebody made a poll who could not since an admin said so."""
    for one in choosing.barred:
        late = choosing.barred_at is not None and one.sent_at > choosing.barred_at
        if late and any(one.text in words_of(message) for message in place.slack.messages):
            place.breaks(f"{BARRED} may make no polls, and made {one.text}")


def _stored(
    place: Workspace, title: str
) -> tuple[dict[str, str], dict[str, set[str]], dict[str, set[str]]]:
    """Return the options by id, and who has chosen which of them, for good or not enough yet."""
    with closing(sqlite3.connect(place.folder / DATABASE)) as db:
        id_, options = db.execute(
            "SELECT id, options FROM polls WHERE title = ?", (title,)
        ).fetchone()
        found: list[dict[str, set[str]]] = []
        for table in ("answers", "unfinished"):
            by_voter: dict[str, set[str]] = {}
            rows = db.execute(
                f"SELECT voter, option_id FROM {table} WHERE poll_id = ?",  # noqa: S608  two tables
                (id_,),
            )
            for voter, option in rows:
                by_voter.setdefault(voter, set()).add(option)
            found.append(by_voter)
    return {one["id"]: one["title"] for one in json.loads(options)}, found[0], found[1]


def _possible(place: Workspace, pressed: list[Pressed]) -> set[frozenset[str]]:
    """Return what somebody may have chosen: each press adds an option, or takes it away.

    One that came while Slack did not tell who is in the group is refused, and its person told. One
    of which nobody heard may come again later, after others. One that was refused as it was too
    many is on no disk: brought once more to the next life, it is looked at anew.
    """
    refused: str | None = None
    none: tuple[str, ...] = ()
    possible = {(frozenset[str](), none)}
    for one in pressed:
        if one.acked_at is None:
            possible |= {(before, (*late, one.option)) for before, late in possible}
        else:
            after = {(_pressed(before, one.option), late) for before, late in possible}
            unread = is_unread(place, one.sent_at, one.acked_at)
            possible = after | possible if unread else after
        if refused is not None:
            possible |= {(_pressed(before, refused), late) for before, late in possible}
        full = any(len(before) == MANY and one.option not in before for before, _ in possible)
        refused = one.option if full else None
        possible = set(_with_late(possible))
    return {chosen for chosen, _ in possible}


def _with_late(
    possible: set[tuple[frozenset[str], tuple[str, ...]]],
) -> Iterator[tuple[frozenset[str], tuple[str, ...]]]:
    """Yield all that may be if some of what is late comes now."""
    for chosen, late in possible:
        yield chosen, late
        for at, option in enumerate(late):
            left = late[:at] + late[at + 1 :]
            yield from _with_late({(_pressed(chosen, option), left)})


def is_unread(place: Workspace, since: float, until: float) -> bool:
    """Return whether Slack was asked about groups, and did not answer soon, or asks to wait."""
    return any(
        not call.went_well or call.heard_at is None or call.heard_at > call.left_at + _SOON
        for call in place.calls
        if "/usergroups." in call.path and since - _BUSY < call.left_at < until
    )


def _pressed(before: frozenset[str], option: str) -> frozenset[str]:
    if option in before:
        return before - {option}
    return before | {option} if len(before) < MANY else before
