"""Promises about comments, and about polls that are closed, opened, deleted and taken down."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise

from tests.sim.about_choosing import is_unread
from tests.sim.about_polls import is_closed, split_on
from tests.sim.polls import Asked, Chosen
from tests.sim.seen import is_known, posts, words_of
from tests.sim.tending import AWAY, CLOSED, GONE, HANGS, MUTED, NUDGED, OPEN, Tending
from tests.sim.world import DATABASE, GUESTS, LEADS, Workspace, json_of

_DELETED, _ONLY = "was deleted", "This is the only reminder."
_FEWEST = 3
_COMMENT = re.compile(r"> (Word \d+\.)")
"""A comment as it is shown to everybody; whoever wrote it is told of it otherwise."""


def keep_comments(place: Workspace, tending: Tending) -> None:
    """Look whether each has said what they said last, and of a deleted poll nobody anything."""
    for poll in tending.commented:
        if GONE in tending.states[poll.title].last:
            continue
        rows = _rows(place, "SELECT voter, comment FROM comments WHERE poll_id = ?", tending, poll)
        said = dict(rows)
        for user in poll.people:
            possible = tending.comments[user].last
            if poll is tending.boss:
                mine = [text for text in said.values() if _is_by(tending, user, text)]
            else:
                mine = [said[user]] if user in said else []
            if len(mine) > 1:
                place.breaks(f"{GUESTS[user]} has {len(mine)} comments on {poll.title}.", "doubled")
            if (mine or [""])[0] not in possible:
                place.breaks(
                    f"{GUESTS[user]}'s comment on {poll.title} is {mine}, and not one of "
                    f"{sorted(possible)}."
                )


def show_comments_three_at_once(place: Workspace, tending: Tending) -> None:
    """Look whether comments on the anonymous poll were new to its readers three at once, or more.

    One of three that nobody had been shown yet may have been taken back meanwhile; and three that
    stand in the end are shown.
    """
    seen: dict[str, float] = {}
    for at, shown in _shown_while_open(place, tending):
        new = shown - seen.keys()
        if 0 < len(new) < _FEWEST and not any(
            _might_be_new(tending, new, then, {one for one in seen if seen[one] < then})
            for then in _moments(tending, at)
        ):
            place.breaks(
                f"Of {tending.boss.title}, {len(new)} comments were shown at once: {sorted(new)}.",
                "leaked",
            )
        seen |= dict.fromkeys(new, at)
    card = words_of(tending.cards[tending.boss.title])
    if is_closed(card) or not any(split_on(tending.boss.options, card) or ()):
        return
    last = [tending.comments[user].last for user in tending.boss.people]
    hidden = [one for one in last if len(one) == 1 and not one <= seen.keys() | {""}]
    if len(hidden) >= _FEWEST:
        place.breaks(f"There are three comments on {tending.boss.title} that nobody is shown.")


def _shown_while_open(place: Workspace, tending: Tending) -> Iterator[tuple[float, set[str]]]:
    """Yield what of its comments left for Slack, and when, until somebody tried to close it."""
    mine = {one.to for user in tending.boss.people for one in tending.comments[user].all}
    closing_at = tending.boss.closing_at
    for call in place.calls:
        if closing_at is not None and call.left_at >= closing_at:
            return
        yield call.left_at, mine & set(_COMMENT.findall(json.dumps(json_of(call))))


def _moments(tending: Tending, until: float) -> set[float]:
    """Return the times until then from which on comments or answers may have been otherwise."""
    boss = tending.boss
    deeds = [one for user in boss.people for one in tending.comments[user].all]
    times = {time for one in deeds for time in (one.sent_at, one.acked_at or until)}
    times |= {one.sent_at for answers in boss.answers.values() for one in answers}
    return {time for time in times if time <= until} | {until}


def _might_be_new(tending: Tending, new: set[str], then: float, seen: set[str]) -> bool:
    """Return whether these, with others to be three, might have been new to readers then."""
    boss = tending.boss
    standing = [tending.comments[user].between(then, then) - seen - {""} for user in boss.people]
    answers = [one for user in boss.people for one in boss.answers[user] if one.sent_at <= then]
    answered = sum(any(one.sent_at <= then for one in boss.answers[user]) for user in boss.people)
    is_given = any(one.acked_at is not None and one.acked_at <= then for one in answers)
    if is_given and answered < _FEWEST:
        # Of so few answers nothing is shown, and no comment.
        return False
    return sum(map(bool, standing)) >= _FEWEST and new <= set().union(*standing)


def keep_states(place: Workspace, tending: Tending) -> None:
    """Look whether each poll is open, closed or deleted as its host wished, and says so."""
    for poll in tending.polls.asked:
        if poll is tending.boss:
            continue
        possible = tending.states[poll.title].last
        ((closed_at, deleted_at),) = _rows(
            place, "SELECT closed_at, deleted_at FROM polls WHERE id = ?", tending, poll
        )
        state = GONE if deleted_at is not None else OPEN if closed_at is None else CLOSED
        if state not in possible:
            place.breaks(
                f"{poll.title} is {state}, and was to be {' or '.join(sorted(possible))}.",
                "lost" if tending.states[poll.title].all else "let in",
            )
        card = tending.cards[poll.title]
        words = words_of(card)
        shown = GONE if _DELETED in words else CLOSED if is_closed(words) else OPEN
        if shown != state:
            place.breaks(f"{poll.title} is {state}, and its card says that it is {shown}.")
        if state == GONE:
            for table in ("answers", "comments", "unfinished", "counts", "steps"):
                found = _rows(
                    place,
                    f"SELECT count(*) FROM {table} WHERE poll_id = ?",  # noqa: S608  of these
                    tending,
                    poll,
                )
                if found != [(0,)]:
                    place.breaks(f"{poll.title} is deleted, and has {found[0][0]} {table}.")


def count_while_open(place: Workspace, tending: Tending) -> None:
    """Look whether what was chosen while a poll was open counts, and what was not does not."""
    for poll in (tending.tea, tending.toy):
        deeds = tending.states[poll.title]
        if GONE in deeds.last:
            continue
        rows = _rows(place, "SELECT voter, option_id FROM answers WHERE poll_id = ?", tending, poll)
        for user in poll.people:
            mine = [int(option) - 1 for voter, option in rows if voter == user]
            possible = _answers(tending, poll, poll.answers[user])
            if len(mine) > 1 or (mine[0] if mine else None) not in possible:
                place.breaks(
                    f"{GUESTS[user]} has chosen {mine} in {poll.title}, and not one of {possible}."
                )
        stored = tuple(
            sum(int(option) - 1 == at for _, option in rows) for at in range(len(poll.options))
        )
        shown = split_on(poll.options, words_of(tending.cards[poll.title]))
        if shown != stored and (any(stored) or shown is not None):
            place.breaks(f"{poll.title} shows {shown}; {stored} are stored.")


def hang_where_they_should(place: Workspace, tending: Tending) -> None:
    """Look whether a card that was taken down is gone, and one that was hung up is there.

    One whose first post was lost and repeated hangs twice, and of one of them nobody knows.
    """
    poll, possible = tending.trip, tending.elsewhere.last
    hangs = any(one.channel == LEADS for one in tending.polls.cards(poll))
    tries = [
        call
        for call in place.calls
        if call.path.endswith("/chat.postMessage")
        and json_of(call).get("channel") == LEADS
        and poll.title in str(json_of(call).get("blocks"))
    ]
    if possible == {AWAY} and hangs and all(is_known(place, call) for call in tries):
        place.breaks(f"{poll.title} was taken down, and hangs there.")
    if possible == {HANGS} and not hangs:
        place.breaks(f"{poll.title} was to hang in another channel, and does not.")
    if tending.cards[poll.title] not in place.slack.messages:
        place.breaks(f"{poll.title} hangs no more where nobody took it down.", "let in")


def nudge_who_is_missing(place: Workspace, tending: Tending) -> None:
    """Look whether those were reminded, once, who had not answered, and nobody else."""
    poll, nudged = tending.trip, tending.nudges
    ((nudged_at,),) = _rows(place, "SELECT nudged_at FROM polls WHERE id = ?", tending, poll)
    if (NUDGED if nudged_at is not None else "") not in nudged.last:
        place.breaks(
            f"{poll.title} was to be {nudged.last}, and was nudged for at {nudged_at}.",
            "lost" if nudged.all else "let in",
        )
    for user in GUESTS:
        told = [
            post
            for post in posts(place)
            if json_of(post.call).get("channel") == user
            and poll.title in post.blocks
            and _ONLY in post.blocks
        ]
        answers = poll.answers[user]
        is_missing = user in tending.crew and user != MUTED
        has_answered = any(
            one.acked_at is not None and not is_unread(place, one.sent_at, one.acked_at)
            for one in answers
        )
        if told and (nudged_at is None or not is_missing or has_answered):
            place.breaks(f"{GUESTS[user]} was reminded of {poll.title}, and not to be.", "let in")
        if any(earlier.is_known for earlier, _ in pairwise(told)):
            place.breaks(f"{GUESTS[user]} was reminded twice of {poll.title}.", "doubled")
        if nudged_at is not None and is_missing and not answers and not told:
            place.breaks(f"{GUESTS[user]} was not reminded of {poll.title}.")


def _answers(tending: Tending, poll: Asked, answers: list[Chosen]) -> set[int | None]:
    """Return what somebody may have chosen: what they press counts as long as the poll is open."""
    deeds, last = tending.states[poll.title], set[int | None]({None})
    for one in answers:
        until = float("inf") if one.acked_at is None else one.acked_at
        states = deeds.between(one.sent_at, until)
        if one.acked_at is None or states != {OPEN}:
            last = last | {one.option} if OPEN in states else last
        else:
            last = {one.option}
    return last


def _is_by(tending: Tending, user: str, text: str) -> bool:
    return any(one.to == text for one in tending.comments[user].all)


def _rows(place: Workspace, statement: str, tending: Tending, poll: Asked) -> list[tuple]:  # type: ignore[type-arg]
    with closing(sqlite3.connect(place.folder / DATABASE)) as db:
        return db.execute(statement, (tending.ids[poll.title],)).fetchall()
