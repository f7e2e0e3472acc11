"""The errand: something that came in, or whose time has come, and all that is done because of it.

Each has a short id, which stands in every line that is logged on the way, in whatever part. It is
ambient, as nothing else is that a part is told: whoever logs a call to Jira has no other use for
it, and to hand it down would put it into every signature between a click and that call. So nothing
but the log and the column ``errand`` of what waits (``store/queue.py``) may ever depend on it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Errand:
    id: str
    kept: bool = True


_ERRAND: ContextVar[_Errand | None] = ContextVar("errand", default=None)


@contextmanager
def under(errand_id: str) -> Iterator[None]:
    """Have what is done in here, and what it starts, go by this id; by none if it is empty."""
    with _going_by(_Errand(errand_id) if errand_id else None):
        yield


@contextmanager
def unkept() -> Iterator[None]:
    """Have what is done in here not keep the id with the work that it causes.

    For answers: nothing on disk may tell that it was caused by a click that stands in the log,
    since polls that keep no names are answered the same way.
    """
    errand = _ERRAND.get()
    with _going_by(None if errand is None else _Errand(errand.id, kept=False)):
        yield


@contextmanager
def _going_by(errand: _Errand | None) -> Iterator[None]:
    before = _ERRAND.set(errand)
    try:
        yield
    finally:
        # What is thrown away in the middle is closed by somebody else, in a context of theirs.
        with suppress(ValueError):
            _ERRAND.reset(before)


def current() -> str:
    """Return the id for the log; empty where nothing in particular is done."""
    errand = _ERRAND.get()
    return "" if errand is None else errand.id


def to_keep() -> str | None:
    """Return the id for the row of what is to be done later; None if it is not to be kept."""
    errand = _ERRAND.get()
    return errand.id if errand is not None and errand.kept else None
