"""Clients of the stand-ins, patient with a busy machine."""

from collections.abc import AsyncIterator

import httpx
import pytest

from pollbot.clients.jira import Jira
from pollbot.sandbox.jira import JiraStandIn


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=10) as http:
        yield http


@pytest.fixture
def jira(http: httpx.AsyncClient, site: JiraStandIn) -> Jira:
    """Return the client of the site that the test's file has."""
    return Jira(http, site.site_url, site.gateway_url)
