"""What a browser shows while somebody installs pollbot in their workspace."""

from html import escape

from pollbot.accounts.page_blocks import page
from pollbot.installs.rules import Installed
from pollbot.slack.markup import unmarked
from pollbot.text.catalog import say


def begin(way: str) -> str:
    """Return the page before Slack's; ``way`` leads there."""
    what = say(
        "pollbot lets people vote on Jira issues and run polls from Slack, each as themselves. "
        "At Slack you choose the workspace."
    )
    who = say(
        "Only workspaces that whoever runs this pollbot has named can install it. You can take it "
        "out again at any time, in Slack under Manage apps."
    )
    return page(
        say("Add pollbot to your workspace"),
        f'<p>{what}</p><p><a href="{escape(way)}">{say("Add to Slack")}</a></p>'
        f"<p><small>{who}</small></p>",
    )


def installed(to: Installed, lacks: tuple[str, ...], there: str, *, own: bool) -> str:
    """Return the page after it has worked; ``there`` is where pollbot is opened in Slack.

    ``own``: it was there before, by SLACK_BOT_TOKEN.
    """
    name = f"<b>{escape(to.name)}</b>"
    if own:
        said = say(
            "{name} had pollbot already, and keeps it as it was. What you just allowed counts "
            "there, too.",
            name=name,
        )
    elif to.whole:
        said = say(
            "{name} has pollbot now. An admin of the organisation adds it to each workspace that "
            "is to have it, under Integrations, Installed apps.",
            name=name,
        )
    else:
        said = say("{name} has pollbot now.", name=name)
    few = ""
    if lacks:
        words = say(
            "Slack gave it fewer permissions than it needs: {scopes} is missing. Tell whoever "
            "runs pollbot.",
            scopes=escape(", ".join(lacks)),
        )
        few = f"<p>{words}</p>"
    after = say(
        "Type /pollbot help in any channel. Everybody connects their own Jira account, with "
        "/pollbot connect."
    )
    way = f'<p><a href="{escape(there)}">{say("Open pollbot")}</a></p>'
    return page(say("pollbot is installed"), f"<p>{said}</p>{few}{way}<p>{after}</p>")


def refused(said: str) -> str:
    """Return the page that says why it has not worked, with the way to begin anew."""
    again = f'<p><a href="/slack/install">{say("Begin anew")}</a></p>'
    return page(say("pollbot is not installed"), f"<p>{escape(unmarked(said))}</p>{again}")
