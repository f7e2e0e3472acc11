"""What people read of a refusal of Team Voice's."""

from pollbot.errors import PollbotError
from pollbot.polls.sources.team_voice.refusals import (
    EditorsOnly,
    GoneThere,
    HiddenNotChanged,
    HiddenNotKept,
    Method,
    NeedsMacro,
    NoSource,
    NothingThere,
    NotInList,
    NotTaken,
    OddAnswer,
    PlainAddress,
    PrivateAddress,
    TokenRefused,
    TooBusy,
    Unreachable,
    UnusableAddress,
)
from pollbot.text.catalog import say
from pollbot.text.writing import echo


def sentence(refusal: PollbotError) -> str | None:
    """Return what happened, what is safe, and what to do next; None if it is not Team Voice's."""
    match refusal:
        case GoneThere():
            return say(
                "Team Voice has no such poll any more: it was deleted there. Nothing was changed."
            )
        case TokenRefused():
            return say(
                "Team Voice does not accept the access token that pollbot has for this place: it "
                "is wrong, was revoked, or is not meant for it. Nothing was changed. An admin can "
                "enter another one in `/pollbot setup`."
            )
        case NotTaken(status):
            return say(
                "Team Voice did not accept what pollbot sent (HTTP {status}). Nothing was changed. "
                "If it happens again, tell whoever runs pollbot.",
                status=status,
            )
        case NothingThere():
            return say(
                "Team Voice's address answers that nothing is there (HTTP 404). Nothing was "
                "changed. An admin can check the address in `/pollbot setup`."
            )
        case UnusableAddress():
            return say(
                "The address of Team Voice cannot be used. Nothing was changed. It starts with "
                "https://; an admin can enter it in `/pollbot setup`."
            )
        case PrivateAddress():
            return say(
                "This address leads into pollbot's own machine or network, which an address "
                "entered in Slack must not. Nothing was changed. Enter the one from Team Voice's "
                "settings; whoever runs pollbot can allow such addresses with "
                "POLLBOT_ALLOW_PRIVATE_ADDRESSES."
            )
        case PlainAddress():
            return say(
                "This address begins with http://, so whoever is on the way could read the token. "
                "Nothing was changed. Enter it with https://; whoever runs pollbot can allow such "
                "addresses with POLLBOT_ALLOW_PRIVATE_ADDRESSES."
            )
        case NoSource():
            return say(
                "This poll lives in Team Voice, but pollbot has no address of it any more. Nothing "
                "was changed. An admin can enter it again in `/pollbot setup`."
            )
        case TooBusy():
            return say(
                "Team Voice is asked too much right now and took nothing more. Nothing was "
                "changed. Try again in a minute."
            )
        case OddAnswer():
            return say(
                "Team Voice answered with something that pollbot does not understand. {unsure} If "
                "it happens again, ask an admin to check the address in `/pollbot setup`.",
                unsure=_unsure(refusal.method),
            )
        case NotInList():
            return say(
                "Team Voice does not list this poll right now: it was deleted there, or its list "
                "is behind. Nothing was changed. Try again in some minutes; if it was deleted, its "
                "card says so by then."
            )
        case Unreachable(method="GET"):
            return say(
                "Team Voice does not answer right now. Nothing was changed. Try again in a minute."
            )
        case Unreachable():
            return say(
                "Team Voice does not answer right now. {unsure}", unsure=_unsure(refusal.method)
            )
        case NeedsMacro():
            return say(
                "Team Voice keeps a page's polls under the id of its macro there, which pollbot "
                "does not know yet. Nothing was created. In Confluence, edit the page, open the "
                "Team Voice macro and copy its *Macro ID*; then run `/pollbot macro` with the "
                "page's link and that id. It is asked for once."
            )
        case HiddenNotKept():
            return say(
                "Team Voice can only keep polls whose results are always visible, and pollbot "
                "never shows in Jira what you asked to hide. Nothing was created. Two ways out: "
                "leave the results always visible, or keep this poll in pollbot (choose that in "
                "the form, or put `local` before the question)."
            )
        case HiddenNotChanged():
            return say(
                "Team Voice can only keep polls whose results are always visible. Nothing was "
                "changed. Leave that setting as it was, or make a new poll that is kept in pollbot "
                "(choose that in the form, or put `local` before the question)."
            )
        case EditorsOnly(label):
            return say(
                "Polls in Team Voice may be created and changed by those who may edit {subject}, "
                "and Jira does not let you. Nothing was changed.",
                subject=echo(label) or say("page"),
            )
        case _:
            return None


def _unsure(method: Method) -> str:
    match method:
        case "GET":
            return say("Nothing was changed.")
        case "POST":
            return say(
                "The poll may have been created all the same: look in Jira or Confluence before "
                "you try again, or it may be there twice. Or keep it in pollbot instead: choose "
                "that in the form, or put `local` before the question."
            )
        case "PUT":
            return say("The change may have been made all the same; trying again is safe.")
        case "DELETE":
            return say("The poll may have been deleted all the same; trying again is safe.")
