"""People who click again as soon as they were answered, and people who all press in one second.

A load that shares the machine with what it measures must cost little: the requests are built and
signed before the clock starts, and the client is one ``asyncio.Protocol`` on a kept-alive socket
per person.
"""

import asyncio
import gc
import hashlib
import hmac
import itertools
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

_MARKED = re.compile(rb"zz(USER|NAME|STAMP|TRIGGER|HOOK)zz")
# Prepared ahead for each second, for all together; whoever needs more builds them on the way.
_PREPARED = 3000
_LONGEST_STORM = 30.0


class NotAcknowledged(Exception):
    """An answer other than 200, or none."""


@dataclass(frozen=True, slots=True)
class Template:
    """A whole click on one button, with gaps for what differs from one click to the next."""

    source: str
    parts: tuple[bytes, ...]

    @classmethod
    def of(cls, source: str, body: dict[str, Any]) -> "Template":
        """Return the template of a real payload; ``source`` is the card's message."""
        address = body["response_url"].rpartition("/")[0]
        marked = body | {
            "user": body["user"] | {"id": "zzUSERzz", "username": "zzNAMEzz", "name": "zzNAMEzz"},
            "trigger_id": "zzTRIGGERzz",
            "response_url": f"{address}/zzHOOKzz",
            "actions": [body["actions"][0] | {"action_ts": "zzSTAMPzz"}],
        }
        # Slack leaves no white space between the parts.
        encoded = urlencode({"payload": json.dumps(marked, separators=(",", ":"))}).encode()
        return cls(source, tuple(_MARKED.split(encoded)))

    def filled(self, user: str, stamp: str) -> bytes:
        """Return the body of this person's click at this time."""
        values = {
            b"USER": user.encode(),
            b"NAME": user.removeprefix("U0").lower().encode(),
            b"STAMP": stamp.encode(),
            b"TRIGGER": f"{stamp}.{user}.0123456789abcdef0123456789abcdef".encode(),
            b"HOOK": f"{user}.{self.source}.{stamp.replace('.', '')}".encode(),
        }
        return b"".join(
            values[part] if odd else part
            for odd, part in zip(itertools.cycle((False, True)), self.parts, strict=False)
        )


@dataclass(slots=True)
class Answers:
    """What one round of clicking brought."""

    sent: int = 0
    acks: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    own_share: float = 0.0
    """How much of one core the crowd itself took, while it was measured."""
    last_ack_at: float = 0.0
    """Unix seconds."""

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, percent: float) -> float:
        """Return the latency in milliseconds that so many percent stayed within."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] * 1000


def requests(
    templates: list[Template], secret: str, person: int, user: str, start: float
) -> Iterator[bytes]:
    """Yield signed requests of one person without end: a click each, on one button after another.

    ``action_ts`` counts up from ``start``.
    """
    key = secret.encode()
    for number in itertools.count():
        micros = int(start * 1_000_000) + number * 100 + person
        body = templates[(person + number) % len(templates)].filled(
            user, f"{micros // 1_000_000}.{micros % 1_000_000:06}"
        )
        now = str(int(time.time())).encode()
        signature = hmac.digest(key, b"v0:" + now + b":" + body, hashlib.sha256).hex()
        yield (
            b"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n"
            b"User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n"
            b"X-Slack-Request-Timestamp: %b\r\nX-Slack-Signature: v0=%b\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (now, signature.encode(), len(body), body)
        )


async def click_together(
    port: int,
    templates: list[Template],
    secret: str,
    people: tuple[str, ...],
    *,
    warm: float,
    measured: float,
) -> Answers:
    """Let all people click for ``warm`` seconds unmeasured, then ``measured`` seconds.

    Raises NotAcknowledged at the first answer that is not 200.
    """
    loop = asyncio.get_running_loop()
    start = time.time()
    queues = []
    each = int(_PREPARED * (warm + measured) / len(people))
    for person, user in enumerate(people):
        endless = requests(templates, secret, person, user, start)
        ahead = list(itertools.islice(endless, each))
        queues.append(itertools.chain(ahead, endless))
    crowd = _Crowd(loop.create_future(), len(people))
    gc.collect()
    gc.disable()
    try:
        crowd.measure_from = time.perf_counter() + warm
        crowd.measure_to = crowd.again_until = crowd.measure_from + measured
        loop.call_later(warm, crowd.note_share)
        connections = [
            await loop.create_connection(partial(_Clicker, crowd, queue), "127.0.0.1", port)
            for queue in queues
        ]
        try:
            await crowd.finished
        finally:
            for transport, _ in connections:
                transport.close()
    finally:
        gc.enable()
    answers = crowd.answers
    answers.seconds = measured
    answers.own_share = (time.process_time() - crowd.cpu_at_start) / (
        time.perf_counter() - crowd.measure_from
    )
    return answers


async def press_within(
    seconds: float,
    ports: Sequence[int],
    templates: list[Template],
    secret: str,
    people: tuple[str, ...],
    *,
    must: bool = True,
    before: Callable[[], object] = lambda: None,
) -> Answers:
    """Let each person press once, evenly spread over ``seconds``; return when all were answered.

    They come to one port after the other. ``before`` is called once everybody is ready to press.

    Raises NotAcknowledged at the first answer that is not 200, and if one takes half a minute;
    but if all ``must`` not be answered, nobody waits any longer for those.
    """
    loop = asyncio.get_running_loop()
    start = time.time()
    crowd = _Crowd(loop.create_future(), len(people))
    connections = [
        await loop.create_connection(
            partial(
                _Clicker,
                crowd,
                iter([next(requests(templates, secret, person, user, start))]),
                at_once=False,
            ),
            "127.0.0.1",
            ports[person % len(ports)],
        )
        for person, user in enumerate(people)
    ]
    try:
        before()
        begin = loop.time()
        for number, (_, clicker) in enumerate(connections):
            loop.call_at(begin + number * seconds / len(people), clicker.click)
        async with asyncio.timeout(_LONGEST_STORM):
            await crowd.finished
    except TimeoutError:
        if must:
            raise NotAcknowledged(
                f"{crowd.answers.acks} of {len(people)} presses were answered in "
                f"{_LONGEST_STORM:.0f} s"
            ) from None
        crowd.finished.cancel()
    finally:
        for transport, _ in connections:
            transport.close()
    return crowd.answers


class _Crowd:
    """What the clickers share. Each is measured, and clicks once, unless told otherwise."""

    def __init__(self, finished: "asyncio.Future[None]", clicking: int) -> None:
        self.finished = finished
        self.answers = Answers()
        self.measure_from, self.measure_to = float("-inf"), float("inf")
        self.again_until = float("-inf")
        self.cpu_at_start = 0.0
        self._clicking = clicking

    def note_share(self) -> None:
        self.cpu_at_start = time.process_time()

    def acknowledged(self, sent_at: float, now: float) -> bool:
        """Count an answer; return whether to click again."""
        self.answers.acks += 1
        if self.measure_from <= now <= self.measure_to:
            self.answers.latencies.append(now - sent_at)
        if now < self.again_until:
            return True
        self.answers.last_ack_at = time.time()
        self._clicking -= 1
        if not self._clicking and not self.finished.done():
            self.finished.set_result(None)
        return False

    def fail(self, why: str) -> None:
        if not self.finished.done():
            self.finished.set_exception(NotAcknowledged(why))


class _Clicker(asyncio.Protocol):
    """One person on one connection."""

    def __init__(self, crowd: _Crowd, clicks: Iterator[bytes], *, at_once: bool = True) -> None:
        self._crowd = crowd
        self._clicks = clicks
        self._at_once = at_once
        self._answer = b""
        self._sent_at = 0.0
        self._waiting = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  asyncio's types need it
        self._transport = transport
        if self._at_once:
            self.click()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if not _is_whole(self._answer):
            return
        now = time.perf_counter()
        if not self._answer.startswith(b"HTTP/1.1 200 "):
            self._crowd.fail(f"an answer was {self._answer[:300]!r}")
            self._waiting = False
            return
        self._answer = b""
        self._waiting = False
        if self._crowd.acknowledged(self._sent_at, now):
            self.click()

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiting:
            self._crowd.fail(f"a connection was cut before its answer ({error})")

    def click(self) -> None:
        """Send the next click."""
        click = next(self._clicks)
        self._waiting = True
        self._crowd.answers.sent += 1
        self._sent_at = time.perf_counter()
        self._transport.write(click)


def _is_whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        return False
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return len(body) >= (int(length[1]) if length else 0)
