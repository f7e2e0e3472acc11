"""What the pretended world starts with: people, channels, issues, and the commands on offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pollbot.sandbox.world.steps import STEPS

if TYPE_CHECKING:
    from pollbot.sandbox.jira.spaces import Confluence
    from pollbot.sandbox.jira.stand_in import JiraStandIn
    from pollbot.sandbox.slack.stand_in import SlackStandIn
    from pollbot.sandbox.team_voice.stand_in import TeamVoiceStandIn

# The same as in manifest.yml, which is not part of the installed package.
COMMANDS: tuple[dict[str, str], ...] = (
    {
        "command": "/vote",
        "description": "Vote on a Jira issue, as yourself",
        "usage_hint": "[issue]",
    },
    {
        "command": "/unvote",
        "description": "Withdraw your vote from a Jira issue",
        "usage_hint": "[issue]",
    },
    {
        "command": "/votes",
        "description": "Post an issue's card, with its votes and buttons",
        "usage_hint": "[issue]",
    },
    {
        "command": "/poll",
        "description": "Create a poll, or list and show those of an issue",
        "usage_hint": '[issue] "Question" "A" "B" … | list | results | template',
    },
    {
        "command": "/pollbot",
        "description": "Your Jira account, this channel's issue, help",
        "usage_hint": "connect | disconnect | link [issue or page] | unlink | previews | shipped"
        " | reminders [on/off] | schedules | tell [votes] [issue] | thresholds | setup"
        " | forget me | macro [page] [id] | help",
    },
)

# The shortcuts of manifest.yml, in its order.
SHORTCUTS = (
    {
        "name": "New poll",
        "type": "global",
        "callback_id": "new_poll",
        "description": "Ask a question, on a Jira issue or on none",
    },
    {
        "name": "Vote on an issue",
        "type": "global",
        "callback_id": "vote_on_issue",
        "description": "Vote on a Jira issue, as yourself",
    },
    {
        "name": "Vote on these issues",
        "type": "message",
        "callback_id": "vote_on_mentioned",
        "description": "Post the Jira issues that a message names, each to vote on",
    },
    {
        "name": "Make this a poll",
        "type": "message",
        "callback_id": "make_poll",
        "description": "Ask what a message asks, as a poll",
    },
)


@dataclass(frozen=True)
class Newcomer:
    """Someone whom the page can act as, with the Jira account that is theirs."""

    user: str
    first_name: str
    account_id: str
    full_name: str
    email: str
    token: str
    is_admin: bool = False
    connected: bool = True


ADA = Newcomer(
    "U0ADA",
    "Ada",
    "712020:ada-lovell",
    "Ada Lovell",
    "ada@example.com",
    "ada-demo-token",
    is_admin=True,
)
BEN = Newcomer("U0BEN", "Ben", "712020:ben-okri", "Ben Okri", "ben@example.com", "ben-demo-token")
CLEO = Newcomer(
    "U0CLEO",
    "Cleo",
    "712020:cleo-marin",
    "Cleo Marin",
    "cleo@example.com",
    "cleo-demo-token",
    connected=False,
)
PEOPLE = (ADA, BEN, CLEO)

PLANNING, SUPPORT, RANDOM, LEADS = "C0PLAN", "C0SUPPORT", "C0RANDOM", "C0LEADS"

TEAM_VOICE_TOKEN = "team-voice-demo-token"
DOCS_SPACE, RELEASE_PLAN, RELEASE_PLAN_MACRO = "65601", "98305", "3f6c2d1e-5b7a-4c80-9d21-poll"

WELCOME = (
    "Which of these should we build next? Let's vote in Jira, from here:\n"
    "• `/votes PLAT-12` puts the issue on the table; press *Vote* on its card.\n"
    "• Copy the link of an issue and send it: a preview to vote on hangs below it.\n"
    "• `/pollbot link PLAT-12` ties it to this channel; from then on `/vote` alone will do.\n"
    '• `/poll PLAT-15 "Which columns?" "Key" "Estimate"` asks; answer on the card, or in Jira.\n'
    "• Then act as *Cleo*, who has not connected her Jira account yet, and vote.\n"
    "• Or switch Jira to *down*, vote, and switch it on again: no vote gets lost.\n"
    "• "
)
LATER = "*Schedule results* on a poll's card, move the clock above by a week, and see them come."
KILLED = "Kill a replica above, the one that leads, too, and press on: no vote gets lost."

COLLEAGUES = {
    "mia-torres": "Mia Torres",
    "jonas-weber": "Jonas Weber",
    "priya-nair": "Priya Nair",
    "tom-baker": "Tom Baker",
    "sofia-rossi": "Sofia Rossi",
    "kenji-mori": "Kenji Mori",
    "lena-hofmann": "Lena Hofmann",
    "omar-haddad": "Omar Haddad",
}


def fill_slack(slack: SlackStandIn) -> None:
    """Add the three people and their channels; pollbot is not in ``#random`` and ``#leads``.

    Everybody has a conversation with pollbot, and the app may send Work Objects.
    """
    slack.work_objects.is_on = True
    slack.workflows.offered = STEPS
    for person in PEOPLE:
        added = slack.add_person(person.user, person.first_name, is_admin=person.is_admin)
        added.email = person.email
    slack.add_channel(PLANNING, "planning", app_is_member=True)
    slack.add_channel(SUPPORT, "support", app_is_member=True)
    slack.add_channel(RANDOM, "random")
    slack.add_channel(LEADS, "leads", is_private=True, members=(ADA.user, BEN.user))
    for person in PEOPLE:
        slack.direct_channel(person.user)


def fill_jira(jira: JiraStandIn) -> None:
    """Add everybody's account, the project PLAT, where colleagues have voted, and APP."""
    for person in PEOPLE:
        jira.add_person(person.account_id, person.full_name, person.email, token=person.token)
    for slug, name in COLLEAGUES.items():
        jira.add_person(_account(slug), name, f"{slug.replace('-', '.')}@example.com")

    jira.add_issue(
        "PLAT-3",
        "An app for the phone",
        type="Epic",
        reporter=_account("omar-haddad"),
        voters=_accounts("mia-torres", "tom-baker", "sofia-rossi"),
        other_votes=125,
    )
    jira.add_issue(
        "PLAT-8",
        "Dark mode",
        status="Done",
        category="done",
        resolution="Done",
        reporter=_account("priya-nair"),
        voters=_accounts(*COLLEAGUES),
    )
    jira.add_issue(
        "PLAT-12",
        "Remember my board filters when I come back",
        reporter=_account("mia-torres"),
        voters=_accounts(
            "mia-torres", "jonas-weber", "priya-nair", "tom-baker", "sofia-rossi", "kenji-mori"
        )
        | {BEN.account_id},
    )
    jira.add_issue(
        "PLAT-15",
        "Export the sprint report as CSV",
        status="In Progress",
        category="indeterminate",
        reporter=_account("tom-baker"),
        voters=_accounts("lena-hofmann", "omar-haddad", "kenji-mori"),
    )
    jira.add_issue(
        "PLAT-17",
        "Keyboard shortcuts in the backlog",
        type="Task",
        reporter=ADA.account_id,
        voters=_accounts("jonas-weber", "priya-nair"),
    )
    jira.add_issue(
        "PLAT-21",
        'Searching for "Q&A" or <title> shows &amp; and an empty page',
        type="Bug",
        reporter=BEN.account_id,
        voters=_accounts("sofia-rossi"),
    )
    jira.add_issue(
        "PLAT-23",
        "Prices of the new plan",
        type="Task",
        reporter=ADA.account_id,
        voters=_accounts("lena-hofmann"),
        seen_by={ADA.account_id} | _accounts("lena-hofmann"),
    )
    jira.add_issue("PLAT-24", "Sign in with a passkey", reporter=CLEO.account_id)
    jira.add_issue(
        "WEB-4",
        "The roadmap takes eleven seconds to open on a slow line, because every swimlane loads "
        "its avatars, its colours and its permissions one after the other, and then once more "
        "as soon as somebody scrolls",
        type="Bug",
        status="Selected for Development",
        reporter=_account("kenji-mori"),
        voters=_accounts("kenji-mori", "mia-torres"),
    )
    jira.move("WEB-4", "PLAT-27")
    jira.add_issue(
        "APP-1",
        "Choose an icon for the app",
        type="Task",
        reporter=BEN.account_id,
        voters=_accounts("tom-baker"),
    )
    jira.add_issue("APP-2", "Read the backlog offline", reporter=_account("sofia-rossi"))


def fill_confluence(confluence: Confluence) -> None:
    """Add one space with one page, on which everybody may edit."""
    space = confluence.add_space(DOCS_SPACE, "DOCS", "Product docs")
    confluence.add_page(
        RELEASE_PLAN,
        space,
        "Release plan",
        text=f"The polls on this page stand in the Team Voice macro {RELEASE_PLAN_MACRO}.",
    )


def fill_team_voice(team_voice: TeamVoiceStandIn) -> None:
    """Add the token, for PLAT and the space only, and polls that colleagues made and answered."""
    team_voice.add_token(TEAM_VOICE_TOKEN, {"PLAT", DOCS_SPACE})
    columns = team_voice.add_poll(
        "PLAT",
        "PLAT-15",
        "Which columns should the export have?",
        ("Key and summary", "Estimate", "Time spent", "Assignee"),
        settings={"allowSelectionOfMultipleOptions": True},
    )
    for slug, chosen in (
        ("lena-hofmann", "12"),
        ("omar-haddad", "124"),
        ("kenji-mori", "1"),
        ("tom-baker", "34"),
        ("priya-nair", "14"),
    ):
        team_voice.answer_inside(columns.id, _account(slug), chosen)
    day = team_voice.add_poll(
        DOCS_SPACE,
        RELEASE_PLAN,
        "On which day do we release?",
        ("Tuesday", "Thursday"),
        container=RELEASE_PLAN_MACRO,
    )
    for slug, chosen in (("mia-torres", "1"), ("jonas-weber", "1"), ("sofia-rossi", "2")):
        team_voice.answer_inside(day.id, _account(slug), chosen)


def account_of(user: str) -> str:
    """Return the Jira account of one of the three."""
    return next(person.account_id for person in PEOPLE if person.user == user)


def _account(slug: str) -> str:
    return f"712020:{slug}"


def _accounts(*slugs: str) -> set[str]:
    return {_account(slug) for slug in slugs}
