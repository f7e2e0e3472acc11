"""How long an answer asks us to wait."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

# Atlassian's quotas are refilled every hour; nothing honest asks for longer.
_LONGEST = 3600.0


def asked_for(headers: httpx.Headers) -> float:
    """Return the seconds that the answer asks us to wait, at most an hour; 0.0 if it names none.

    Retry-After holds seconds or a date (RFC 9110, 10.2.3); X-RateLimit-Reset is
    an ISO 8601 instant (developer.atlassian.com, "Rate limiting").
    """
    for name in ("Retry-After", "X-RateLimit-Reset"):
        value = headers.get(name, "").strip()
        if value.isascii() and value.isdigit():
            return min(float(value), _LONGEST) if name == "Retry-After" else 0.0
        for parse in (parsedate_to_datetime, datetime.fromisoformat):
            try:
                moment = parse(value)
            except ValueError:
                continue
            if moment.tzinfo is not None:
                left = (moment - datetime.now(UTC)).total_seconds()
                return min(max(left, 0.0), _LONGEST)
    return 0.0
