"""Team Voice's polls, through its one endpoint per site. Keeps nothing, logs nothing.

Team Voice’s REST API documentation (beta): every parameter travels in the
query, the token too. People cannot be named: whoever holds the token may write.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from pollbot.errors import PollGone, SourceRefused
from pollbot.polls.rules import Draft
from pollbot.polls.sources.source import SourcePoll
from pollbot.polls.sources.team_voice.polls import (
    Json,
    UnreadableError,
    new_poll,
    read_json,
    read_poll,
    without_results,
    write_json,
)
from pollbot.polls.sources.team_voice.refusals import (
    GoneThere,
    Method,
    NothingThere,
    NotInList,
    NotTaken,
    OddAnswer,
    PlainAddress,
    PrivateAddress,
    TokenRefused,
    TooBusy,
    Unreachable,
    UnusableAddress,
)
from pollbot.web.addresses import Guard, PlainAddressError, PrivateAddressError
from pollbot.web.calls import DEADLINE, NEVER_LEFT, call, is_page
from pollbot.web.pauses import asked_for
from pollbot.web.watched import Watch, unwatched, watched

_DEFAULT_PAUSE = 5.0


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
        self.watch: Watch = unwatched
        self.watch_source: Callable[[str], Watch] = lambda source_id: unwatched
        """Gives what is told of the calls to a source beside that, by its id."""

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

        ``edit`` gets everything that Team Voice sent, known here or not. Raises PollGone if it is
        not there any more, and NotInList if all that says so is that a list lacks it.
        """
        found = await self._list(endpoint, place, results=False)
        raw = next((poll for poll in found if _poll(poll, "GET").id == poll_id), None)
        if raw is None:
            raise NotInList
        body = without_results(edit(without_results(raw)))
        answer = await self._send("PUT", endpoint, place, {"pollId": poll_id}, body)
        return _poll(_json(answer, "PUT"), "PUT")

    async def delete(self, endpoint: Endpoint, place: Place, poll_id: str) -> None:
        """Delete the poll; one that is not there any more counts as deleted."""
        try:
            answer = await self._send("DELETE", endpoint, place, {"pollId": poll_id})
        except PollGone:
            return
        if is_page(answer):
            raise OddAnswer("DELETE")

    async def try_out(self, endpoint: Endpoint, place: Place) -> None:
        """Read the polls there once, so that a wrong address or token shows; change nothing."""
        await self.polls(endpoint, place, results=False)

    async def _list(self, endpoint: Endpoint, place: Place, *, results: bool) -> list[Any]:
        more = {"expand": "results"} if results else {}
        found = _json(await self._send("GET", endpoint, place, more), "GET")
        if not isinstance(found, list):
            raise OddAnswer("GET")
        return found

    async def _send(
        self,
        method: Method,
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
        with watched(self.watch, method), watched(self.watch_source(endpoint.source_id), method):
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
                failure = UnusableAddress()
            except PrivateAddressError:
                failure = PrivateAddress()
            except PlainAddressError:
                failure = PlainAddress()
            except httpx.HTTPError as error:
                # What never left has changed as little as a look.
                asked: Method = "GET" if isinstance(error, NEVER_LEFT) else method
                failure = Unreachable(asked, type(error).__name__)
            else:
                refusal = _failure(answer, method)
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


def _json(answer: httpx.Response, method: Method) -> Any:
    try:
        return read_json(answer.content)
    except UnreadableError as error:
        raise OddAnswer(method) from error


def _poll(poll: Any, method: Method) -> SourcePoll:
    try:
        return read_poll(poll)
    except (UnreadableError, RecursionError) as error:
        raise OddAnswer(method) from error


def _failure(answer: httpx.Response, method: Method) -> Exception | None:
    """Return what a status means, None for success. What its body says is not described."""
    status = answer.status_code
    if 200 <= status < 300:
        return None
    pause = asked_for(answer.headers)
    if status == 429:
        return TooBusy("HTTP 429", pause or _DEFAULT_PAUSE)
    if 400 <= status < 500 and status != 408 and is_page(answer):
        return OddAnswer(method)
    if status in (401, 403):
        return TokenRefused()
    if status == 404:
        # Only a poll can be gone; a list cannot, so there it is the address that is wrong.
        return GoneThere() if method in ("PUT", "DELETE") else NothingThere()
    # A redirect leads to a login page or a maintenance page, never to the answer.
    if status >= 500 or status < 400 or status == 408:
        return Unreachable(method, f"HTTP {status}", pause)
    return NotTaken(status)
