"""Team Voice's polls, through its one endpoint per site. Keeps nothing, logs nothing.

Team Voice’s REST API documentation (beta): every parameter travels in the
query, the token too. People cannot be named: whoever holds the token may write.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from pollbot.errors import (
    PollbotError,
    PollGone,
    SourceBusy,
    SourceError,
    SourceRefused,
    SourceUnavailable,
    SourceUnusable,
)
from pollbot.polls.rules import Draft
from pollbot.polls.sources.source import SourcePoll
from pollbot.polls.sources.team_voice.polls import (
    Json,
    UnreadableError,
    edited,
    new_poll,
    read_json,
    read_poll,
    without_results,
    write_json,
)
from pollbot.web.addresses import Guard, PrivateAddressError
from pollbot.web.calls import DEADLINE, NEVER_LEFT, call
from pollbot.web.pauses import asked_for

__all__ = ["Endpoint", "Place", "SourcePoll", "TeamVoice", "edited"]

_DEFAULT_PAUSE = 5.0
_UNCHANGED = "Nothing was changed."
_UNSURE = {
    "GET": _UNCHANGED,
    "POST": "The poll may have been created all the same: look in Jira or Confluence before you "
    "try again, or it may be there twice. Or keep it in pollbot instead: choose that in the form, "
    "or put `local` before the question.",
    "PUT": "The change may have been made all the same; trying again is safe.",
    "DELETE": "The poll may have been deleted all the same; trying again is safe.",
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where polls live, and the key to them. Neither part is for logs or for people's eyes.

    ``typed``: the address was entered in a form, and not by whoever runs pollbot. ``source_id``
    names what is kept of it; empty while it is only tried out.
    """

    url: str = field(repr=False)
    token: str = field(repr=False)
    typed: bool = field(default=False, compare=False)
    source_id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Place:
    """What the polls are on.

    Jira: project key and issue key. Confluence: space id, page id and macro id.
    """

    workspace: str
    content: str
    container: str | None = None


class TeamVoice:
    """Every call names the endpoint and the place; failures are errors with a sentence.

    ``hear`` is told of each answer whether it took the token, where it says that.
    """

    def __init__(
        self, http: httpx.AsyncClient, guard: Guard | None = None, *, deadline: float = DEADLINE
    ) -> None:
        self._http = http
        self._guard = guard or Guard()
        self._deadline = deadline
        self.hear: Callable[[Endpoint, bool], Awaitable[None]] = _to_nobody

    async def polls(
        self, endpoint: Endpoint, place: Place, *, results: bool = True
    ) -> list[SourcePoll]:
        """Return the polls there, with the answers given in Jira or Confluence.

        A list that holds something unreadable is refused as a whole, so that no
        poll is ever taken for deleted because it could not be read.
        """
        return [_poll(poll, "GET") for poll in await self._list(endpoint, place, results=results)]

    async def create(self, endpoint: Endpoint, place: Place, draft: Draft) -> SourcePoll:
        """Create the poll and return it as Team Voice keeps it.

        Raises ValueError for a visibility that Team Voice does not document.
        """
        body = new_poll(draft)
        return _poll(_json(await self._send("POST", endpoint, place, body=body), "POST"), "POST")

    async def change(
        self, endpoint: Endpoint, place: Place, poll_id: str, edit: Callable[[Json], Json]
    ) -> SourcePoll:
        """Read the poll again, send back what ``edit`` makes of it, and return the outcome.

        ``edit`` gets everything that Team Voice sent, known here or not. Raises
        PollGone if it is not there any more.
        """
        found = await self._list(endpoint, place, results=False)
        raw = next((poll for poll in found if _poll(poll, "GET").id == poll_id), None)
        if raw is None:
            raise _Gone()
        body = without_results(edit(without_results(raw)))
        answer = await self._send("PUT", endpoint, place, {"pollId": poll_id}, body)
        return _poll(_json(answer, "PUT"), "PUT")

    async def delete(self, endpoint: Endpoint, place: Place, poll_id: str) -> None:
        """Delete the poll; one that is not there any more counts as deleted."""
        try:
            answer = await self._send("DELETE", endpoint, place, {"pollId": poll_id})
        except PollGone:
            return
        if answer.text.lstrip().startswith("<"):
            raise _not_understood("DELETE")

    async def try_out(self, endpoint: Endpoint, place: Place) -> None:
        """Read the polls there once, so that a wrong address or token shows; change nothing."""
        await self.polls(endpoint, place, results=False)

    async def _list(self, endpoint: Endpoint, place: Place, *, results: bool) -> list[Any]:
        more = {"expand": "results"} if results else {}
        found = _json(await self._send("GET", endpoint, place, more), "GET")
        if not isinstance(found, list):
            raise _not_understood("GET")
        return found

    async def _send(
        self,
        method: str,
        endpoint: Endpoint,
        place: Place,
        more: dict[str, str] | None = None,
        body: Json | None = None,
    ) -> httpx.Response:
        """Send one request; return only successful answers.

        httpx logs the URL of each request and puts it into its errors, so it is
        shown the host alone. What is asked for goes straight to the wire, and no
        error of httpx is chained to ours.
        """
        failure: Exception
        try:
            origin, path = _split(endpoint.url)
            ask = self._guard.call if endpoint.typed else call
            answer = await ask(
                self._http,
                method,
                origin,
                within=self._deadline,
                content=None if body is None else write_json(body),
                headers={"Accept": "application/json"}
                | ({} if body is None else {"Content-Type": "application/json"}),
                extensions={"target": _target(path, endpoint, place, more or {})},
            )
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
            failure = _no_address()
        except PrivateAddressError:
            failure = _private()
        except httpx.HTTPError as error:
            failure = _away(
                type(error).__name__, "GET" if isinstance(error, NEVER_LEFT) else method
            )
        else:
            refusal = _failure(answer.status_code, answer.headers, method)
            if refusal is None or isinstance(refusal, SourceRefused):
                await self.hear(endpoint, refusal is None)
            if refusal is None:
                return answer
            failure = refusal
        raise failure


async def _to_nobody(endpoint: Endpoint, taken: bool) -> None:
    """Keep nothing."""


def _split(url: str) -> tuple[httpx.URL, str]:
    """Return the address without its path, and the path; a query that was pasted along is left."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise httpx.InvalidURL("") from None
    origin = httpx.URL(f"{parts.scheme}://{parts.netloc}")
    if origin.scheme not in ("http", "https") or not origin.host:
        raise httpx.UnsupportedProtocol("")
    return origin, parts.path or "/"


def _target(path: str, endpoint: Endpoint, place: Place, more: dict[str, str]) -> bytes:
    query = {
        "token": endpoint.token,
        "type": "polls",
        "workspace": place.workspace,
        "content": place.content,
        **({} if place.container is None else {"container": place.container}),
        **more,
    }
    return f"{path}?{urlencode(query)}".encode("ascii")


def _json(answer: httpx.Response, method: str) -> Any:
    try:
        return read_json(answer.content)
    except UnreadableError as error:
        raise _not_understood(method) from error


def _poll(poll: Any, method: str) -> SourcePoll:
    try:
        return read_poll(poll)
    except (UnreadableError, RecursionError) as error:
        raise _not_understood(method) from error


def _failure(status: int, headers: httpx.Headers, method: str) -> Exception | None:
    """Return what a status means, None for success. The body is not read: it is not described."""
    if 200 <= status < 300:
        return None
    pause = asked_for(headers)
    if status == 429:
        return _busy(pause or _DEFAULT_PAUSE)
    if status in (401, 403):
        return SourceRefused(
            "Team Voice does not accept the access token that pollbot has for this place: it is "
            f"wrong, was revoked, or is not meant for it. {_UNCHANGED} "
            "An admin can enter another one in `/pollbot setup`."
        )
    if status == 404:
        # Only a poll can be gone; a list cannot, so there it is the address that is wrong.
        return _Gone() if method in ("PUT", "DELETE") else _nothing_there()
    # A redirect leads to a login page or a maintenance page, never to the answer.
    if status >= 500 or status < 400 or status == 408:
        return _away(f"HTTP {status}", method, pause)
    return SourceError(
        f"Team Voice did not accept what pollbot sent (HTTP {status}). {_UNCHANGED} "
        "If it happens again, tell whoever runs pollbot."
    )


class _Gone(PollGone):
    """The poll is not in Team Voice any more."""

    def __init__(self) -> None:
        PollbotError.__init__(
            self, f"Team Voice has no such poll any more: it was deleted there. {_UNCHANGED}"
        )


def _nothing_there() -> SourceUnusable:
    return SourceUnusable(
        f"Team Voice's address answers that nothing is there (HTTP 404). {_UNCHANGED} "
        "An admin can check the address in `/pollbot setup`."
    )


def _no_address() -> SourceUnusable:
    return SourceUnusable(
        f"The address of Team Voice cannot be used. {_UNCHANGED} It starts with https://; "
        "an admin can enter it in `/pollbot setup`."
    )


def _private() -> SourceUnusable:
    return SourceUnusable(
        "This address leads into pollbot's own machine or network, which an address entered in "
        f"Slack must not. {_UNCHANGED} Enter the one from Team Voice's settings; whoever runs "
        "pollbot can allow such addresses with POLLBOT_ALLOW_PRIVATE_ADDRESSES."
    )


def _busy(retry_after: float) -> SourceBusy:
    return SourceBusy(
        "HTTP 429",
        retry_after,
        f"Team Voice is asked too much right now and took nothing more. {_UNCHANGED} "
        "Try again in a minute.",
    )


def _away(why: str, method: str, retry_after: float = 0.0) -> SourceUnavailable:
    advice = " Try again in a minute." if _UNSURE[method] == _UNCHANGED else ""
    return SourceUnavailable(
        why,
        retry_after,
        f"Team Voice does not answer right now. {_UNSURE[method]}{advice}",
        perhaps=method != "GET",
    )


def _not_understood(method: str) -> SourceUnavailable:
    """Return what HTTP 200 with something else than Team Voice's page promises means."""
    return SourceUnavailable(
        "not understood",
        sentence="Team Voice answered with something that pollbot does not understand. "
        f"{_UNSURE[method]} If it happens again, ask an admin to check the address in "
        "`/pollbot setup`.",
        perhaps=method != "GET",
    )
