"""What people read of a refusal that any part may cause; and how the others add theirs.

Each part above has a ``sentences.py`` with one function of this name: it words the refusals of its
own part, and leaves the others to the next one below it. Sentences are in Slack's markup; what
people wrote goes through ``echo``.
"""

from pollbot.errors import (
    AccountRefused,
    AdminsOnly,
    ChangedMeanwhile,
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
    PageNotFound,
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
    StorageElsewhere,
    StorageInDoubt,
    StorageUnavailable,
    TriggerExpired,
    Untold,
    ViewInDoubt,
)
from pollbot.text.catalog import month, say, weekday
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
    ZonedMoment,
)
from pollbot.text.writing import echo


def sentence(refusal: PollbotError) -> str:
    """Return what happened, what is safe, and what to do next. Raises TypeError if none does."""
    match refusal:
        case SaidBefore(kept):
            return kept or say("Why is not known any more.")
        case NeedsZone():
            return say(
                "I do not know your time zone, so I cannot tell when that is. Nothing was created. "
                "Give the time with its offset, as in `until 2030-12-31T17:00+01:00`."
            )
        case NobodyAsked():
            return say("Slack did not say who asked, so nothing was changed. Please try again.")
        case ChangedMeanwhile(now) if now:
            return say(
                "This was changed since you opened the form: it says “{now}” now. Nothing was "
                "saved. To leave it so, write here what stood here before. To change it all the "
                "same, copy what you wrote, and open the form again.",
                now=echo(now),
            )
        case ChangedMeanwhile():
            return say(
                "This was changed since you opened the form, and you changed it, too. Nothing was "
                "saved. To leave it as it is now, set it back to what it was in this form. To "
                "change it all the same, open the form again."
            )
        case NotAMoment():
            return say(
                "{why} Nothing was created. {then}",
                why=no_moment(refusal),
                then=what_to_write(refusal),
            )
        case OpenQuotes(text):
            return say(
                "The quotes that begin with “{text}” never end. Nothing was created. Close them; a "
                'quote inside a text is written as `\\"`.',
                text=echo(text),
            )
        case NoSuchZone():
            return say(
                "I do not know your time zone, so I cannot tell when that is. Nothing was saved. "
                "Choose another one in your Slack preferences."
            )
        case PollGone():
            return say("That poll was deleted, so nothing was changed.")
        case AdminsOnly():
            return say(
                "Only admins of this workspace may do that, and those whom POLLBOT_ADMINS names. "
                "Nothing was changed; ask one of them."
            )
        case NotYours():
            return say("You may not do that there. Nothing was changed; ask whoever manages it.")
        case NotLookedUp():
            return say(
                "{why} Nothing was changed. {then}",
                why=not_looked_up(refusal),
                then=to_look_up(refusal),
            )
        case NotConnected():
            return say(
                "That needs your Jira account, so nothing was changed. Connect it with "
                "`/pollbot connect`, then try again."
            )
        case StaleButton():
            return _stale(refusal)
        case StorageUnavailable():
            return _not_stored(refusal)
        case AccountRefused():
            return say(
                "Jira does not accept the token of your account for this, so nothing was changed "
                "or posted. It may have expired, been revoked, or lack a scope. If Jira asks for a "
                "CAPTCHA when you sign in to it in a browser, do that first: until then it takes "
                "no token, and then the old one will do. Connect again with `/pollbot connect`, "
                "then try again."
            )
        case JiraError() | JiraUnavailable() | SiteMoved():
            return _of_jira(refusal)
        case SourceBusy():
            return say(
                "Where that poll lives too much is asked right now. Nothing was changed. Please "
                "try again in a minute."
            )
        case SourceUnavailable():
            return say("Team Voice does not answer right now. Please try again in a minute.")
        case SourceRefused():
            return say(
                "Where that poll lives pollbot's token is not accepted. Nothing was changed. An "
                "admin can enter another one in `/pollbot setup`."
            )
        case SourceError():
            return say(
                "Where that poll lives, pollbot was refused. Nothing was changed. If it happens "
                "again, tell whoever runs pollbot."
            )
        case SlackError() | InstallBroken() | SlackUnavailable():
            return _of_slack(refusal)
        case _:
            raise TypeError(f"no sentence says what {type(refusal).__name__} is")


def unexpected(reference: str) -> str:
    """Return what is said of what nobody expected; the log has it under the reference."""
    return say(
        "Something broke on pollbot's side, and this was not done. Try it once more; if it happens "
        "again, give whoever runs pollbot this reference: {reference}",
        reference=reference,
    )


def no_moment(refusal: NotAMoment) -> str:
    """Return why the text is no moment at which something can end."""
    match refusal:
        case NothingTyped():
            return say("There is neither a day nor a time.")
        case NothingAfter(word):
            return say(
                "After `{word}` I expect a day or a time, but there is none.",
                word=word,
            )
        case Unreadable(text):
            return say("“{text}” is no day or time that I can read.", text=echo(text))
        case ShortZone(name):
            return say(
                "“{name}” is the short name of more than one time zone, or of one that changes "
                "its clocks.",
                name=name,
            )
        case PastMoment(text, None):
            return say("“{text}” is in the past.", text=echo(text))
        case PastMoment(text, ZonedMoment(at, zone)):
            return say("“{text}” is in the past: {when}.", text=echo(text), when=in_zone(at, zone))
        case TooSoon(text):
            return say("“{text}” is less than a minute from now.", text=echo(text))
        case TooFar(text):
            return say("“{text}” is more than ten years away.", text=echo(text))
        case LeftOut(text, before, after):
            return say(
                "“{text}” is a time that does not exist: on that day the clocks are put forward "
                "past it, so that {before} is followed within the hour by {after}.",
                text=echo(text),
                before=f"{before:%H:%M}",
                after=f"{after:%H:%M}",
            )
        case SeveralMoments(text, readings):
            return say(
                "“{text}” can be read in more than one way: {ways}.",
                text=echo(text),
                ways=_either([in_zone(one.at, one.zone) for one, _ in readings]),
            )
        case OtherWeekday(text, on):
            return say(
                "“{text}” does not fit together: {day} {month} is a {weekday}.",
                text=echo(text),
                day=on.day,
                month=month(on),
                weekday=weekday(on),
            )
        case NoHour(text):
            return say("“{text}” names no hour.", text=echo(text))
        case _:
            raise TypeError(f"nothing says why {refusal} is no moment")


def what_to_write(refusal: NotAMoment) -> str:
    """Return what to write instead."""
    match refusal:
        case ShortZone():
            return say(
                "Write the offset, as in `17:00+01:00`, or leave it out: then it is your own zone."
            )
        case PastMoment() | TooSoon():
            return say("Choose a later one.")
        case TooFar():
            return say("Choose a sooner one.")
        case SeveralMoments(readings=readings):
            return say("Write {ways}.", ways=_either([f"`{plain}`" for _, plain in readings]))
        case OtherWeekday():
            return say("Leave the weekday out, or correct it.")
        case NoHour():
            return say("Add one, as in `tomorrow 9:00`.")
        case _:
            return say(
                "Write it like `18:00`, `tomorrow 9:00`, `fri 17:00`, `2h`, `30 Nov`, "
                "`2030-12-31 17:00` or `2030-12-31T17:00+01:00`."
            )


def not_looked_up(refusal: NotLookedUp) -> str:
    """Return what Slack did not tell, and why."""
    match refusal.untold:
        case Untold.BUSY:
            why = say("too many requests came to Slack at once, so it asks pollbot to wait")
        case Untold.AWAY:
            why = say("Slack does not answer pollbot right now")
        case Untold.REFUSED:
            why = say("Slack does not tell pollbot about you ({code})", code=refusal.code)
        case Untold.MISSING if refusal.what == Lookup.ADMIN:
            why = say("Slack does not tell to which workspace you belong")
        case Untold.MISSING:
            why = say("Slack does not tell it")
    match refusal.what:
        case Lookup.ADMIN:
            return say(
                "Whether you are an admin of this workspace could not be looked up: {why}.", why=why
            )
        case Lookup.ZONE:
            return say("Your time zone could not be looked up: {why}.", why=why)


def to_look_up(refusal: NotLookedUp) -> str:
    """Return what may help to look it up."""
    if refusal.passing:
        return say("Please try again in a minute.")
    if refusal.what == Lookup.ADMIN:
        return say(
            "Whoever runs pollbot has to install the app again, with the scope `users:read`; until "
            "then the setting POLLBOT_ADMINS says who may do what admins may."
        )
    if refusal.untold == Untold.MISSING:
        return say("Choose one in your Slack preferences, under *Language & region*.")
    return say("Whoever runs pollbot has to install the app again, with the scope `users:read`.")


def _stale(refusal: StaleButton) -> str:
    match refusal:
        case StaleForm():
            return say(
                "This form is from another version of pollbot, so nothing was saved or changed. "
                "Copy what you typed into it, if anything, close it, and open the form again."
            )
        case _:
            return say(
                "That is from an older version of pollbot, so nothing was changed. For a fresh "
                "card run `/votes` with the issue, or `/poll list`."
            )


def _not_stored(refusal: StorageUnavailable) -> str:
    match refusal:
        case StorageBusy():
            return say(
                "More is asked of pollbot at this moment than its disk can keep, so nothing was "
                "saved or changed. Please try again in a few seconds."
            )
        case StorageInDoubt():
            return say(
                "pollbot lost its database in the very moment of saving that, so nobody can tell "
                "yet whether it was saved. Look before you do it again: to press a button again "
                "does no harm, but what you ask for anew may then be there twice."
            )
        case StorageElsewhere():
            return say(
                "pollbot could not keep that where it came in first, but another pollbot on the "
                "same database may have kept it all the same. Look before you do it again: to "
                "press a button again does no harm, but what you ask for anew may then be there "
                "twice."
            )
        case _:
            return say(
                "pollbot could not write to its database, so nothing was saved or changed. Try "
                "again in a minute; if it stays like this, tell whoever runs pollbot."
            )


def _of_jira(refusal: JiraError | JiraUnavailable | SiteMoved) -> str:
    match refusal:
        case PageNotFound():
            return say("Confluence knows no such page, or does not show it to you.")
        case NotFound(key=key) if key:
            return say(
                "Jira knows no issue {key}, or does not show it to you, so nothing was changed or "
                "posted. Check the key, or ask for access to its project.",
                key=key,
            )
        case NotFound():
            return say("Jira knows no such issue, or does not show it to you.")
        case JiraError():
            return say("Jira refused that (HTTP {status}).", status=refusal.status)
        case JiraBusy():
            return say(
                "Too many requests came to Jira at once, so it asks pollbot to wait. Nothing was "
                "changed or posted. Please try again in a minute."
            )
        case JiraUnavailable():
            return say(
                "Jira does not answer right now, so nothing was changed or posted. Please try "
                "again in a minute."
            )
        case SiteMoved():
            return say(
                "The address of Jira that pollbot has leads to {host} now, where pollbot sends "
                "nobody's token. Nothing was changed or posted. Whoever runs pollbot can mend "
                "that: the address is the setting POLLBOT_JIRA_URL.",
                host=refusal.host,
            )


def _of_slack(refusal: SlackError | InstallBroken | SlackUnavailable) -> str:
    match refusal:
        case ContentRefused():
            return say(
                "Slack does not take what pollbot wanted to show ({code}): something in it is too "
                "long for Slack, or new to it. It is not about the place, and what was saved "
                "before is still saved. Whoever runs pollbot finds the reason in its log.",
                code=refusal.code,
            )
        case TriggerExpired():
            return say(
                "Slack took too long to open the form, so it was not shown. Nothing was changed; "
                "please try again."
            )
        case SlackError():
            return say(
                "Slack refused that ({code}), so no more was done; what was saved before is still "
                "saved. Please try again, and if it says the same, tell whoever runs pollbot.",
                code=refusal.code,
            )
        case InstallBroken():
            return say(
                "Slack does not accept pollbot's own token any more ({code}). Whoever runs pollbot "
                "has to install the app again.",
                code=refusal.code,
            )
        case ViewInDoubt():
            return say(
                "Slack's answer to pollbot was lost. If you do not see what you asked for, it was "
                "not shown, and nothing was changed: please try again in a minute."
            )
        case SlackUnavailable():
            return say("Slack does not answer pollbot right now. Please try again in a minute.")


def _either(named: list[str]) -> str:
    if len(named) < 2:
        return "".join(named)
    return say("{names} or {last}", names=", ".join(named[:-1]), last=named[-1])
