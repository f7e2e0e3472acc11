"""The form in which admins say where polls live."""

from collections.abc import Mapping

from pollbot.setup.rules import TOKEN, URL, WORKSPACE
from pollbot.slack.clicks import Click
from pollbot.slack.kit import (
    Block,
    Message,
    actions,
    beside,
    button,
    context,
    escape,
    quoted,
    section,
    text_input,
    view,
    words,
)

SETUP_FORM = "setup"
ANSWERED = "Saved: Team Voice answered. Its token is kept encrypted."
REMOVED = "Removed. The token is forgotten."
SAVED = "Saved."


class RemoveSourceClick(Click):
    """Forget this endpoint and its token."""

    action_id = "remove_source"
    source: str


class NeedsJiraClick(Click):
    """From now on answers need a Jira account that can see the issue, or no longer."""

    action_id = "needs_jira"
    needed: bool


def setup_form(sources: Mapping[str, str], *, needs_jira: bool, done: str = "") -> Block:
    """Return the form; ``sources`` are project keys and space ids by the source's id."""
    blocks: list[Block] = [section(f":white_check_mark: {done}")] if done else []
    blocks.append(
        section(
            "*Where polls live*\nPolls of a project or space with Team Voice are "
            "made there; all others live in pollbot itself."
        )
    )
    for source_id, workspace in list(sources.items())[:20]:
        remove = button("Remove", RemoveSourceClick(source=source_id), style="danger")
        said = f":ballot_box_with_check: *{escape(workspace)}* – Team Voice"
        blocks.append(beside(said, remove))
    if not sources:
        blocks.append(context("No project or space has a Team Voice of its own here yet."))
    blocks += [
        {"type": "divider"},
        section("*Add a project or space*"),
        text_input(
            WORKSPACE,
            "Jira project key or Confluence space id",
            hint="PLAT, or a number such as 98306.",
            placeholder="PLAT",
            element="plain_text_input",
        ),
        text_input(
            URL,
            "Team Voice's address",
            hint="From the app's settings, without “?…”.",
            placeholder="https://…",
            element="url_text_input",
        ),
        text_input(
            TOKEN,
            "Token",
            hint="Kept encrypted. It is tried now, with a harmless look.",
            placeholder="Paste it here",
            element="plain_text_input",
        ),
        {"type": "divider"},
        section(
            "*Who may answer*\n"
            + (
                "Only people with a connected Jira account that can see the poll's issue or page."
                if needs_jira
                else "Everybody who sees the card."
            )
        ),
        actions(
            button("Let everybody answer", NeedsJiraClick(needed=False))
            if needs_jira
            else button("Only who can see the issue", NeedsJiraClick(needed=True))
        ),
    ]
    return view("Set up pollbot", blocks, callback_id=SETUP_FORM, submit="Save", close="Close")


def token_refused(workspace: str) -> Message:
    """Return what the admin is told who gave a token that Team Voice does not take any more."""
    return words(
        f":warning: Team Voice does not accept the access token any more that you entered for "
        f"*{escape(workspace)}*: it may have expired or been revoked. Until there is a new one, "
        "polls there can be neither made nor changed from Slack, and answers given in Jira or "
        "Confluence are not read. What is answered in Slack is kept.\nMake a new token in Team "
        f"Voice's settings and enter it with `/pollbot setup`, for *{escape(workspace)}* again. "
        "What waits for it goes on by itself."
    )


def macro_known(title: str) -> Message:
    """Return what is said once a page's macro is known."""
    return words(
        f":white_check_mark: Remembered for *{quoted(title, 80)}*: polls on this page can now be "
        "made in Team Voice."
    )
