"""What is said of votes and of lists of issues is in the catalog, all but what people wrote."""

from collections.abc import Callable
from functools import partial

import pytest

from pollbot.issue_lists import blocks as lists
from pollbot.issue_lists import list_blocks
from pollbot.jira.issues import Issue
from pollbot.jira.jql import Changes, Found
from pollbot.jira.rules import Wish
from pollbot.slack.kit import Message
from pollbot.votes import blocks
from pollbot.votes.rules import Outcome, Refusal
from tests.support.said import said

SITE, KEY = "https://acme.atlassian.net", "PLAT-12"
NEW = Issue(KEY, "7?", "1", "2", 1)
VOTED = Issue("PLAT-13", "8?", "1", "2", 1308, voters=tuple("123"))
RESOLVED = Issue("PLAT-14", "9?", "1", "2", 0, resolution="4")
ODD = Issue("PLAT-15", "9?", "1", "2", 0, resolution="")
ISSUES = [NEW, VOTED, RESOLVED, ODD]
MOVED = Changes({KEY: None, "PLAT-13": 1, "PLAT-14": -2}, tuple(f"PLAT-{n}" for n in range(30, 42)))

Draw = Callable[[], Message]
OF_A_CARD = (
    blocks.connect_to_see,
    blocks.connect_again_to_see,
    partial(blocks.card_refused, status=418),
    blocks.card_not_found,
    partial(blocks.card_not_posted, why="!"),
    partial(blocks.card_perhaps_posted, channel_id="C0PLANNING"),
    partial(blocks.card_perhaps_posted, channel_id="D0TWO"),
    partial(blocks.card_waits, busy=True),
    blocks.card_waits,
    blocks.card_given_up,
)
SAID: list[Draw] = [
    *(partial(blocks.issue_card, "card", SITE, issue) for issue in ISSUES),
    *(partial(draw, SITE, KEY) for draw in OF_A_CARD),
    *(
        partial(draw, SITE, KEY, wish)
        for wish in Wish
        for draw in (
            partial(blocks.queued_elsewhere, host="!"),
            blocks.not_final,
        )
    ),
    *(
        partial(draw, SITE, wishes)
        for wishes in (
            *([(KEY, wish)] * number for wish in Wish for number in (1, 2)),
            [(KEY, wish) for wish in Wish],
        )
        for draw in (
            blocks.queued,
            partial(blocks.queued, busy=True),
            blocks.connect_first,
            blocks.connect_again,
        )
    ),
    *(
        partial(blocks.receipt, SITE, KEY, wish, Outcome(issue, refusal))
        for wish in Wish
        for issue in (None, NEW, VOTED, RESOLVED)
        for refusal in (None, *Refusal)
    ),
    *(partial(blocks.issue_card_outside, channel) for channel in ("C0PLANNING", "D0TWO")),
    *(
        partial(lists.top_issues, SITE, jql, Found(tuple(found), total), changes, view)
        for view in lists.ISSUE_VIEWS
        for jql, found, total in (("7", ISSUES, 4), ("8", ISSUES[:1], 1308), ("9", [], 0))
        for changes in (None, MOVED)
    ),
    *(
        partial(lists.ballot_card, "card", SITE, title, found, total)
        for title in ("7", "")
        for found, total in ((ISSUES, 4), (ISSUES[:1], 1308), ([], 0))
    ),
    list_blocks.none_of_these,
    partial(list_blocks.connect_for_list, SITE),
    partial(list_blocks.connect_again_for_list, SITE),
    list_blocks.list_waits,
    partial(list_blocks.list_waits, busy=True),
    list_blocks.list_given_up,
    partial(list_blocks.list_not_posted, "!"),
]


@pytest.mark.parametrize("draw", SAID, ids=range(len(SAID)))
def test_of_votes_and_lists_nothing_is_forgotten(draw: Draw) -> None:
    assert said(draw) == []
