"""Slack tells that the app was removed from a workspace, or that its token was revoked."""

from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.installs.admission import Admission, organisation
from pollbot.installs.service import Installs
from pollbot.slack.payloads import Body, acted


class InstallListeners:
    """Hears that pollbot is to stop in a workspace. Without ``installs`` there is but one.

    Of that one whoever runs pollbot has the token, and nothing of it is dropped.
    """

    def __init__(self, installs: Installs | None, admission: Admission | None) -> None:
        self._installs = installs
        self._admission = admission

    def register(self, app: AsyncApp) -> None:
        """Hear the events."""
        app.event("app_uninstalled")(self.removed)
        app.event("tokens_revoked")(self.revoked)
        app.event("team_access_revoked")(self.taken_out)
        app.event("team_access_granted")(self.taken_in)

    async def removed(self, ack: AsyncAck, body: Body) -> None:
        if self._installs is not None:
            await self._leave(self._installs, _installed_for(body), body)
        await ack()

    async def revoked(self, ack: AsyncAck, body: Body) -> None:
        """Hear of tokens by whom they are of: people's are none of pollbot's."""
        tokens = _event(body).get("tokens")
        of_bots = tokens.get("bot") if isinstance(tokens, Mapping) else None
        if self._installs is not None and of_bots:
            await self._leave(self._installs, _installed_for(body), body)
        await ack()

    async def taken_out(self, ack: AsyncAck, body: Body) -> None:
        if self._installs is not None:
            for team_id in _team_ids(body):
                await self._leave(self._installs, team_id, body)
        await ack()

    async def taken_in(self, ack: AsyncAck, body: Body) -> None:
        if self._installs is not None:
            await self._installs.come_back(_team_ids(body))
        await ack()

    async def _leave(self, installs: Installs, id_: str, body: Body) -> None:
        at = body.get("event_time")
        await installs.leave(id_, float(at) if isinstance(at, int | float) else None)
        if self._admission is not None:
            self._admission.forget()


def _event(body: Body) -> Mapping[str, Any]:
    event = body.get("event")
    return event if isinstance(event, Mapping) else {}


def _installed_for(body: Body) -> str:
    """Return the workspace, or the organisation where it was installed in all of it."""
    return organisation(body) or acted(body).team_id


def _team_ids(body: Body) -> list[str]:
    found = _event(body).get("team_ids")
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
