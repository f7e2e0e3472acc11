"""The log as it is configured, caught line by line."""

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pollbot.logs import set_up_logs


class Log:
    """What the program has logged so far."""

    def __init__(self, written: io.StringIO) -> None:
        self._written = written
        self._taken = 0

    @property
    def text(self) -> str:
        flush()
        return self._written.getvalue()

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")[:-1]

    def taken(self) -> str:
        """Return what was logged since this was asked last."""
        flush()
        self._written.seek(self._taken)
        found = self._written.read()
        self._taken += len(found)
        return found

    def having(self, part: str) -> list[str]:
        return [line for line in self.lines if part in line]


def flush() -> None:
    """Have all lines written that wait for others."""
    for handler in logging.getLogger().handlers:
        handler.flush()


@contextmanager
def logging_as(
    monkeypatch: pytest.MonkeyPatch, level: str = "INFO", form: str = "text"
) -> Iterator[Log]:
    """Log as the program does when it is started so."""
    root = logging.getLogger()
    before, level_before = root.handlers[:], root.level
    written = io.StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", written)
        set_up_logs(level, form)
    try:
        yield Log(written)
    finally:
        root.handlers[:] = before
        root.setLevel(level_before)
