"""What happens: everything a listener may call."""

from dataclasses import dataclass

from pollbot.accounts.service import Accounts
from pollbot.cards.presses import Presses
from pollbot.polls.answers.receipts import Receipts
from pollbot.polls.answers.service import Answers
from pollbot.polls.results.service import PollResults
from pollbot.polls.service import Polls
from pollbot.polls.waiting.service import AskedPolls
from pollbot.records.service import Records
from pollbot.schedules.service import Schedules
from pollbot.setup.service import Setup
from pollbot.slack.afterwards import Afterwards
from pollbot.slack.client import Shown as Shown  # what ``forms`` tells of a form
from pollbot.slack.client import Slack
from pollbot.slack.users import People
from pollbot.store.worker import Clock
from pollbot.votes.service import Votes


@dataclass(frozen=True, slots=True)
class Services:
    """What listeners are given, under the one name ``services``.

    ``forms`` opens and changes them; ``afterwards`` does what Slack's answer
    must not wait for.
    """

    votes: Votes
    accounts: Accounts
    polls: Polls
    asked: AskedPolls
    answers: Answers
    receipts: Receipts
    results: PollResults
    presses: Presses
    records: Records
    schedules: Schedules
    people: People
    setup: Setup
    forms: Slack
    afterwards: Afterwards
    clock: Clock
