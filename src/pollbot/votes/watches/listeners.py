"""Watch, in the menu of a card and beside a vote that Jira refused."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from pollbot.errors import StaleButton
from pollbot.jira.issues import is_key
from pollbot.jira.sites import Sites
from pollbot.slack import payloads
from pollbot.slack.clicks import WatchClick
from pollbot.store.worker import Clock
from pollbot.votes.watches.rows import WatchRows

Body = dict[str, Any]


class WatchListeners:
    """Keeps what is pressed; Slack is answered once it is on disk."""

    def __init__(self, watch_rows: WatchRows, sites: Sites, clock: Clock) -> None:
        self._watch_rows = watch_rows
        self._sites = sites
        self._clock = clock

    def register(self, app: AsyncApp) -> None:
        """Listen for the button, and for the menu in which it is."""
        app.action(WatchClick.pattern())(self.press_watch)

    async def press_watch(self, ack: AsyncAck, action: Body, body: Body) -> None:
        click = WatchClick.unpack(action)
        site = click.site or self._sites.default
        if not is_key(click.issue) or site not in self._sites.all:
            raise StaleButton
        me, address = payloads.person(body), payloads.address(body)
        await self._watch_rows.ask(me, site, click.issue, address, self._clock())
        await ack()
