"""Secrets that every house holds, looked for wherever they could have got out of it."""

import base64
import gc
import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pollbot.logs import _OneLine
from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.slack import SlackStandIn

VOICE_TOKEN = "team-voice-token-of-the-site"
_EACH = 200
"""Of so many programs one is looked at closely: at its metrics, and at all that it is made of."""


def secrets(slack: SlackStandIn, logins: Iterable[tuple[str, str]]) -> list[str]:
    """Return what nobody may read of this house: tokens, and what is made of them in headers."""
    headers = [base64.b64encode(f"{email}:{token}".encode()).decode() for email, token in logins]
    tokens = [token for _, token in logins]
    own = [slack.bot_token, slack.tokens.app, slack.signing_secret, slack.installing.client_secret]
    return [*own, VOICE_TOKEN, *tokens, *headers]


class Listening(logging.Handler):
    """Hears what is logged, as pollbot writes it, and keeps what holds a secret.

    It hears what the test's level lets through: warnings and errors, and all else where a test logs
    as the program does. tests/door/test_logs.py has pollbot say all that it can.
    """

    def __init__(self, kept: list[str]) -> None:
        super().__init__()
        self._secrets = kept
        self.leaked: list[str] = []
        self.setFormatter(_OneLine())

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one line. Most have no secret before anything is left out of them."""
        if not record.name.startswith("pollbot"):
            return
        said = str(record.msg) + str(record.args) + str(record.exc_info and record.exc_info[1])
        if record.exc_info or any(one in said for one in self._secrets):
            line = self.format(record)
            self.leaked += [line for one in self._secrets if one in line]


@contextmanager
def listening(kept: list[str]) -> Iterator[Listening]:
    """Hear what is logged in the meantime."""
    handler, root = Listening(kept), logging.getLogger()
    root.addHandler(handler)
    try:
        yield handler
    finally:
        root.removeHandler(handler)


def in_payloads(slack: SlackStandIn, jira: JiraStandIn, kept: list[str]) -> list[str]:
    """Return what holds a secret of all that pollbot told Slack, and wrote in Jira."""
    left = [
        f"{call.method} {json.dumps(call.args, default=str)}"
        for call in slack.calls
        if call.method != "oauth.v2.access"  # which is told the app's own secret (docs.slack.dev)
    ]
    left += [json.dumps(post.body, default=str) for post in slack.hook_posts]
    left += [str(issue) for issue in jira.issues.values()]
    return [one for one in left if any(secret in one for secret in kept)]


def in_files(database: Path, kept: list[str]) -> list[str]:
    """Return which secrets can be read in a database and what lies beside it."""
    files = [database.with_name(database.name + end) for end in ("", "-wal")]
    found = [file.read_bytes() for file in files if file.exists()]
    key = database.with_name(f"{database.name}.key")
    keys = [line.strip() for line in key.read_text().split()] if key.exists() else []
    return [one for one in [*kept, *keys] if any(one.encode() in content for content in found)]


def in_reprs(kept: list[str]) -> list[str]:
    """Return how things of pollbot's show a secret to whoever prints them."""
    shown = []
    for thing in gc.get_objects():
        module = str(type(thing).__module__)
        if module.startswith("pollbot.") and not module.startswith("pollbot.sandbox"):
            text = repr(thing)
            shown += [text[:500] for one in kept if one in text]
    return shown


class Turn:
    """Says whose turn it is to be looked at more closely."""

    def __init__(self) -> None:
        self._programs = 0

    def comes(self) -> bool:
        """Return whether it is this one's turn."""
        self._programs += 1
        return self._programs % _EACH == 1


TURN = Turn()


def named(found: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return the places in which something was found."""
    return {place: what for place, what in found.items() if what}
