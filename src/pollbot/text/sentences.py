"""What people read of a refusal that any part may cause; and how the others add theirs.

Each part above has a ``sentences.py`` with one function of this name: it words the refusals of its
own part, and leaves the others to the next one below it. Sentences are in Slack's markup; what
people wrote goes through ``echo``.
"""

from pollbot.errors import (
    AccountRefused,
    AdminsOnly,
    ContentRefused,
    InstallBroken,
    JiraBusy,
    JiraError,
    JiraUnavailable,
    Lookup,
    NobodyAsked,
    NotConnected,
    NotFound,
    NotLookedUp,
    NotYours,
    PollbotError,
    PollGone,
    SaidBefore,
    SiteMoved,
    SlackError,
    SlackUnavailable,
    SourceBusy,
    SourceError,
    SourceRefused,
    SourceUnavailable,
    StaleButton,
    StaleForm,
    StorageBusy,
    StorageUnavailable,
    TriggerExpired,
    Untold,
)
from pollbot.text.moments import in_zone
from pollbot.text.refusals import (
    LeftOut,
    NeedsZone,
    NoHour,
    NoSuchZone,
    NotAMoment,
    NothingAfter,
    NothingTyped,
    OpenQuotes,
    OtherWeekday,
    PastMoment,
    SeveralMoments,
    ShortZone,
    TooFar,
    TooSoon,
    Unreadable,
)
from pollbot.text.writing import echo

AGAIN = "Please try again in a minute."


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next. Raises TypeError if none does."""
    match refusal:
        case SaidBefore(kept):
            return kept or "Why is not known any more."
        case NeedsZone():
            return (
                "I do not know your time zone, so I cannot tell when that is. Nothing was created. "
                "Give the time with its offset, as in `until 2030-12-31T17:00+01:00`."
            )
        case NobodyAsked():
            return "Slack did not say who asked, so nothing was changed. Please try again."
        case NotAMoment():
            return f"{no_moment(refusal)} Nothing was created. {what_to_write(refusal)}"
        case OpenQuotes(text):
            return (
                f"The quotes that begin with “{echo(text)}” never end. Nothing was created. Close "
                'them; a quote inside a text is written as `\\"`.'
            )
        case NoSuchZone():
            return (
                "I do not know your time zone, so I cannot tell when that is. Nothing was saved. "
                "Choose another one in your Slack preferences."
            )
        case PollGone():
            return "That poll was deleted, so nothing was changed."
        case AdminsOnly():
            return (
                "Only admins of this workspace may do that, and those whom POLLBOT_ADMINS names. "
                "Nothing was changed; ask one of them."
            )
        case NotYours():
            return "You may not do that there. Nothing was changed; ask whoever manages it."
        case NotLookedUp():
            return f"{not_looked_up(refusal)} Nothing was changed. {to_look_up(refusal)}"
        case NotConnected():
            return (
                "That needs your Jira account, so nothing was changed. Connect it with "
                "`/pollbot connect`, then try again."
            )
        case StaleButton():
            return _stale(refusal)
        case StorageUnavailable():
            return _not_stored(refusal)
        case AccountRefused():
            return (
                "Jira does not accept the token of your account any more, so nothing was changed "
                "or posted. It may have expired or been revoked. Connect again with "
                "`/pollbot connect`, then try again."
            )
        case JiraError() | JiraUnavailable() | SiteMoved():
            return _of_jira(refusal)
        case SourceBusy():
            return (
                f"Where that poll lives too much is asked right now. Nothing was changed. {AGAIN}"
            )
        case SourceUnavailable():
            return f"Team Voice does not answer right now. {AGAIN}"
        case SourceRefused():
            return (
                "Where that poll lives pollbot's token is not accepted. Nothing was changed. An "
                "admin can enter another one in `/pollbot setup`."
            )
        case SourceError():
            return (
                "Where that poll lives, pollbot was refused. Nothing was changed. If it happens "
                "again, tell whoever runs pollbot."
            )
        case SlackError() | InstallBroken() | SlackUnavailable():
            return _of_slack(refusal)
        case _:
            raise TypeError(f"no sentence says what {type(refusal).__name__} is")


def unexpected(reference: str) -> str:
    """Return what is said of what nobody expected; the log has it under the reference."""
    return (
        "Something broke on pollbot's side, and this was not done. Try it once more; if it happens "
        f"again, give whoever runs pollbot this reference: {reference}"
    )


def no_moment(refusal: NotAMoment) -> str:
    """Return why the text is no moment at which something can end."""
    match refusal:
        case NothingTyped():
            return "There is neither a day nor a time."
        case NothingAfter(word):
            return f"After `{word}` I expect a day or a time, but there is none."
        case Unreadable(text):
            return f"“{echo(text)}” is no day or time that I can read."
        case ShortZone(name):
            return (
                f"“{name}” is the short name of more than one time zone, or of one that changes "
                "its clocks."
            )
        case PastMoment(text, at):
            when = f": {in_zone(at.at, at.zone)}" if at is not None else ""
            return f"“{echo(text)}” is in the past{when}."
        case TooSoon(text):
            return f"“{echo(text)}” is less than a minute from now."
        case TooFar(text):
            return f"“{echo(text)}” is more than ten years away."
        case LeftOut(text, before, after):
            return (
                f"“{echo(text)}” is a time that does not exist: on that day the clocks are put "
                f"forward past it, so that {before:%H:%M} is followed within the hour by "
                f"{after:%H:%M}."
            )
        case SeveralMoments(text, readings):
            ways = _either([in_zone(one.at, one.zone) for one, _ in readings])
            return f"“{echo(text)}” can be read in more than one way: {ways}."
        case OtherWeekday(text, on):
            return f"“{echo(text)}” does not fit together: {on.day} {on:%B %Y} is a {on:%A}."
        case NoHour(text):
            return f"“{echo(text)}” names no hour."
        case _:
            raise TypeError(f"nothing says why {refusal} is no moment")


def what_to_write(refusal: NotAMoment) -> str:
    """Return what to write instead."""
    match refusal:
        case ShortZone():
            return (
                "Write the offset, as in `17:00+01:00`, or leave it out: then it is your own zone."
            )
        case PastMoment() | TooSoon():
            return "Choose a later one."
        case TooFar():
            return "Choose a sooner one."
        case SeveralMoments(readings=readings):
            return f"Write {_either([f'`{plain}`' for _, plain in readings])}."
        case OtherWeekday():
            return "Leave the weekday out, or correct it."
        case NoHour():
            return "Add one, as in `tomorrow 9:00`."
        case _:
            return (
                "Write it like `18:00`, `tomorrow 9:00`, `fri 17:00`, `2h`, `30 Nov`, "
                "`2030-12-31 17:00` or `2030-12-31T17:00+01:00`."
            )


def not_looked_up(refusal: NotLookedUp) -> str:
    """Return what Slack did not tell, and why."""
    match refusal.what:
        case Lookup.ADMIN:
            what = "Whether you are an admin of this workspace"
        case Lookup.ZONE:
            what = "Your time zone"
    match refusal.untold:
        case Untold.BUSY:
            why = "too many requests came to Slack at once, so it asks pollbot to wait"
        case Untold.AWAY:
            why = "Slack does not answer pollbot right now"
        case Untold.REFUSED:
            why = f"Slack does not tell pollbot about you ({refusal.code})"
        case Untold.MISSING if refusal.what == Lookup.ADMIN:
            why = "Slack does not tell to which workspace you belong"
        case Untold.MISSING:
            why = "Slack does not tell it"
    return f"{what} could not be looked up: {why}."


def to_look_up(refusal: NotLookedUp) -> str:
    """Return what may help to look it up."""
    install = "Whoever runs pollbot has to install the app again, with the scope `users:read`"
    if refusal.passing:
        return AGAIN
    if refusal.what == Lookup.ADMIN:
        return f"{install}; until then the setting POLLBOT_ADMINS says who may do what admins may."
    if refusal.untold == Untold.MISSING:
        return "Choose one in your Slack preferences, under *Language & region*."
    return f"{install}."


def _stale(refusal: StaleButton) -> str:
    match refusal:
        case StaleForm():
            return (
                "This form is from another version of pollbot, so nothing was saved or changed. "
                "Copy what you typed into it, if anything, close it, and open the form again."
            )
        case _:
            return (
                "That is from an older version of pollbot, so nothing was changed. For a fresh "
                "card run `/votes` with the issue, or `/poll list`."
            )


def _not_stored(refusal: StorageUnavailable) -> str:
    match refusal:
        case StorageBusy():
            return (
                "More is asked of pollbot at this moment than its disk can keep, so nothing was "
                "saved or changed. Please try again in a few seconds."
            )
        case _:
            return (
                "pollbot could not write to its database, so nothing was saved or changed. Try "
                "again in a minute; if it stays like this, tell whoever runs pollbot."
            )


def _of_jira(refusal: JiraError | JiraUnavailable | SiteMoved) -> str:
    match refusal:
        case NotFound():
            return "Jira knows no such issue, or does not show it to you."
        case JiraError():
            return f"Jira refused that (HTTP {refusal.status})."
        case JiraBusy():
            return (
                "Too many requests came to Jira at once, so it asks pollbot to wait. Nothing was "
                f"changed or posted. {AGAIN}"
            )
        case JiraUnavailable():
            return f"Jira does not answer right now, so nothing was changed or posted. {AGAIN}"
        case SiteMoved():
            return (
                f"The address of Jira that pollbot has leads to {refusal.host} now, where pollbot "
                "sends nobody's token. Nothing was changed or posted. Whoever runs pollbot can "
                "mend that: the address is the setting POLLBOT_JIRA_URL."
            )


def _of_slack(refusal: SlackError | InstallBroken | SlackUnavailable) -> str:
    match refusal:
        case ContentRefused():
            return (
                f"Slack does not take what pollbot wanted to show ({refusal.code}): something in "
                "it is too long for Slack, or new to it. It is not about the place, and what was "
                "saved before is still saved. Whoever runs pollbot finds the reason in its log."
            )
        case TriggerExpired():
            return (
                "Slack took too long to open the form, so it was not shown. Nothing was changed; "
                "please try again."
            )
        case SlackError():
            return f"Slack refused that ({refusal.code})."
        case InstallBroken():
            return (
                f"Slack does not accept pollbot's own token any more ({refusal.code}). Whoever "
                "runs pollbot has to install the app again."
            )
        case SlackUnavailable():
            return f"Slack does not answer pollbot right now. {AGAIN}"


def _either(named: list[str]) -> str:
    return " or ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
