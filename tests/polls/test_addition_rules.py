"""What may be added to a poll by whoever may answer it."""

import pytest

from pollbot.polls.additions.refusals import NoOptionText, NotAddable
from pollbot.polls.additions.rules import checked_option
from pollbot.polls.refusals import (
    LongOption,
    ManyOptions,
    PollClosed,
    SameOption,
)
from pollbot.polls.rules import MOST_OPTIONS, OPTION, Option, Poll, PollSettings

NOW = 1_750_000_000.0
ADDABLE = PollSettings(addable=True)


def poll(options: int, settings: PollSettings = ADDABLE, closed_at: float | None = None) -> Poll:
    of = tuple(Option(f"{place}", f"Option {place}", place) for place in range(options))
    gone = Option("gone", "Rice", options, removed=True)
    return Poll("p1", "Lunch?", "", (*of, gone), settings, "U0ADA", closed_at=closed_at)


@pytest.mark.parametrize("text", ["Pizza", "  Pizza ", "Rice", "x" * OPTION])
@pytest.mark.parametrize("options", [2, MOST_OPTIONS - 1])
def test_what_is_added_is_one_line_and_comes_back_where_it_was_removed(
    text: str, options: int
) -> None:
    assert checked_option(poll(options), text, NOW) == text.strip()


@pytest.mark.parametrize(
    ("of", "text", "why"),
    [
        (poll(2, closed_at=NOW), "Pizza", PollClosed),
        (poll(2, PollSettings()), "Pizza", NotAddable),
        (poll(2), " ", NoOptionText),
        (poll(2), "x" * (OPTION + 1), LongOption),
        (poll(2), "option 1", SameOption),
        (poll(MOST_OPTIONS), "Pizza", ManyOptions),
    ],
)
def test_what_may_not_be_added(of: Poll, text: str, why: type[Exception]) -> None:
    with pytest.raises(why):
        checked_option(of, text, NOW)
