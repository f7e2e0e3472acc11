"""What people read of why the app is not installed in a workspace."""

from pollbot.accounts import sentences
from pollbot.errors import PollbotError
from pollbot.installs.refusals import (
    AppNotSetUp,
    CannotBeRead,
    CodeNotTaken,
    InstallOver,
    NotAllowedAtSlack,
    NotListed,
    OtherBrowserCame,
    ScopesLacking,
    SlackSilent,
)
from pollbot.text.catalog import say
from pollbot.text.writing import echo


def not_installed() -> str:
    """Return what somebody reads whose workspace pollbot does not serve."""
    return say(
        "pollbot does not serve this workspace (any more), so nothing was done. An admin of the "
        "workspace can install it again."
    )


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    match refusal:
        case InstallOver():
            return say(
                "This page was used already, or you began more than ten minutes ago. Nothing was "
                "changed by it. Look in Slack whether pollbot is there; if not, begin anew."
            )
        case OtherBrowserCame():
            return say(
                "This was begun in another browser, or your browser keeps no cookies of this "
                "page. Nothing was changed. Begin anew, and stay in one browser."
            )
        case NotAllowedAtSlack():
            return say(
                "At Slack it was cancelled, or not allowed. Nothing was changed. Guests cannot "
                "install apps, and in many workspaces an admin has to approve it: ask one, then "
                "begin anew."
            )
        case CodeNotTaken():
            return say(
                "Slack does not take its own answer any more: it was used already, or is too old. "
                "Nothing was changed. Begin anew."
            )
        case AppNotSetUp(code):
            return say(
                "Slack refuses to install pollbot ({code}). Nothing was changed. Whoever runs "
                "pollbot has to compare its settings with those of the app at Slack.",
                code=echo(code),
            )
        case CannotBeRead():
            return say(
                "Slack answered with something that pollbot does not understand. Nothing was "
                "changed here. Begin anew; if it happens again, tell whoever runs pollbot."
            )
        case SlackSilent():
            return say(
                "Slack did not answer in time, so nothing was changed here. Begin anew in a few "
                "minutes."
            )
        case NotListed(name, id_):
            return say(
                "{name} is none of the workspaces that this pollbot serves, so it was taken out "
                "of there again. Whoever runs pollbot can add {id} to POLLBOT_WORKSPACES; then "
                "begin anew.",
                name=echo(name),
                id=echo(id_),
            )
        case ScopesLacking(name, scopes):
            return say(
                "Slack gave pollbot too few permissions in {name}: {scopes} is missing. It was "
                "taken out of there again. Whoever runs pollbot has to put the manifest of now "
                "into the app at Slack; then begin anew.",
                name=echo(name),
                scopes=", ".join(scopes),
            )
        case _:
            return sentences.sentence(refusal)
