"""The client of a stand-in of Jira."""

import httpx
import pytest

from pollbot.jira.client import Jira
from pollbot.sandbox.jira import JiraStandIn


@pytest.fixture
def jira(http: httpx.AsyncClient, site: JiraStandIn) -> Jira:
    """Return the client of the site that the test's file has."""
    return Jira(http, site.site_url, site.gateway_url)
