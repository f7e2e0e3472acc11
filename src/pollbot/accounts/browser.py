"""The pages of signing in, in a browser: who connects what, and how it went."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from pollbot.accounts import blocks, page_blocks
from pollbot.accounts.prompts import Prompts
from pollbot.accounts.refusals import OtherBrowser
from pollbot.accounts.sentences import sentence
from pollbot.accounts.service import GOOD_FOR
from pollbot.accounts.sign_in import SignedIn, SignIns
from pollbot.errors import PollbotError
from pollbot.people import Address
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.client import Slack
from pollbot.slack.kit import words
from pollbot.slack.languages import Languages
from pollbot.slack.users import People
from pollbot.text.catalog import speaking

log = logging.getLogger(__name__)

_COOKIE = "pollbot_sign_in"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Page = Callable[[web.Request], Awaitable[web.Response]]


class SignInPages:
    """Where a browser begins and ends a sign-in.

    What begins it is a link that Slack shows to one person. Whoever opens it is told whom it
    connects, and the browser that comes back from Atlassian must be the one that went there.
    """

    def __init__(
        self,
        sign_ins: SignIns,
        people: People,
        languages: Languages,
        slack: Slack,
        afterwards: Afterwards,
        prompts: Prompts,
    ) -> None:
        self._sign_ins = sign_ins
        self._people = people
        self._languages = languages
        self._slack = slack
        self._afterwards = afterwards
        self._prompts = prompts

    def register(self, app: web.Application) -> None:
        """Serve the two pages."""
        app.router.add_get("/jira/connect", self._said(self.connect))
        app.router.add_get("/jira/callback", self._said(self.callback))

    async def connect(self, request: web.Request) -> web.Response:
        """Show whom this connects, and the way to Atlassian."""
        state = request.query.get("state", "")
        asked = await self._sign_ins.under_way(state)
        name = await self._people.called(asked.team_id, [asked.user_id])
        site, way = asked.site, self._sign_ins.consent_url(state)
        page = shown(page_blocks.who_connects(site, name.get(asked.user_id, ""), way))
        page.set_cookie(
            _COOKIE,
            state,
            max_age=int(GOOD_FOR),
            path="/jira",
            httponly=True,
            secure=self._sign_ins.is_secure,
            samesite="Lax",
        )
        return page

    async def callback(self, request: web.Request) -> web.Response:
        """Connect who comes back from Atlassian, and tell them here and in Slack."""
        state = request.query.get("state", "")
        if not state or request.cookies.get(_COOKIE) != state:
            raise OtherBrowser
        signed_in = await self._sign_ins.end(state, request.query.get("code", ""))
        self._afterwards.spawn(self._tell(signed_in))
        page = shown(page_blocks.connected(signed_in.on))
        page.del_cookie(_COOKIE, path="/jira")
        return page

    async def _tell(self, signed_in: SignedIn) -> None:
        """Say it in the form that showed the link; to the person where that was closed."""
        asked = signed_in.asked
        for connected in signed_in.on:
            await self._prompts.take_back(asked.person, connected.site)
        async with self._languages.speaking_to(asked.person):
            form = blocks.connected_form(signed_in.on)
            said = words(blocks.connected(signed_in.on))
        try:
            slack = self._slack.of(asked.team_id)
            if asked.view_id and await slack.update_form(asked.view_id, form):
                return
        except PollbotError as error:
            log.info("the form could not be changed (%s); telling the person instead", error)
        await self._afterwards.say(asked.person, Address(asked.channel_id), said)

    def _said(self, page: Page) -> Page:
        """Have a page speak the browser's language, and say what is refused.

        Nothing of that is a fault of pollbot's.
        """

        async def answered(request: web.Request) -> web.Response:
            accepts = request.headers.get("Accept-Language", "")
            with speaking(self._languages.of_browser(accepts)):
                try:
                    return await page(request)
                except PollbotError as error:
                    log.info("a sign-in ended without an account: %s", error)
                    return shown(page_blocks.refused(sentence(error)), status=400)

        return answered


def shown(html: str, status: int = 200) -> web.Response:
    """Return the answer that shows a page, which may load nothing and be shown in no frame."""
    return web.Response(text=html, content_type="text/html", status=status, headers=_HEADERS)
