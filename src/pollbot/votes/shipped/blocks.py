"""What voters are told of issues that are resolved, and how they mute that."""

from collections.abc import Sequence

from pollbot.jira.issues import host_of, issue_url
from pollbot.slack.clicks import MuteClick, UnmuteClick, VoteClick
from pollbot.slack.kit import Message, button, context, escape, link, plain, quoted, words
from pollbot.text.catalog import all_of, say
from pollbot.votes.shipped.rules import ALL, Became, Muted, project_of

_SUMMARY = 300
_LISTED = 10


def resolved(site: str, became: Became) -> Message:
    """Return what somebody is told whose vote was for an issue that is resolved now."""
    issue = became.issue
    key = link(issue_url(site, issue.key), escape(issue.key))
    said = say(
        ":checkered_flag: {issue} is resolved ({how}), and you voted for it: {summary}",
        issue=key,
        how=quoted(issue.resolution or "", 80),
        summary=quoted(issue.summary, _SUMMARY),
    )
    mute = (
        button(
            say("Mute {project}", project=project_of(issue.key)),
            MuteClick(site=site, project=project_of(issue.key)),
            nth=0,
        ),
        button(say("Mute all projects"), MuteClick(), nth=1),
    )
    if not became.instead:
        message = words(said, *mute)
    else:
        other = became.instead[0]
        said = say(
            "{resolved}\nIn Jira it is a duplicate of {other}. Your vote does not count there by "
            "itself. The one on {issue} stays as it is.",
            resolved=said,
            other=link(issue_url(site, other), escape(other)),
            issue=key,
        )
        move = button(
            say("Move my vote to {issue}", issue=other),
            VoteClick(issue=other, site=site),
            style="primary",
        )
        message = words(said, move, *mute)
    small = say(
        "I tell you this once for each vote that you cast with pollbot. `/pollbot shipped` shows "
        "what you muted."
    )
    return Message(message.text, [*message.blocks, context(small)])


def muted(what: Muted, named: str = "") -> Message:
    """Return what is said after something was muted; ``named`` is the site, where it matters."""
    undo = button(say("Tell me again"), UnmuteClick(site=what.site, project=what.project))
    if what == ALL:
        return words(
            say(
                ":mute: Muted: I do not tell you any more when issues that you voted for are "
                "resolved. Which those are is forgotten here; your votes in Jira stay."
            ),
            undo,
        )
    return words(
        say(
            ":mute: Muted: I do not tell you any more when issues of {project} that you voted for "
            "are resolved. Which those are is forgotten here; your votes in Jira stay.",
            project=_name(what, named),
        ),
        undo,
    )


def unmuted(what: Muted, named: str = "") -> Message:
    """Return what is said after something was unmuted."""
    if what == ALL:
        return words(
            say(
                ":bell: From now on I tell you once when an issue is resolved for which you vote "
                "with pollbot, unless you muted its project. Votes from before are not known here "
                "any more."
            )
        )
    return words(
        say(
            ":bell: From now on I tell you once when an issue of {project} is resolved for which "
            "you vote with pollbot. Votes from before are not known here any more.",
            project=_name(what, named),
        )
    )


def all_muted(mutes: Sequence[tuple[Muted, str]]) -> Message:
    """Return what somebody muted, each with the name of its site where it matters."""
    of_all = any(what == ALL for what, _ in mutes)
    projects = [(what, named) for what, named in mutes if what != ALL]
    said = [
        say(":mute: I tell you of no issue that it is resolved: you muted all projects.")
        if of_all
        else say(
            ":bell: When an issue is resolved for which you voted with pollbot, I tell you once, "
            "in a direct message."
        )
    ]
    if projects:
        names = all_of([_name(what, named) for what, named in projects])
        said.append(say("Muted projects: {projects}.", projects=names))
    controls = [
        button(
            say("Tell me of {project} again", project=_label(what, named)),
            UnmuteClick(site=what.site, project=what.project),
            nth=place,
        )
        for place, (what, named) in enumerate(projects[:_LISTED])
    ]
    if of_all:
        controls.insert(0, button(say("Tell me again"), UnmuteClick(), nth=_LISTED))
    else:
        controls.append(button(say("Mute all projects"), MuteClick(), nth=_LISTED))
    return words(" ".join(said), *controls)


def _name(what: Muted, named: str) -> str:
    return escape(_label(what, named))


def _label(what: Muted, named: str) -> str:
    """Return a project in plain words; with its site where there are several."""
    if not named:
        return what.project
    return plain(say("{project} on {host}", project=what.project, host=host_of(what.site)), 60)
