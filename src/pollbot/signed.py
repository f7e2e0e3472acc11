"""Whether Slack sent a request: its signature, and the time at which it was signed."""

import hmac
import logging
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Literal

from pollbot.logs import Rarely

log = logging.getLogger(__name__)

Doubt = Literal["unsigned", "forged", "old"]

_FRESH_FOR = 300.0
_TOLD_FOR = 900.0
_LONGEST_STAMP = 12


class Signed:
    """Tells Slack's requests from others, before anything in them is read.

    Source: docs.slack.dev, verifying-requests-from-slack. ``clock`` is the machine's: what
    is signed by the right secret at another time than it shows tells that one of the two is
    wrong, or that somebody sends again what they overheard.
    """

    def __init__(self, secret: str, clock: Callable[[], float]) -> None:
        self._secret = secret.encode()
        self._clock = clock
        self._rarely = Rarely(clock)
        self.turned_away: dict[str, int] = {"unsigned": 0, "forged": 0, "old": 0}
        """How many requests were told of, by why they were not believed."""
        self._off_by = 0.0
        self._off_at = 0.0
        self._fresh_at = 0.0

    def doubt(self, headers: Mapping[str, str], body: bytes) -> Doubt | None:
        """Return why the request is not to be believed; None if Slack signed it just now."""
        stamp = headers.get("X-Slack-Request-Timestamp", "")
        signature = headers.get("X-Slack-Signature", "")
        if not signature or not (stamp.isascii() and stamp.isdigit()):
            return "unsigned"
        if len(stamp) > _LONGEST_STAMP:
            return "unsigned"
        base = b"v0:" + stamp.encode() + b":" + body
        right = "v0=" + hmac.new(self._secret, base, sha256).hexdigest()
        # A header may hold any byte, and compare_digest takes no text beyond ASCII.
        if not hmac.compare_digest(right.encode(), signature.encode("utf-8", "replace")):
            return "forged"
        now = self._clock()
        off_by = now - int(stamp)
        if abs(off_by) > _FRESH_FOR:
            self._off_by, self._off_at = off_by, now
            return "old"
        self._fresh_at = now
        return None

    def tell(self, doubt: Doubt) -> None:
        """Log that such a request was turned away, at most once a minute for each kind."""
        self.turned_away[doubt] += 1
        count = self._rarely.count(doubt)
        if not count:
            return
        match doubt:
            case "unsigned":
                log.warning("turned away %d x: no signature of Slack's", count)
            case "forged":
                log.warning(
                    "turned away %d x: signed with another secret than SLACK_SIGNING_SECRET. If "
                    "Slack tells people of errors, copy the signing secret again from your app's "
                    "page, under Basic Information",
                    count,
                )
            case "old":
                log.warning("turned away %d x: %s", count, self._clocks_differ())

    def trouble(self) -> str:
        """Return what is wrong with the clock, as far as requests tell; empty if nothing is.

        One request that is let in shows that it is right, so that nobody can have this said by
        sending an old one again, at least not while pollbot is used.
        """
        now = self._clock()
        is_told = 0 <= now - self._off_at < _TOLD_FOR and self._fresh_at < self._off_at
        return self._clocks_differ() if is_told and now - self._fresh_at > _FRESH_FOR else ""

    def _clocks_differ(self) -> str:
        way = "ahead of" if self._off_by > 0 else "behind"
        return (
            f"this machine's clock is {abs(self._off_by):.0f} s {way} Slack's, so Slack's requests "
            "are refused. Set it right, best by NTP"
        )
