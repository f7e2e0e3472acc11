"""What Slack's payloads are made of, as far as anything in pollbot reads them.

Slack signs what it sends, but nobody can promise that it always looks as documented. What is
of another type than here is refused at the door, so that no reader has to ask. Parts may be
missing or null: each reader says what follows from that. Source: docs.slack.dev, interaction
payloads, slash commands and the Events API.
"""

import json
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from pollbot.errors import NoPayload

_HALF_A_PAIR = re.compile(r"\\u[dD][89a-fA-F]")

Id = Annotated[str, StringConstraints(max_length=255)]
Stamp = Annotated[str, StringConstraints(pattern=r"\A[0-9]{1,16}(\.[0-9]{1,16})?\z")]
Seconds = Annotated[int, Field(ge=0, le=32_503_680_000)]  # up to the year 3000


def read_json(text: str) -> Any:
    """Return what is written, without halves of surrogate pairs: nothing can store or send those.

    So a payload is read, and what a button or a form remembers, which is JSON in a text of it.
    Raises ValueError or RecursionError if it cannot be read.
    """
    body = json.loads(text)
    if not _HALF_A_PAIR.search(text):
        return body
    return json.loads(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"))


class _Shape(BaseModel):
    # Secrets may stand in a payload, so no error repeats what it found.
    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)


class _Named(_Shape):
    """A workspace, an organisation or a channel."""

    id: Id | None = None


class _User(_Named):
    team_id: Id | None = None


class _Option(_Shape):
    value: str


class _Chosen(_Shape):
    """What one element holds, be it in the state of a form or in a press on it."""

    value: str | None = None
    selected_option: _Option | None = None
    selected_options: list[_Option] | None = None
    selected_date: Id | None = None
    selected_time: Id | None = None
    selected_date_time: Seconds | None = None
    selected_conversation: Id | None = None
    selected_channel: Id | None = None
    selected_user: Id | None = None
    selected_users: list[Id] | None = None


class _Action(_Chosen):
    action_id: Id
    block_id: Id | None = None
    action_ts: Stamp | None = None


class _Container(_Shape):
    message_ts: Stamp | None = None
    channel_id: Id | None = None
    is_ephemeral: bool | None = None


class _Message(_Shape):
    ts: Stamp | None = None
    team: Id | None = None


class _State(_Shape):
    values: dict[str, dict[str, _Chosen]] | None = None


class _Block(_Shape):
    type: str | None = None
    block_id: Id | None = None


class _View(_Shape):
    id: Id
    callback_id: Id | None = None
    team_id: Id | None = None
    app_installed_team_id: Id | None = None
    hash: Id | None = None
    private_metadata: str | None = None
    state: _State | None = None
    blocks: list[_Block] | None = None


class _Sent(_View):
    type: Id  # Bolt 1.30 looks at it without asking whether it is there
    callback_id: Id


class _Where(_Shape):
    """What every payload of an interaction may say about who, where and when."""

    user: _User | None = None
    team: _Named | Id | None = None
    enterprise: _Named | Id | None = None
    is_enterprise_install: bool | Literal["true", "false"] | None = None
    channel: _Named | Id | None = None
    container: _Container | None = None
    message: _Message | None = None
    response_url: str | None = None
    trigger_id: Id | None = None
    authorizations: list[dict[str, Any]] | None = None


class _BlockActions(_Where):
    type: Literal["block_actions"]
    actions: Annotated[list[_Action], Field(min_length=1)]
    view: _View | None = None


class _ResponseUrl(_Shape):
    response_url: str | None = None


class _OfView(_Where):
    type: Literal["view_submission", "view_closed"]
    view: _Sent
    response_urls: list[_ResponseUrl] = Field(default_factory=list)


class _Shortcut(_Where):
    type: Literal["shortcut", "message_action"]
    callback_id: Id
    action_ts: Stamp | None = None


class _BlockSuggestion(_Where):
    type: Literal["block_suggestion"]
    action_id: Id
    block_id: Id | None = None
    value: str | None = None
    view: _View | None = None


class _Function(_Shape):
    """A step of a workflow. Source: docs.slack.dev, function_executed."""

    callback_id: Id | None = None


class _Inner(_Shape):
    type: Id
    function: _Function | None = None
    function_execution_id: Id | None = None
    inputs: dict[str, Any] | None = None
    bot_access_token: Id | None = None
    subtype: Id | None = None
    user: _User | Id | None = None
    channel: _Named | Id | None = None
    text: str | None = None
    ts: Stamp | None = None
    thread_ts: Stamp | None = None
    channel_type: Id | None = None
    tab: Id | None = None


class _Authorization(_Shape):
    team_id: Id | None = None
    enterprise_id: Id | None = None
    user_id: Id | None = None
    is_enterprise_install: bool | None = None


class _Event(_Shape):
    type: Literal["event_callback"]
    event: _Inner
    event_id: Id | None = None
    team_id: Id | None = None
    enterprise_id: Id | None = None
    context_team_id: Id | None = None
    context_enterprise_id: Id | None = None
    is_enterprise_install: bool | None = None
    is_ext_shared_channel: bool | None = None
    authorizations: list[_Authorization] | None = None


class _Verification(_Shape):
    type: Literal["url_verification"]
    challenge: str


class _Slowed(_Shape):
    type: Literal["app_rate_limited"]


class _Command(_Shape):
    command: Annotated[str, StringConstraints(pattern=r"\A/", max_length=255)]
    text: str | None = None
    user_id: Id | None = None
    team_id: Id | None = None
    enterprise_id: Id | None = None
    channel_id: Id | None = None
    response_url: str | None = None
    trigger_id: Id | None = None
    is_enterprise_install: bool | Literal["true", "false"] | None = None


class _SslCheck(_Shape):
    ssl_check: str


_BY_TYPE: TypeAdapter[Any] = TypeAdapter(
    Annotated[
        _BlockActions | _OfView | _Shortcut | _BlockSuggestion | _Event | _Verification | _Slowed,
        Field(discriminator="type"),
    ]
)
_BY_NAME: TypeAdapter[Any] = TypeAdapter(_Command | _SslCheck)


def check(body: Any) -> None:
    """Raise NoPayload unless this is something that Slack sends, as far as pollbot reads it."""
    if not isinstance(body, dict):
        raise NoPayload("no object")
    try:
        (_BY_TYPE if "type" in body else _BY_NAME).validate_python(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        # Further down, names may be what somebody made up.
        where = ".".join(str(part) for part in first["loc"][:2])
        raise NoPayload(f"{where or 'payload'}: {first['type']}") from None
