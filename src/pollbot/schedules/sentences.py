"""What people read of a refusal about schedules."""

from pollbot.errors import PollbotError
from pollbot.records import sentences
from pollbot.schedules.refusals import (
    ChannelNotOpen,
    FewPosts,
    FirstTimePast,
    ManySchedules,
    NoChannel,
    NoDay,
    NoDays,
    NoFirstTime,
    NoNumberOfPosts,
    NoSuchDay,
    NothingToResume,
    NoTime,
    NotRun,
    OftenTried,
    OwnerNotConnected,
    OwnerOnly,
    OwnerOrAdminsOnly,
    OwnerUnseen,
    PostNotTaken,
    PostRefused,
    QueryRefused,
    QueryUnordered,
    ScheduleElsewhere,
    ScheduleGone,
    ScheduleOver,
    TimePast,
    ZoneUnknown,
)
from pollbot.schedules.rules import MOST_POSTS
from pollbot.slack.closed import why_closed
from pollbot.text.catalog import numeral, say
from pollbot.text.sentences import not_looked_up, to_look_up
from pollbot.text.writing import as_written, closed


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    match refusal:
        case ScheduleElsewhere():
            return say("That schedule belongs to another workspace, so nothing was changed.")
        case ScheduleGone():
            return say(
                "That schedule is not known here: it was deleted, or is another pollbot's. Nothing "
                "was changed. `/pollbot schedules` shows those that there are."
            )
        case ScheduleOver():
            return say("That schedule is over, so nothing was posted.")
        case OwnerUnseen(connected=connected):
            if connected:
                return say(
                    "Nothing was changed or posted: Jira is read as whoever made that schedule, "
                    "not as you. Jira does not show them what it posts any more."
                )
            return say(
                "Nothing was changed or posted: Jira is read as whoever made that schedule, not as "
                "you. Jira does not accept their account any more, or they have none connected; "
                "they connect it with `/pollbot connect`."
            )
        case OwnerOrAdminsOnly():
            return say(
                "Only whoever made that schedule and admins may do that. Nothing was changed."
            )
        case OwnerOnly():
            return say(
                "Only whoever made that schedule may change what it posts and where: Jira is read "
                "as them. Nothing was changed. You may change its times, pause it or delete it."
            )
        case NoFirstTime():
            return say(
                "To repeat it I need the time of its first post. Nothing was created. Give that "
                "time, or let it not repeat."
            )
        case FirstTimePast():
            return say(
                "The time to post it is in the past. Nothing was created. Choose a later one, or "
                "leave it empty to post the poll at once."
            )
        case ZoneUnknown(because):
            return say(
                "{why} Nothing was created, and what you filled in is still here. {then}",
                why=not_looked_up(because),
                then=to_look_up(because),
            )
        case ManySchedules(most):
            return say(
                "You have {most} schedules already. Nothing was saved. Delete some of them in "
                "`/pollbot schedules`.",
                most=most,
            )
        case NothingToResume():
            return say(
                "All its times have passed, so there is nothing to resume. Edit it to give it a "
                "new time, or use *Run now*."
            )
        case NotRun(code):
            return say("Nothing was posted. {why}", why=why_closed(code))
        case OftenTried():
            return say("It could not be posted, though pollbot tried several times.")
        case OwnerNotConnected():
            return say(
                "Jira does not accept your account any more, or none is connected. Connect it with "
                "`/pollbot connect`; then it goes on by itself."
            )
        case PostNotTaken(code):
            return why_closed(code)
        case PostRefused(code):
            return say(
                "Slack does not take what it posts ({code}): it refuses the message itself, not "
                "the channel, since something in it is too long for Slack, or new to it. Shorten "
                "that, or ask whoever runs pollbot; its log says more.",
                code=code,
            )
        case _ if (wrong := _of_plan(refusal)) is not None:
            why, then = wrong
            return say("{why} Nothing was saved. {then}", why=why, then=then)
        case _:
            return sentences.sentence(refusal)


def what_to_give(refusal: PollbotError) -> str:
    """Return what to give instead of what is wrong with a plan; empty if it is not that."""
    wrong = _of_plan(refusal)
    return "" if wrong is None else wrong[1]


def _of_plan(refusal: PollbotError) -> tuple[str, str] | None:
    """Return what is wrong with a plan, and what to give instead; None if it is not that."""
    match refusal:
        case NoChannel():
            return say("It needs a channel to post in."), say("Choose one.")
        case NoDays():
            return say("It has no day."), say("Choose at least one day of the week.")
        case NoDay():
            return say("It has no day."), say("Choose a day.")
        case NoSuchDay():
            return say("There is no such day."), say("Choose another one.")
        case NoTime():
            return say("It has no time."), say("Choose a time of the day.")
        case TimePast():
            return say("That time is in the past."), say("Choose a later one.")
        case NoNumberOfPosts():
            then = say("Give a whole number of posts, from 1 to {most}.", most=numeral(MOST_POSTS))
            return say("That is no number of posts."), then
        case FewPosts(posted):
            why = say("It has posted {posted} times already.", posted=numeral(posted))
            return why, say("Give a larger number, or delete it.")
        case QueryUnordered():
            why = say("Jira takes that as words to look for, which it puts in no order.")
            return why, say('Say where to look for them, as in: text ~ "export".')
        case QueryRefused(said):
            why = say(
                "Jira does not take that JQL. It says: “{said}”", said=as_written(closed(said))
            )
            return why, say("Correct it; Jira's own search shows whether it works.")
        case ChannelNotOpen(code):
            return say("pollbot cannot post in that channel yet."), why_closed(code)
        case _:
            return None
