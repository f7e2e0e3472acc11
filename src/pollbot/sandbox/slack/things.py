"""What there is in a workspace, and what passes between it and the app, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Person:
    """``team_id`` is the workspace that they belong to, and administer if ``is_admin``."""

    id: str
    name: str
    team_id: str
    is_admin: bool = False
    tz: str = "Europe/Berlin"
    locale: str = "en-US"
    is_guest: bool = False
    email: str = ""
    has_left: bool = False


@dataclass
class UserGroup:
    """People under one handle; a disabled one is told to nobody."""

    id: str
    handle: str
    name: str
    users: set[str] = field(default_factory=set)
    is_disabled: bool = False


@dataclass
class Channel:
    """``for_everyone``: people who come later are members too."""

    id: str
    name: str
    is_private: bool = False
    app_is_member: bool = False
    members: set[str] = field(default_factory=set)
    is_archived: bool = False
    is_im: bool = False
    for_everyone: bool = False


@dataclass
class FileThing:
    """A file that was announced; ``content`` is there once it was uploaded."""

    id: str
    name: str
    title: str
    size: int
    content: bytes | None = None

    @property
    def text(self) -> str:
        """Return what stands in it."""
        return (self.content or b"").decode()


@dataclass
class Message:
    """``user`` wrote it; only ``ephemeral_for`` sees it, if that is set.

    ``unfurls`` are the previews of its links, as blocks by the link, and ``entities`` those that
    are Work Objects.
    """

    id: str
    channel: str
    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]]
    ephemeral_for: str | None = None
    thread_ts: str | None = None
    edited: bool = False
    metadata: dict[str, Any] | None = None
    unfurls: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    entities: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: list[FileThing] = field(default_factory=list)


@dataclass
class View:
    """An open form of one person; ``previous`` is the form beneath it.

    ``values`` holds what the person typed or chose, plain, by block_id and action_id; ``errors``
    what the form complains about, by block_id.
    """

    id: str
    user: str
    view: dict[str, Any]
    hash: str
    previous: str | None
    root: str
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass
class Trigger:
    user: str
    made_at: float
    view: str | None
    used: bool = False


@dataclass
class Hook:
    """A response_url: where it posts, and the message it may replace."""

    user: str
    channel: str
    source: str | None
    made_at: float
    uses: int = 0


@dataclass(frozen=True)
class Call:
    """One Web API call and what was answered; status 0 is no answer at all."""

    method: str
    args: dict[str, Any]
    answer: dict[str, Any]
    status: int
    at: float


@dataclass(frozen=True)
class HookPost:
    """One post to a response_url; status 0 is no answer at all."""

    url: str
    body: dict[str, Any]
    status: int
    answer: str
    at: float


@dataclass(frozen=True)
class Answer:
    """What the app answered, and ``error``: the words Slack shows the person, None if all is well.

    ``status`` is 0 when there was no answer, or nothing was sent.
    """

    status: int
    body: str
    json: dict[str, Any] | None
    seconds: float
    error: str | None = None


def nothing_sent(error: str | None) -> Answer:
    return Answer(0, "", None, 0.0, error)


def with_error(answer: Answer, error: str | None) -> Answer:
    return Answer(answer.status, answer.body, answer.json, answer.seconds, error)


def fit(errors: Any, opened: View) -> bool:
    """Return whether the errors of a form's answer name fields that it has."""
    inputs = {block["block_id"] for block in opened.view["blocks"] if block["type"] == "input"}
    return isinstance(errors, dict) and bool(errors) and errors.keys() <= inputs
