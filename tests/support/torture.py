"""How much the long tests try: enough to notice in ``make test``, all of it in ``make torture``."""

import os

TORTURE = bool(os.environ.get("TORTURE"))


def tries(in_short: int, in_full: int) -> int:
    """Return how many examples, kills or seeds to try."""
    return in_full if TORTURE else in_short
