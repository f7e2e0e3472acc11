"""What people read of a refusal about polls and answers."""

from pollbot.accounts import sentences
from pollbot.errors import PollbotError
from pollbot.polls.refusals import (
    AnswerFinal,
    CannotReopen,
    NoSuchOption,
    NotChecked,
    NotInForm,
    OneAnswerOnly,
    OwnersOnly,
    PollClosed,
    PollElsewhere,
    PollKeyLost,
    PollUnknown,
)
from pollbot.polls.sources.team_voice import sentences as team_voice
from pollbot.text.writing import as_written, echo


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    match refusal:
        case NotInForm(because, command):
            return (
                f"{sentence(because)} You can make it without the form, too. Write:\n"
                f"`{as_written(command)}`"
            )
        case PollElsewhere():
            return (
                "That poll belongs to another workspace, so nothing was changed. It can be used "
                "only by whoever acts in that one."
            )
        case PollUnknown():
            return (
                "That poll is not known here, so nothing was changed. It was made by another "
                "pollbot, or before the database of this one was replaced. Make it anew with "
                "`/poll`."
            )
        case PollClosed(title):
            return f"“{echo(title)}” is closed and takes no more answers, so nothing was changed."
        case CannotReopen(title):
            return (
                f"“{echo(title)}” was anonymous: what tied answers to people was destroyed when it "
                "closed, so it cannot be opened again. Nothing was changed. Post a copy of it "
                "instead: the same question and options, without the answers."
            )
        case PollKeyLost(title):
            return (
                f"“{echo(title)}” is anonymous, and on pollbot's side the key that tells one "
                "person's answer from another's is missing. Nothing was changed; the answers it "
                "has still count. Whoever runs pollbot can put the key file back; else whoever "
                "manages this poll can close it and post a copy of it, both under *More*."
            )
        case NoSuchOption():
            return (
                "That option is not there any more, so your answer was left as it was. Choose one "
                "of those that the card shows now."
            )
        case AnswerFinal():
            return "Answers to this poll are final, so yours was left as it was."
        case OneAnswerOnly():
            return "This poll takes one answer, so yours was left as it was."
        case NotChecked(busy=busy):
            why = (
                "Too many requests came to Jira at once, so it asks pollbot to wait"
                if busy
                else "Jira does not answer right now"
            )
            return (
                f"{why}, and pollbot has to ask it whether you can see the issue. Nothing was "
                "counted or shown; please try again in a minute."
            )
        case OwnersOnly():
            return (
                "Only whoever created the poll, its co-owners and admins may do that. Nothing was "
                "changed."
            )
        case _:
            return team_voice.sentence(refusal) or sentences.sentence(refusal)
