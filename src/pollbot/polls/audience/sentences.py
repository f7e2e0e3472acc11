"""What people read of a refusal about who may answer a poll."""

from pollbot.errors import PollbotError, Untold
from pollbot.polls.audience.refusals import (
    AudienceUnread,
    GroupsUnread,
    NoSuchGroup,
    NotInAudience,
)
from pollbot.polls.terms_blocks import who
from pollbot.slack.kit import fit
from pollbot.text.catalog import say
from pollbot.text.writing import echo


def sentence(refusal: PollbotError) -> str | None:
    """Return what happened, what is safe, and what to do next; None if it is of something else."""
    match refusal:
        case NotInAudience(audience):
            return say(
                "Only {people} may answer this poll, and you are not one of them, so nothing was "
                "changed. What you answered before stays; you can withdraw it. Whoever manages the "
                "poll can change who may answer: *More*, *Edit*.",
                people=who(audience),
            )
        case AudienceUnread():
            return f"{unread(refusal)} {_what_now(refusal)}"
        case NoSuchGroup(handle):
            return say(
                "This workspace has no user group “@{handle}”, or it is disabled. Nothing was "
                "created. Check the name; people are chosen in the form that `/poll` alone opens.",
                handle=echo(handle),
            )
        case GroupsUnread(handle, untold, code):
            asked = say(
                "Which user group “@{handle}” is could not be looked up:", handle=echo(handle)
            )
            then = say("Nothing was created. Leave `for` out, or try again later.")
            return f"{asked} {_why(untold, code)} {then}"
        case _:
            return None


def unread(refusal: AudienceUnread) -> str:
    """Return that it is not known who is in a part of an audience, and why."""
    if refusal.group is None:
        where = say("Who is in the channel of this poll could not be looked up:")
        return f"{where} {_why(refusal.untold, refusal.code)}"
    name = fit(f"@{refusal.group.handle}", 40, 80)
    if refusal.is_gone:
        return say(
            "The user group {group} is not there any more, or is disabled, so nobody can tell who "
            "is in it.",
            group=name,
        )
    who_is = say("Who is in the user group {group} could not be looked up:", group=name)
    return f"{who_is} {_why(refusal.untold, refusal.code)}"


def _what_now(refusal: AudienceUnread) -> str:
    if refusal.passing:
        return say("Nothing was changed. Please try again in a minute.")
    return say(
        "Nothing was changed. Whoever manages the poll can choose others who may answer: *More*, "
        "*Edit*."
    )


def _why(untold: Untold, code: str) -> str:
    match untold:
        case Untold.BUSY:
            return say("too many requests came to Slack at once, so it asks pollbot to wait.")
        case Untold.REFUSED if code == "missing_scope":
            return say(
                "the app was installed without the scope that it needs for that "
                "(`usergroups:read`, or `channels:read` and `groups:read`)."
            )
        case Untold.REFUSED:
            return say("Slack does not tell it ({code}).", code=code)
        case _:
            return say("Slack does not answer pollbot right now.")
