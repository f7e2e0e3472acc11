"""What crowds do to a poll that somebody watches, made so that a forgetful rule is caught.

People who change their answers and change them back, but for one of them, bring an old split
back with one answer in it that is new: a rule that compares with the last split only shows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from pollbot.polls.tally import Part

OPTIONS = "123"
CROWD = 8

Moment = tuple[frozenset[str], ...]
"""What each of the people has chosen."""

NOBODY: Moment = (frozenset(),) * CROWD


@dataclass(frozen=True, slots=True)
class Together:
    """So many people, from one on, choose the same, before anybody looks."""

    first: int
    people: int
    chosen: frozenset[str]


@dataclass(frozen=True, slots=True)
class Back:
    """All go back to what they had chosen so many looks ago, but for one of them."""

    looks: int
    who: int
    chosen: frozenset[str]


CHOSEN = st.sets(st.sampled_from(OPTIONS), max_size=2).map(frozenset)
ONE = st.integers(0, CROWD - 1)
DEEDS = st.one_of(
    st.builds(Together, ONE, st.integers(1, 2), CHOSEN),
    st.builds(Together, ONE, st.integers(3, CROWD), CHOSEN),
    st.builds(Back, st.integers(1, 6), ONE, CHOSEN),
)


def after(deed: Together | Back, so_far: Sequence[Moment]) -> Moment:
    """Return what everybody has chosen after a deed; the last moment so far is the one now."""
    if isinstance(deed, Together):
        moment = list(so_far[-1])
        for place in range(deed.people):
            moment[(deed.first + place) % CROWD] = deed.chosen
    else:
        moment = list(so_far[max(0, len(so_far) - 1 - deed.looks)])
        moment[deed.who] = deed.chosen
    return tuple(moment)


def counted(moment: Moment) -> Part:
    """Return the split of all answers, without options that nobody chose."""
    given = [option for chosen in moment for option in chosen]
    counts = {one: given.count(one) for one in OPTIONS if one in given}
    return Part(counts, sum(map(bool, moment)))


def differing(one: Moment, other: Moment) -> int:
    """Return by how many people's answers the two differ."""
    return sum(a != b for a, b in zip(one, other, strict=True))
