"""What was answered lately, in little room: Slack may bring it again."""

from collections.abc import Callable, Iterable

from slack_bolt.response import BoltResponse

MOST = 36_000
"""Answers that are known at once, of which the younger half surely are."""

_ROOM = 2 * 1024**2
_ENTRY = 700
"""Bytes for answers that have words, at most; and of one of these, without its body."""

_SILENCE = BoltResponse(status=200, body="")


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
        self._young, self._old = _Half(), _Half()
        for one in silent:
            self.keep(one, _SILENCE)

    def keep(self, id_: str, answer: BoltResponse) -> None:
        """Remember what a delivery was answered with, in place of what was known of it."""
        self._forget()
        self._young.keep(_key(id_), None if is_silence(answer) else copied(answer))

    def answer(self, id_: str) -> BoltResponse | None:
        """Return what it was answered with; None if that is not known."""
        self._forget()
        key = _key(id_)
        known = self._young.answer(key) or self._old.answer(key)
        return None if known is None else copied(known)

    def forget(self, id_: str) -> None:
        """Know nothing any more of a delivery that was not answered with silence."""
        for answers in (self._young, self._old):
            answers.forget(_key(id_))

    def _forget(self) -> None:
        """Forget the older half once the younger one is full, or as old as that has to be."""
        now = self._clock()
        self._since = min(self._since, now)
        if self._young.is_full or now - self._since > self._seconds:
            self._old, self._young = self._young, _Half()
            self._since = now


class _Half:
    """Answers of which the ages are not told apart.

    Nearly every press is answered with silence, and so many bytes, one id after the other, know
    that of a crowd in a seventh of the room that a dictionary takes. Each id has its row, so that
    little is to be looked through.
    """

    def __init__(self) -> None:
        self._silent = [bytearray() for _ in range(256)]
        self._words: dict[bytes, BoltResponse] = {}
        self._count = 0
        self._room = 0

    @property
    def is_full(self) -> bool:
        return self._count >= MOST // 2 or self._room >= _ROOM // 2

    def keep(self, key: bytes, answer: BoltResponse | None) -> None:
        self._count += 1
        if answer is None:
            self._words.pop(key, None)
            self._silent[key[0]] += key
        else:
            self._words[key] = answer
            self._room += _ENTRY + len(answer.body)

    def forget(self, key: bytes) -> None:
        self._words.pop(key, None)

    def answer(self, key: bytes) -> BoltResponse | None:
        if key in self._words:
            return self._words[key]
        return _SILENCE if key in self._silent[key[0]] else None


def is_silence(answer: BoltResponse) -> bool:
    """Return whether an answer says no more than that all is well."""
    return (answer.status, answer.body, answer.headers) == (200, "", _SILENCE.headers)


def copied(answer: BoltResponse) -> BoltResponse:
    """Return the same once more: whoever sends one takes headers out of it."""
    return BoltResponse(status=answer.status, body=answer.body, headers=dict(answer.headers))


def _key(id_: str) -> bytes:
    # An id is a SHA-256, of which 96 bits tell all from each other.
    return bytes.fromhex(id_[:24])
