"""All that waits says so in one voice: what is the matter, what is safe, what comes next."""

import re

import pytest

from pollbot.jira.rules import Wish
from pollbot.polls.ends import blocks as poll_endings
from pollbot.polls.rules import Ask, Draft, Option, Poll, PollSettings
from pollbot.polls.waiting import blocks as waiting_polls
from pollbot.polls.waiting.rules import NEEDS_ACCOUNT, Because
from pollbot.slack.kit import Message
from pollbot.slack.waits import JIRA_AWAY, JIRA_BUSY, SOURCE_AWAY, site_moved
from pollbot.votes import blocks as votes

SITE, KEY = "https://site.example", "PLAT-12"
OPTIONS = (Option("1", "Pizza", 0), Option("2", "Soup", 1))
LUNCH = Poll("p", "Lunch?", "", OPTIONS, PollSettings(), created_by="U1")
ASK = Ask(Draft("Lunch?", ("Pizza", "Soup")), "issue", KEY)

WAITS = {
    **{
        f"a {wish} that is queued, {busy}": votes.queued(SITE, [(KEY, wish)], busy=busy)
        for wish in Wish
        for busy in (False, True)
    },
    **{
        f"a poll, {why.name}": waiting_polls.kept("w", ASK, KEY, why)
        for why in Because
        if why not in NEEDS_ACCOUNT
    },
    **{
        f"a result, {reason.why}": poll_endings.record_waits(LUNCH, SITE, KEY, reason)
        for reason in (JIRA_AWAY, JIRA_BUSY, SOURCE_AWAY, site_moved("other.example"))
    },
}
CONNECTS = {
    **{
        f"a {wish}, {what}": say(SITE, [(KEY, wish)])
        for wish in Wish
        for what, say in (("first", votes.connect_first), ("again", votes.connect_again))
    },
    **{f"a poll, {why.name}": waiting_polls.kept("w", ASK, KEY, why) for why in NEEDS_ACCOUNT},
    **{
        f"a result, {refused}": poll_endings.record_needs_account(LUNCH, SITE, KEY, refused=refused)
        for refused in (False, True)
    },
}


@pytest.mark.parametrize("said", WAITS.values(), ids=WAITS)
def test_what_waits_says_why_that_it_is_saved_and_whom_it_waits_for(said: Message) -> None:
    assert re.fullmatch(
        r":hourglass_flowing_sand: Queued: .+\. \w+ (vote|withdrawal|poll|result) .+ is saved, and "
        r".+ by itself (as soon as (Jira|Team Voice|Jira or Team Voice) .+|after that|should Jira "
        r"answer there again)( \(kept for 24 hours\))?\. You need not do it again; I will tell "
        r"you\.",
        said.text,
    )


@pytest.mark.parametrize("said", CONNECTS.values(), ids=CONNECTS)
def test_what_waits_for_an_account_says_that_it_is_saved_and_how_to_connect(said: Message) -> None:
    assert re.search(
        r"(vote|withdrawal|poll|result) .+ is saved, and .+ by itself (as soon as you are "
        r"connected|then)",
        said.text,
    )
    assert "connect_jira" in str(said.blocks)
