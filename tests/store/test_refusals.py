"""What was refused, kept on disk and worded when it is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.errors import JiraError, NotFound, PollbotError, SaidBefore
from pollbot.jira.refusals import BadJql
from pollbot.polls.refusals import PollClosed
from pollbot.polls.sources.team_voice.refusals import EditorsOnly, Unreachable
from pollbot.schedules.refusals import PostRefused
from pollbot.store.refusals import read, written
from tests.support.refusals import sentence

kept = st.one_of(
    *(st.builds(kind) for kind in (JiraError, NotFound, BadJql, PollClosed, EditorsOnly)),
    st.builds(PostRefused),
    st.builds(Unreachable),
)


@given(kept)
def test_a_refusal_that_was_kept_is_worded_as_it_would_have_been_at_once(
    refusal: PollbotError,
) -> None:
    again = read(written(refusal))

    assert type(again) is type(refusal)
    assert vars(again) == vars(refusal)
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
