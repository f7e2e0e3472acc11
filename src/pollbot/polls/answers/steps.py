"""How the split of an open anonymous poll moves: in steps, of which none tells of fewer than three.

Whoever knows who answered last reads that answer off the difference between two splits, so any
two splits that anybody can ever see differ by the answers of at least three people; the exact one
at the close aside. An earlier one counts like the last one: three people who change their answers
and change them back would else bring back an old split with one more answer in it. The split of
nobody was seen by everybody, so the first one needs three people, too. One rule for all of it.

Changes and withdrawals count as the worst case: what matters is the fewest people who could have
made the difference, not how often anybody answered. One person adds at most one answer to each
option and takes at most one from each, and moves the number of people by at most one.

The answers given in Slack and in Jira move each by themselves, since Jira shows its own part.

What stays exact is how many people have answered: that tells who took part, to whoever watches,
but not what they chose. How many answers there are is exact only where that is the same number.
"""

from collections.abc import Iterable

from pollbot.polls.tally import FEWEST_ANONYMOUS, Part


def fewest_between(before: Part, after: Part) -> int:
    """Return the fewest people by whose answers the two can differ."""
    options = before.counts.keys() | after.counts.keys()
    fewest = max(
        (abs(after.counts.get(one, 0) - before.counts.get(one, 0)) for one in options), default=0
    )
    if before.people is None or after.people is None:
        return fewest
    return max(fewest, abs(after.people - before.people))


def may_be_seen(now: Part, seen: Iterable[Part]) -> bool:
    """Return whether a split may be shown beside all that have been seen, and that of nobody."""
    return all(fewest_between(one, now) >= FEWEST_ANONYMOUS for one in (Part(), *seen))
