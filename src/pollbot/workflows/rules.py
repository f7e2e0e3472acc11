"""What a step of Workflow Builder is asked for, read from what Slack brings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

from pollbot.errors import PollbotError
from pollbot.text.lists import PARTS, without_marks
from pollbot.text.workflow_steps import STEPS, WHO_USES_IT
from pollbot.text.writing import unescaped
from pollbot.workflows.refusals import NoPollNamed

Outputs: TypeAlias = dict[str, str | int]
"""What a step tells to those after it, by the names in the manifest."""

TOKEN_LIVES = 900.0
"""Seconds for which Slack's own token of a run surely ends it."""
PATIENCE = 600.0
"""Seconds for which a step goes on trying what Jira or a source of polls does not answer."""
NOT_BEGUN_AFTER = 86400.0
"""Seconds after which what a step was to do is not begun any more."""
_LONGEST_INPUT = 40_000
_WHO = {one.name for step in STEPS for one in step.inputs if one.type == WHO_USES_IT}

_BETWEEN = re.compile(PARTS)
_MESSAGE = re.compile(r"/archives/(?P<channel>[A-Z0-9]+)/p(?P<seconds>\d{10})(?P<rest>\d{6})\b")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_LINK = re.compile(r"<(?P<url>[^<>|]+)(?:\|[^<>]*)?>")
_UNIX = re.compile(r"[0-9]{10}(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Execution:
    """One run of a step, until Slack has heard what became of it.

    ``token`` is Slack's own for this run: a secret. ``poll_id`` is the poll that it made, or for
    whose end it waits; ``why`` it failed, which stands once it is there.
    """

    team_id: str
    id: str
    step: str
    inputs: Mapping[str, str]
    asked_at: float
    token: str | None = field(default=None, repr=False)
    poll_id: str | None = None
    why: PollbotError | None = None

    @property
    def stamp(self) -> str:
        """What names it among all that ask for polls."""
        return f"workflow {self.id}"

    def given(self, name: str) -> str:
        """Return an input without surrounding white space; empty if nothing was given."""
        return self.inputs.get(name, "").strip()


def read_inputs(given: object) -> dict[str, str]:
    """Return the inputs as text; of whoever used the workflow their id, and no more.

    Slack names them with a secret, which is nobody's; a bare id would be what somebody typed.
    """
    read: dict[str, str] = {}
    for name, value in given.items() if isinstance(given, Mapping) else ():
        if name in _WHO:
            value = value.get("id") if isinstance(value, Mapping) else None
        elif isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and "." not in name:
            read[name] = unescaped(value)[:_LONGEST_INPUT]
    return read


def read_options(text: str) -> tuple[str, ...]:
    """Return the options: one on each line, or on a single one with commas between them."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) == 1:
        parts = [one for one in _BETWEEN.split(lines[0]) if one.strip()]
        lines = parts if len(parts) > 1 else lines[0].split(",")
    return tuple(line for line in map(str.strip, without_marks(lines)) if line)


def read_end(text: str) -> str:
    """Return a moment as it could be typed after ``until``; a date of Slack's is a number."""
    if not _UNIX.fullmatch(text):
        return text
    return f"{datetime.fromtimestamp(int(text[:10]), UTC):%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True, slots=True)
class OnMessage:
    """The poll that a message shows."""

    channel_id: str
    ts: str


def read_poll(text: str) -> str | OnMessage:
    """Return the id of a poll, or the message that shows it. Raises NoPollNamed."""
    if linked := _LINK.fullmatch(text):
        text = linked["url"]
    if found := _MESSAGE.search(text):
        return OnMessage(found["channel"], f"{found['seconds']}.{found['rest']}")
    if not _ID.fullmatch(text):
        raise NoPollNamed(text)
    return text
