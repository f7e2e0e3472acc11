"""Installing the app in another workspace, and what follows when it is removed there."""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pollbot.errors import InstallBroken, PollbotError, SlackError, SlackUnavailable
from pollbot.installs.refusals import (
    AppNotSetUp,
    CodeNotTaken,
    InstallOver,
    NotAllowedAtSlack,
    NotListed,
    ScopesLacking,
    SlackSilent,
)
from pollbot.installs.rows import InstallationRows
from pollbot.installs.rules import Installed, lacking, read_installed
from pollbot.installs.tokens import BotTokens
from pollbot.slack.client import Slack
from pollbot.slack.oauth import App, consent_url, opened_at
from pollbot.store.worker import Clock
from pollbot.text.manifest import OPTIONAL, SCOPES

log = logging.getLogger(__name__)

# docs.slack.dev, the errors of oauth.v2.access that are about a code, and not about the app.
_ABOUT_CODES = {"invalid_code", "code_already_used"}


@dataclass(frozen=True, slots=True)
class Done:
    """An installation that was just made; ``lacks`` are scopes that it should have, and has not.

    ``own``: SLACK_BOT_TOKEN serves that workspace, as it did before. ``there`` is where pollbot is
    opened in Slack.
    """

    installed: Installed
    lacks: tuple[str, ...]
    own: bool
    there: str


class Installs:
    """An installation is begun in a browser, comes back to it once, and within ten minutes."""

    def __init__(
        self,
        rows: InstallationRows,
        tokens: BotTokens,
        slack: Slack,
        app: App,
        clock: Clock,
    ) -> None:
        self._rows = rows
        self._tokens = tokens
        self._slack = slack
        self._app = app
        self._clock = clock

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach pollbot by HTTPS."""
        return urlsplit(self._app.redirect_uri).scheme == "https"

    async def begin(self) -> tuple[str, str]:
        """Return the state of a new installation, and where it goes on."""
        # Guessing one has to be out of the question, so this is never the tests' own chance.
        state = secrets.token_urlsafe(32)
        await self._rows.begin(state, self._clock())
        base = str(self._slack.web.base_url)
        return state, consent_url(base, self._app, SCOPES, OPTIONAL, state)

    async def end(self, state: str, code: str, error: str) -> Done:
        """Keep the installation that Slack's answer is about; without a ``code`` there is none.

        Raises InstallOver, NotAllowedAtSlack, CodeNotTaken, AppNotSetUp, CannotBeRead,
        SlackSilent, NotListed and ScopesLacking; then nothing was changed here.
        """
        if not await self._rows.end(state, self._clock()):
            raise InstallOver
        if error and error != "access_denied":
            raise AppNotSetUp(error)
        if not code:
            raise NotAllowedAtSlack
        installed = await self._exchanged(code)
        own, lacks = await self._is_own(installed.id), lacking(SCOPES, installed)
        team_id = "" if installed.whole else installed.id
        there = opened_at(str(self._slack.web.base_url), installed.app_id, team_id)
        done = Done(installed, lacks, own, there)
        if own:
            return done
        if not await self._tokens.is_listed(installed.id):
            await self._take_out(installed)
            raise NotListed(installed.name, installed.id)
        if lacks and await self._rows.by_id(installed.id) is None:
            await self._take_out(installed)
            raise ScopesLacking(installed.name, lacks)
        await self._rows.keep(installed, self._clock())
        log.info("pollbot was installed in %s", installed.id)
        return done

    async def leave(self, id_: str, happened_at: float | None) -> None:
        """Stop all work of a workspace, or of all in an organisation, that removed the app."""
        gone = await self._rows.leave(id_, self._clock(), happened_at)
        if gone:
            log.warning("%s has removed pollbot: all work there has stopped", ", ".join(gone))

    async def come_back(self, team_ids: Sequence[str]) -> None:
        """Serve workspaces again that are back in an organisation's installation."""
        await self._rows.come_back(team_ids, self._clock())

    async def _exchanged(self, code: str) -> Installed:
        try:
            return read_installed(await self._slack.exchange_code(self._app, code))
        except SlackUnavailable as error:
            raise SlackSilent from error
        except (SlackError, InstallBroken) as error:
            raise (
                CodeNotTaken(error.code) if error.code in _ABOUT_CODES else AppNotSetUp(error.code)
            ) from error

    async def _is_own(self, id_: str) -> bool:
        """Return whether SLACK_BOT_TOKEN serves that. Raises SlackSilent if nobody can tell."""
        if not await self._tokens.look():
            raise SlackSilent
        return await self._tokens.is_own(id_)

    async def _take_out(self, installed: Installed) -> None:
        """Remove the app where it is not to be; what is left there can do nothing here."""
        try:
            await self._slack.uninstall(self._app, installed.tokens.token)
        except PollbotError as error:
            log.warning("the app stays in %s, where pollbot does nothing: %s", installed.id, error)
        else:
            log.warning("the app was taken out of %s, which may not install it", installed.id)
