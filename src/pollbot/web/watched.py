"""Who else hears how calls to other people's servers end: without addresses, by their kind."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

Watch = Callable[[str, BaseException | None, float], None]
"""Is told of each call what was asked for, how it failed if it did, and the seconds it took.

What was asked for is one of few words: a method of Slack's, a resource of Jira's.
"""


@dataclass(slots=True)
class Call:
    """A call under way. ``failure`` is what its answer means, where that is not raised."""

    failure: BaseException | None = None


def unwatched(what: str, failure: BaseException | None, seconds: float) -> None:
    """Hear of a call, and keep nothing."""


def both(one: Watch, other: Watch) -> Watch:
    """Return what tells two of each call."""

    def heard(what: str, failure: BaseException | None, seconds: float) -> None:
        one(what, failure, seconds)
        other(what, failure, seconds)

    return heard


@contextmanager
def watched(watch: Watch, what: str) -> Iterator[Call]:
    """Tell how a call ends that is made here; what it raises goes on."""
    clock, call = asyncio.get_running_loop().time, Call()
    begun = clock()
    try:
        yield call
    except BaseException as error:
        call.failure = error
        raise
    finally:
        watch(what, call.failure, clock() - begun)
