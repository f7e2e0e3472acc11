"""Whom pollbot listens to: workspaces in which it is installed."""

import logging
from collections.abc import Mapping
from typing import Any

from cachetools import TTLCache

from pollbot.errors import StorageUnavailable
from pollbot.installs.rows import InstallationRows
from pollbot.installs.rules import is_organisation
from pollbot.installs.sentences import not_installed
from pollbot.installs.tokens import BotTokens
from pollbot.slack.payloads import Body, acted, kind_of
from pollbot.store.worker import Clock

log = logging.getLogger(__name__)

_REMEMBERED_FOR = 30.0
_MOST = 10_000
# They come from a workspace in which pollbot is no more.
_OF_LEAVING = {"app_uninstalled", "tokens_revoked", "team_access_revoked", "team_access_granted"}


class Admission:
    """Says whether what Slack brings is of a workspace that pollbot serves.

    It also keeps to which organisation a workspace belongs, where the app is installed in all of
    it: cards and schedules know their workspace only.
    """

    def __init__(self, rows: InstallationRows, tokens: BotTokens, clock: Clock) -> None:
        self._rows = rows
        self._tokens = tokens
        self._let_in: TTLCache[tuple[str, str], bool] = TTLCache(
            _MOST, _REMEMBERED_FOR, timer=clock
        )

    async def refusal(self, body: Body) -> str | None:
        """Return None if a delivery is to be served; else what is answered, nothing for most."""
        event = body.get("event")
        if isinstance(event, Mapping) and event.get("type") in _OF_LEAVING:
            return None
        team_id, enterprise_id = acted(body).team_id, organisation(body)
        if (team_id, enterprise_id) in self._let_in:
            return None
        try:
            by_whole = bool(enterprise_id) and not is_organisation(team_id)
            if by_whole and await self._rows.met(team_id) != enterprise_id:
                await self._rows.meet(team_id, enterprise_id)
            served = await self._is_served(team_id)
        except StorageUnavailable:
            return None  # whoever brought it hears that from the listener
        if served:
            self._let_in[team_id, enterprise_id] = True
            return None
        log.info("something came from %s, where pollbot is not installed", team_id or "nowhere")
        return not_installed() if kind_of(body) == "command" else ""

    def forget(self) -> None:
        """Look anew who is served."""
        self._let_in.clear()

    async def _is_served(self, team_id: str) -> bool:
        if await self._tokens.is_own(team_id):
            return True
        if await self._tokens.installation(team_id) is not None:
            return True
        # A click is kept while Slack cannot tell whose SLACK_BOT_TOKEN is.
        return not self._tokens.knows_own


def organisation(body: Body) -> str:
    """Return the organisation for all of which the app is installed, as a payload says.

    Source: docs.slack.dev, "Enterprise orgs"; commands say it in a form's words.
    """
    authorized = body.get("authorizations") or [{}]
    by: Mapping[str, Any] = authorized[0] if isinstance(authorized[0], Mapping) else {}
    for said in (body, by):
        if str(said.get("is_enterprise_install")).lower() == "true":
            named = body.get("enterprise")
            of = named.get("id") if isinstance(named, Mapping) else None
            return str(of or by.get("enterprise_id") or body.get("enterprise_id") or "")
    return ""
