"""What people read of a refusal about schedules."""

from pollbot.errors import PollbotError
from pollbot.polls import sentences
from pollbot.schedules.refusals import (
    FirstTimePast,
    NoFirstTime,
    OwnerOnly,
    OwnerOrAdminsOnly,
    OwnerUnseen,
    ScheduleElsewhere,
    ScheduleGone,
    ScheduleOver,
    ZoneUnknown,
)
from pollbot.text.sentences import not_looked_up, to_look_up


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    match refusal:
        case ScheduleElsewhere():
            return "That schedule belongs to another workspace, so nothing was changed."
        case ScheduleGone():
            return (
                "That schedule is not known here: it was deleted, or is another pollbot's. Nothing "
                "was changed. `/pollbot schedules` shows those that there are."
            )
        case ScheduleOver():
            return "That schedule is over, so nothing was posted."
        case OwnerUnseen(connected=connected):
            why = (
                "Jira does not show them what it posts any more."
                if connected
                else "Jira does not accept their account any more, or they have none connected; "
                "they connect it with `/pollbot connect`."
            )
            return (
                "Nothing was changed or posted: Jira is read as whoever made that schedule, not as "
                f"you. {why}"
            )
        case OwnerOrAdminsOnly():
            return "Only whoever made that schedule and admins may do that. Nothing was changed."
        case OwnerOnly():
            return (
                "Only whoever made that schedule may change what it posts and where: Jira is read "
                "as them. Nothing was changed. You may change its times, pause it or delete it."
            )
        case NoFirstTime():
            return (
                "To repeat it I need the time of its first post. Nothing was created. Give that "
                "time, or let it not repeat."
            )
        case FirstTimePast():
            return (
                "The time to post it is in the past. Nothing was created. Choose a later one, or "
                "leave it empty to post the poll at once."
            )
        case ZoneUnknown(because):
            return (
                f"{not_looked_up(because)} Nothing was created, and what you filled in is still "
                f"here. {to_look_up(because)}"
            )
        case _:
            return sentences.sentence(refusal)
