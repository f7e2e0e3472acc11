"""The form in which admins say where polls live."""

from collections.abc import Sequence

from pollbot.jira.issues import host_of
from pollbot.polls.defaults.blocks import in_words
from pollbot.polls.defaults.rules import USUAL, Defaults
from pollbot.setup.audit_blocks import AuditClick
from pollbot.setup.retention_blocks import retention_section
from pollbot.setup.rights_blocks import rights_section
from pollbot.setup.rules import SITE, TOKEN, URL, WORKSPACE, Known
from pollbot.slack.clicks import Click
from pollbot.slack.kit import (
    Block,
    Message,
    actions,
    beside,
    button,
    choice,
    context,
    escape,
    field,
    picker,
    quoted,
    section,
    text_input,
    view,
    words,
)
from pollbot.text.catalog import mark, say, say_marked

SETUP_FORM = "setup"
ANSWERED = mark("Saved: Team Voice answered. Its token is kept encrypted.")
REMOVED = mark("Removed. The token is forgotten.")
SAVED = mark("Saved.")


class RemoveSourceClick(Click):
    """Forget this endpoint and its token."""

    action_id = "remove_source"
    source: str


class NeedsJiraClick(Click):
    """From now on answers need a Jira account that can see the issue, or no longer."""

    action_id = "needs_jira"
    needed: bool


class DefaultsClick(Click):
    """Show the form with what polls begin with here."""

    action_id = "poll_defaults"


class LanguageClick(Click):
    """What everybody in this workspace reads is in that language from now on."""

    action_id = "language"
    code: str


def setup_form(known: Known, *, done: str = "") -> Block:
    """Return the form; of several Jira sites it asks on which a project or space is."""
    sources, needs_jira, sites = known.sources, known.needs_jira, known.sites
    languages, language = known.languages, known.language
    blocks: list[Block] = [section(f":white_check_mark: {say_marked(done)}")] if done else []
    blocks.append(
        section(
            say(
                "*Where polls live*\nPolls of a project or space with Team Voice are "
                "made there; all others live in pollbot itself."
            )
        )
    )
    for source_id, workspace in list(sources.items())[:20]:
        label = say("Remove")
        remove = button(
            label,
            RemoveSourceClick(source=source_id),
            style="danger",
            spoken=f"{label}: {workspace}",
        )
        said = say(
            ":ballot_box_with_check: *{workspace}* – Team Voice", workspace=escape(workspace)
        )
        blocks.append(beside(said, remove))
    if not sources:
        blocks.append(context(say("No project or space has a Team Voice of its own here yet.")))
    blocks += [
        {"type": "divider"},
        section(say("*Add a project or space*")),
        *([_site(sites)] if len(sites) > 1 else []),
        text_input(
            WORKSPACE,
            say("Jira project key or Confluence space id"),
            hint=say("PLAT, or a number such as 98306."),
            placeholder="PLAT",
            element="plain_text_input",
        ),
        text_input(
            URL,
            say("Team Voice's address"),
            hint=say("From the app's settings, without “?…”."),
            placeholder="https://…",
            element="url_text_input",
        ),
        text_input(
            TOKEN,
            say("Token"),
            hint=say("Kept encrypted. It is tried now, with a harmless look."),
            placeholder=say("Paste it here"),
            element="plain_text_input",
        ),
        {"type": "divider"},
        section(
            say(
                "*Who may answer*\nOnly people with a connected Jira account that can see the "
                "poll's issue or page."
            )
            if needs_jira
            else say("*Who may answer*\nEverybody who sees the card.")
        ),
        actions(
            button(say("Let everybody answer"), NeedsJiraClick(needed=False))
            if needs_jira
            else button(say("Only who can see the issue"), NeedsJiraClick(needed=True))
        ),
    ]
    blocks += [{"type": "divider"}, *rights_section(known.rights)]
    blocks += [{"type": "divider"}, *_defaults(known.defaults)]
    blocks += [
        {"type": "divider"},
        *retention_section(known.retention),
        {"type": "divider"},
        section(say("*Audit*\nWho changed what here, and when.")),
        actions(button(say("Audit"), AuditClick(), nth=0)),
    ]
    blocks += [
        {"type": "divider"},
        section(
            say(
                "*The language of cards*\nWhat everybody reads is in *{language}*; what is told to "
                "one person is in the language of their own Slack, as far as pollbot speaks it. A "
                "card that hangs already changes when it is drawn the next time, as after a vote.",
                language=escape(languages[language]),
            )
        ),
        actions(
            *(
                button(name, LanguageClick(code=code), nth=place)
                for place, (code, name) in enumerate(languages.items())
                if code != language
            )
        ),
    ]
    return view(
        say("Set up pollbot"),
        blocks,
        callback_id=SETUP_FORM,
        submit=say("Save"),
        close=say("Close"),
    )


def _defaults(defaults: Defaults) -> list[Block]:
    said = (
        say(
            "*Defaults of polls*\nA new poll begins with: {defaults}.",
            defaults=in_words(defaults),
        )
        if defaults != USUAL
        else say(
            "*Defaults of polls*\nA new poll begins as it does in any pollbot: one answer, which "
            "can be changed; names and results shown; no end."
        )
    )
    return [section(said), actions(button(say("Change defaults"), DefaultsClick()))]


def _site(sites: Sequence[str]) -> Block:
    choices = [choice(host_of(site), site) for site in sites]
    select = picker("static_select", "value", choices, chosen=[sites[0]])
    return field(SITE, say("Jira site"), select)


def token_refused(workspace: str) -> Message:
    """Return what the admin is told who gave a token that Team Voice does not take any more."""
    return words(
        say(
            ":warning: Team Voice does not accept the access token any more that you entered for "
            "*{workspace}*: it may have expired or been revoked. Until there is a new one, polls "
            "there can be neither made nor changed from Slack, and answers given in Jira or "
            "Confluence are not read. What is answered in Slack is kept.\nMake a new token in "
            "Team Voice's settings and enter it with `/pollbot setup`, for *{workspace}* again. "
            "What waits for it goes on by itself.",
            workspace=escape(workspace),
        )
    )


def macro_known(title: str) -> Message:
    """Return what is said once a page's macro is known."""
    return words(
        say(
            ":white_check_mark: Remembered for *{page}*: polls on this page can now be made in "
            "Team Voice.",
            page=quoted(title, 80),
        )
    )
