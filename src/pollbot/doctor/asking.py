"""One question to a server, and what its answer tells of the time."""

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx

from pollbot.web.calls import call

Clock = Callable[[], float]
_WITHIN = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """``off_by``: seconds that this machine is ahead of the server; None if it names no time."""

    response: httpx.Response
    off_by: float | None


class OddAnswerError(httpx.HTTPError):
    """What came is no answer of the server that was meant; the text says what it is."""


async def ask(
    http: httpx.AsyncClient, method: str, url: str, clock: Clock, token: str = ""
) -> Answer:
    """Send one request; ``token`` is the whole Authorization header. Raises httpx.HTTPError."""
    headers = {"Accept": "application/json"} | ({"Authorization": token} if token else {})
    began = clock()
    try:
        response = await call(http, method, url, within=_WITHIN, headers=headers)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise httpx.UnsupportedProtocol(str(error)) from error
    return Answer(response, _off_by(response, (began + clock()) / 2))


def why(error: httpx.HTTPError) -> str:
    """Return why there was no answer, without the address: it may hold a secret."""
    if isinstance(error, OddAnswerError):
        return str(error)
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return type(error).__name__


def _off_by(response: httpx.Response, now: float) -> float | None:
    try:
        told = parsedate_to_datetime(response.headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    # It is cut to whole seconds.
    return now - (told.timestamp() + 0.5)
