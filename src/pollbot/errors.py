"""Expected failures. Anything else that escapes a listener is a bug.

Sentences are in Slack's markup. What people wrote comes in as text/writing.py's ``echo``.

PollbotError               str(error) is a sentence that the person may read
  BadInput                 what was typed cannot be used
    NoIssue                no issue named, and the channel is linked to none
    NotAnIssue             no word of it is an issue key or a link to one
      OtherAlphabet        ...but one that only looks like a key
    SeveralIssues          more than one issue at once
    OtherSite              a link to some other site
    NotAMoment             no moment at which something can end, or more than one
    BadField               a field of a form; knows which one
      NotSaved             ...of one that keeps what stands in it
    BadPart                a part of a poll; knows which one, wherever it was asked for
    NotInForm              a question without quotes, and no form to fill it into
    BadJql                 Jira does not take the JQL (jira/jql.py)
    NeedsZone              a time of the day, before anybody has asked in which time zone
  PollClosed               the poll takes no more answers
  PollGone                 the poll was deleted
    PollElsewhere          ...not at all, but it belongs to another workspace
    PollUnknown            ...as far as anybody here knows: this pollbot never had it
  PollKeyLost              the poll is anonymous, and its key is missing
  CannotReopen             the poll was anonymous, and the key of its answers is gone
  ScheduleGone             the schedule was deleted, or this pollbot never had it
    ScheduleElsewhere      ...not at all, but it belongs to another workspace
  ScheduleOver             the schedule has nothing more to post
  NoSuchOption             the option is not there any more
  AnswerFinal              this poll's answers cannot be changed
  OneAnswerOnly            more answers than the poll takes
  NotYours                 only some people may do that, and this is not one of them
  NotChecked               Jira did not tell in time whether that is allowed
  NotLookedUp              Slack did not tell what it knows of this person, which is no "no"
  NotConnected             that needs a Jira account, and this person has none connected
  StaleButton              a button that this version no longer understands
    StaleForm              ...or a form, with what somebody typed into it
  StorageUnavailable       the database did not take it; nothing was saved
    StorageBusy            ...since more is waiting for the disk than it can take
  OwnerUnseen              Jira does not let the owner of a schedule; somebody else acts on it
  AccountRefused           whose account: Jira does not take its e-mail and token; they connect anew
  JiraError                Jira heard this person, and said no
    NotAllowed             ...since they may not do that
    NotFound               ...or does not show it to them
  JiraUnavailable          the site said nothing useful; trying again may help
    JiraBusy               ...too many requests came, and it asks us to wait
  SiteMoved                the site sends all of pollbot elsewhere; whoever runs it sets the address
  SourceError              a source of polls said no to pollbot, whoever asked for it
    SourceUnusable         ...whatever is asked: an admin has to enter its address or token anew
      SourceRefused        ...since it does not take the token that it was given for everybody
  SourceUnavailable        a source said nothing useful; trying again may help
    SourceBusy             ...too many requests came, and it asks us to wait
  SlackError               Slack said no
    MessageGone            the message cannot be changed any more, by anyone
    ChannelClosed          the app may not write in that channel
    ContentRefused         ...to what is in the message or form, wherever it goes
    TriggerExpired         Slack allows a form only within 3 s of the click
  InstallBroken            the app's own token is not valid any more; it is to be installed anew
  SlackUnavailable         Slack said nothing useful
    SlackBusy              ...or asked us to wait
    NotYet                 ...or would, so that it was not asked

A branch says whose fault it was, and so who can mend it: what is done about one is never done
about another, so no class stands below one of another branch.

StartError                 pollbot cannot start; str(error) is for whoever runs it
NoPayload                  a request is nothing that Slack sends; str(error) is for the log
"""

from typing import Literal


class PollbotError(Exception):
    """Something a person can cause or meet; ``str(error)`` is for them to read."""


class BadInput(PollbotError):
    """What was typed cannot be used as it stands."""


class NoIssue(BadInput):
    """No issue was named and the channel is linked to none."""

    def __init__(self, command: str) -> None:
        super().__init__(
            f"Which issue? Name one, as in `{command} PLAT-12`, or link this channel to one "
            f"with `/pollbot link PLAT-12`, so that `{command}` alone is enough."
        )


class NotAnIssue(BadInput):
    """No word of the text is an issue key or a link to an issue."""

    def __init__(self, text: str, perhaps: str = "", *, is_poll: bool = False) -> None:
        """``perhaps`` is a key that may be meant; ``is_poll``: it reads like a poll."""
        then = "Give a key such as `PLAT-12`, or paste the link of the issue."
        if perhaps:
            then = f"Did you mean {perhaps}? Then write it with its hyphen."
        elif is_poll:
            then = "A poll is made with `/poll`, and the same words after it."
        super().__init__(f"I found no issue in “{text}”. Nothing was changed. {then}")


class OtherAlphabet(NotAnIssue):
    """A word looks like a key, but a letter of it is of another alphabet."""

    def __init__(self, text: str, letter: str) -> None:
        BadInput.__init__(
            self,
            f"I found no issue in “{text}”: “{letter}” in it only looks like a Latin letter and is "
            "of another alphabet. Nothing was changed. Type the key again in Latin letters, as in "
            "`PLAT-12`, or paste the link of the issue.",
        )


class SeveralIssues(BadInput):
    """More than one issue at once."""

    def __init__(self, keys: list[str]) -> None:
        named = " and ".join([", ".join(keys[:-1]), keys[-1]])
        super().__init__(
            f"One issue at a time, please: I found {named}. Nothing was changed. Write it again "
            "with the one that you mean."
        )


class OtherSite(BadInput):
    """A link to a site that is not the Jira of this workspace."""

    def __init__(self, host: str, ours: str) -> None:
        super().__init__(
            f"That link leads to {host}, but this workspace votes on {ours}. "
            f"Nothing was changed. Paste a link to an issue on {ours}, or give its key."
        )


class NotAMoment(BadInput):
    """What was typed is no moment, more than one, or one at which nothing can end.

    ``why`` is a sentence; ``instead`` says what to write.
    """

    def __init__(self, why: str, instead: str = "") -> None:
        instead = instead or (
            "Write it like `18:00`, `tomorrow 9:00`, `fri 17:00`, `2h`, `30 Nov`, "
            "`2030-12-31 17:00` or `2030-12-31T17:00+01:00`."
        )
        super().__init__(f"{why} Nothing was created. {instead}")
        self.why = why


class BadField(BadInput):
    """A field of a form cannot be used; ``field`` names it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class NotSaved(BadField):
    """A field of a form that keeps something cannot be used, so nothing was kept.

    ``why`` is a sentence, and so is ``instead``, which says what to write.
    """

    def __init__(self, field: str, why: str, instead: str) -> None:
        super().__init__(field, f"{why} Nothing was saved. {instead}")
        self.instead = instead


class BadPart(BadInput):
    """A part of a poll that somebody asked for cannot be used; of an option it has the text."""

    def __init__(
        self,
        part: Literal["question", "description", "options", "end", "reminder"],
        sentence: str,
        option: str = "",
    ) -> None:
        super().__init__(sentence)
        self.part = part
        self.option = option


class NeedsZone(BadInput):
    """A time of the day was named, which is a moment only in its person's time zone."""

    def __init__(self) -> None:
        super().__init__(
            "I do not know your time zone, so I cannot tell when that is. Nothing was created. "
            "Give the time with its offset, as in `until 2030-12-31T17:00+01:00`."
        )


class NotInForm(BadInput):
    """A question was typed without quotes, and the form for it could not be opened.

    ``command`` is how to write the same without the form, in our markup.
    """

    def __init__(self, why: str, command: str) -> None:
        super().__init__(f"{why} You can make it without the form, too. Write:\n`{command}`")


class PollClosed(PollbotError):
    """The poll takes no more answers."""

    def __init__(self, title: str) -> None:
        super().__init__(f"“{title}” is closed and takes no more answers, so nothing was changed.")


class PollGone(PollbotError):
    """There is no such poll for this person: it was deleted."""

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(sentence or "That poll was deleted, so nothing was changed.")


class PollElsewhere(PollGone):
    """The poll belongs to another workspace than the one that this was done in."""

    def __init__(self) -> None:
        super().__init__(
            "That poll belongs to another workspace, so nothing was changed. It can be used "
            "only by whoever acts in that one."
        )


class PollUnknown(PollGone):
    """No poll of that id is in the database, deleted or not."""

    def __init__(self) -> None:
        super().__init__(
            "That poll is not known here, so nothing was changed. It was made by another pollbot, "
            "or before the database of this one was replaced. Make it anew with `/poll`."
        )


class CannotReopen(PollbotError):
    """The poll was anonymous, so what tied answers to people was destroyed at its close."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"“{title}” was anonymous: what tied answers to people was destroyed when it closed, "
            "so it cannot be opened again. Nothing was changed. Post a copy of it instead: the "
            "same question and options, without the answers."
        )


class ScheduleGone(PollbotError):
    """There is no such schedule for this person: it was deleted, or was never known here."""

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(
            sentence
            or "That schedule is not known here: it was deleted, or is another pollbot's. Nothing "
            "was changed. `/pollbot schedules` shows those that there are."
        )


class ScheduleElsewhere(ScheduleGone):
    """The schedule belongs to another workspace than the one that this was done in."""

    def __init__(self) -> None:
        super().__init__("That schedule belongs to another workspace, so nothing was changed.")


class ScheduleOver(PollbotError):
    """The schedule has nothing more to post."""

    def __init__(self) -> None:
        super().__init__("That schedule is over, so nothing was posted.")


class NoSuchOption(PollbotError):
    """The option was removed by an edit."""

    def __init__(self) -> None:
        super().__init__(
            "That option is not there any more, so your answer was left as it was. "
            "Choose one of those that the card shows now."
        )


class PollKeyLost(PollbotError):
    """The poll is anonymous, and the key that tells its answers apart cannot be opened."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"“{title}” is anonymous, and on pollbot's side the key that tells one person's "
            "answer from another's is missing. Nothing was changed; the answers it has still "
            "count. Whoever runs pollbot can put the key file back; else whoever manages this poll "
            "can close it and post a copy of it, both under *More*."
        )


class AnswerFinal(PollbotError):
    """Answers to this poll cannot be changed or withdrawn."""

    def __init__(self) -> None:
        super().__init__("Answers to this poll are final, so yours was left as it was.")


class OneAnswerOnly(PollbotError):
    """More answers than the poll takes."""

    def __init__(self) -> None:
        super().__init__("This poll takes one answer, so yours was left as it was.")


class NotYours(PollbotError):
    """Only some people may do that. The sentence says who."""


class NotChecked(PollbotError):
    """Jira did not tell in time whether the person may do that; ``busy``: it asks us to wait."""

    def __init__(self, *, busy: bool = False) -> None:
        why = (
            "Too many requests came to Jira at once, so it asks pollbot to wait"
            if busy
            else "Jira does not answer right now"
        )
        super().__init__(
            f"{why}, and pollbot has to ask it whether you can see the issue. Nothing was counted "
            "or shown; please try again in a minute."
        )


class NotLookedUp(PollbotError):
    """Slack did not tell what it knows of a person, so neither yes nor no is known.

    ``what`` was asked; ``why`` tells in words what came instead, and ``passing`` that it may
    be told if it is asked again.
    """

    def __init__(self, what: str, why: str, next_step: str, *, passing: bool) -> None:
        self.passing = passing
        self.said = f"{what} could not be looked up: {why}."
        self.next_step = "Please try again in a minute." if passing else next_step
        super().__init__(f"{self.said} Nothing was changed. {self.next_step}")


class NotConnected(PollbotError):
    """That needs a Jira account, and this person has none connected."""

    def __init__(self) -> None:
        super().__init__(
            "That needs your Jira account, so nothing was changed. Connect it with "
            "`/pollbot connect`, then try again."
        )


class StaleButton(PollbotError):
    """A button from a version of pollbot that this one does not understand."""

    def __init__(self) -> None:
        super().__init__(
            "That is from an older version of pollbot, so nothing was changed. For a fresh card "
            "run `/votes` with the issue, or `/poll list`."
        )


class StaleForm(StaleButton):
    """A form from a version of pollbot that this one does not understand."""

    def __init__(self) -> None:
        PollbotError.__init__(
            self,
            "This form is from another version of pollbot, so nothing was saved or changed. Copy "
            "what you typed into it, if anything, close it, and open the form again.",
        )


class StorageUnavailable(PollbotError):
    """The database did not take the change."""

    def __init__(self, sentence: str | None = None) -> None:
        super().__init__(
            sentence
            or "pollbot could not write to its database, so nothing was saved or changed. "
            "Try again in a minute; if it stays like this, tell whoever runs pollbot."
        )


class StorageBusy(StorageUnavailable):
    """More waits for the disk than can be answered in time, so this was not taken."""

    def __init__(self) -> None:
        super().__init__(
            "More is asked of pollbot at this moment than its disk can keep, so nothing was saved "
            "or changed. Please try again in a few seconds."
        )


class OwnerUnseen(PollbotError):
    """Jira does not let somebody do what another one has just asked for in their name."""

    def __init__(self, *, connected: bool) -> None:
        why = (
            "Jira does not show them what it posts any more."
            if connected
            else "Jira does not accept their account any more, or they have none connected; they "
            "connect it with `/pollbot connect`."
        )
        super().__init__(
            "Nothing was changed or posted: Jira is read as whoever made that schedule, not as "
            f"you. {why}"
        )


class AccountRefused(PollbotError):
    """Jira does not accept this person's e-mail and token, or the token lacks a scope.

    So it is with an answer that Jira gave to nobody though an account had asked.
    ``gateway_silent``: the site refuses it, and whether the gateway does is not known.
    """

    def __init__(self, *, gateway_silent: bool = False) -> None:
        self.gateway_silent = gateway_silent
        super().__init__(
            "Jira does not accept the token of your account any more, so nothing was changed or "
            "posted. It may have expired or been revoked. Connect again with `/pollbot connect`, "
            "then try again."
        )


class JiraError(PollbotError):
    """Jira answered this person, and the answer is no."""

    def __init__(self, status: int, sentence: str | None = None) -> None:
        super().__init__(sentence or f"Jira refused that (HTTP {status}).")
        self.status = status


class NotAllowed(JiraError):
    """Jira knows the person but forbids this."""


class NotFound(JiraError):
    """No such thing, or none that this person may see: Jira does not tell which."""

    def __init__(self, status: int = 404) -> None:
        super().__init__(status, "Jira knows no such issue, or does not show it to you.")


class JiraUnavailable(PollbotError):
    """Jira did not answer, or not with anything we understand; it may later.

    ``perhaps``: it may do all the same, and late, what it was asked for.
    """

    def __init__(
        self,
        why: str,
        retry_after: float = 0.0,
        sentence: str | None = None,
        *,
        perhaps: bool = True,
    ) -> None:
        super().__init__(
            sentence
            or "Jira does not answer right now, so nothing was changed or posted. Please try again "
            "in a minute."
        )
        self.why = why
        self.retry_after = retry_after
        self.perhaps = perhaps


class JiraBusy(JiraUnavailable):
    """HTTP 429. ``cause`` is Jira's RateLimit-Reason; ``retry_after`` is in seconds."""

    def __init__(self, cause: str, retry_after: float) -> None:
        super().__init__(
            f"429 {cause}",
            retry_after,
            "Too many requests came to Jira at once, so it asks pollbot to wait. Nothing was "
            "changed or posted. Please try again in a minute.",
            perhaps=False,
        )
        self.cause = cause


class SiteMoved(PollbotError):
    """Every call to the site is redirected to ``host``; no credential follows it there."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"The address of Jira that pollbot has leads to {host} now, where pollbot sends "
            "nobody's token. Nothing was changed or posted. Whoever runs pollbot can mend that: "
            "the address is the setting POLLBOT_JIRA_URL."
        )
        self.host = host
        self.retry_after = 60.0  # now and then it is worth a look whether somebody has mended it


class SourceError(PollbotError):
    """A source answered pollbot, and the answer is no. The sentence says what can be done."""


class SourceUnusable(SourceError):
    """No poll of that place can be read or made, whoever asks, until an admin mends its set-up."""


class SourceRefused(SourceUnusable):
    """A source of polls does not accept the token that is shared by all, which an admin gave."""


class SourceUnavailable(PollbotError):
    """A source of polls did not answer, or not with anything we understand; it may later.

    ``perhaps``: it may have done all the same what it was asked for.
    """

    def __init__(
        self,
        why: str,
        retry_after: float = 0.0,
        sentence: str | None = None,
        *,
        perhaps: bool = False,
    ) -> None:
        super().__init__(
            sentence or "Team Voice does not answer right now. Please try again in a minute."
        )
        self.why = why
        self.retry_after = retry_after
        self.perhaps = perhaps


class SourceBusy(SourceUnavailable):
    """HTTP 429: it has done nothing of what it was asked for."""


class SlackError(PollbotError):
    """Slack answered ``ok: false``; ``code`` is its error string."""

    def __init__(self, code: str, sentence: str | None = None) -> None:
        super().__init__(sentence or f"Slack refused that ({code}).")
        self.code = code


class MessageGone(SlackError):
    """The message was deleted or cannot be edited any more."""


class ChannelClosed(SlackError):
    """The app may not write there: not a member, archived, restricted."""


class ContentRefused(SlackError):
    """What is in the message or form is too long for Slack, or nothing that it knows.

    No other place or time helps. ``where`` names the parts that Slack objects to, for the log.
    """

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(
            code,
            f"Slack does not take what pollbot wanted to show ({code}): something in it is too "
            "long for Slack, or new to it. It is not about the place, and what was saved before "
            "is still saved. Whoever runs pollbot finds the reason in its log.",
        )
        self.where = where


class TriggerExpired(SlackError):
    """The 3 s in which a form may be opened are over, or the trigger was used."""

    def __init__(self, code: str) -> None:
        super().__init__(
            code,
            "Slack took too long to open the form, so it was not shown. "
            "Nothing was changed; please try again.",
        )


class InstallBroken(PollbotError):
    """The app's own token does not work any more; ``code`` is Slack's error string."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"Slack does not accept pollbot's own token any more ({code}). Whoever runs pollbot "
            "has to install the app again."
        )
        self.code = code


class SlackUnavailable(PollbotError):
    """Slack did not answer, failed, or asked us to wait ``retry_after`` seconds.

    ``perhaps``: it may have done all the same what it was asked for. ``lost``: its answer
    was on its way for too long or never came, so that this is as likely as not.
    """

    def __init__(
        self, why: str, retry_after: float = 0.0, *, perhaps: bool = False, lost: bool = False
    ) -> None:
        super().__init__("Slack does not answer pollbot right now. Please try again in a minute.")
        self.why = why
        self.retry_after = retry_after
        self.perhaps = perhaps
        self.lost = lost


class SlackBusy(SlackUnavailable):
    """HTTP 429, or the like: it has done nothing of what it was asked for."""


class NotYet(SlackUnavailable):
    """Slack would take no message there before ``until``, so nothing was sent."""

    def __init__(self, until: float) -> None:
        super().__init__("it is not its turn yet")
        self.until = until


class StartError(Exception):
    """pollbot cannot start. The text says what is wrong and how to mend it."""


class NoPayload(Exception):
    """What came in holds nothing that Slack sends. The text names the part, not what it held."""
