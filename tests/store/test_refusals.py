"""What was refused, kept on disk and worded when it is told."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollbot.errors import PollbotError, SaidBefore
from pollbot.store.refusals import read, written
from pollbot.text.refusals import LeftOut
from tests.support.refusals import sentence
from tests.test_errors import FIELDS, RAISED

# These hold what is no JSON; they are said at once, of what somebody types, answers or adds, and
# never kept: no worker meets them.
INSIDE = {"AudienceUnread", "LeftOut", "NotInAudience", "OtherWeekday", "SeveralMoments"}
UNKNOWN = "Why is not known any more."


@pytest.mark.parametrize("kind", RAISED, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=10)
def test_a_refusal_that_was_kept_is_worded_as_it_would_have_been_at_once(
    kind: type[PollbotError], data: st.DataObject
) -> None:
    refusal = data.draw(st.builds(kind, **FIELDS.get(kind, {})))

    again = read(written(refusal))

    # What holds no such thing this time is worded as at once.
    inside = {UNKNOWN} if kind.__name__ in INSIDE else set()
    assert sentence(again) in {sentence(refusal)} | inside


@pytest.mark.parametrize(
    "text", ["It failed. Try again.", '“{"a": 1}” is closed.', "404", "null", "[]", '{"a":1}']
)
def test_what_an_earlier_version_kept_is_said_as_it_was(text: str) -> None:
    assert sentence(read(text)) == text


def test_of_what_had_other_fields_nobody_is_told_half_a_sentence() -> None:
    refusal = read('{"refused": "PostRefused", "status": 500}')

    assert sentence(refusal) == "Why is not known any more."


def test_of_what_a_later_version_kept_nobody_is_told_the_inside() -> None:
    refusal = read('{"refused": "OfTomorrow", "secret": "ATATT3x"}')

    assert isinstance(refusal, SaidBefore)
    assert sentence(refusal) == UNKNOWN


def test_what_cannot_be_written_is_not_lost_with_all_around_it() -> None:
    refusal = LeftOut(
        "2:30", datetime(2026, 3, 29, 2, tzinfo=UTC), datetime(2026, 3, 29, 3, tzinfo=UTC)
    )

    assert sentence(read(written(refusal))) == UNKNOWN
