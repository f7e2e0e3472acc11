"""The pages of installing pollbot in a workspace, in a browser."""

import logging

from aiohttp import web

from pollbot.accounts.browser import Page, shown
from pollbot.errors import PollbotError
from pollbot.installs import page_blocks
from pollbot.installs.refusals import OtherBrowserCame
from pollbot.installs.rules import GOOD_FOR
from pollbot.installs.sentences import sentence
from pollbot.installs.service import Installs
from pollbot.slack.languages import Languages
from pollbot.text.catalog import speaking

log = logging.getLogger(__name__)

_COOKIE = "pollbot_install"


class InstallPages:
    """Where a browser begins to install pollbot, and comes back to from Slack.

    What comes back has to have the state that it left with, in its address and in a cookie.
    """

    def __init__(self, installs: Installs, languages: Languages) -> None:
        self._installs = installs
        self._languages = languages

    def register(self, app: web.Application) -> None:
        """Serve the two pages."""
        app.router.add_get("/slack/install", self._said(self.begin))
        app.router.add_get("/slack/oauth_redirect", self._said(self.end))

    async def begin(self, _: web.Request) -> web.Response:
        """Show what is about to be installed, and the way to Slack."""
        state, way = await self._installs.begin()
        page = shown(page_blocks.begin(way))
        page.set_cookie(
            _COOKIE,
            state,
            max_age=int(GOOD_FOR),
            path="/slack",
            httponly=True,
            secure=self._installs.is_secure,
            samesite="Lax",
        )
        return page

    async def end(self, request: web.Request) -> web.Response:
        """Keep what comes back from Slack, and say where to go next."""
        asked = request.query
        state = asked.get("state", "")
        if not state or request.cookies.get(_COOKIE) != state:
            raise OtherBrowserCame
        done = await self._installs.end(state, asked.get("code", ""), asked.get("error", ""))
        page = shown(page_blocks.installed(done.installed, done.lacks, done.there, own=done.own))
        page.del_cookie(_COOKIE, path="/slack")
        return page

    def _said(self, page: Page) -> Page:
        """Have a page speak the browser's language, and say what is refused."""

        async def answered(request: web.Request) -> web.Response:
            accepts = request.headers.get("Accept-Language", "")
            with speaking(self._languages.of_browser(accepts)):
                try:
                    return await page(request)
                except PollbotError as error:
                    log.info("pollbot was not installed: %s", error)
                    return shown(page_blocks.refused(sentence(error)), status=400)

        return answered
