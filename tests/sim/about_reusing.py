"""Promises about polls asked again, templates, exports, and what polls begin with."""

import csv
import io
import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from pollbot.polls.exports.rules import BOM
from pollbot.sandbox.slack import Message
from tests.sim.about_polls import posted_once
from tests.sim.reusing import COMMENTS, KEEPER, Again, Exported, Reusing, Said
from tests.sim.world import BEGIN, DATABASE, GUESTS, PLANNING, Workspace, World

Answers = list[tuple[float, str, frozenset[str]]]
"""What each commit left of somebody's answers to a poll: when, who, and the options' ids."""

_UNDER_WAY = 45.0
"""Seconds after which no export is on its way any more."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A poll as it lies in its table."""

    id: str
    created_by: str
    options: dict[str, str]
    settings: dict[str, Any]
    answers: int

    def asks(self, *, but: str = "") -> tuple[tuple[str, ...], str]:
        """Return the options and the settings, but the one of that name."""
        settings = {name: one for name, one in self.settings.items() if name != but}
        return tuple(self.options.values()), json.dumps(settings, sort_keys=True)


def ask_the_same(place: Workspace, reusing: Reusing) -> None:
    """Look whether each poll that was asked again is there once, alike, and nobody's answer."""
    for one in reusing.again:
        if one.source is None:
            continue
        found = _stored(place, one.text)
        _are_alike(place, one, found, _stored(place, one.source.title)[0])
        if len(found) > 1:
            place.breaks(f"{one.text} was asked for once, and made {len(found)} times.", "doubled")
        if one.acked_at is not None and not found:
            place.breaks(f"{one.text} was acknowledged, and not made.")
        cards = _cards(place, one.text)
        posted_once(place, one.text, cards)
        if one.acked_at is not None and not cards:
            place.breaks(f"{one.text} was acknowledged, and its card never came.")
    first, *copies = sorted(
        _stored(place, reusing.over.title), key=lambda poll: poll.created_by != KEEPER
    )
    least = sum(one.acked_at is not None for one in reusing.copies)
    if not least <= len(copies) <= len(reusing.copies):
        place.breaks(
            f"{len(reusing.copies)} copies of {reusing.over.title} were asked for, {least} of them "
            f"acknowledged; there are {len(copies)}."
        )
    for copy in reusing.copies:
        _are_alike(place, copy, copies, first)


def _are_alike(place: Workspace, one: Said, found: list[Stored], source: Stored) -> None:
    but = COMMENTS if isinstance(one, Again) and one.of_form else ""
    wanted = source.asks(but=but)
    for poll in found:
        if poll.created_by != one.user:
            place.breaks(f"{one.text} is {poll.created_by}'s, and was asked for by {one.user}.")
        if poll.asks(but=but) != wanted:
            place.breaks(f"{one.text} asks {poll.asks()}, and not what it was to: {wanted}.")
        if poll.answers:
            place.breaks(f"{one.text} has {poll.answers} answers, and nobody gave any.", "doubled")


def keep_templates(place: Workspace, reusing: Reusing) -> None:
    """Look whether templates are there as they were named, whose they are, and hold no answers."""
    with closing(sqlite3.connect(place.folder / DATABASE)) as db:
        rows = db.execute("SELECT owner, name, shared, definition FROM poll_templates").fetchall()
    named = {one.text: one for one in reusing.templates}
    count = Counter(name for _, name, _, _ in rows)
    for one in reusing.templates:
        is_there = count[one.text] > 0
        if one.acked_at is not None and one.dropping_at is None and not is_there:
            place.breaks(f"The template {one.text} was saved, and is not there.")
        if one.dropped_at is not None and is_there:
            place.breaks(f"The template {one.text} was deleted, and is there.")
    for owner, name, shared, definition in rows:
        one_named = named.get(name)
        may_be = one_named.is_shared if one_named is not None else False
        if shared and not may_be:
            place.breaks(f"The template {name} is shared, and its owner never did so.", "let in")
        if owner != KEEPER and not (may_be and one_named and one_named.dropping_at is not None):
            place.breaks(f"The template {name} is {owner}'s now.", "let in")
        for user in GUESTS:
            if user in definition:
                place.breaks(f"The template {name} names {user}.", "leaked")
    dropped = sum(one.dropping_at is not None for one in reusing.templates)
    least = sum(one.acked_at is not None for one in reusing.saves) - dropped
    if not least <= len(rows) <= len(reusing.saves):
        place.breaks(
            f"{len(reusing.saves)} times a template was to be saved; there are {len(rows)}.",
            "doubled" if len(rows) > least else "lost",
        )


def show_nobody_s_templates(place: Workspace, reusing: Reusing) -> None:
    """Look whether others saw only what was shared."""
    shared = [one.text for one in reusing.templates if one.is_shared]
    for seen in reusing.seen_by_strangers:
        for name in re.findall(r"\*([^*]+)\*\\n", seen):
            if name not in shared:
                place.breaks(f"The template {name} is its owner's alone, and was shown.", "let in")


def begin_as_said(place: Workspace, reusing: Reusing) -> None:
    """Look whether polls begin as an admin has said, since then, and only since then."""
    for one in reusing.usual:
        found = _stored(place, one.text)
        if len(found) > 1:
            place.breaks(f"{one.text} was asked for once, and made {len(found)} times.", "doubled")
        if one.acked_at is not None and not found:
            place.breaks(f"{one.text} was acknowledged, and not made.")
        for poll in found:
            has = bool(poll.settings.get(COMMENTS))
            said_at, tried_at = reusing.defaults.acked_at, reusing.defaults_tried_at
            if has and tried_at is None:
                place.breaks(f"{one.text} takes comments, and no admin said so.")
            if not has and said_at is not None and one.sent_at > said_at:
                place.breaks(f"{one.text} takes no comments, and an admin had said that polls do.")


def hand_over_what_is_there(place: Workspace, reusing: Reusing, world: World) -> None:
    """Look whether each export went to whoever asked alone, and equals the store at its moment."""
    came: Counter[tuple[str, str]] = Counter()
    for message in reusing.handed_over():
        exported = _export_of(reusing, message)
        channel = place.slack.channels[message.channel]
        if exported is None or not channel.is_im or channel.members != {exported.user}:
            place.breaks(f"An export went to {sorted(channel.members)}.", "let in")
            continue
        came[exported.text, exported.kind] += 1
        files = {one.name.rpartition(".")[0].rpartition("-")[2]: one.text for one in message.files}
        (poll,) = _stored(place, exported.text)
        history = [one[:1] + one[2:] for one in world.answers if one[1] == poll.id]
        counts, chosen = _read(files, exported.kind, poll)
        at = float(message.ts) - BEGIN
        if exported.text == reusing.anonymous.title:
            _names_nobody(place, exported, files)
            if counts not in _splits(history, poll):
                place.breaks(f"The export of {exported.text} has {counts}, as it never was.")
            continue
        began = min(
            one.sent_at
            for one in reusing.exports
            if (one.text, one.kind) == (exported.text, exported.kind)
            and at - _UNDER_WAY < one.sent_at <= at
        )
        _equals(place, exported, poll, history, (began, at), counts, chosen)
    for (title, kind), times in came.items():
        asked = sum((one.text, one.kind) == (title, kind) for one in reusing.exports)
        if times > asked:
            place.breaks(
                f"{title} was asked for as {kind} {asked} times, and came {times} times.", "doubled"
            )


def _equals(
    place: Workspace,
    exported: Exported,
    poll: Stored,
    history: Answers,
    between: tuple[float, float],
    counts: tuple[int, ...],
    chosen: dict[str, frozenset[str]],
) -> None:
    """Look whether all that stands in an export was so at some time while it was made."""
    possible = _possible(history, *between)
    for user in possible.keys() | chosen.keys():
        allowed = possible.get(user, {frozenset[str]()})
        if chosen.get(user, frozenset()) not in allowed:
            place.breaks(
                f"The export of {exported.text} says that {user} chose "
                f"{sorted(chosen.get(user, ()))}; the store had {sorted(map(sorted, allowed))}."
            )
    for at, option in enumerate(poll.options):
        least = sum(all(option in one for one in sets) for sets in possible.values())
        most = sum(any(option in one for one in sets) for sets in possible.values())
        if not least <= counts[at] <= most:
            place.breaks(
                f"The export of {exported.text} counts {counts[at]} for {poll.options[option]}; "
                f"the store had {least} to {most}."
            )


def _possible(history: Answers, began: float, ended: float) -> dict[str, set[frozenset[str]]]:
    """Return what each person may have chosen at any time between these."""
    possible: defaultdict[str, set[frozenset[str]]] = defaultdict(lambda: {frozenset()})
    for at, who, options in history:
        if at > ended:
            break
        # What a commit leaves may not be on disk yet when it is looked at.
        possible[who] = {options} if at < began - 1.0 else possible[who] | {options}
    return possible


def _splits(history: Answers, poll: Stored) -> set[tuple[int, ...]]:
    """Return how many had chosen each option, after each commit."""
    chosen: dict[str, frozenset[str]] = {}
    splits = {(0,) * len(poll.options)}
    for _, who, options in history:
        chosen[who] = options
        count = Counter(option for mine in chosen.values() for option in mine)
        splits.add(tuple(count[option] for option in poll.options))
    return splits


def exported_splits(place: Workspace, reusing: Reusing) -> set[tuple[int, ...]]:
    """Return what exports of the anonymous poll told of it."""
    (poll,) = _stored(place, reusing.anonymous.title)
    found = set()
    for message in reusing.handed_over():
        exported = _export_of(reusing, message)
        if exported is not None and exported.text == reusing.anonymous.title:
            files = {
                one.name.rpartition(".")[0].rpartition("-")[2]: one.text for one in message.files
            }
            found.add(_read(files, exported.kind, poll)[0])
    return found


def _names_nobody(place: Workspace, exported: Exported, files: dict[str, str]) -> None:
    for name, text in files.items():
        for user, called in GUESTS.items():
            # Who made a poll is no secret.
            if user != KEEPER and (user in text or called in text):
                place.breaks(f"The export of {exported.text} names {user} in {name}.", "leaked")
        if name == "answers" or '"answers": [' in text:
            place.breaks(f"The export of {exported.text} tells answer by answer.", "leaked")


def _export_of(reusing: Reusing, message: Message) -> Exported | None:
    """Return what was asked for that came with that message; None if nobody asked for it."""
    kind = message.files[0].name.rpartition(".")[2]
    for one in reusing.exports:
        if one.kind == kind and f"*{one.text}*" in message.text:
            return one
    return None


def _read(
    files: dict[str, str], kind: str, poll: Stored
) -> tuple[tuple[int, ...], dict[str, frozenset[str]]]:
    """Return how many chose each option by an export, and who is named with which options."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    if kind == "json":
        (text,) = files.values()
        said = json.loads(text)
        counts = {one["id"]: one["in_slack"] for one in said["results"]["options"]}
        for one in said.get("answers", ()):
            named[one["user_id"]].add(one["option_id"])
    else:
        ids = {title: id_ for id_, title in poll.options.items()}
        counts = {ids[one["option"]]: int(one["in_slack"]) for one in _rows(files["results"])}
        for one in _rows(files.get("answers", "")):
            named[one["user_id"]].add(ids[one["option"]])
    split = tuple(counts[option] for option in poll.options)
    return split, {user: frozenset(options) for user, options in named.items()}


def _rows(text: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(text.removeprefix(BOM), newline=""))


def _cards(place: Workspace, title: str) -> list[Message]:
    return [
        one
        for one in place.slack.messages
        if one.channel == PLANNING and one.ephemeral_for is None and f"*{title}*" in str(one.blocks)
    ]


def _stored(place: Workspace, title: str) -> list[Stored]:
    """Return the polls of that title that were made."""
    with closing(sqlite3.connect(place.folder / DATABASE)) as db:
        rows = db.execute(
            "SELECT id, created_by, options, settings,"
            " (SELECT count(*) FROM answers WHERE poll_id = polls.id)"
            " FROM polls WHERE title = ? AND made = 1 AND deleted_at IS NULL ORDER BY created_at",
            (title,),
        ).fetchall()
    return [
        Stored(
            id_,
            created_by,
            {one["id"]: one["title"] for one in json.loads(options)},
            json.loads(settings),
            answers,
        )
        for id_, created_by, options, settings, answers in rows
    ]
