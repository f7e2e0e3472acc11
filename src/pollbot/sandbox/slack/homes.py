"""The app's tab of App Home. Source: docs.slack.dev, app_home_opened and views.publish."""

from __future__ import annotations

from typing import Any

from pollbot.sandbox.slack import payloads as slack_payloads
from pollbot.sandbox.slack.people import Acts
from pollbot.sandbox.slack.state import NotOnScreenError, button, find_in_view
from pollbot.sandbox.slack.things import Answer, nothing_sent


class Homes(Acts):
    """What people do on it."""

    async def open_home(self, user: str) -> Answer:
        """Open the tab; it shows what the app published last, until it publishes anew."""
        channel = self._home.direct_channel(user).id
        return await self.happen(
            user, {"type": "app_home_opened", "channel": channel, "tab": "home"}
        )

    async def home_action(
        self, user: str, action_id: str, *, block_id: str | None = None, value: Any = None
    ) -> Answer:
        """Use a control of the tab."""
        shown = self._home.homes.get(user)
        if shown is None:
            return nothing_sent(f"{user} has no tab of the app")
        try:
            found = find_in_view(shown.view["blocks"], action_id, block_id)
        except NotOnScreenError as problem:
            return nothing_sent(str(problem))
        if found[0][1]["type"] == "button":
            what = slack_payloads.action(self._home, button(found, value), {})
        else:
            what = self._pick(found[0], value, shown.values)
        return await self.click(slack_payloads.view_action(self._home, shown, what))
