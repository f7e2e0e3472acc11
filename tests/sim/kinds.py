"""What is done in a seed and befalls it, read from its log, so that no kind of it dies out."""

import re
from collections.abc import Iterable

KINDS = {
    "a life is cut": r"life \d+ +is cut",
    "a life ends in order": r"life \d+ +has ended",
    "a life stands still": r"life \d+ +stands still",
    "a night passes": r"the sun +rises",
    "the disk is full": r"the disk +full",
    "the disk is slow": r"the disk +slow",
    "Slack is away": r"Slack +down",
    "Slack takes nothing": r"Slack +429",
    "Jira is away": r"Jira +down",
    "Jira takes nothing": r"Jira +429",
    "Team Voice is away": r"Team Voice +(?:down|429)",
    "Team Voice talks nonsense": r"Team Voice +(?:a page|nonsense)",
    "an answer is lost": r" -> lost$",
    "a call is refused": r" -> refused$",
    "it is done, and an error": r"though it is done, 500",
    "a look is answered as before": r" -> an older answer$",
    "Slack brings it again": r"Slack +says it again",
    "an ack is lost": r"an ack is lost",
    "a connection is lost": r"a connection is lost",
    "an envelope comes again": r"an envelope comes again",
    "an issue moves": r"Jira +moves",
    "an older copy is put back": r"puts the older copy back",
    "somebody votes": r"(?:/vote|presses vote)",
    "somebody withdraws": r"(?:/unvote|presses withdraw)",
    "somebody asks for a card": r"/votes PLAT",
    "somebody schedules": r"schedules .* -> saved",
    "somebody pauses or resumes": r"presses (?:pause|resume)",
    "somebody answers a poll": r"chooses \w+ in .* -> acknowledged",
    "a poll is closed": r"closes .* -> acknowledged",
    "a poll is edited": r"edits .* -> acknowledged",
    "a poll waits for Jira or Team Voice": r"/poll .* -> .*hourglass",
    "somebody answers inside": r"inside-\w +chooses",
    "an option is renamed inside": r"renames an option",
    "somebody connects": r" connects -> .*response_action",
    "somebody disconnects": r" disconnects -> ",
    "somebody is forgotten": r" is forgotten -> ",
    "somebody presses what takes two": r"presses \S+ of Which days\? -> acknowledged",
    "an option is added": r" adds .* -> .*response_action",
    "a workflow makes a poll": r"a workflow makes .* -> acknowledged",
    "a threshold is reached": r"counts \d+ votes",
    "a poll is shared": r" shares .* -> .*response_action",
    "somebody looks for a poll": r" looks for the poll -> .*found",
    "an admin says who makes polls": r" says who makes polls -> .*response_action",
    "somebody makes a poll who may not": r'/poll here "Barred .* -> .*Polls are made here',
    "a poll is duplicated": r" duplicates .* -> acknowledged",
    "a copy is posted": r" copies .* -> acknowledged",
    "a template is saved": r" names (?:Ours|Mine) .* -> .*response_action",
    "a template is used": r" uses .* -> acknowledged",
    "a template is deleted": r" deletes .* -> acknowledged",
    "a template is taken over": r" takes over .* -> acknowledged",
    "somebody looks at templates of others": r" looks at templates",
    "an export is there": r" has .* as (?:csv|json)$",
    "somebody would export who may not": r" would export .* -> acknowledged",
    "somebody comments": r" comments on .* -> .*response_action",
    "a poll is opened again": r" reopens .* -> .*response_action",
    "a poll is deleted": r" deletes Which toy.* -> acknowledged",
    "a card is taken down": r" takes down .* -> acknowledged",
    "who has not answered is reminded": r" nudges .* -> acknowledged",
    "somebody would do what the owner may": r" would do (?:close|reopen|delete|nudge).* -> ack",
    "an admin says what polls begin with": r" says what polls begin with -> .*response_action",
}
_PATTERNS = {kind: re.compile(pattern, re.MULTILINE) for kind, pattern in KINDS.items()}


def kinds_in(log: Iterable[str]) -> set[str]:
    """Return the kinds of which the log of a seed tells."""
    text = "\n".join(log)
    return {kind for kind, pattern in _PATTERNS.items() if pattern.search(text)}
