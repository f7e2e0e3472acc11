"""What is logged, and what never is."""

import asyncio
import json
import logging
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TextIO

from pollbot import errands

log = logging.getLogger("pollbot")

# httpx logs whole URLs, slack_sdk whole answers: both may hold secrets.
_QUIET = ("httpx", "httpcore", "slack_bolt", "slack_sdk", "aiohttp", "asyncio")
_MESSAGE = 2_000
_TRACEBACK = 8_000
_SHORTLY = 0.02
"""Seconds for which a line may wait for others, so many are lost where the program is killed."""

# What breaks a line, hides a part of it or turns it round, wherever the log is read.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# The shapes of secrets: Slack's and Atlassian's tokens, credentials in headers, what an address
# carries after its "?", and the addresses that let anybody answer in somebody's name.
_SECRETS = (
    (re.compile(r"\b(?:xox[a-z](?:\.xox[a-z])?|xapp|xwfp)-[\w-]+"), "[token]"),
    (re.compile(r"\bATATT[\w=+/.-]+"), "[token]"),
    (re.compile(r"\b(Basic|Bearer)\s+[\w=+/.~-]{14,}", re.IGNORECASE), r"\1 [credential]"),
    (re.compile(r"(https?://[^\s\"'<>?]+)\?[^\s\"'<>]*", re.IGNORECASE), r"\1?[…]"),
    (re.compile(r"https?://hooks\.slack\.com/[^\s\"'<>]*", re.IGNORECASE), "[response_url]"),
)
# Without one of these a text has none of them; most lines have not.
_PERHAPS = re.compile("xox|xapp|xwfp|ATATT|Basic|Bearer|http", re.IGNORECASE)


def one_line(text: str, longest: int = _MESSAGE) -> str:
    """Return the text as it may stand in a log: in one line, not too long, without secrets."""
    if _PERHAPS.search(text):
        for shape, instead in _SECRETS:
            text = shape.sub(instead, text)
    if len(text) > longest:
        half = longest // 2
        text = f"{text[:half]} […] {text[-half:]}"
    return text if text.isprintable() else _UNSEEN.sub(lambda found: _escaped(found[0]), text)


def _escaped(mark: str) -> str:
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(mark) or f"\\u{ord(mark):04x}"


class _OneLine(logging.Formatter):
    """One line for each record, whatever somebody else wrote that stands in it."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        errand = f" [{id_}]" if (id_ := errands.current()) else ""
        line = f"{at} {record.levelname:<7} {record.name}{errand}: {one_line(_said(record))}"
        error = _error(record)
        return f"{line} | {error}" if error else line


class _Json(logging.Formatter):
    """The same as an object in one line, which has the same fields each time."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "errand": errands.current(),
            "message": one_line(_said(record)),
            "error": _error(record),
        }
        return json.dumps(line, ensure_ascii=False)


def _said(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # a library's own mistake; a log that breaks off would hide the next line
        return str(record.msg)


def _error(record: logging.LogRecord) -> str:
    if not record.exc_info:
        return ""
    return one_line(logging.Formatter().formatException(record.exc_info), _TRACEBACK)


class _Together(logging.StreamHandler[TextIO]):
    """Writes together what is logged within a moment, and what tells of trouble at once.

    Whoever writes lets Python's other thread go first, the one that keeps what is clicked: a line
    for each of two thousand clicks a second, written alone, takes a fifth of them.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._lines: list[str] = []
        self._waits_on: asyncio.AbstractEventLoop | None = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._lines.append(self.format(record))
        except Exception:  # as logging has it: what cannot be logged stops nobody
            self.handleError(record)
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        if loop is None or record.levelno >= logging.WARNING:
            self.flush()
        elif loop is not self._waits_on:
            self._waits_on = loop
            loop.call_later(_SHORTLY, self.flush)

    def flush(self) -> None:
        """Write what waits; what is left at the end is written as ``logging`` ends."""
        self.acquire()
        try:
            # Nobody can be told that stderr takes nothing any more.
            with suppress(OSError, ValueError):
                lines, self._lines, self._waits_on = self._lines, [], None
                if lines:
                    self.stream.write("\n".join([*lines, ""]))
                super().flush()
        finally:
            self.release()


def set_up_logs(level: str, form: str) -> None:
    """Log to stderr, one line a record; libraries only when something is wrong."""
    handler = _Together(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _OneLine())
    # No line tells of these, and each would be looked up for every one.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def say(sentence: str, level: int = logging.INFO) -> None:
    """Write to stderr what whoever starts pollbot has to read, whatever the log's level is.

    Where each line of the log is an object, this one is, too.
    """
    if any(isinstance(one.formatter, _Json) for one in logging.getLogger().handlers):
        record = log.makeRecord(log.name, level, __file__, 0, sentence, (), None)
        log.handle(record)  # goes to the handlers without asking for the level
    else:
        print(sentence, file=sys.stderr, flush=True)


def for_bolt() -> logging.Logger:
    """Return the logger that Bolt is to use for all that it says.

    Without one, Bolt 1.30 gives each of its loggers the level of root when the app is
    made (slack_bolt/logger/__init__.py), whatever level they had. At INFO it writes the
    whole body of a request whose signature is wrong, at WARNING that of one that no
    listener takes.
    """
    logger = logging.getLogger("pollbot.bolt")
    logger.setLevel(logging.ERROR)
    return logger


class Rarely:
    """Counts what may happen a thousand times a second, so that it is said once a minute."""

    def __init__(self, clock: Callable[[], float], every: float = 60.0) -> None:
        self._clock = clock
        self._every = every
        self._said: dict[str, float] = {}
        self._unsaid: dict[str, int] = {}

    def count(self, kind: str) -> int:
        """Return how many of this kind are to be told of now; 0 while a line is young."""
        now, unsaid = self._clock(), self._unsaid.get(kind, 0) + 1
        if 0 <= now - self._said.get(kind, -self._every) < self._every:
            self._unsaid[kind] = unsaid
            return 0
        self._said[kind], self._unsaid[kind] = now, 0
        return unsaid
