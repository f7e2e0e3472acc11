"""Percentages of a poll with one answer each add up to 100, and are fair."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.polls.shares import of_all, of_people

counts = st.lists(st.integers(0, 40) | st.integers(0, 10**6), max_size=100)


def shares(*given: int) -> list[int]:
    """Return the shares of these counts, in their order."""
    found = of_all({str(place): count for place, count in enumerate(given)})
    return [found[str(place)] for place in range(len(given))]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((), []),
        ((0, 0), [0, 0]),
        ((1, 0), [100, 0]),
        ((2, 1), [67, 33]),
        ((3, 2, 2), [42, 29, 29]),
        ((5, 4, 4), [38, 31, 31]),
        ((2, 2, 1, 1), [33, 33, 17, 17]),
        ((5, 5, 3), [38, 38, 24]),
        ((1, 1, 1, 1, 1, 1, 1, 1), [12] * 8),
        ((999, 1), [100, 0]),
        ((1, 0, 199), [0, 0, 100]),
    ],
)
def test_they_add_up_to_100_or_are_as_near_to_it_as_equal_counts_allow(
    given: tuple[int, ...], expected: list[int]
) -> None:
    assert shares(*given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [((1, 1, 1), [33] * 3), ((1,) * 6, [17] * 6), ((1,) * 7, [14] * 7), ((1,) * 100, [1] * 100)],
)
def test_equal_counts_stay_equal_where_that_makes_100_impossible(
    given: tuple[int, ...], expected: list[int]
) -> None:
    assert shares(*given) == expected


@given(counts)
def test_each_is_its_exact_share_rounded_up_or_down_and_the_order_is_kept(given: list[int]) -> None:
    found, whole = shares(*given), sum(given)

    for count, share in zip(given, found, strict=True):
        exact = 100 * count / whole if whole else 0
        assert abs(share - exact) < 1
    for (one, its), (other, others) in combinations(zip(given, found, strict=True), 2):
        assert its == others if one == other else (its <= others) is (one < other) or its == others


@given(st.lists(st.integers(0, 30), min_size=1, max_size=7).filter(any))
def test_nothing_else_would_be_nearer_to_100(given: list[int]) -> None:
    """Compared with every fair way to round, for as many options as can be tried."""
    found = sum(shares(*given))

    whole, kinds = sum(given), sorted(set(given), reverse=True)
    fair = [
        tuple(rounded)
        for rounded in product(*({100 * kind // whole, -(-100 * kind // whole)} for kind in kinds))
        if list(rounded) == sorted(rounded, reverse=True)
    ]
    sums = {
        sum(share * given.count(kind) for kind, share in zip(kinds, rounded, strict=True))
        for rounded in fair
    }
    assert abs(found - 100) == min(abs(one - 100) for one in sums)


def test_shares_of_people_who_gave_several_answers_need_not_add_up() -> None:
    assert of_people({"a": 3, "b": 2}, 3) == {"a": 100, "b": 67}
    assert of_people({"a": 0}, 0) == {"a": 0}
