"""What an installation of the app in a workspace, or in a whole organisation, is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from pollbot.installs.refusals import CannotBeRead

KEPT_FOR = 30 * 86400.0
"""Seconds for which all but its tokens is kept of a workspace that removed the app."""
GOOD_FOR = 600.0
"""Seconds within which an installation that was begun in a browser has to come back."""
SOON = 1800.0
"""Seconds before its end at which a bot token is exchanged for the next one."""
SPENT = 60.0
"""Seconds before its end at which it is not used any more."""

OVER = frozenset({"token_revoked", "account_inactive"})
"""What Slack says of a token for good: it was revoked, or the app or the workspace is gone.

Source: docs.slack.dev, the errors of auth.test.
"""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A bot token; where tokens are rotated, with what brings the next one, and until when."""

    token: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    lives: float | None = None


@dataclass(frozen=True, slots=True)
class Installed:
    """What Slack tells of a new installation. ``id`` is the workspace's, or the organisation's.

    ``url``: where the app is opened in Slack.
    """

    id: str
    name: str
    app_id: str
    bot_user_id: str
    installed_by: str
    scopes: frozenset[str]
    tokens: Tokens

    @property
    def whole(self) -> bool:
        """Whether it is for all workspaces of an organisation."""
        return is_organisation(self.id)


@dataclass(frozen=True, slots=True)
class Installation:
    """An installation as it is kept. ``expires_at`` is None where its token does not end."""

    id: str
    name: str
    app_id: str
    bot_user_id: str
    token: str = field(repr=False)
    refresh: str | None = field(repr=False)
    expires_at: float | None
    installed_at: float

    def ends_within(self, seconds: float, now: float) -> bool:
        """Return whether its token ends so soon."""
        return self.expires_at is not None and now >= self.expires_at - seconds


def is_organisation(id_: str) -> bool:
    """Return whether an id is an organisation's. Source: docs.slack.dev, "Enterprise orgs"."""
    return id_.startswith("E")


def read_tokens(answer: Mapping[str, Any]) -> Tokens:
    """Return the bot token in an answer of oauth.v2.access. Raises CannotBeRead.

    Source: docs.slack.dev, "Using token rotation".
    """
    token, refresh = _text(answer, "access_token"), answer.get("refresh_token")
    lives = answer.get("expires_in")
    if answer.get("token_type") != "bot":
        raise CannotBeRead("token_type")
    if refresh is None and lives is None:
        return Tokens(token)
    if not isinstance(refresh, str) or not isinstance(lives, int | float) or lives <= 0:
        raise CannotBeRead("refresh_token")
    return Tokens(token, refresh, float(lives))


def read_installed(answer: Mapping[str, Any]) -> Installed:
    """Return what oauth.v2.access says of a new installation. Raises CannotBeRead.

    Of one for a whole organisation ``team`` is null. Source: docs.slack.dev, oauth.v2.access.
    """
    whole = answer.get("is_enterprise_install") is True
    of = answer.get("enterprise" if whole else "team")
    if not isinstance(of, Mapping):
        raise CannotBeRead("enterprise" if whole else "team")
    id_, by = _text(of, "id"), answer.get("authed_user")
    if is_organisation(id_) is not whole:
        raise CannotBeRead("is_enterprise_install")
    return Installed(
        id_,
        str(of.get("name") or id_),
        str(answer.get("app_id") or ""),
        _text(answer, "bot_user_id"),
        str(by.get("id") or "") if isinstance(by, Mapping) else "",
        frozenset(one.strip() for one in str(answer.get("scope") or "").split(",") if one.strip()),
        read_tokens(answer),
    )


def lacking(needed: Collection[str], installed: Installed) -> tuple[str, ...]:
    """Return which of the scopes that are needed it was not given."""
    return tuple(one for one in needed if one not in installed.scopes)


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise CannotBeRead(name)
    return value
