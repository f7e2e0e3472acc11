"""Promises about an older copy of the database that was put back: nothing of it is done again."""

import sqlite3
from contextlib import closing
from pathlib import Path

from pollbot.jira.rules import Wish
from tests.sim.world import PEOPLE, PLANNING, World, json_of


def is_not_done_again(world: World, since: float) -> None:
    """Look whether anything was cast or posted, though nobody asked for it since then."""
    for call in world.wire.calls:
        if call.left_at < since:
            continue
        if call.is_a_vote:
            world.breaks(
                f"{call.method} {call.path} was done again out of an older copy.", "doubled"
            )
        elif _posts(call.path) and json_of(call).get("channel") == PLANNING:
            world.breaks("Something was posted again out of an older copy.", "doubled")


def was_told(world: World, copy: Path) -> None:
    """Look whether each person heard of each wish that the copy still held."""
    with closing(sqlite3.connect(copy)) as db:
        held = db.execute(
            "SELECT user_id, issue_key, wish FROM intents WHERE state <> 'settled'"
        ).fetchall()
    letters = [
        (call.args.get("channel"), str(call.args.get("text")))
        for call in world.slack.calls
        if _posts(call.method) and call.answer.get("ok")
    ]
    for user, key, wish in held:
        about = f"{'the withdrawal of ' if wish == Wish.WITHDRAW else ''}your vote on {key}"
        if not any(to == user and f"• {about}" in text for to, text in letters):
            world.breaks(f"{PEOPLE[user]} did not hear that {about} was left out.")


def _posts(what: str) -> bool:
    return what.endswith("chat.postMessage")
