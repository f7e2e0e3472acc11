"""How long an answer asks us to wait: one reading for all whom pollbot calls."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

AN_HOUR = 3600.0
"""Atlassian's quotas are refilled every hour; nothing honest asks for longer."""
OF_SLACK = 120.0
"""Slack counts by the minute (docs.slack.dev, "Rate limits"), so that one is over by then."""

_SECONDS = re.compile(r"\d+(\.\d+)?", re.ASCII)


def asked_for(headers: Mapping[str, str], longest: float = AN_HOUR) -> float:
    """Return the seconds that the answer asks us to wait, at most ``longest``; 0.0 for none.

    Retry-After holds seconds or a date (RFC 9110, 10.2.3); X-RateLimit-Reset is
    an ISO 8601 instant (developer.atlassian.com, "Rate limiting"). A moment counts
    from when the answer was sent by its own clock. What is neither says nothing.
    """
    for name in ("Retry-After", "X-RateLimit-Reset"):
        value = headers.get(name, "").strip()
        if name == "Retry-After" and _SECONDS.fullmatch(value):
            return min(float(value), longest)
        moment = _moment(value)
        if moment is not None:
            sent_at = _moment(headers.get("Date", "").strip()) or datetime.now(UTC)
            return min(max((moment - sent_at).total_seconds(), 0.0), longest)
    return 0.0


def _moment(value: str) -> datetime | None:
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = parse(value)
        except (ValueError, OverflowError):
            continue
        if moment.tzinfo is not None:
            return moment
    return None
