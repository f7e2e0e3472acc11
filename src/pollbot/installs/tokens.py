"""By which token pollbot acts in each workspace; tokens that end are exchanged in time."""

import asyncio
import logging
from collections.abc import Collection

from cachetools import TTLCache

from pollbot.errors import (
    InstallBroken,
    PollbotError,
    SlackError,
    SlackUnavailable,
    StorageUnavailable,
)
from pollbot.installs.refusals import CannotBeRead
from pollbot.installs.rows import InstallationRows
from pollbot.installs.rules import OVER, SOON, SPENT, Installation, read_tokens
from pollbot.slack.client import Identity, Slack
from pollbot.slack.oauth import App
from pollbot.store.worker import Clock
from pollbot.store.writer import FINISHING

log = logging.getLogger(__name__)

_LOOKS = 20
_BETWEEN = 0.25
"""Seconds between two looks whether another pollbot has the next token by now."""
_WRITES = 30
_AFTER_FAILURE = 1.0
_MOST = 1000
_TOLD_FOR = 900.0
"""Seconds for which a refusal is told of; what is refused for longer is so again meanwhile."""


class BotTokens:
    """Gives the token of a workspace: SLACK_BOT_TOKEN in its own, else that of its installation.

    A refresh token may be used once. So one task of one pollbot exchanges it for all who want the
    next token, and the new pair is on disk before anybody uses it. Source: docs.slack.dev, "Using
    token rotation".
    """

    def __init__(
        self,
        rows: InstallationRows,
        slack: Slack,
        app: App,
        own_token: str,
        listed: Collection[str],
        clock: Clock,
    ) -> None:
        self._rows = rows
        self._slack = slack
        self._app = app
        self.own_token = own_token
        self._listed = listed
        self._clock = clock
        self._exchanging: dict[str, asyncio.Task[Installation]] = {}
        self.troubles: TTLCache[str, str] = TTLCache(_MOST, _TOLD_FOR, timer=clock)
        """Why Slack refused the tokens of workspaces lately, by their ids."""
        self.own: Identity | None = None
        """Whose SLACK_BOT_TOKEN is, once Slack has told."""

    async def of(self, team_id: str, rejected: str = "") -> str:
        """Return the token of a workspace; another one than Slack has just ``rejected``, if any.

        Raises InstallBroken where pollbot is not installed, and SlackUnavailable.
        """
        if await self.is_own(team_id):
            return self.own_token
        found = await self.installation(team_id)
        if found is None:
            if not self.knows_own:
                raise SlackUnavailable("it has not told yet whose SLACK_BOT_TOKEN is")
            raise InstallBroken("not_installed")
        if found.refresh and (found.ends_within(SOON, self._clock()) or found.token == rejected):
            found = await self._fresh(found)
        return found.token

    async def look(self) -> bool:
        """Return whether it is known whose SLACK_BOT_TOKEN is, or there is none; ask if not."""
        if self.own_token and self.own is None:
            try:
                self.own = await self._slack.identity(self.own_token)
            except PollbotError as error:
                log.info("whose SLACK_BOT_TOKEN is cannot be asked now: %s", error)
        return self.knows_own

    @property
    def knows_own(self) -> bool:
        """Whether it is known whose SLACK_BOT_TOKEN is, or there is none."""
        return not self.own_token or self.own is not None

    async def installation(self, team_id: str) -> Installation | None:
        """Return the installation that serves a workspace; None if it is not to be served."""
        found = await self._rows.find(team_id)
        return found if found is not None and await self.is_listed(team_id, found.id) else None

    async def is_own(self, team_id: str) -> bool:
        """Return whether SLACK_BOT_TOKEN serves a workspace, as far as that is known."""
        own = self.own
        if not self.own_token or own is None:
            return False
        if team_id == own.team_id:
            return True
        if not own.enterprise_id:
            return False
        return own.enterprise_id in (team_id, await self._rows.met(team_id))

    async def is_listed(self, *ids: str) -> bool:
        """Return whether a workspace, or its organisation, is one that may install pollbot."""
        return any(one in self._listed for one in ids)

    async def refused(self, team_id: str, token: str, code: str) -> None:
        """Hear that Slack refuses a token; for good, if it says so twice."""
        self.troubles[team_id] = code
        if code not in OVER or token == self.own_token:
            return
        try:
            await self._slack.identity(token)
        except InstallBroken as error:
            if error.code in OVER:
                gone = await self._rows.refused(token, team_id, self._clock())
                self.troubles.pop(team_id, None)
                if gone:
                    left = ", ".join(gone)
                    log.warning("%s has removed pollbot: all work there has stopped", left)
        except PollbotError as error:
            log.info("whether a token is over is not known yet: %s", error)

    async def _fresh(self, found: Installation) -> Installation:
        task = self._exchanging.get(found.id)
        if task is None:
            task = asyncio.create_task(self._exchange(found))
            self._exchanging[found.id] = task
            task.add_done_callback(lambda over: self._over(found.id, over))
        return await asyncio.shield(task)

    async def _exchange(self, found: Installation) -> Installation:
        FINISHING.set(True)
        if not await self._rows.take_turn(found.id, found.token, self._clock()):
            return await self._by_another(found)
        try:
            answer = await self._slack.exchange_token(self._app, found.refresh or "")
            tokens = read_tokens(answer)
        except SlackUnavailable as error:
            return self._while_it_lasts(found, error)
        except (SlackError, InstallBroken, CannotBeRead) as error:
            log.error("the token of workspace %s cannot be exchanged: %s", found.id, error)
            self.troubles[found.id] = str(error)
            return self._while_it_lasts(found, InstallBroken("token_expired"))
        for _ in range(_WRITES):
            try:
                await self._rows.renew(found.id, found.token, tokens, self._clock())
                break
            except StorageUnavailable:
                await asyncio.sleep(_AFTER_FAILURE)
        kept = await self._rows.by_id(found.id)
        if kept is None:
            raise InstallBroken("not_installed")
        return kept

    async def _by_another(self, found: Installation) -> Installation:
        """Return what another pollbot has exchanged, or the token of now while it lasts."""
        if not found.ends_within(SPENT, self._clock()):
            return await self._rows.by_id(found.id) or found
        for _ in range(_LOOKS):
            kept = await self._rows.by_id(found.id)
            if kept is None:
                raise InstallBroken("not_installed")
            if kept.token != found.token:
                return kept
            await asyncio.sleep(_BETWEEN)
        raise SlackUnavailable("another pollbot exchanges the token")

    def _while_it_lasts(self, found: Installation, error: PollbotError) -> Installation:
        if found.ends_within(SPENT, self._clock()):
            raise error
        return found

    def _over(self, id_: str, task: "asyncio.Task[Installation]") -> None:
        del self._exchanging[id_]
        if not task.cancelled() and task.exception() is not None:
            log.info("a token was not exchanged: %s", task.exception())
