"""The steps that pollbot offers in Slack's Workflow Builder, as the manifest tells Slack of them.

A manifest is in one language, so what Workflow Builder shows of them is English everywhere.
Source: docs.slack.dev, "Custom steps" and "Slack types".
"""

from collections.abc import Iterable
from dataclasses import dataclass

TEXT, NUMBER = "string", "number"
CHANNEL = "slack#/types/channel_id"
WHO_USES_IT = "slack#/types/user_context"
"""Slack sets it to whoever used the workflow; nobody who builds one can choose it."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a step is given, or what it gives to the steps after it."""

    name: str
    type: str
    title: str
    description: str
    required: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class OfferedStep:
    """One step; ``callback_id`` is what Slack calls it towards pollbot."""

    callback_id: str
    title: str
    description: str
    inputs: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...]


_HEARD = "step "


def heard_as(callback_id: str) -> str:
    """Return under which name it is kept that Slack came to this step."""
    return _HEARD + callback_id


def heard_in(kept: Iterable[str]) -> list[str]:
    """Return the steps among what is kept."""
    return [name.removeprefix(_HEARD) for name in kept if name.startswith(_HEARD)]


CREATE_POLL, VOTES_OF_ISSUE, POLL_CLOSED = "create_poll", "votes_of_issue", "poll_closed"

STEPS = (
    OfferedStep(
        CREATE_POLL,
        "Create a poll",
        "Ask a question in a channel, as whoever used the workflow",
        (
            Parameter("person", WHO_USES_IT, "Person", "Whoever used the workflow"),
            Parameter("channel", CHANNEL, "Channel", "Where the poll is posted"),
            Parameter("question", TEXT, "Question", "What is asked"),
            Parameter(
                "options",
                TEXT,
                "Options",
                "What can be chosen",
                required=False,
                hint="One on each line, or with commas between them",
            ),
            Parameter(
                "about",
                TEXT,
                "Jira issue or Confluence page",
                "What the poll is on",
                required=False,
                hint="A key such as PLAT-12, or a link; without it that of the channel, if any",
            ),
            Parameter(
                "settings",
                TEXT,
                "Settings",
                "The words of /poll",
                required=False,
                hint="Such as: multi anonymous hidden; or yesno for a ready-made poll",
            ),
            Parameter(
                "end",
                TEXT,
                "Closes at",
                "When the poll closes by itself",
                required=False,
                hint="Such as: fri 17:00, 2h, 30 Nov",
            ),
        ),
        (
            Parameter("poll", TEXT, "Poll", "For the step When a poll closed"),
            Parameter("question", TEXT, "Question", "What is asked"),
            Parameter("link", TEXT, "Link", "Leads to the poll in Slack", required=False),
        ),
    ),
    OfferedStep(
        VOTES_OF_ISSUE,
        "Votes of an issue",
        "Count the votes of a Jira issue",
        (
            Parameter(
                "issue", TEXT, "Issue", "Whose votes are counted", hint="A key or a link to it"
            ),
            Parameter(
                "person",
                WHO_USES_IT,
                "Person",
                "Whoever used the workflow, with whose Jira account the issue is read",
                required=False,
            ),
        ),
        (
            Parameter("key", TEXT, "Key", "The issue's key"),
            Parameter("votes", NUMBER, "Votes", "How many votes it has"),
            Parameter("summary", TEXT, "Summary", "What the issue is called"),
            Parameter("status", TEXT, "Status", "Its status in Jira"),
            Parameter("link", TEXT, "Link", "Leads to the issue in Jira"),
        ),
    ),
    OfferedStep(
        POLL_CLOSED,
        "When a poll closed",
        "Wait until a poll closes, and tell its result",
        (
            Parameter(
                "poll",
                TEXT,
                "Poll",
                "Which poll",
                hint="From the step Create a poll, or the link to a message with the poll",
            ),
        ),
        (
            Parameter("question", TEXT, "Question", "What was asked"),
            Parameter("result", TEXT, "Result", "The whole result in words"),
            Parameter("reason", TEXT, "Closed", "By hand or by its deadline"),
            Parameter("winner", TEXT, "Most answers", "What most chose", required=False),
            Parameter("counts", TEXT, "Counts", "Each option on a line", required=False),
            Parameter("answers", NUMBER, "Participants", "How many answered", required=False),
        ),
    ),
)
