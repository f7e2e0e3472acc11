"""The Slack app as Slack is told of it: its commands and scopes, and how Slack reaches pollbot.

Source: docs.slack.dev, app manifest reference.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias
from urllib.parse import urlsplit

from pollbot.text.command_words import COMMANDS, DESCRIPTION, POLLBOT, hints, is_prefix, prefixed
from pollbot.text.workflow_steps import STEPS, Parameter

Value: TypeAlias = "bool | int | str | Sequence[Value] | Mapping[str, Value]"
Manifest: TypeAlias = Mapping[str, Value]

SCOPES: Mapping[str, str] = {
    "commands": "no command of pollbot's is there",
    "chat:write": "cards, receipts and results cannot be posted",
    "users:read": "people's names, time zones and rights are not known",
}
"""The scopes that the bot token needs, each with what is missing without it."""

OPTIONAL: Mapping[str, str] = {
    "users:read.email": "the form that connects an account is not filled in with an e-mail address",
    "chat:write.public": "public channels that pollbot was not invited to take no cards",
    "channels:read": "who is in a public channel is not known, so reminders name nobody there",
    "groups:read": "who is in a private channel is not known, so reminders name nobody there",
    "channels:history": "issues that are named in a thread of a public channel are not found",
    "groups:history": "issues that are named in a thread of a private channel are not found",
    "app_mentions:read": "@pollbot in a channel is not heard",
    "im:history": "what is written to pollbot in a direct message is not heard, and whether a word "
    "arrived is not looked up",
    "im:write": "whether a word arrived on whose way pollbot was killed is not looked up",
    "usergroups:read": "who is in a user group is not known, so polls cannot be for its members",
    "links:read": "links to Jira issues get no preview to vote on",
    "links:write": "links to Jira issues get no preview to vote on",
    "files:write": "exports of polls come as no files, and long ones not at all",
}
"""The scopes that an admin may leave out, each with what is missing without it."""

SHORTCUTS: Mapping[str, tuple[str, str, str]] = {
    "new_poll": ("global", "New poll", "Ask a question, on a Jira issue or on none"),
    "vote_on_issue": ("global", "Vote on an issue", "Vote on a Jira issue, as yourself"),
    "vote_on_mentioned": (
        "message",
        "Vote on these issues",
        "Post the Jira issues that a message names, each to vote on",
    ),
    "make_poll": ("message", "Make this a poll", "Ask what a message asks, as a poll"),
}
"""The kind of each shortcut by its callback_id, with its name and what Slack shows beside it."""

EVENTS = (
    "app_home_opened",
    "app_mention",
    "entity_details_requested",
    "link_shared",
    "message.im",
)
"""What Slack tells of by itself; of what a scope that was left out is for, it tells nothing."""

UNFURLED = "atlassian.net"
"""The domain of most sites in Atlassian's cloud; pollbot looks at links to its own only."""

EXECUTED = "function_executed"
"""What Slack tells of where the app has steps for Workflow Builder."""

OF_LEAVING = (
    "app_uninstalled",
    "team_access_granted",
    "team_access_revoked",
    "tokens_revoked",
)
"""What Slack tells besides where several workspaces have the app: which of them has it no more."""

EVENTS_PATH = "/slack/events"
REDIRECT_PATH = "/slack/oauth_redirect"


class NoManifestError(ValueError):
    """There is no manifest for this address or prefix; the text says why."""


def manifest(
    url: str = "",
    prefix: str = "",
    jira: Sequence[str] = (),
    *,
    steps: bool = False,
    install: str = "",
    org: bool = False,
) -> Manifest:
    """Return the manifest: for HTTP at this address of pollbot's, without one for Socket Mode.

    With ``steps`` it offers those for Workflow Builder, which Slack takes from apps for whole
    organisations on a paid plan only (docs.slack.dev, "Custom steps").

    With ``install``, an address of pollbot's for browsers, other workspaces may install it from
    there; with ``org`` whole organisations may.

    ``jira`` are the addresses of Jira sites that do not end in atlassian.net: Slack tells of links
    to these, too.

    The prefix stands before the names of the four commands that another app may own. /pollbot
    keeps its name, which is what all of pollbot's words tell people to type. Raises
    NoManifestError.
    """
    events = _at(url, EVENTS_PATH, "--url") if url else ""
    redirect = _at(install, REDIRECT_PATH, "--install") if install else ""
    reached: Manifest = {"url": events} if events else {}
    told = [(word.name, word.what) for word in COMMANDS] + [(POLLBOT, DESCRIPTION)]
    takes = hints()
    prefix = prefix.removeprefix("/")
    if not is_prefix(prefix):
        raise NoManifestError(
            "--prefix: it may hold lower-case letters, digits, - and _, at most 20 of them, and "
            'not end in "un", since /unvote is a command of its own'
        )
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "pollbot",
            "description": "Vote on Jira issues and run polls from Slack, as yourself",
            "background_color": "#1d4f4a",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "pollbot", "always_online": True},
            "shortcuts": [
                {"name": name, "type": kind, "callback_id": callback_id, "description": what}
                for callback_id, (kind, name, what) in SHORTCUTS.items()
            ],
            "unfurl_domains": _domains(jira),
            "slash_commands": [
                {
                    "command": name if name == POLLBOT else prefixed(name, prefix),
                    **reached,
                    "description": what,
                    "usage_hint": takes[name],
                    "should_escape": False,
                }
                for name, what in told
            ],
        },
        "oauth_config": {
            **({"redirect_urls": [redirect]} if redirect else {}),
            "scopes": {"bot": list(SCOPES), "bot_optional": list(OPTIONAL)},
        },
        "settings": {
            "event_subscriptions": {
                **({"request_url": events} if events else {}),
                "bot_events": [
                    *EVENTS,
                    *([EXECUTED] if steps else []),
                    *(OF_LEAVING if redirect or org else []),
                ],
            },
            "interactivity": {"is_enabled": True, **({"request_url": events} if events else {})},
            "org_deploy_enabled": steps or org,
            "socket_mode_enabled": not events,
            "token_rotation_enabled": False,
            **({"function_runtime": "remote"} if steps else {}),
        },
        **({"functions": functions()} if steps else {}),
    }


def functions() -> Mapping[str, Manifest]:
    """Return the steps for Workflow Builder as a manifest has them, by their callback_id."""
    return {
        step.callback_id: {
            "title": step.title,
            "description": step.description,
            "input_parameters": _parameters(step.inputs),
            "output_parameters": _parameters(step.outputs),
        }
        for step in STEPS
    }


def _parameters(parameters: Sequence[Parameter]) -> Manifest:
    return {
        "properties": {
            one.name: {
                "type": one.type,
                "title": one.title,
                "description": one.description,
                **({"hint": one.hint} if one.hint else {}),
            }
            for one in parameters
        },
        "required": [one.name for one in parameters if one.required],
    }


def as_yaml(value: Manifest) -> str:
    """Return it as YAML, to be pasted."""
    return "\n".join(_lines(value)) + "\n"


def _lines(value: Manifest) -> Iterator[str]:
    for name, part in value.items():
        if isinstance(part, Mapping):
            yield f"{name}:"
            yield from (f"  {line}" for line in _lines(part))
        elif isinstance(part, Sequence) and not isinstance(part, str):
            yield f"{name}:"
            for one in part:
                lines = list(_lines(one)) if isinstance(one, Mapping) else [_scalar(one)]
                yield f"  - {lines[0]}"
                yield from (f"    {line}" for line in lines[1:])
        else:
            yield f"{name}: {_scalar(part)}"


def _scalar(value: Value) -> str:
    # JSON's strings, numbers, true and false are YAML's.
    return json.dumps(value, ensure_ascii=False)


def _domains(jira: Sequence[str]) -> list[str]:
    """Return each domain of whose links Slack is to tell, once; it tells of those below it, too."""
    hosts = dict.fromkeys(_domain(one) for one in jira)
    return [UNFURLED, *(host for host in hosts if not is_unfurled(host))]


def is_unfurled(host: str) -> bool:
    """Return whether the manifest has Slack tell of links to that host without being told of it."""
    return f".{host}".endswith(f".{UNFURLED}")


def _domain(jira: str) -> str:
    """Return the host of a Jira site, by its address or alone."""
    try:
        host = urlsplit(jira if "://" in jira else f"https://{jira}").hostname or ""
    except ValueError:
        host = ""
    if "." not in host:
        raise NoManifestError(
            "--jira: it must be the address of your Jira, such as jira.example.com"
        )
    return host


def _at(url: str, path: str, option: str) -> str:
    """Return the address of a path at an address of pollbot's, as that option names it."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme != "https" or parts.query or parts.fragment or "@" in parts.netloc:
        raise NoManifestError(
            f"{option}: it must be the address at which Slack reaches pollbot, and start with "
            "https://, such as https://pollbot.example.com"
        )
    return url.strip().rstrip("/").removesuffix(path) + path
