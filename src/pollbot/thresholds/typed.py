"""``/pollbot tell 15 PLAT-12``: a threshold as it is typed."""

import re
from dataclasses import dataclass

from pollbot.thresholds.rules import number_of

# What JQL has in quotes is no channel: text ~ "after #12 came".
_CHANNEL = re.compile(
    r"""["“”„«»][^"“”„«»]*["“”„«»] | (?<=[\s~=(])'[^']*' | (?<!\S)(?P<name>\#[^\s\#]+)""",
    re.VERBOSE,
)
_BEFORE = re.compile(r"at\s+", re.IGNORECASE)
# "15 votes on PLAT-12", but also "15 votes > 3", where JQL begins.
_AFTER = re.compile(r"votes?\s+(?:on|for|in)\s+|(?:on|for)\s+|votes?\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """What is to be filled in already. ``to``: a channel was named, which the form asks for."""

    votes: str
    subject: str
    to: str = ""


def typed(text: str) -> Typed:
    """Return what was typed. Raises NoNumberOfVotes unless it begins with a number of votes."""
    named = next((one for one in _CHANNEL.finditer(text) if one["name"]), None)
    rest = text if named is None else f"{text[: named.start()]} {text[named.end() :]}"
    rest = rest.strip()
    if (before := _BEFORE.match(rest)) is not None:
        rest = rest[before.end() :]
    word, *others = rest.split(maxsplit=1) or [""]
    number, after = number_of(word), "".join(others)
    if (filler := _AFTER.match(after)) is not None:
        after = after[filler.end() :]
    return Typed(str(number), after, named["name"] if named else "")
