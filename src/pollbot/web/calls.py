"""Calls to other people's servers: one deadline for the whole of each, and a limit to its answer.

Time-outs of a client count from one byte to the next; a server that drips would hold a worker as
long as it likes. Without a limit an answer of 400 MB is 400 MB of memory, and one of 400 kB that
is compressed may be as much.
"""

import asyncio
import zlib
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import aiohttp
import httpx

DEADLINE = 10.0
"""Seconds that a call takes at most: from its connection to the last byte of its answer."""
LARGEST = 8 * 2**20
"""Bytes of an answer, unpacked. A hundred of Jira's longest comments are about half of it."""

NOT_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout)
NEVER_LEFT = (*NOT_CONNECTED, httpx.PoolTimeout)
"""After these the other side has heard nothing of the call."""

_CONNECT = 5.0
# A hundred calls that hang, which is what clients allow by themselves, would hold up whatever
# goes to another server. How many there are is for whoever makes them.
_CONNECTIONS = httpx.Limits(max_connections=None, max_keepalive_connections=50)
_ANY_ZIP = zlib.MAX_WBITS | 32
_PLAIN = {"Accept-Encoding": "identity"}


class OverdueError(httpx.TimeoutException):
    """The deadline came before the end of the answer."""


class TooLargeError(httpx.TransportError):
    """The answer is larger than anything that is read here."""


def is_page(answer: httpx.Response) -> bool:
    """Return whether it is a page: a proxy's or one to log in, and no word of an API's."""
    return answer.content.lstrip().startswith(b"<")


def for_jira_and_sources() -> httpx.AsyncClient:
    """Return the client for everything but Slack; it is closed by whoever asked for it."""
    return httpx.AsyncClient(
        timeout=httpx.Timeout(DEADLINE, connect=_CONNECT),
        limits=_CONNECTIONS,
        # Jira sets session cookies; kept, one person's would go out with another's vote.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )


async def call(
    http: httpx.AsyncClient,
    method: str,
    url: str | httpx.URL,
    *,
    within: float = DEADLINE,
    at_most: int = LARGEST,
    headers: Mapping[str, str] | None = None,
    **sent: Any,
) -> httpx.Response:
    """Send one request and return the whole answer; a redirect is an answer, never followed.

    Raises httpx.HTTPError; so OverdueError after ``within`` seconds, and TooLargeError where the
    answer is larger than ``at_most`` bytes.
    """
    request = http.build_request(
        method, url, headers={"Accept-Encoding": "gzip", **(headers or {})}, **sent
    )
    try:
        async with asyncio.timeout(within):
            answer = await http.send(request, stream=True, follow_redirects=False)
            try:
                body = await _body(answer, at_most)
            finally:
                await answer.aclose()
    except TimeoutError:
        raise OverdueError(f"no whole answer within {within} s") from None
    kept = [
        (name, value)
        for name, value in answer.headers.raw
        if name.lower() not in (b"content-encoding", b"content-length", b"transfer-encoding")
    ]
    return httpx.Response(answer.status_code, headers=kept, content=body, request=request)


async def _body(answer: httpx.Response, at_most: int) -> bytes:
    encoding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", "deflate", ""):
        raise httpx.DecodingError(f"an answer in {encoding}, which was not asked for")
    unpacking = None if encoding in ("identity", "") else zlib.decompressobj(_ANY_ZIP)
    body = bytearray()
    async for part in answer.aiter_raw():
        left = at_most - len(body) + 1
        try:
            body += part if unpacking is None else unpacking.decompress(part, left)
        except zlib.error as error:
            raise httpx.DecodingError("what came is not what it is said to be") from error
        if len(body) > at_most:
            raise TooLargeError(f"more than {at_most} bytes")
    return bytes(body)


class RedirectedError(aiohttp.ClientError):
    """What was asked answers with another address."""


async def _go_nowhere(
    _: aiohttp.ClientSession, __: object, seen: aiohttp.TraceRequestRedirectParams
) -> None:
    # A 307 would bring the other side what was said to this one, and in it what people answered.
    seen.response.close()
    raise RedirectedError(f"a redirect, HTTP {seen.response.status}")


class _Limited(aiohttp.ClientResponse):
    """An answer that is read up to LARGEST bytes."""

    async def read(self) -> bytes:
        if self._body is None:
            body = bytearray()
            try:
                async for part in self.content.iter_any():
                    body += part
                    if len(body) > LARGEST:
                        raise aiohttp.ClientPayloadError(f"more than {LARGEST} bytes")
            except BaseException:
                self.close()
                raise
            self._body = bytes(body)
        return self._body


def for_slack(deadline: float = DEADLINE) -> aiohttp.ClientSession:
    """Return the session for Slack's Web API and its response_urls; closed by who asked for it.

    It follows no redirect, whoever asks by it: RedirectedError.
    """
    watching = aiohttp.TraceConfig()
    watching.on_request_redirect.append(_go_nowhere)
    return aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=deadline),
        connector=aiohttp.TCPConnector(limit=0),
        response_class=_Limited,
        # aiohttp unpacks as much as comes; so nothing packed is asked for, or unpacked.
        auto_decompress=False,
        headers=_PLAIN,
        trace_configs=[watching],
    )
