"""How long a workspace keeps what is over."""

import re
from dataclasses import dataclass, fields, replace

from pollbot.retention.refusals import NotDays
from pollbot.slack.meanwhile import Parts, mine, traces

MOST_DAYS = 3650
LEAST_OF_AUDIT = 30
"""Days for which the audit log is kept at the least: who shortened its time is still in it then."""
DAY = 86400.0
_DAYS = re.compile(r"[0-9]{1,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Retention:
    """Days after which something is forgotten; None for never.

    ``polls``: closed and deleted polls, with their answers and cards. ``audit``: entries of the
    audit log. ``work``: schedules that are over, cards of issues that nobody touched, and that
    something was said.
    """

    polls: int | None = None
    audit: int | None = None
    work: int | None = None


FOR_GOOD = Retention()


def read_days(text: str, least: int = 1) -> int | None:
    """Return the days that somebody typed; None where nothing is, for good. Raises NotDays."""
    typed = text.strip()
    if not typed:
        return None
    if not _DAYS.fullmatch(typed) or not least <= int(typed) <= MOST_DAYS:
        raise NotDays(typed, least, MOST_DAYS)
    return int(typed)


def changed(retention: Retention, *, began: Retention, chosen: Retention) -> Retention:
    """Return the times with what an admin wrote; what another one changed meanwhile stays.

    Raises BadField where both changed the same.
    """
    parts = mine(traces(_parts(began)), _parts(chosen), _parts(retention), _FIELDS)
    return replace(retention, **{name: getattr(chosen, name) for name in parts})


_FIELDS = {one.name: one.name for one in fields(Retention)}


def _parts(retention: Retention) -> Parts:
    return {name: getattr(retention, name) for name in _FIELDS}
