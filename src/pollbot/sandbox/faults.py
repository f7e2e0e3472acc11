"""What can go wrong with a stand-in: it is away, slow, rate limited, or answers one call badly."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

MODES = ("up", "down", "slow", "429")
_BETWEEN_DROPS = 0.2
ABOUT = web.RequestKey("about", str)
"""What a call is about, as its stand-in says: where and whose."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One answer to give instead of the real one."""

    status: int
    body: dict[str, Any] | str | None
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> web.Response:
        """Return a fresh response; aiohttp sends each response object only once."""
        if isinstance(self.body, dict):
            return web.json_response(self.body, status=self.status, headers=self.headers)
        # A body that was written by hand may be JSON as nobody would make it.
        kind = "application/json" if (self.body or "").startswith("{") else "text/plain"
        return web.Response(
            text=self.body, status=self.status, headers=self.headers, content_type=kind
        )


@dataclass(eq=False, slots=True)
class Late:
    """A call whose caller was cut off, and which is still on its way.

    ``gone`` is set once the caller is cut off, ``landed`` once the call was carried out.
    """

    gone: asyncio.Event = field(default_factory=asyncio.Event)
    landed: asyncio.Event = field(default_factory=asyncio.Event)
    _lands: asyncio.Event = field(default_factory=asyncio.Event)

    async def land(self) -> None:
        """Let it arrive and be carried out."""
        self._lands.set()
        await self.landed.wait()


class Faults:
    """The switch of one stand-in, and the failures queued for its next calls.

    ``rate_limited`` makes the 429 answer, which differs from service to service. A stand-in
    says what a call is about in ``request[ABOUT]``. ``stuck`` is how many drip just now, and
    ``slowed`` are the names of those that are slowed down just now.
    """

    def __init__(self, rate_limited: Callable[[], web.Response]) -> None:
        self.slow_seconds = 2.0
        self._mode = "up"
        self._rate_limited = rate_limited
        self._failures: defaultdict[str, deque[Failure]] = defaultdict(deque)
        self._lost_answers: defaultdict[str, int] = defaultdict(int)
        self._slow: defaultdict[str, float] = defaultdict(float)
        self._late: defaultdict[str, deque[Late]] = defaultdict(deque)
        self._landing: dict[int, Late] = {}
        self._dripping: list[tuple[str, str]] = []
        self._turned_away: list[tuple[str, str]] = []
        self._answers_all: Failure | None = None
        self.stuck = 0
        self.slowed: list[str] = []

    @property
    def mode(self) -> str:
        return self._mode

    @mode.setter
    def mode(self, mode: str) -> None:
        if mode not in MODES:
            raise ValueError(f"{mode!r} is none of {', '.join(MODES)}")
        self._mode = mode

    def fail_next(
        self,
        name: str,
        status: int = 200,
        body: dict[str, Any] | str | None = None,
        headers: Mapping[str, str] | None = None,
        times: int = 1,
    ) -> None:
        """Answer the next ``times`` calls of ``name`` with this; they change nothing.

        A status of 0 drops the connection without an answer.
        """
        self._failures[name].extend([Failure(status, body, dict(headers or {}))] * times)

    def lose_next_answer(self, name: str, times: int = 1) -> None:
        """Carry out the next ``times`` calls of ``name``, then drop the connection."""
        self._lost_answers[name] += times

    def slow_down(self, name: str, seconds: float) -> None:
        """Let each call of ``name`` take so long before anything comes of it; 0 ends that."""
        self._slow[name] = seconds

    def mend(self, name: str) -> None:
        """Take back all that ``name`` was to fail with."""
        self._failures[name].clear()
        self._lost_answers[name] = 0
        self._slow[name] = 0.0

    def hold_up_next(self, name: str) -> Late:
        """Drop the connection of the next call of ``name``, and carry it out when told to."""
        late = Late()
        self._late[name].append(late)
        return late

    def drip(self, name: str, about: str = "") -> None:
        """Do nothing about calls of ``name`` with ``about`` in what they are about, but drip.

        Their answer comes a byte at a time and never ends, until ``let_go``.
        """
        self._dripping.append((name, about))

    def turn_away(self, name: str, about: str = "") -> None:
        """Answer such calls with a 429 instead, until ``let_go``."""
        self._turned_away.append((name, about))

    def answer_all(
        self,
        status: int,
        body: dict[str, Any] | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer every call with this, until ``let_go``; none of them changes anything."""
        self._answers_all = Failure(status, body, dict(headers or {}))

    def let_go(self) -> None:
        """Turn nothing away, answer all calls again and drip no more; what does is cut off."""
        self._answers_all = None
        self._dripping.clear()
        self._turned_away.clear()

    async def before(self, name: str, request: web.Request) -> web.Response | None:
        """Return what to answer instead of doing the work, or None to go on."""
        if _is_one_of(self._dripping, name, request):
            return await self._drip(name, request)
        if _is_one_of(self._turned_away, name, request):
            return self._rate_limited()
        if self._mode == "down":
            return drop(request)
        if self._mode == "429":
            return self._rate_limited()
        if self._mode == "slow":
            await asyncio.sleep(self.slow_seconds)
        if self._slow[name]:
            self.slowed.append(name)
            try:
                await asyncio.sleep(self._slow[name])
            finally:
                self.slowed.remove(name)
        if self._late[name]:
            late = self._late[name].popleft()
            drop(request)
            late.gone.set()
            await late._lands.wait()
            self._landing[id(request)] = late
            return None
        if self._answers_all is None and not self._failures[name]:
            return None
        failure = self._answers_all or self._failures[name].popleft()
        return drop(request) if failure.status == 0 else failure.response()

    def after(self, name: str, request: web.Request) -> web.Response | None:
        """Return what to answer instead, now that the work is done, or None to go on."""
        if (late := self._landing.pop(id(request), None)) is not None:
            late.landed.set()
        if not self._lost_answers[name]:
            return None
        self._lost_answers[name] -= 1
        return drop(request)

    async def _drip(self, name: str, request: web.Request) -> web.Response:
        answer = web.StreamResponse(headers={"Content-Type": "application/json"})
        self.stuck += 1
        try:
            await answer.prepare(request)
            while _is_one_of(self._dripping, name, request):
                await answer.write(b" ")
                await asyncio.sleep(_BETWEEN_DROPS)
        except ConnectionError:
            pass  # whoever called has hung up
        finally:
            self.stuck -= 1
        return drop(request)


def _is_one_of(calls: list[tuple[str, str]], name: str, request: web.Request) -> bool:
    about = request.get(ABOUT, "")
    return any(name == one and part in about for one, part in calls)


class Dropped(web.Response):
    """A response that never leaves: the caller's connection is already cut."""


def drop(request: web.Request) -> Dropped:
    """Cut the caller's TCP connection."""
    if request.transport is not None:
        request.transport.abort()
    return Dropped()


def status_of(response: web.Response) -> int:
    """Return the status that the caller saw; 0 if it saw none."""
    return 0 if isinstance(response, Dropped) else response.status
