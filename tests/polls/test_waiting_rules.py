"""How long a poll waits to be made."""

import pytest

from pollbot.people import Person
from pollbot.polls.rules import Ask, Draft, PollSettings
from pollbot.polls.waiting.rules import Decision, WaitingPoll
from pollbot.votes.rules import KEPT_FOR

ASKED = 1_750_000_000.0
LONG_AFTER = ASKED + 2 * KEPT_FOR


@pytest.mark.parametrize(
    ("ends_at", "now", "over"),
    [
        (None, ASKED, None),
        (None, ASKED + KEPT_FOR - 1, None),
        (None, ASKED + KEPT_FOR, Decision.EXPIRED),
        (ASKED + 60, ASKED + 59, None),
        (ASKED + 60, ASKED + 60, Decision.ENDED),
        (LONG_AFTER, ASKED + KEPT_FOR, Decision.EXPIRED),
        (LONG_AFTER, LONG_AFTER, Decision.ENDED),
    ],
)
def test_a_poll_is_not_made_once_it_would_be_over_or_was_asked_for_long_ago(
    ends_at: float | None, now: float, over: Decision | None
) -> None:
    draft = Draft("Lunch?", ("Pizza", "Soup"), settings=PollSettings(ends_at=ends_at))
    ask = Ask(draft, "issue", "PLAT-1")
    poll = WaitingPoll("w1", Person("T1", "U0ADA"), ask, "C1", None, "1.1", "queued", ASKED)

    assert poll.over(now) is over
