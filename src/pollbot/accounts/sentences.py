"""What people read of a refusal about accounts and links of channels."""

from pollbot.accounts.refusals import (
    ConnectedSince,
    LinkUnseen,
    NoEmail,
    NotAllowedThere,
    NotAToken,
    NoToken,
    OtherBrowser,
    OtherSiteChosen,
    PageUnseen,
    Parted,
    SignInOver,
    SignInRefused,
    TokenNotTaken,
)
from pollbot.errors import AccountRefused, JiraUnavailable, PollbotError, SiteMoved
from pollbot.jira.issues import host_of
from pollbot.rights import sentences
from pollbot.text.catalog import say
from pollbot.text.writing import echo


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next."""
    match refusal:
        case NoEmail():
            return say(
                "That is no e-mail address. Nothing was saved. Use the one you sign in with."
            )
        case NoToken():
            return say("The field is empty. Nothing was saved. Paste the API token here.")
        case NotAToken():
            return say(
                "A token has only letters, digits and signs. Nothing was saved. Copy the whole of "
                "it."
            )
        case TokenNotTaken(because):
            return _not_taken(because)
        case Parted():
            return say(
                "This was still being checked when you disconnected in Slack, or what pollbot kept "
                "of you was forgotten there. So nothing was connected, and nothing of it is kept. "
                "Run `/pollbot connect` in Slack to connect after all."
            )
        case ConnectedSince(site):
            return say(
                "This was still being checked when you connected to {host} by what you began "
                "later, which stays. Nothing of this one is kept, and there is nothing to do.",
                host=host_of(site),
            )
        case SignInOver():
            return say(
                "This link to sign in was used already, or is older than ten minutes. Nothing was "
                "changed. Run `/pollbot connect` in Slack for a new one."
            )
        case SignInRefused():
            return say(
                "Atlassian does not accept this sign-in, so nothing was changed. Run "
                "`/pollbot connect` in Slack to try again; if it happens again, tell whoever runs "
                "pollbot."
            )
        case OtherBrowser():
            return say(
                "This sign-in was begun in another browser, so nothing was changed. Open the link "
                "of Slack in the browser in which you sign in; `/pollbot connect` makes a new one."
            )
        case NotAllowedThere():
            return say(
                "At Atlassian it was not allowed, so nothing was changed. Run `/pollbot connect` "
                "in Slack to try again."
            )
        case OtherSiteChosen(ours, ()):
            return say(
                "pollbot votes on {ours}, but at Atlassian you chose no site. Nothing was changed. "
                "Run `/pollbot connect` in Slack again, and choose {ours}.",
                ours=ours,
            )
        case OtherSiteChosen(ours, sites):
            return say(
                "pollbot votes on {ours}, but at Atlassian you chose {sites}. Nothing was changed. "
                "Run `/pollbot connect` in Slack again, and choose {ours}.",
                ours=ours,
                sites=", ".join(map(echo, sites)),
            )
        case LinkUnseen(key):
            return say(
                ":x: Jira knows no issue {key}, or does not show it to you, so the channel's link "
                "was left as it was. Check the key.",
                key=key,
            )
        case PageUnseen():
            return say(
                ":x: Confluence knows no such page, or does not show it to you, so the channel's "
                "link was left as it was. Check the link."
            )
        case _:
            return sentences.sentence(refusal)


def _not_taken(because: PollbotError) -> str:
    match because:
        case AccountRefused(gateway_silent=True):
            return say(
                "The Jira site does not accept this token with this e-mail. A token with scopes "
                "works only at Atlassian's gateway, which could not be reached, so nothing was "
                "stored. If yours has scopes, try again in a few minutes; else check the token and "
                "the e-mail."
            )
        case AccountRefused():
            return say(
                "Jira does not accept this token with this e-mail. Nothing was saved. Check both, "
                "and that the token has not expired. One with scopes needs read:jira-user, "
                "read:jira-work and write:jira-work. If Jira asks for a CAPTCHA when you sign in "
                "to it in a browser, do that first: until then it takes no token."
            )
        case JiraUnavailable():
            return say(
                "Jira did not answer, so the token could not be checked. Nothing was stored. Try "
                "again in a few minutes."
            )
        case SiteMoved():
            return sentences.sentence(because)
        case _:
            return say(
                "{why} Nothing was saved. Check the token, or ask your Jira administrator.",
                why=sentences.sentence(because),
            )
