"""Who may answer a poll."""

from collections.abc import Collection
from dataclasses import dataclass

MOST_PEOPLE = 100
MOST_GROUPS = 10


@dataclass(frozen=True, slots=True)
class Group:
    """A user group of Slack; ``handle`` is how it was called when it was chosen.

    ``id`` is empty for one that was typed and is not looked up yet.
    """

    id: str
    handle: str


@dataclass(frozen=True, slots=True)
class Audience:
    """Those who may answer: everybody who sees a card, or who is in any of these.

    ``here``: the members of the channel where the poll is posted first; ``channel`` is the id of
    that, empty while it is not known. ``people`` are user ids.
    """

    here: bool = False
    channel: str = ""
    groups: tuple[Group, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def is_everybody(self) -> bool:
        """Whether nobody is left out who sees a card."""
        return not (self.here or self.groups or self.people)

    @property
    def of_slack(self) -> bool:
        """Whether only Slack knows who all of them are."""
        return self.here or bool(self.groups)

    @property
    def looked_up(self) -> bool:
        """Whether it is known which groups are meant."""
        return all(group.id for group in self.groups)

    def names(self, user_id: str) -> bool:
        """Return whether somebody is in it of whom nothing has to be asked."""
        return self.is_everybody or user_id in self.people


EVERYBODY = Audience()


def without(people: Collection[str], others: Collection[str]) -> list[str]:
    """Return those people who are not among the others, in their order."""
    return [one for one in people if one not in others]
