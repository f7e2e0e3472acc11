"""What people read of a refusal about the issues, pages and queries that they name."""

from pollbot.errors import PollbotError
from pollbot.jira.jql import LONGEST_JQL
from pollbot.jira.refusals import (
    BadJql,
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
from pollbot.text.writing import as_written, closed, echo


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    match refusal:
        case NoIssue(command):
            return (
                f"Which issue? Name one, as in `{command} PLAT-12`, or link this channel to one "
                f"with `/pollbot link PLAT-12`, so that `{command}` alone is enough."
            )
        case NotAnIssue():
            return _no_issue(refusal)
        case SeveralIssues(keys):
            named = " and ".join([", ".join(keys[:-1]), keys[-1]])
            return (
                f"One issue at a time, please: I found {named}. Nothing was changed. Write it "
                "again with the one that you mean."
            )
        case OtherSite(host, ours):
            return (
                f"That link leads to {echo(host)}, but this workspace votes on {ours}. Nothing was "
                f"changed. Paste a link to an issue on {ours}, or give its key."
            )
        case SeveralPages(number):
            return (
                f"One page at a time, please: I found {number}. Nothing was changed. Leave the "
                "other links out."
            )
        case NotAPage(link):
            return (
                f"“{echo(link)}” leads to Confluence, but to no page that I can tell. Nothing was "
                "changed. Open the page and copy its address from the browser."
            )
        case NoQuery():
            return (
                "It needs a project or a JQL query. Nothing was saved. Write a project key such as "
                "`PLAT`, or JQL such as `project = PLAT AND votes > 5`."
            )
        case LongQuery(length):
            return (
                f"The JQL has {length:,} characters; at most {LONGEST_JQL:,} are possible. Nothing "
                'was saved. Save it as a filter in Jira, and write `filter = "its name"`.'
            )
        case BadJql():
            return (
                f"Jira does not take that JQL. It says: “{as_written(closed(refusal.said))}” "
                "Nothing was posted or changed. Correct the query; Jira's own search shows whether "
                "it works."
            )
        case _:
            return sentences.sentence(refusal)


def _no_issue(refusal: NotAnIssue) -> str:
    found = f"I found no issue in “{echo(refusal.text)}”"
    then = "Give a key such as `PLAT-12`, or paste the link of the issue."
    if isinstance(refusal, OtherAlphabet):
        return (
            f"{found}: “{refusal.letter}” in it only looks like a Latin letter and is of another "
            "alphabet. Nothing was changed. Type the key again in Latin letters, as in `PLAT-12`, "
            "or paste the link of the issue."
        )
    if refusal.perhaps:
        then = f"Did you mean {refusal.perhaps}? Then write it with its hyphen."
    elif refusal.is_poll:
        then = "A poll is made with `/poll`, and the same words after it."
    return f"{found}. Nothing was changed. {then}"
