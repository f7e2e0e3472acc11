"""What happens: everything a listener may call."""

from dataclasses import dataclass

from pollbot.clients.slack import Slack
from pollbot.services.accounts import Accounts
from pollbot.services.courier import Courier
from pollbot.services.people import People
from pollbot.services.polls import Polls
from pollbot.services.setup import Setup
from pollbot.services.votes import Votes
from pollbot.services.worker import Clock, Tasks


@dataclass(frozen=True, slots=True)
class Services:
    """What listeners are given, under the one name ``services``.

    ``forms`` opens and changes them; ``beside`` runs what Slack's answer must
    not wait for.
    """

    votes: Votes
    accounts: Accounts
    polls: Polls
    people: People
    setup: Setup
    forms: Slack
    courier: Courier
    beside: Tasks
    clock: Clock
