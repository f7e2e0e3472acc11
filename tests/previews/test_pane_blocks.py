"""Whatever stands in Jira: Slack takes the Work Object drawn of it, and nobody is pinged."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.jira.issues import Issue
from pollbot.jira.rules import Wish
from pollbot.previews import pane_blocks
from pollbot.previews.rules import Viewer
from pollbot.sandbox.slack.entity_shapes import entity_problems, error_problems
from pollbot.slack.entities import Entity, Trouble
from tests.support.drawn import NASTY, texts

SITE, KEY = "https://acme.atlassian.net", "PLAT-12"
VIEWERS: tuple[Viewer, ...] = ("connected", "refused", "unknown")
wishes = st.none() | st.sampled_from(Wish)
issues = st.builds(
    Issue,
    key=st.just(KEY),
    summary=texts,
    status=texts,
    type=texts,
    votes=st.integers(0, 10**9),
    voted=st.booleans(),
    voters=st.none() | st.lists(texts, max_size=20).map(tuple),
    resolution=st.none() | texts,
    is_idea=st.booleans(),
)


@given(issue=issues, viewer=st.sampled_from(VIEWERS), waiting=wishes)
def test_slack_takes_it(issue: Issue, viewer: Viewer, waiting: Wish | None) -> None:
    for drawn in (
        pane_blocks.pane(SITE, KEY, issue, viewer, waiting),
        pane_blocks.below_link("card", SITE, issue),
        pane_blocks.instead(SITE, KEY, issue.summary),
    ):
        assert entity_problems(drawn) == []
        assert "<!" not in json.dumps(drawn)
        assert "<@" not in json.dumps(drawn)


@pytest.mark.parametrize("text", NASTY)
def test_who_sees_nothing_hears_why(text: str) -> None:
    shown = [
        pane_blocks.not_ours(),
        pane_blocks.not_shown(text or "-"),
        *(pane_blocks.hidden(SITE, KEY, viewer) for viewer in VIEWERS),
        *(
            pane_blocks.away(SITE, KEY, waiting, busy=busy)
            for waiting in (None, *Wish)
            for busy in (True, False)
        ),
    ]

    for one in shown:
        assert error_problems(as_sent(one)) == []


def as_sent(trouble: Trouble) -> Entity:
    sent: Entity = {
        "status": "custom",
        "custom_title": trouble.title,
        "custom_message": trouble.said,
    }
    return {**sent, "actions": list(trouble.actions)} if trouble.actions else sent


@pytest.mark.parametrize(
    ("voted", "waiting", "said", "offered"),
    [
        (True, None, "You voted.", ["pane_withdraw"]),
        (False, None, "You have not voted.", ["pane_vote"]),
        (False, Wish.VOTE, "Saved, and on its way to Jira.", ["pane_withdraw"]),
        (True, Wish.WITHDRAW, "Your withdrawal is saved, and on its way to Jira.", ["pane_vote"]),
    ],
)
def test_each_is_offered_what_does_not_stand_already(
    voted: bool, waiting: Wish | None, said: str, offered: list[str]
) -> None:
    issue = Issue(KEY, "Export", "Open", "Story", 7, voted=voted)

    drawn = pane_blocks.pane(SITE, KEY, issue, "connected", waiting)["entity_payload"]

    assert drawn["custom_fields"][0]["value"] == said
    assert [one["action_id"] for one in drawn["actions"]["primary_actions"]] == offered
