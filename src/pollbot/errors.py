"""Expected failures. Anything else that escapes a listener is a bug.

They are types with fields; the sentence that a person reads is in the ``sentences.py`` of the part
that may cause them. What one feature alone raises is in its ``refusals.py``, below one of these.

PollbotError               something a person can cause or meet
  SaidBefore               what an earlier version kept of a refusal: its sentence
  BadInput                 what was typed cannot be used
    NobodyAsked            ...since Slack did not say by whom
    ChangedMeanwhile       ...since somebody else changed the same while the form was open
  BadField                 a field of a form holds what cannot be used; knows which, and why
  PollGone                 the poll was deleted
  NotYours                 only some people may do that, and this is not one of them
    AdminsOnly             ...but an admin of the workspace
  NotLookedUp              Slack did not tell what it knows of this person, which is no "no"
  NotConnected             that needs a Jira account, and this person has none connected
  StaleButton              a button that this version no longer understands
    StaleForm              ...or a form, with what somebody typed into it
  StorageUnavailable       the database did not take it; nothing was saved
    StorageBusy            ...since more is waiting for the disk than it can take
    StorageInDoubt         ...or did: its answer was lost, and it is not to be asked now
    StorageElsewhere       ...not from here: another pollbot on it may have taken it
    LeadLost               ...since another pollbot does what is due now
  AccountRefused           whose account: Jira does not take its e-mail and token; they connect anew
  JiraError                Jira heard this person, and said no
    NotAllowed             ...since they may not do that
    NotFound               ...or does not show it to them
      PageNotFound         ...and Confluence was asked, for a page
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
    ViewInDoubt            ...so nobody knows whether a window shows what it was to

A branch says whose fault it was, and so who can mend it: what is done about one is never done
about another, so no class stands below one of another branch.

StartError                 pollbot cannot start; str(error) is for whoever runs it
NotDone                    a command of the shell did not do it; str(error) is for who typed it
NoPayload                  a request is nothing that Slack sends; str(error) is for the log
"""

from dataclasses import dataclass, field
from enum import StrEnum


class PollbotError(Exception):
    """Something a person can cause or meet."""

    def __str__(self) -> str:
        """Return what the log needs: the kind and its code; nothing that anybody wrote."""
        told = (getattr(self, name, None) for name in ("code", "status", "why"))
        return " ".join([type(self).__name__, *(str(each) for each in told if each)])


@dataclass(eq=False)
class SaidBefore(PollbotError):
    """A refusal that was kept as a sentence; empty where nobody knows any more what it was."""

    sentence: str


class BadInput(PollbotError):
    """What was typed cannot be used as it stands."""


class NobodyAsked(BadInput):
    """Slack did not say who it was."""


@dataclass(eq=False)
class ChangedMeanwhile(BadInput):
    """What was changed in a form was changed otherwise while it was open.

    ``now`` is what it says by now, empty where that is no text.
    """

    now: str = ""


@dataclass(eq=False)
class BadField(PollbotError):
    """A field of a form cannot be used; the sentence of ``because`` stands at it."""

    field: str
    because: PollbotError


class PollGone(PollbotError):
    """There is no such poll for this person: it was deleted."""


class NotYours(PollbotError):
    """Only some people may do that. The sentence says who."""


class AdminsOnly(NotYours):
    """Only admins of the workspace may do that, and those whom POLLBOT_ADMINS names."""


class Lookup(StrEnum):
    """What was to be looked up of a person."""

    ADMIN = "admin"
    ZONE = "zone"


class Untold(StrEnum):
    """Why Slack did not tell it: it is asked too much, does not answer, refuses, or has none."""

    BUSY = "busy"
    AWAY = "away"
    REFUSED = "refused"
    MISSING = "missing"


@dataclass(eq=False)
class NotLookedUp(PollbotError):
    """Slack did not tell what it knows of a person, so neither yes nor no is known.

    ``code`` is Slack's error string, where it refused.
    """

    what: Lookup
    untold: Untold
    code: str = ""

    @property
    def passing(self) -> bool:
        """Whether it may be told if it is asked again."""
        return self.untold in (Untold.BUSY, Untold.AWAY)


class NotConnected(PollbotError):
    """That needs a Jira account on ``site``, and this person has none connected."""

    site = ""

    def __init__(self, site: str = "") -> None:
        super().__init__()
        self.site = site


class StaleButton(PollbotError):
    """A button from a version of pollbot that this one does not understand."""


class StaleForm(StaleButton):
    """A form from a version of pollbot that this one does not understand."""


class StorageUnavailable(PollbotError):
    """The database did not take the change."""


class StorageBusy(StorageUnavailable):
    """More waits for the disk than can be answered in time, so this was not taken."""


class StorageInDoubt(StorageUnavailable):
    """The database was lost in the moment of the commit, so nobody can tell yet what it kept."""


class StorageElsewhere(StorageUnavailable):
    """This pollbot could not keep what Slack brought; another one on the same database may have.

    What fails here is brought there, by whatever stands between Slack and them, or by Slack.
    """


class LeadLost(StorageUnavailable):
    """Another pollbot on the same database leads now: what an earlier leader begins is refused."""


@dataclass(eq=False)
class AccountRefused(PollbotError):
    """Jira does not accept this person's e-mail and token, or the token lacks a scope.

    So it is with an answer that Jira gave to nobody though an account had asked.
    ``gateway_silent``: the site refuses it, and whether the gateway does is not known.
    """

    gateway_silent: bool = field(default=False, kw_only=True)


@dataclass(eq=False)
class JiraError(PollbotError):
    """Jira answered this person, and the answer is no."""

    status: int


class NotAllowed(JiraError):
    """Jira knows the person but forbids this."""


@dataclass(eq=False)
class NotFound(JiraError):
    """No such thing, or none that this person may see: Jira does not tell which.

    ``key`` is that of the issue for which Jira was asked, if it was for one.
    """

    status: int = 404
    key: str = ""


class PageNotFound(NotFound):
    """No such page in Confluence, or none that this person may see."""


@dataclass(eq=False)
class JiraUnavailable(PollbotError):
    """Jira did not answer, or not with anything we understand; it may later.

    ``perhaps``: it may do all the same, and late, what it was asked for.
    """

    why: str
    retry_after: float = 0.0
    perhaps: bool = field(default=True, kw_only=True)


class JiraBusy(JiraUnavailable):
    """HTTP 429. ``cause`` is Jira's RateLimit-Reason; ``retry_after`` is in seconds."""

    def __init__(self, cause: str, retry_after: float) -> None:
        super().__init__(f"429 {cause}", retry_after, perhaps=False)
        self.cause = cause


@dataclass(eq=False)
class SiteMoved(PollbotError):
    """Every call to the site is redirected to ``host``; no credential follows it there."""

    host: str
    # Now and then it is worth a look whether somebody has mended it.
    retry_after: float = field(default=60.0, init=False)


class SourceError(PollbotError):
    """A source answered pollbot, and the answer is no. The sentence says what can be done."""


class SourceUnusable(SourceError):
    """No poll of that place can be read or made, whoever asks, until an admin mends its set-up."""


class SourceRefused(SourceUnusable):
    """A source of polls does not accept the token that is shared by all, which an admin gave."""


@dataclass(eq=False)
class SourceUnavailable(PollbotError):
    """A source of polls did not answer, or not with anything we understand; it may later.

    ``perhaps``: it may have done all the same what it was asked for.
    """

    why: str
    retry_after: float = 0.0
    perhaps: bool = field(default=False, kw_only=True)


class SourceBusy(SourceUnavailable):
    """HTTP 429: it has done nothing of what it was asked for."""


@dataclass(eq=False)
class SlackError(PollbotError):
    """Slack answered ``ok: false``; ``code`` is its error string."""

    code: str


class MessageGone(SlackError):
    """The message was deleted or cannot be edited any more."""


class ChannelClosed(SlackError):
    """The app may not write there: not a member, archived, restricted."""


@dataclass(eq=False)
class ContentRefused(SlackError):
    """What is in the message or form is too long for Slack, or nothing that it knows.

    No other place or time helps. ``where`` names the parts that Slack objects to, for the log.
    """

    where: str = ""


class TriggerExpired(SlackError):
    """The 3 s in which a form may be opened are over, or the trigger was used."""


@dataclass(eq=False)
class InstallBroken(PollbotError):
    """The app's own token does not work any more; ``code`` is Slack's error string.

    ``team_id`` is the workspace whose token it is, empty for the one that serves all.
    """

    code: str
    team_id: str = ""


@dataclass(eq=False)
class SlackUnavailable(PollbotError):
    """Slack did not answer, failed, or asked us to wait ``retry_after`` seconds.

    ``perhaps``: it may have done all the same what it was asked for. ``lost``: its answer
    was on its way for too long or never came, so that this is as likely as not.
    """

    why: str
    retry_after: float = 0.0
    perhaps: bool = field(default=False, kw_only=True)
    lost: bool = field(default=False, kw_only=True)


class SlackBusy(SlackUnavailable):
    """HTTP 429, or the like: it has done nothing of what it was asked for."""


class NotYet(SlackUnavailable):
    """Slack would not take that before ``until``, so it was not asked."""

    def __init__(self, until: float, retry_after: float = 0.0) -> None:
        super().__init__("too early", retry_after)
        self.until = until


class ViewInDoubt(SlackUnavailable):
    """Slack's answer was lost, so a window may show what it was to, or not."""


class StartError(Exception):
    """pollbot cannot start. The text says what is wrong and how to mend it."""


class NotDone(Exception):
    """A command of the shell did not do what was asked. The text says why, and what helps."""


class NoPayload(Exception):
    """What came in holds nothing that Slack sends. The text names the part, not what it held."""
