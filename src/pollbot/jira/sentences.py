"""What people read of a refusal about the issues, pages and queries that they name."""

from pollbot.errors import PollbotError
from pollbot.jira.jql import LONGEST_JQL
from pollbot.jira.refusals import (
    BadJql,
    ChannelOnPage,
    LongQuery,
    NoIssue,
    NoQuery,
    NotAnIssue,
    NotAPage,
    OtherAlphabet,
    OtherSite,
    SeveralIssues,
    SeveralPages,
)
from pollbot.text import sentences
from pollbot.text.catalog import all_of, numeral, say
from pollbot.text.writing import as_written, closed, echo


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    match refusal:
        case ChannelOnPage(command):
            return say(
                "Which issue? This channel is linked to a Confluence page, and a page takes no "
                "votes. Nothing was changed. Name an issue, as in `{command} PLAT-12`.",
                command=command,
            )
        case NoIssue(""):
            return say(
                "Which issue? Nothing was changed. Give a key such as `PLAT-12`, or paste the link "
                "of the issue."
            )
        case NoIssue(command):
            return say(
                "Which issue? Name one, as in `{command} PLAT-12`, or link this channel to one "
                "with `/pollbot link PLAT-12`, so that `{command}` alone is enough.",
                command=command,
            )
        case NotAnIssue():
            return _no_issue(refusal)
        case SeveralIssues(keys):
            return say(
                "One issue at a time, please: I found {keys}. Nothing was changed. Write it "
                "again with the one that you mean.",
                keys=all_of(keys),
            )
        case OtherSite(host, ours) if ", " in ours:
            return say(
                "That link leads to {host}, but this workspace votes on {ours}. Nothing was "
                "changed. Paste a link to an issue on one of them, or give its key.",
                host=echo(host),
                ours=all_of(ours.split(", ")),
            )
        case OtherSite(host, ours):
            return say(
                "That link leads to {host}, but this workspace votes on {ours}. Nothing was "
                "changed. Paste a link to an issue on {ours}, or give its key.",
                host=echo(host),
                ours=ours,
            )
        case SeveralPages(number):
            return say(
                "One page at a time, please: I found {number}. Nothing was changed. Leave the "
                "other links out.",
                number=number,
            )
        case NotAPage(link):
            return say(
                "“{link}” leads to Confluence, but to no page that I can tell. Nothing was "
                "changed. Open the page and copy its address from the browser.",
                link=echo(link),
            )
        case NoQuery():
            return say(
                "It needs a project or a JQL query. Nothing was saved. Write a project key such as "
                "`PLAT`, or JQL such as `project = PLAT AND votes > 5`."
            )
        case LongQuery(length):
            return say(
                "The JQL has {length} characters; at most {most} are possible. Nothing was saved. "
                'Save it as a filter in Jira, and write `filter = "its name"`.',
                length=numeral(length),
                most=numeral(LONGEST_JQL),
            )
        case BadJql():
            return say(
                "Jira does not take that JQL. It says: “{said}” Nothing was posted or changed. "
                "Correct the query; Jira's own search shows whether it works.",
                said=as_written(closed(refusal.said)),
            )
        case _:
            return sentences.sentence(refusal)


def _no_issue(refusal: NotAnIssue) -> str:
    text = echo(refusal.text)
    if isinstance(refusal, OtherAlphabet):
        return say(
            "I found no issue in “{text}”: “{letter}” in it only looks like a Latin letter and is "
            "of another alphabet. Nothing was changed. Type the key again in Latin letters, as in "
            "`PLAT-12`, or paste the link of the issue.",
            text=text,
            letter=refusal.letter,
        )
    if refusal.perhaps:
        return say(
            "I found no issue in “{text}”. Nothing was changed. Did you mean {key}? Then write it "
            "with its hyphen.",
            text=text,
            key=refusal.perhaps,
        )
    if refusal.is_poll:
        return say(
            "I found no issue in “{text}”. Nothing was changed. A poll is made with `/poll`, and "
            "the same words after it.",
            text=text,
        )
    return say(
        "I found no issue in “{text}”. Nothing was changed. Give a key such as `PLAT-12`, or paste "
        "the link of the issue.",
        text=text,
    )
