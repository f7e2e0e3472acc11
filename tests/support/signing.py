"""Signing in at Atlassian, as somebody does that in a browser."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import httpx

from pollbot.wiring import Pollbot
from tests.support.house import PLANNING, House

APP, SECRET = "the-app", "its-secret"


@dataclass
class Signing:
    """A house in which people sign in, and the address at which browsers find pollbot."""

    house: House
    public_url: str
    pollbot: Pollbot

    async def link(self, user: str, site: str = "") -> str:
        """Return the link that the form of Connect shows to somebody; of several sites, to one."""
        self.house.slack.views.clear()
        await self.house.slack.command(user, PLANNING, "/pollbot", "connect")
        form = await self.house.slack.until(
            lambda: next((v for v in self.house.slack.views.values() if v.user == user), None)
        )
        blocks = form.view["blocks"]
        links = [
            (str(said), element["url"])
            for said, block in pairwise(blocks)
            for element in block.get("elements", [])
            if element.get("action_id") == "sign_in"
        ]
        wanted = f"*{urlsplit(site).netloc}*" if site else ""
        return next(str(link) for said, link in links if wanted in said)

    async def sign_in(self, user: str, account_id: str, site: str = "") -> httpx.Response:
        """Sign in as a browser does that somebody opens the link in."""
        self.house.jira.consents.signed_in = account_id
        async with httpx.AsyncClient(timeout=10, follow_redirects=True) as browser:
            page = await browser.get(await self.link(user, site))
            return await browser.get(way_in(page.text))


def way_in(page: str) -> str:
    """Return where the page's button leads."""
    return page.partition('<a href="')[2].partition('"')[0].replace("&amp;", "&")


@asynccontextmanager
async def signing(house: House, **changes: Any) -> AsyncIterator[Signing]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    consents = house.jira.consents
    consents.apps[APP] = SECRET
    consents.redirects.add(f"{url}/jira/callback")
    given: dict[str, Any] = {"jira_client_id": APP, "jira_client_secret": SECRET} | changes
    auth_url = house.jira.gateway_url
    async with house.program(
        port=port, public_url=url, atlassian_auth_url=auth_url, **given
    ) as pollbot:
        yield Signing(house, url, pollbot)
