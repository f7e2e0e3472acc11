"""What was answered lately, in little room: Slack may bring it again."""

from collections.abc import Callable, Iterable

from slack_bolt.response import BoltResponse

MOST = 36_000
"""Answers that are known at once, of which the younger half surely are: 3 MB, if all are silent."""

_ROOM = 2 * 1024**2
_ENTRY = 700
"""Bytes for answers that have words, at most; and of one of these, without its body."""

_SILENCE = BoltResponse(status=200, body="")

_Answers = dict[bytes, BoltResponse | None]
"""None stands for silence, with which nearly every press is answered."""


class Repeats:
    """The answers to deliveries, by the ids of these.

    One is known for ``seconds`` at least, unless too many came since: then the older half of
    them is forgotten at once, which takes less room than to know the age of each.
    """

    def __init__(
        self, clock: Callable[[], float], seconds: float, silent: Iterable[str] = ()
    ) -> None:
        """Know that those of ``silent``, the oldest first, were answered with silence."""
        self._clock = clock
        self._seconds = seconds
        self._since = clock()
        self._young: _Answers = {}
        self._old: _Answers = {}
        self._room = 0
        for one in silent:
            self.keep(one, _SILENCE)

    def keep(self, id_: str, answer: BoltResponse) -> None:
        """Remember what a delivery was answered with, in place of what was known of it."""
        self._forget()
        silent = (answer.status, answer.body, answer.headers) == (200, "", _SILENCE.headers)
        self._young[_key(id_)] = None if silent else copied(answer)
        self._room += 0 if silent else _ENTRY + len(answer.body)

    def answer(self, id_: str) -> BoltResponse | None:
        """Return what it was answered with; None if that is not known."""
        self._forget()
        key = _key(id_)
        known = self._young if key in self._young else self._old
        return copied(known[key] or _SILENCE) if key in known else None

    def _forget(self) -> None:
        """Forget the older half once the younger one is full, or as old as that has to be."""
        now = self._clock()
        self._since = min(self._since, now)
        is_full = len(self._young) >= MOST // 2 or self._room >= _ROOM // 2
        if is_full or now - self._since > self._seconds:
            self._old, self._young = self._young, {}
            self._since, self._room = now, 0


def copied(answer: BoltResponse) -> BoltResponse:
    """Return the same once more: whoever sends one takes headers out of it."""
    return BoltResponse(status=answer.status, body=answer.body, headers=dict(answer.headers))


def _key(id_: str) -> bytes:
    # An id is a SHA-256. Python has 48 bytes for up to 15, and 120 bits tell all from each other.
    return bytes.fromhex(id_)[:15]
