"""What people read where the admins of a workspace do not allow something."""

from pollbot.errors import PollbotError, Untold
from pollbot.jira import sentences
from pollbot.rights.refusals import (
    ChannelNotAllowed,
    MakersUnread,
    ManyProjects,
    MayNotMake,
    NoChannels,
    NoGroup,
    NoPeople,
    NotAProject,
    ProjectNotAllowed,
)
from pollbot.text.catalog import numeral, say
from pollbot.text.writing import echo

_SHOWN = 10


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    match refusal:
        case MayNotMake("group", handle):
            return say(
                "Polls are made here by members of the user group @{group}, and by admins, as an "
                "admin of this workspace set it up. No poll was made. Ask one of them to make it, "
                "or an admin to change that in `/pollbot setup`.",
                group=handle,
            )
        case MayNotMake("people"):
            return say(
                "Polls are made here by people whom an admin of this workspace named, and by "
                "admins. No poll was made. Ask an admin to make it, or to name you in "
                "`/pollbot setup`."
            )
        case MayNotMake():
            return say(
                "Polls are made here by admins of this workspace only, as an admin set it up. No "
                "poll was made. Ask one of them to make it, or to change that in `/pollbot setup`."
            )
        case MakersUnread():
            return _unread(refusal)
        case ProjectNotAllowed(project, allowed):
            return say(
                "An admin of this workspace lets pollbot be used for issues of {projects} only, "
                "and {project} is not among them. Nothing was changed. Ask an admin, who can "
                "change that in `/pollbot setup`.",
                projects=_listed(allowed),
                project=project,
            )
        case ChannelNotAllowed(only=True):
            return say(
                "An admin of this workspace lets pollbot post cards in some channels only, and "
                "this is none of them. Nothing was posted. Use another channel, or ask an admin, "
                "who can change that in `/pollbot setup`."
            )
        case ChannelNotAllowed():
            return say(
                "An admin of this workspace does not let pollbot post cards in this channel. "
                "Nothing was posted. Use another channel, or ask an admin, who can change that in "
                "`/pollbot setup`."
            )
        case NotAProject(typed):
            return say(
                "“{typed}” is no key of a Jira project. Nothing was saved. Give keys such as PLAT, "
                "with commas between them; none at all for every project.",
                typed=echo(typed),
            )
        case ManyProjects(typed, most):
            return say(
                "These are {typed} projects, and {most} can be kept. Nothing was saved.",
                typed=numeral(typed),
                most=numeral(most),
            )
        case NoGroup():
            return say(
                "Choose the user group whose members make polls. Nothing was saved. Where none is "
                "offered, Slack did not tell them: pollbot needs the scope `usergroups:read`."
            )
        case NoPeople():
            return say("Name at least one person. Nothing was saved.")
        case NoChannels():
            return say("Choose at least one channel. Nothing was saved.")
        case _:
            return sentences.sentence(refusal)


def _unread(refusal: MakersUnread) -> str:
    if refusal.is_gone:
        return say(
            "Polls are made here by members of the user group @{group}, which is gone or disabled "
            "in Slack, so nobody but an admin can make one now. No poll was made. Ask an admin of "
            "this workspace to say in `/pollbot setup` who makes polls.",
            group=refusal.handle,
        )
    if refusal.code == "missing_scope":
        return say(
            "Polls are made here by members of the user group @{group}, and pollbot may not look "
            "who they are: it lacks the scope `usergroups:read`. No poll was made. Ask whoever "
            "installed pollbot to install it anew with that, or an admin to change the rule in "
            "`/pollbot setup`.",
            group=refusal.handle,
        )
    if refusal.untold == Untold.REFUSED:
        return say(
            "Polls are made here by members of the user group @{group}, and Slack does not tell "
            "who they are ({code}). No poll was made. Ask an admin of this workspace.",
            group=refusal.handle,
            code=refusal.code,
        )
    return say(
        "Polls are made here by members of the user group @{group}, and Slack does not tell at the "
        "moment who they are. No poll was made. Try again in a minute.",
        group=refusal.handle,
    )


def _listed(projects: object) -> str:
    named = [str(one) for one in projects] if isinstance(projects, list | tuple) else []
    shown = ", ".join(named[:_SHOWN])
    return f"{shown}, …" if len(named) > _SHOWN else shown
