"""Shares in whole percent."""

from collections.abc import Mapping
from itertools import groupby

Share = tuple[int, int, tuple[str, ...]]
"""A count, what its exact share has beyond a whole percent, and who has it."""


def of_people(counts: Mapping[str, int], whole: int) -> dict[str, int]:
    """Return each count in percent of ``whole``, rounded by itself; 0 of nothing."""
    return {key: round(100 * count / whole) if whole else 0 for key, count in counts.items()}


def of_all(counts: Mapping[str, int]) -> dict[str, int]:
    """Return each count in percent of all together, so that they add up to 100.

    Each is its exact share rounded up or down, by the method of the largest remainder with
    three things that come first: equal counts have equal shares, a larger count never has a
    smaller one, and a whole percent stays as it is. Where that leaves no way to 100, as with
    three equal counts (33, 33, 33), the sum is as near to it as they allow; of two that are
    as near, it is the one below.
    """
    whole = sum(counts.values())
    if not whole:
        return of_people(counts, 0)
    shares = {key: 100 * count // whole for key, count in counts.items()}
    by_percent: dict[int, list[Share]] = {}
    for count, same in groupby(sorted(counts, key=lambda key: -counts[key]), counts.__getitem__):
        percent, beyond = divmod(100 * count, whole)
        if beyond:
            by_percent.setdefault(percent, []).append((count, beyond, tuple(same)))
    for key in _rounded_up(list(by_percent.values()), 100 - sum(shares.values())):
        shares[key] += 1
    return shares


def _rounded_up(classes: list[list[Share]], missing: int) -> tuple[str, ...]:
    """Return whom to give one percent more, so that as nearly ``missing`` are given as can be.

    Each class has the same whole percents, the largest count first, so of it the first so many
    are taken. Of several ways the one that gives most to the largest remainders is chosen.
    """
    ways: dict[int, tuple[int, tuple[str, ...]]] = {0: (0, ())}
    for shares in classes:
        found = dict(ways)
        for given, (gain, who) in ways.items():
            for _, beyond, same in shares:
                given, gain, who = given + len(same), gain + beyond * len(same), who + same
                if gain > found.get(given, (-1, ()))[0]:
                    found[given] = gain, who
                if given >= missing:
                    break
        ways = found
    nearest = min(ways, key=lambda given: (abs(given - missing), given))
    return ways[nearest][1]
