"""When an issue reached a number of votes, what a rule would have told before, what is typed."""

import pytest

from pollbot.errors import BadInput
from pollbot.jira.count_rows import DayOfVotes
from pollbot.jira.refusals import NotAnIssue, OtherAlphabet, OtherSite, SeveralIssues
from pollbot.thresholds.refusals import NoNumberOfVotes, NothingToLookAt
from pollbot.thresholds.rules import (
    FALLS_AFTER,
    MOST_VOTES,
    Standing,
    What,
    moved,
    number_of,
    previewed,
    replayed,
    subject_of,
)
from pollbot.thresholds.typed import Typed, typed

SITE = "https://acme.atlassian.net"
BELOW, ABOVE = Standing(False), Standing(True)


@pytest.mark.parametrize(
    ("before", "votes", "first", "after", "crossed"),
    [
        (None, 15, True, ABOVE, False),
        (None, 14, True, BELOW, False),
        (None, 15, False, ABOVE, True),
        (BELOW, 15, False, ABOVE, True),
        (BELOW, 14, False, BELOW, False),
        (ABOVE, 15, False, ABOVE, False),
        (ABOVE, 14, False, Standing(True, 1000.0), False),
        # Flapping is no news: it has to stay below for a while.
        (Standing(True, 900.0), 15, False, ABOVE, False),
        (Standing(True, 900.0), 14, False, Standing(True, 900.0), False),
        (Standing(True, 1000.0 - FALLS_AFTER), 14, False, BELOW, False),
        # A clock that was ahead when it fell.
        (Standing(True, 5000.0), 14, False, Standing(True, 1000.0), False),
    ],
)
def test_how_an_issue_stands_after_a_reading(
    before: Standing | None, votes: int, first: bool, after: Standing, crossed: bool
) -> None:
    assert moved(before, votes, 15, 1000.0, first=first) == (after, crossed)


def days(*readings: tuple[int, int, int, int]) -> list[DayOfVotes]:
    return [DayOfVotes("PLAT-1", *one) for one in readings]


@pytest.mark.parametrize(
    ("readings", "told"),
    [
        ([], []),
        ([(1, 3, 4, 4)], []),
        ([(1, 15, 16, 16)], []),
        ([(1, 3, 16, 16)], [1]),
        # Whether it rose before it fell is not known of the first day.
        ([(1, 3, 16, 3)], []),
        ([(1, 3, 4, 4), (2, 4, 15, 15), (3, 15, 20, 20)], [2]),
        ([(1, 3, 4, 4), (5, 14, 15, 14), (6, 13, 15, 15)], [5, 6]),
        ([(1, 15, 15, 15), (2, 12, 15, 12), (3, 12, 15, 15)], [3]),
    ],
)
def test_what_would_have_been_told_by_what_was_read(
    readings: list[tuple[int, int, int, int]], told: list[int]
) -> None:
    assert replayed(days(*readings), 15) == told


def test_a_preview_says_how_much_of_it_is_known() -> None:
    counts = {
        "PLAT-1": days((7, 3, 3, 3), (9, 4, 15, 15), (10, 15, 15, 15)),
        "PLAT-2": [DayOfVotes("PLAT-2", 10, 20, 20, 20)],
        "PLAT-9": [DayOfVotes("PLAT-9", 8, 1, 99, 99)],
    }

    seen = previewed({"PLAT-1": 15, "PLAT-2": 20, "PLAT-3": 0}, counts, 15, today=10)

    assert seen.looked_at == 3
    assert seen.above == {"PLAT-1": 15, "PLAT-2": 20}
    assert seen.told == [("PLAT-1", 9)]
    assert (seen.known, seen.days) == (1, 2)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("15", 15), (" 15 ", 15), ("\uff11\uff15", 15), ("1000000", MOST_VOTES)],
)
def test_numbers_of_votes(text: str, number: int) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-3",
        "1e9",
        "1000001",
        "9" * 4000,
        "1.5",
        "1,000",
        "fünfzehn",
        "\u0967",
        "0x0f",
        "+3",
    ],
)
def test_what_is_no_number_of_votes(text: str) -> None:
    with pytest.raises(NoNumberOfVotes) as refused:
        number_of(text)

    assert refused.value.text == text


@pytest.mark.parametrize(
    ("text", "what", "subject"),
    [
        ("plat-12", What.ISSUE, "PLAT-12"),
        (f"{SITE}/browse/PLAT-12", What.ISSUE, "PLAT-12"),
        ("plat", What.LIST, "plat"),
        ("project = PLAT", What.LIST, "project = PLAT"),
        ("project = PLAT\nAND status = “To Do”", What.LIST, 'project = PLAT AND status = "To Do"'),
        ("(project = PLAT OR project = OPS)", What.LIST, "(project = PLAT OR project = OPS)"),
        ("labels in (a, b)", What.LIST, "labels in (a, b)"),
    ],
)
def test_what_is_looked_at(text: str, what: What, subject: str) -> None:
    assert subject_of(text, [SITE])[:2] == (what, subject)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("", NothingToLookAt),
        (" \n", NothingToLookAt),
        ("what now?", NotAnIssue),
        ("PLAT-12 PLAT-13", SeveralIssues),
        ("РLAT-12", OtherAlphabet),
        ("https://else.atlassian.net/browse/PLAT-12", OtherSite),
    ],
)
def test_what_cannot_be_looked_at(text: str, refused: type[BadInput]) -> None:
    with pytest.raises(refused):
        subject_of(text, [SITE])


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("15 PLAT-12", Typed("15", "PLAT-12")),
        ("15", Typed("15", "")),
        ("15 #product PLAT-12", Typed("15", "PLAT-12", "#product")),
        ("at 15 votes on PLAT-12", Typed("15", "PLAT-12")),
        ("15 votes > 3 AND project = PLAT", Typed("15", "votes > 3 AND project = PLAT")),
        ("15 project = PLAT", Typed("15", "project = PLAT")),
        ("15 votes", Typed("15", "")),
        ("AT 15 for PLAT", Typed("15", "PLAT")),
        ('15 text ~ "a #12 b"', Typed("15", 'text ~ "a #12 b"')),
        ("15 text ~ “a #12 b” #product", Typed("15", "text ~ “a #12 b”", "#product")),
        ("15 text ~ 'a #12 b'", Typed("15", "text ~ 'a #12 b'")),
    ],
)
def test_what_is_typed(text: str, read: Typed) -> None:
    assert typed(text) == read


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("", ""), ("PLAT-12", "PLAT-12"), ("-3 PLAT-12", "-3"), ("fünfzehn PLAT-12", "fünfzehn")],
)
def test_what_is_typed_without_a_number(text: str, wrong: str) -> None:
    with pytest.raises(NoNumberOfVotes) as refused:
        typed(text)

    assert refused.value.text == wrong
