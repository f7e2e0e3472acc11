"""Team Voice, pretended: one endpoint, its tokens, and polls that keep whatever they are given.

Source: Team Voice’s REST API documentation, access tokens and permissions. The shape of
results is not described there, so this one can be told to use any of several.
"""

from __future__ import annotations

import copy
import json
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from pollbot.sandbox.faults import ABOUT, Faults, status_of
from pollbot.sandbox.serving import Served, Watched
from pollbot.sandbox.team_voice.polls import SHAPES, Json, KeptPoll

PATH = "/team-voice"
LOGIN_PAGE = "<!doctype html><title>Log in</title><p>Log in to continue."
REQUIRED = ("type", "workspace", "content")
SETTINGS: Json = {
    "allowSelectionOfMultipleOptions": False,
    "resultsVisibility": "alwaysPublic",
    "endDate": "",
    "hideAbsoluteNumbers": False,
    "allowRevote": True,
    "saveParticipantNames": True,
    "closePollOnEndDate": False,
    "allowComment": False,
}
_ISSUE_KEY = re.compile(r"[A-Z][A-Z0-9_]+-[0-9]+")


class UnknownError(LookupError):
    """No such poll, or it has no such option."""


@dataclass(frozen=True)
class TeamVoiceCall:
    """One call, without the token. ``status`` 0: the line was cut, the caller got no answer."""

    method: str
    workspace: str
    content: str
    container: str | None
    poll_id: str | None
    expand: str | None
    status: int
    at: float
    body: Any = None


class TeamVoiceStandIn(Watched, Served):
    """Keeps polls as JSON, unknown fields too; answers come from ``answer_inside`` alone.

    ``faults`` knows the calls by these names: ``GET polls``, ``POST polls``, ``PUT polls``,
    ``DELETE polls``. With ``html_mode`` every answer is a login page with status 200.
    """

    def __init__(self, *, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.now = now
        self.polls: dict[str, KeptPoll] = {}
        self.tokens: dict[str, set[str] | None] = {}
        self.results_shape = "list"
        self.html_mode = False
        self.calls: list[TeamVoiceCall] = []
        self.base_url = ""
        self.faults = Faults(rate_limited=lambda: web.Response(status=429, text="Rate limited"))
        self.app = web.Application()
        answers = {
            "GET": self._get,
            "POST": self._post,
            "PUT": self._put,
            "DELETE": self._delete,
        }
        for method, answering in answers.items():
            self.app.router.add_route(method, PATH, self._endpoint(answering))

    @property
    def url(self) -> str:
        """The endpoint, as an admin of the site finds it in the app's settings."""
        return self.base_url + PATH

    def add_token(self, token: str, workspaces: Iterable[str] | None = None) -> str:
        """Let this token in, to any content or to these projects and spaces only."""
        self.tokens[token] = None if workspaces is None else set(workspaces)
        return token

    def add_poll(
        self,
        workspace: str,
        content: str,
        title: str,
        options: Iterable[str],
        *,
        container: str | None = None,
        description: str = "",
        settings: Json | None = None,
        **unknown: Any,
    ) -> KeptPoll:
        """Add a poll as somebody does inside Jira or Confluence."""
        poll = {
            "title": title,
            "description": description,
            "options": [
                {"id": str(place + 1), "title": option, "order": place}
                for place, option in enumerate(options)
            ],
            "settings": SETTINGS | (settings or {}),
            **unknown,
        }
        return self._keep(workspace, content, container, poll)

    def answer_inside(self, poll_id: str, who: str, option_ids: Iterable[str]) -> None:
        """Answer as somebody inside Jira or Confluence; no option withdraws the answer."""
        kept = self.polls.get(poll_id)
        chosen = set(option_ids)
        if kept is None or not chosen <= set(kept.option_ids):
            raise UnknownError(poll_id)
        if len(chosen) > 1 and not kept.takes_several:
            raise ValueError("this poll takes one answer")
        if chosen:
            kept.answers[who] = chosen
        else:
            kept.answers.pop(who, None)
        self.changed()

    def polls_on(self, content: str) -> list[KeptPoll]:
        """Return the polls on an issue or a page, the oldest first."""
        return [kept for kept in self.polls.values() if kept.content == content]

    def new_id(self) -> str:
        """Return an id that no poll has."""
        return str(uuid.uuid4())

    def heard_last(self) -> list[str]:
        """Return its last calls, in short."""
        return [f"{call.method} {call.content} {call.status}" for call in self.calls[-10:]]

    # The server

    def _endpoint(
        self, answering: Callable[[web.Request, Any], web.Response]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            name = f"{request.method} polls"
            text = await request.text()
            request[ABOUT] = f"{request.query.get('workspace')} {request.query.get('content')}"
            response = await self.carried_out(
                name, request, lambda: self._answer(request, text, answering)
            )
            query = request.query
            self.calls.append(
                TeamVoiceCall(
                    request.method,
                    query.get("workspace", ""),
                    query.get("content", ""),
                    query.get("container"),
                    query.get("pollId"),
                    query.get("expand"),
                    status_of(response),
                    self.now(),
                    _parsed(text),
                )
            )
            self.changed()
            return response

        return answer

    def _answer(
        self,
        request: web.Request,
        text: str,
        answering: Callable[[web.Request, Any], web.Response],
    ) -> web.Response:
        if self.html_mode:
            return web.Response(text=LOGIN_PAGE, content_type="text/html")
        query = request.query
        token = query.get("token", "")
        if token not in self.tokens:
            return _error(403, "Not permitted")
        required = [*REQUIRED]
        if request.method in ("PUT", "DELETE"):
            required.append("pollId")
        if not _ISSUE_KEY.fullmatch(query.get("content", "")):
            required.append("container")
        missing = [name for name in required if not query.get(name)]
        if missing or query["type"] != "polls":
            return _error(400, f"Required field is not defined: {', '.join(missing) or 'type'}")
        workspaces = self.tokens[token]
        if workspaces is not None and query["workspace"] not in workspaces:
            return _error(403, "Not permitted")
        return answering(request, _parsed(text))

    # What it answers

    def _get(self, request: web.Request, body: Any) -> web.Response:
        expanded = request.query.get("expand") == "results"
        wanted = request.query.get("pollId")
        if wanted is not None and wanted not in {
            kept.id for kept in self.polls.values() if _place(kept) == _asked_place(request)
        }:
            return _error(404, "Not found")
        return web.json_response(
            [
                kept.poll | (SHAPES[self.results_shape](kept) if expanded else {})
                for kept in self.polls.values()
                if _place(kept) == _asked_place(request)
            ]
        )

    def _post(self, request: web.Request, body: Any) -> web.Response:
        if not _is_poll(body):
            return _error(400, "The body is no poll")
        return web.json_response(self._keep(*_asked_place(request), body).poll)

    def _put(self, request: web.Request, body: Any) -> web.Response:
        kept = self._asked(request)
        if kept is None:
            return _error(404, "Not found")
        if not _is_poll(body):
            return _error(400, "The body is no poll")
        kept.poll = body | {"id": kept.id}
        left = {who: chosen & {*kept.option_ids} for who, chosen in kept.answers.items()}
        kept.answers = {who: chosen for who, chosen in left.items() if chosen}
        return web.json_response(kept.poll)

    def _delete(self, request: web.Request, body: Any) -> web.Response:
        kept = self._asked(request)
        if kept is None:
            return _error(404, "Not found")
        del self.polls[kept.id]
        return web.Response()

    def _asked(self, request: web.Request) -> KeptPoll | None:
        """Return the poll that the query names, in the place that it names."""
        kept = self.polls.get(request.query["pollId"])
        return kept if kept is not None and _place(kept) == _asked_place(request) else None

    def _keep(self, workspace: str, content: str, container: str | None, poll: Json) -> KeptPoll:
        poll = copy.deepcopy(poll) | {"id": self.new_id()}
        kept = KeptPoll(workspace, content, container, poll)
        self.polls[kept.id] = kept
        self.changed()
        return kept


def _place(kept: KeptPoll) -> tuple[str, str, str | None]:
    return kept.workspace, kept.content, kept.container


def _asked_place(request: web.Request) -> tuple[str, str, str | None]:
    query = request.query
    return query["workspace"], query["content"], query.get("container") or None


def _is_poll(body: Any) -> bool:
    """Return whether this can be kept at all; what it says is nobody's business here."""
    options = body.get("options") if isinstance(body, dict) else None
    return isinstance(options, list) and all(
        isinstance(option, dict) and "id" in option for option in options
    )


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _error(status: int, words: str) -> web.Response:
    return web.json_response({"error": words}, status=status)
