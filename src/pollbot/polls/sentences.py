"""What people read of a refusal about polls and answers."""

from pollbot.errors import BadInput, PollbotError
from pollbot.issue_lists import sentences
from pollbot.polls import typed_sentences
from pollbot.polls.additions import sentences as additions
from pollbot.polls.audience import sentences as audience
from pollbot.polls.channels import sentences as channels
from pollbot.polls.exports import sentences as exports
from pollbot.polls.refusals import (
    AllChosen,
    AlreadyPoll,
    AnswerFinal,
    BadPart,
    CannotNudge,
    CannotReopen,
    CardUnknown,
    ChannelsIssueNotFound,
    ChannelsPageNotFound,
    EditedTooOften,
    EditsClash,
    EndPast,
    EndTooFar,
    FewOptions,
    LeastOverMost,
    LeastOverOptions,
    LongComment,
    LongDescription,
    LongOption,
    LongQuestion,
    ManyChosen,
    ManyOptions,
    ManyWaiting,
    MostOverOptions,
    NobodyChosen,
    NobodyToRemind,
    NoComments,
    NoEnd,
    NoLeast,
    NoMost,
    NoPlaces,
    NoQuestion,
    NoSuchOption,
    NotAskedSince,
    NotChecked,
    NotEditable,
    NothingToAsk,
    NotInForm,
    NudgedAlready,
    OneAnswerOnly,
    OneLikeIt,
    OptionFull,
    OptionReworded,
    OptionsMoved,
    OptionTakenOut,
    OwnersOnly,
    PerhapsMadeSince,
    PlacesTell,
    PollClosed,
    PollElsewhere,
    PollForgotten,
    PollKeyLost,
    PollUnknown,
    ReminderPast,
    SameOption,
    TooMuchForForm,
)
from pollbot.polls.rules import COMMENT, DESCRIPTION, FEWEST_OPTIONS, MOST_OPTIONS, OPTION, TITLE
from pollbot.polls.saved import sentences as saved
from pollbot.polls.sources.source import PlaceUnnamed
from pollbot.polls.sources.team_voice import sentences as team_voice
from pollbot.polls.typed_refusals import Note
from pollbot.slack.kit import fit
from pollbot.text.catalog import mark, numeral, say, say_marked, say_number
from pollbot.text.refusals import NotAMoment
from pollbot.text.sentences import no_moment
from pollbot.text.writing import as_written, closed, echo

LOOK = mark("`/poll list` with the issue or page shows whether it is there, and posts it.")


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    own = (
        team_voice.sentence(refusal)
        or typed_sentences.sentence(refusal)
        or exports.sentence(refusal)
        or channels.sentence(refusal)
        or saved.sentence(refusal)
        or audience.sentence(refusal)
        or additions.sentence(refusal)
    )
    if own is not None:
        return own
    match refusal:
        case NotInForm(because, command):
            without = say(
                "You can make it without the form, too. Write:\n`{command}`",
                command=as_written(closed(command)),
            )
            return f"{sentence(because)} {without}"
        case LongComment(length):
            return say_number(
                length,
                "The comment has {number} character; at most {most} are possible. Nothing was "
                "changed. Shorten it.",
                "The comment has {number} characters; at most {most} are possible. Nothing was "
                "changed. Shorten it.",
                most=numeral(COMMENT),
            )
        case EditsClash(because):
            return say(
                "The poll was changed since you opened this form, and your changes do not go with "
                "that. {why} To see what it is now, open the form again.",
                why=sentence(because),
            )
        case OptionTakenOut():
            return say(
                "This option was taken out since you opened the form, and you worded it anew. "
                "Nothing was saved. Leave it empty to leave it out; to ask it all the same, write "
                "it into a new option."
            )
        case OptionReworded(now):
            return say(
                "An option that you took out was changed since you opened the form: it says "
                "“{now}” now. Nothing was saved. To take it out all the same, open the form again.",
                now=echo(now),
            )
        case OptionsMoved():
            return say(
                "The options were put into another order since you opened the form, and by you, "
                "too. Nothing was saved. To change it all the same, open the form again."
            )
        case EditedTooOften():
            return say(
                "Others change this poll at this very moment, so it is not known whether your "
                "changes were taken. Nothing was lost of theirs. Open the form again to see what "
                "it says, and save it once more if need be."
            )
        case AlreadyPoll():
            return say(
                ":information_source: That is a poll already, so no form was opened. *More* on its "
                "card posts it elsewhere."
            )
        case NothingToAsk():
            return say(
                ":information_source: That message has no words of its own, so there is nothing to "
                "ask. Use the shortcut on one with a question, or `/poll`."
            )
        case ChannelsIssueNotFound(key=key):
            return say(
                "This channel is linked to {key}, and Jira knows no such issue, or does not show "
                "it to you, so nothing was created. `/poll here` makes a poll on no issue, and "
                "`/pollbot link` with another issue links the channel to that one.",
                key=key,
            )
        case ChannelsPageNotFound():
            return say(
                "This channel is linked to a Confluence page, and Confluence knows no such page, "
                "or does not show it to you, so nothing was created. `/poll here` makes a poll on "
                "no page, and `/pollbot link` with another one links the channel to that."
            )
        case NoComments():
            return say("This poll takes no comments. Nothing was changed.")
        case NotEditable(title):
            return say(
                "“{title}” is closed, so nothing was changed. It can be edited once it is open "
                "again: look for *Reopen* under *More* on its card.",
                title=fit(title, 60, 200),
            )
        case CannotNudge():
            return say(
                "This poll is anonymous, so nobody knows who has not answered, and nobody was "
                "reminded. Ask in its thread."
            )
        case NudgedAlready():
            return say(
                "Those who have not answered were nudged before. A poll does that once, so nobody "
                "was reminded again. Ask in its thread."
            )
        case CardUnknown():
            return say(
                "I do not know where that poll's card hangs, so no copy was made. Open *More* on a "
                "card of it in the channel where the copy shall go."
            )
        case TooMuchForForm():
            return say("That is too much for a form, so none was opened.")
        case ManyWaiting(number):
            return say_number(
                number,
                "{number} poll of yours waits to be made already, so this one was not kept. "
                "Nothing was created. Drop that one by its button, or try again when it is made.",
                "{number} polls of yours wait to be made already, so this one was not kept. "
                "Nothing was created. Drop one of those by its button, or try again when they are "
                "made.",
            )
        case NotAskedSince():
            unknown = say("Team Voice could not be asked since.")
            return f"{unknown} {say_marked(LOOK)}"
        case OneLikeIt():
            like = say("There is one like it in Team Voice now, which may be this one.")
            return f"{like} {say_marked(LOOK)}"
        case PerhapsMadeSince():
            return say(
                "The database of pollbot was set back to an older copy, in which it was still "
                "waiting, so it may have been made since. `/poll list` with the issue or page "
                "shows whether it is there."
            )
        case BadPart():
            return _bad_part(refusal)
        case PlaceUnnamed():
            return say(
                "Polls on this are kept under a name that nobody has told yet. Nothing was "
                "created. Put `local` before the question to keep the poll in pollbot, or choose "
                "that in the form."
            )
        case PollElsewhere():
            return say(
                "That poll belongs to another workspace, so nothing was changed. It can be used "
                "only by whoever acts in that one."
            )
        case PollForgotten():
            return say(
                "This poll was closed, and so long ago that pollbot has forgotten it, with its "
                "answers, as an admin of this workspace set it up. Nothing was changed. What its "
                "card shows is what it showed last."
            )
        case PollUnknown():
            return say(
                "That poll is not known here, so nothing was changed. It was made by another "
                "pollbot, or before the database of this one was replaced. Make it anew with "
                "`/poll`."
            )
        case PollClosed(title):
            return say(
                "“{title}” is closed and takes no more answers, so nothing was changed.",
                title=echo(title),
            )
        case CannotReopen(title):
            return say(
                "“{title}” was anonymous: what tied answers to people was destroyed when it "
                "closed, so it cannot be opened again. Nothing was changed. Post a copy of it "
                "instead: the same question and options, without the answers.",
                title=echo(title),
            )
        case PollKeyLost(title):
            return say(
                "“{title}” is anonymous, and on pollbot's side the key that tells one person's "
                "answer from another's is missing. Nothing was changed; the answers it has still "
                "count. Whoever runs pollbot can put the key back; else whoever manages this "
                "poll can close it and post a copy of it, both under *More*.",
                title=echo(title),
            )
        case NoSuchOption():
            return say(
                "That option is not there any more, so your answer was left as it was. Choose one "
                "of those that the card shows now."
            )
        case AnswerFinal():
            return say("Answers to this poll are final, so yours was left as it was.")
        case OneAnswerOnly():
            return say("This poll takes one answer, so yours was left as it was.")
        case AllChosen(have, most):
            return say(
                "You have {have} of {most}, and this poll takes no more. Your answer was left as "
                "it was. Take one back first: press it again, or use *My answer*.",
                have=numeral(have),
                most=numeral(most),
            )
        case OptionFull(option, places):
            return say_number(
                places,
                "“{option}” is full: its place is taken. Your answer was left as it was. Choose "
                "another one, or try again if somebody withdraws.",
                "“{option}” is full: all its {number} places are taken. Your answer was left as it "
                "was. Choose another one, or try again if somebody withdraws.",
                option=echo(option),
            )
        case NotChecked(busy=True):
            return say(
                "Too many requests came to Jira at once, so it asks pollbot to wait, and pollbot "
                "has to ask it whether you can see the issue. Nothing was counted or shown; please "
                "try again in a minute."
            )
        case NotChecked():
            return say(
                "Jira does not answer right now, and pollbot has to ask it whether you can see the "
                "issue. Nothing was counted or shown; please try again in a minute."
            )
        case OwnersOnly():
            return say(
                "Only whoever created the poll, its co-owners and admins may do that. Nothing was "
                "changed."
            )
        case _:
            return sentences.sentence(refusal)


def noted(note: Note) -> str:
    """Return what is said in the form about what was typed, and not understood or not done."""
    match note:
        case NotAMoment():
            below = say("Choose the end below.")
            return f"{no_moment(note)} {below}"
        case BadInput():
            return sentence(note)
        case _:
            return typed_sentences.noted(note)


def _bad_part(refusal: BadPart) -> str:
    match refusal:
        case NoQuestion():
            return say("A poll needs a question. Nothing was created.")
        case LongQuestion(length):
            return say_number(
                length,
                "The question has {number} character; at most {most} are possible. Nothing was "
                "created. Put the details into the description.",
                "The question has {number} characters; at most {most} are possible. Nothing was "
                "created. Put the details into the description.",
                most=numeral(TITLE),
            )
        case LongDescription(length):
            return say_number(
                length,
                "The description has {number} character; at most {most} are possible. Nothing was "
                "created.",
                "The description has {number} characters; at most {most} are possible. Nothing was "
                "created.",
                most=numeral(DESCRIPTION),
            )
        case NoEnd():
            return say("To close by itself the poll needs an end. Nothing was created.")
        case EndPast("created"):
            return say(
                "The end of the poll is in the past. Nothing was created. Choose a later one."
            )
        case EndPast():
            return say(
                "The end of the poll is in the past. Nothing was changed. Choose a later one."
            )
        case EndTooFar("created"):
            return say(
                "The end of the poll is more than ten years away. Nothing was created. Choose a "
                "sooner one."
            )
        case EndTooFar():
            return say(
                "The end of the poll is more than ten years away. Nothing was changed. Choose a "
                "sooner one."
            )
        case NobodyToRemind():
            return say(
                "A reminder needs an end at which the poll closes by itself, and a poll that keeps "
                "names: else nobody knows who has not answered. Nothing was created. Change that, "
                "or leave the reminder out."
            )
        case ReminderPast():
            return say(
                "The time for the reminder has passed already: the poll ends too soon for it. "
                "Nothing was created. Choose a later end, or a reminder that is closer to it, or "
                "none."
            )
        case FewOptions(found):
            return say(
                "A poll needs at least {least} options to choose from; I found {found}. Nothing "
                "was changed.",
                least=numeral(FEWEST_OPTIONS),
                found=numeral(found),
            )
        case ManyOptions(found):
            return say(
                "A poll takes at most {most} options; I found {found}. Nothing was changed.",
                most=numeral(MOST_OPTIONS),
                found=numeral(found),
            )
        case LongOption(option):
            return say_number(
                len(option),
                "An option has {number} character; at most {most} are possible. Nothing was "
                "changed. Shorten it, and put details into the description.",
                "An option has {number} characters; at most {most} are possible. Nothing was "
                "changed. Shorten it, and put details into the description.",
                most=numeral(OPTION),
            )
        case NoLeast(written, most):
            return say(
                "“{written}” is no number of options that an answer needs. Nothing was changed. "
                "Give one from 1 to {most}.",
                written=echo(written),
                most=numeral(most),
            )
        case NoMost(written, most):
            return say(
                "“{written}” is no number of options that an answer takes. Nothing was changed. "
                "Give one from 1 to {most}.",
                written=echo(written),
                most=numeral(most),
            )
        case NoPlaces(written, most):
            return say(
                "“{written}” is no number of places that an option has. Nothing was changed. Give "
                "one from 1 to {most}.",
                written=echo(written),
                most=numeral(most),
            )
        case LeastOverMost(least, most):
            return say(
                "An answer cannot need {least} options and take {most} at most. Nothing was "
                "changed. Let it need fewer, or take more.",
                least=numeral(least),
                most=numeral(most),
            )
        case LeastOverOptions(least, found):
            return say(
                "An answer cannot need {least} options: the poll has {found}. Nothing was changed. "
                "Let it need fewer, or add options.",
                least=numeral(least),
                found=numeral(found),
            )
        case MostOverOptions(most, found):
            return say(
                "An answer cannot take {most} options: the poll has {found}. Nothing was changed. "
                "Let it take fewer, or leave that out.",
                most=numeral(most),
                found=numeral(found),
            )
        case PlacesTell():
            return say(
                "An option that is full tells how many chose it, so places need results that "
                "everybody sees at any time, with names and numbers. Nothing was changed. Choose "
                "those, or leave the places out."
            )
        case NobodyChosen():
            return say(
                "Only some people may answer, and none is chosen. Nothing was changed. Choose "
                "people or a user group, or let everybody answer."
            )
        case ManyChosen(people, groups):
            return say(
                "A poll keeps {people} people and {groups} user groups at most who may answer. "
                "Nothing was changed. Choose fewer, or a user group that has them all.",
                people=numeral(people),
                groups=numeral(groups),
            )
        case SameOption(option):
            return say(
                "Two options are the same: “{option}”. Nothing was changed. Make them different.",
                option=echo(option),
            )
        case _:
            raise TypeError(f"nothing says what is wrong: {refusal}")
