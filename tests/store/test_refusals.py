"""What was refused, kept on disk and worded when it is told."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.accounts.refusals import TokenNotTaken
from pollbot.errors import JiraError, NotFound, NotLookedUp, PollbotError, SaidBefore, SiteMoved
from pollbot.jira.refusals import BadJql
from pollbot.polls.refusals import PollClosed
from pollbot.polls.sources.team_voice.refusals import EditorsOnly, Unreachable
from pollbot.schedules.refusals import PostRefused
from pollbot.store.refusals import read, written
from pollbot.text.refusals import LeftOut
from tests.support.refusals import sentence

kept = st.one_of(
    *(st.builds(kind) for kind in (JiraError, NotFound, BadJql, PollClosed, EditorsOnly)),
    st.builds(PostRefused),
    st.builds(Unreachable),
    st.builds(NotLookedUp),
    st.builds(TokenNotTaken, st.builds(JiraError) | st.builds(SiteMoved)),
)


@given(kept)
def test_a_refusal_that_was_kept_is_worded_as_it_would_have_been_at_once(
    refusal: PollbotError,
) -> None:
    again = read(written(refusal))

    assert type(again) is type(refusal)
    assert sentence(again) == sentence(refusal)


@pytest.mark.parametrize(
    "text", ["It failed. Try again.", '“{"a": 1}” is closed.', "404", "null", "[]", '{"a":1}']
)
def test_what_an_earlier_version_kept_is_said_as_it_was(text: str) -> None:
    assert sentence(read(text)) == text


def test_of_what_a_later_version_kept_nobody_is_told_the_inside() -> None:
    refusal = read('{"refused": "OfTomorrow", "secret": "ATATT3x"}')

    assert isinstance(refusal, SaidBefore)
    assert sentence(refusal) == "Why is not known any more."


def test_what_cannot_be_written_is_not_lost_with_all_around_it() -> None:
    refusal = LeftOut(
        "2:30", datetime(2026, 3, 29, 2, tzinfo=UTC), datetime(2026, 3, 29, 3, tzinfo=UTC)
    )

    assert sentence(read(written(refusal))) == "Why is not known any more."
