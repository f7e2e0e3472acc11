"""A call to the pretended site on its way: who asks, how it is answered, and what is noted."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from pollbot.sandbox.jira.people import JiraPerson, in_language
from pollbot.sandbox.jira.scopes import SCOPES


@dataclass(frozen=True)
class JiraCall:
    """One REST call. ``status`` 0: the line was cut, the caller got no answer."""

    method: str
    path: str
    account_id: str | None
    status: int
    at: float


@dataclass(frozen=True)
class Asked:
    """A call on its way: what was asked, and who Jira believes is asking.

    ``body`` is the text that came along.
    """

    request: web.Request
    name: str
    person: JiraPerson | None
    scopes: frozenset[str] | None
    body: str = ""

    @property
    def locale(self) -> str:
        return self.person.locale if self.person else "en_US"


def refusal(status: int, asked: Asked, *reasons: str) -> web.Response:
    """Return Jira's error body, in the caller's language; several reasons come together."""
    return said_no(status, *(in_language(reason, asked.locale) for reason in reasons))


def said_no(status: int, *messages: str, **errors: str) -> web.Response:
    """Return Jira's error body with these words; ``errors`` are about fields."""
    return web.json_response({"errorMessages": list(messages), "errors": errors}, status=status)


def refused_at_the_gateway(asked: Asked, site: str) -> web.Response | None:
    """Return what the gateway answers in place of the site with that cloud id, None to go on."""
    if asked.person is None:
        return _gateway_error(401, "Unauthorized")
    if asked.request.match_info["cloud_id"] != site:
        return _gateway_error(404, "Not Found")
    granted = asked.scopes or frozenset()
    if not any(needed <= granted for needed in SCOPES[asked.name]):
        return _gateway_error(401, "Unauthorized; scope does not match")
    return None


def _gateway_error(code: int, message: str) -> web.Response:
    return web.json_response({"code": code, "message": message}, status=code)
