"""What people did and were answered, and what came of it; nothing here is pollbot's own code."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from pollbot.sandbox.slack import Answer, Message
from tests.support.house import House


class Told(Enum):
    """What somebody knows of something that they did."""

    KEPT = auto()
    UNSURE = auto()
    """There was an error or no answer, or it was said that nobody can tell; it may count or not."""
    REFUSED = auto()
    """It was said that nothing came of it."""


WORDS = {
    Told.UNSURE: ("nobody can tell yet", "may have been created"),
    Told.REFUSED: ("othing was saved", "othing was changed", "Jira knows no "),
}
"""By what is said that something is not, or perhaps not, kept."""


@dataclass(eq=False)
class Deed:
    """Something that somebody did about a thing, and what it was to become."""

    user: str
    thing: str
    wanted: str
    url: str = ""
    """The click's response_url."""
    answer: Answer | None = None


@dataclass
class Ledger:
    """All deeds, by who did what about which thing, in order."""

    house: House
    deeds: dict[tuple[str, str], list[Deed]] = field(default_factory=lambda: defaultdict(list))
    _read: int = 0
    _said_at: dict[Told, set[str]] = field(default_factory=lambda: defaultdict(set))

    def note(self, deed: Deed) -> Deed:
        self.deeds[deed.user, deed.thing].append(deed)
        return deed

    def told(self, deed: Deed) -> Told:
        """Return what the person knows by now."""
        answer = deed.answer
        if answer is None or answer.status != 200 or answer.error is not None:
            return Told.UNSURE
        self._read_on()
        for told, words in WORDS.items():
            if deed.url in self._said_at[told] or any(word in answer.body for word in words):
                return told
        return Told.KEPT

    def unfinished(self) -> list[Deed]:
        """Return what people have to do again, as their last deed about a thing was not kept."""
        last = [deeds[-1] for deeds in self.deeds.values()]
        return [deed for deed in last if self.told(deed) is not Told.KEPT]

    def last_words(self, thing: str) -> dict[str, set[str]]:
        """Return by person what may be now: the last deed that was kept, or an unsure one since."""
        allowed: dict[str, set[str]] = {}
        for (user, about), deeds in self.deeds.items():
            if about != thing:
                continue
            may = {""}
            for deed in deeds:
                match self.told(deed):
                    case Told.KEPT:
                        may = {deed.wanted}
                    case Told.UNSURE:
                        may = may | {deed.wanted}
            allowed[user] = may
        return allowed

    def count(self, outcome: Told) -> int:
        return sum(self.told(deed) is outcome for deeds in self.deeds.values() for deed in deeds)

    def _read_on(self) -> None:
        """Note what was said by response_urls since."""
        posts = self.house.slack.hook_posts
        for post in posts[self._read :]:
            for told, words in WORDS.items():
                if any(word in str(post.body.get("text")) for word in words):
                    self._said_at[told].add(post.url)
        self._read = len(posts)


@dataclass
class Found:
    """What differs from what people were told, by kind."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lost or self.doubled or self.cards)


def voted(house: House, ledger: Ledger, key: str, others: int, found: Found) -> None:
    """Compare an issue's voters in Jira with the last words, and its card with Jira."""
    there = {person.account_id for person in house.jira.voters(key)}
    for user, may in ledger.last_words(key).items():
        is_there = account_of(user) in there
        if "vote" not in may and is_there:
            found.doubled.append(f"{user} has withdrawn from {key} and votes there")
        if may == {"vote"} and not is_there:
            found.lost.append(f"{user} votes for {key} and is not there")
    said = f" {len(there) + others} votes"
    for card in cards(house, f"{key}: "):
        if said not in card.text:
            found.cards.append(f"the card says “{card.text}” of {len(there) + others} votes")


def answered(
    house: House, ledger: Ledger, question: str, options: Iterable[str], found: Found
) -> None:
    """Compare what a poll's card counts with the last words of everybody who chose one option."""
    words = ledger.last_words(question)
    least = Counter(next(iter(may)) for may in words.values() if len(may) == 1)
    most = Counter(option for may in words.values() for option in may)
    for option in options:
        _compare(house, question, option, least[option], most[option], found)


def ticked(
    house: House, ledger: Ledger, question: str, options: Iterable[str], found: Found
) -> None:
    """Compare the same where each option was ticked for itself."""
    for option in options:
        words = ledger.last_words(f"{question} {option}").values()
        sure = sum(may == {option} for may in words)
        _compare(house, question, option, sure, sum(option in may for may in words), found)


def _compare(house: House, question: str, option: str, least: int, most: int, found: Found) -> None:
    for card in cards(house, question):
        counted = shown(card, option)
        if counted < least:
            found.lost.append(
                f"{question}: {option} was chosen by {least}, the card says {counted}"
            )
        if counted > most:
            found.doubled.append(f"{question}: {option} by {most}, the card says {counted}")


def shown(card: Message, option: str) -> int:
    """Return how often an option was chosen, as the card's text says it."""
    number = re.search(rf"\b{option} (\d+) \(", card.text)
    return int(number[1]) if number else 0


def cards(house: House, part: str) -> list[Message]:
    """Return what hangs in channels with this in its text."""
    here = [m for m in house.slack.messages if part in m.text and m.ephemeral_for is None]
    return [m for m in here if not house.slack.channels[m.channel].is_im]


def account_of(user: str) -> str:
    return f"acc-{user.lower()}"
