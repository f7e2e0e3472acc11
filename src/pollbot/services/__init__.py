"""What happens: everything a listener may call."""

from dataclasses import dataclass

from pollbot.clients.slack import Shown as Shown  # what ``forms`` tells of a form
from pollbot.clients.slack import Slack
from pollbot.services.accounts import Accounts
from pollbot.services.afterwards import Afterwards
from pollbot.services.answers import Answers
from pollbot.services.people import People
from pollbot.services.poll_results import PollResults
from pollbot.services.polls import Polls
from pollbot.services.presses import Presses
from pollbot.services.receipts import Receipts
from pollbot.services.records import Records
from pollbot.services.schedules import Schedules
from pollbot.services.setup import Setup
from pollbot.services.votes import Votes
from pollbot.services.waiting_polls import AskedPolls
from pollbot.services.worker import Clock


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
