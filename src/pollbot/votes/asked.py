"""What people ask of an issue, to vote on it or to watch it, as far as these are alike."""

from dataclasses import dataclass

from pollbot.people import Address, Person


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked of an issue, and has not heard the end of.

    ``told``: the person knows that it waits, for Jira or for their account.
    """

    id: str
    person: Person
    site: str
    issue_key: str
    asked_at: float
    told: bool
    address: Address
