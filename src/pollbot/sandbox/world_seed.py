"""What the pretended world starts with: people, channels, issues, and the commands on offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pollbot.sandbox.jira import JiraStandIn
    from pollbot.sandbox.slack import SlackStandIn

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
        "command": "/pollbot",
        "description": "Your Jira account, this channel's issue, help",
        "usage_hint": "connect | disconnect | link [issue] | unlink | help",
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

WELCOME = (
    "Which of these should we build next? Let's vote in Jira, from here:\n"
    "• `/votes PLAT-12` puts the issue on the table; press *Vote* on its card.\n"
    "• `/pollbot link PLAT-12` ties it to this channel; from then on `/vote` alone will do.\n"
    "• Then act as *Cleo*, who has not connected her Jira account yet, and vote.\n"
    "• Or switch Jira to *down*, vote, and switch it on again: no vote gets lost."
)

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

    Everybody has a conversation with pollbot.
    """
    for person in PEOPLE:
        slack.add_person(person.user, person.first_name, is_admin=person.is_admin)
    slack.add_channel(PLANNING, "planning", app_is_member=True)
    slack.add_channel(SUPPORT, "support", app_is_member=True)
    slack.add_channel(RANDOM, "random")
    slack.add_channel(LEADS, "leads", is_private=True, members=(ADA.user, BEN.user))
    for person in PEOPLE:
        slack.direct_channel(person.user)


def fill_jira(jira: JiraStandIn) -> None:
    """Add everybody's account and the project PLAT, where colleagues have already voted."""
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


def _account(slug: str) -> str:
    return f"712020:{slug}"


def _accounts(*slugs: str) -> set[str]:
    return {_account(slug) for slug in slugs}
