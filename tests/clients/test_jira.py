"""The Jira client, over real HTTP against a pretended site: what each failure means."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
from aiohttp import web

from pollbot.clients.jira import Jira, basic
from pollbot.domain.people import Account
from pollbot.errors import (
    CredentialRefused,
    NotAllowed,
    NotFound,
    PollbotError,
    RemoteBusy,
    RemoteError,
    RemoteUnavailable,
)
from pollbot.sandbox.jira import JiraStandIn
from pollbot.sandbox.slack import SlackStandIn
from tests.support import ADA, BEN, EMAILS, PLANNING, TOKENS, Clock, House

TOKEN, SCOPED = "ATATT3x-ada-token", "ATATT3x-ada-scoped-token"
EMAIL = "ada@example.com"
LOGIN_PAGE = "<!doctype html><title>Log in</title>"


class Seen:
    """What arrived at the site with each request, and cookies to send back."""

    def __init__(self) -> None:
        self.hosts: list[str] = []
        self.authorizations: list[str] = []
        self.cookies: list[str] = []

    @web.middleware
    async def middleware(
        self, request: web.Request, handler: "web.Handler"  # type: ignore[name-defined]
    ) -> web.StreamResponse:
        self.authorizations.append(request.headers.get("Authorization", ""))
        self.cookies.append(request.headers.get("Cookie", ""))
        response: web.StreamResponse = await handler(request)
        response.set_cookie("JSESSIONID", f"session-{len(self.cookies)}")
        return response
