"""What happens: everything a listener may call."""

from dataclasses import dataclass

from pollbot.services.accounts import Accounts
from pollbot.services.votes import Votes


@dataclass(frozen=True, slots=True)
class Services:
    """What listeners are given, under the one name ``services``."""

    votes: Votes
    accounts: Accounts
