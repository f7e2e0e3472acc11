"""Watch and Stop watching, in the menu of a card and in what people are told."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.errors import StaleButton
from pollbot.jira.issues import is_key
from pollbot.jira.rules import Watching
from pollbot.jira.sites import Sites
from pollbot.slack import payloads
from pollbot.slack.clicks import UnwatchClick, WatchClick
from pollbot.store.worker import Clock
from pollbot.votes.rules import Wished
from pollbot.votes.watches.rows import WatchRows

Body = dict[str, Any]


class WatchListeners:
    """Keeps what is pressed; Slack is answered once it is on disk."""

    def __init__(self, watch_rows: WatchRows, sites: Sites, clock: Clock) -> None:
        self._watch_rows = watch_rows
        self._sites = sites
        self._clock = clock

    def register(self, app: AsyncApp) -> None:
        """Listen for the buttons, and for the menu in which both are."""
        app.action(WatchClick.pattern())(self.press_watch)
        app.action(UnwatchClick.pattern())(self.press_watch)

    async def press_watch(self, ack: AsyncAck, action: Body, body: Body) -> None:
        stops = UnwatchClick.chosen(action)
        click, wish = stops or WatchClick.chosen(action), Watching.WATCH
        if stops is not None:
            wish = Watching.UNWATCH
        if click is None or not is_key(click.issue):
            raise StaleButton
        site = click.site or self._sites.default
        if site not in self._sites.all:
            raise StaleButton
        await self._watch_rows.press(
            payloads.person(body),
            Wished(site, click.issue, wish),
            payloads.address(body),
            self._clock(),
            action_ts=action.get("action_ts"),
        )
        await ack()
