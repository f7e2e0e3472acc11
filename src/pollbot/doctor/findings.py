"""What the doctor can find, as types with fields. The words are in sentences.py.

``told`` names the fields that may leave in a bundle: codes, numbers and names of settings, and
nothing that tells of people, places or words.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

Part = Literal[
    "Settings",
    "Slack",
    "Jira",
    "Team Voice",
    "Clock",
    "Disk",
    "Database",
    "Keys",
    "Commands",
]
PARTS: tuple[Part, ...] = get_args(Part)
Weight = Literal["well", "note", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: it is well, to be known, or wrong."""

    part: ClassVar[Part]
    weight: ClassVar[Weight] = "wrong"
    told: ClassVar[tuple[str, ...]] = ()


# Settings


@dataclass(frozen=True)
class SettingsRead(Finding):
    """Every setting can be used. ``way``: how Slack reaches pollbot."""

    part = "Settings"
    weight = "well"
    told = ("way",)
    way: Literal["Socket Mode", "HTTP"]


@dataclass(frozen=True)
class SettingsUnusable(Finding):
    """A setting is missing or malformed, which stops the start; ``said`` is what serve says."""

    part = "Settings"
    said: str


@dataclass(frozen=True)
class SiteIsPage(Finding):
    """POLLBOT_JIRA_URL is the address of a page; ``said`` tells which site is taken."""

    part = "Settings"
    weight = "note"
    said: str


@dataclass(frozen=True)
class EnvOpen(Finding):
    """Others on the machine may read the file with the secrets."""

    part = "Settings"
    path: str


# Slack


@dataclass(frozen=True)
class SlackAway(Finding):
    """Slack's Web API gave no answer that can be understood."""

    part = "Slack"
    told = ("why",)
    why: str


@dataclass(frozen=True)
class SlackBusy(Finding):
    """Slack asked to be called later, so ``what`` could not be looked at."""

    part = "Slack"
    weight = "note"
    told = ("what",)
    what: str


@dataclass(frozen=True)
class BotTokenRefused(Finding):
    part = "Slack"
    told = ("code",)
    code: str


@dataclass(frozen=True)
class BotTokenTaken(Finding):
    part = "Slack"
    weight = "well"
    team: str


@dataclass(frozen=True)
class WorkspacesMayInstall(Finding):
    """Other workspaces install pollbot, so many of them as are listed."""

    part = "Slack"
    weight = "well"
    told = ("listed",)
    listed: int


@dataclass(frozen=True)
class NobodyMayInstall(Finding):
    """There is a page on which pollbot is installed, and nobody may."""

    part = "Slack"
    weight = "note"


@dataclass(frozen=True)
class ScopesMissing(Finding):
    part = "Slack"
    told = ("scopes",)
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class ScopesBeyond(Finding):
    """The token may do more than the manifest asks for."""

    part = "Slack"
    weight = "note"
    told = ("scopes",)
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class ScopesLeftOut(Finding):
    """The token does without scopes that an admin may leave out."""

    part = "Slack"
    weight = "note"
    told = ("scopes",)
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class LinksMayBePreviewed(Finding):
    """The token may hear of links and preview them; only a link shows of which Slack tells."""

    part = "Slack"
    weight = "well"


@dataclass(frozen=True)
class LinksUntold(Finding):
    """A host of Jira's is not below the domain of whose links the usual manifest has Slack tell."""

    part = "Slack"
    weight = "note"
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class PreviewsOff(Finding):
    """In so many channels somebody chose that links get no previews."""

    part = "Slack"
    weight = "note"
    told = ("channels",)
    channels: int


@dataclass(frozen=True)
class WorkObjectsOff(Finding):
    """No admin has switched previews as Work Objects on in pollbot."""

    part = "Slack"
    weight = "well"


@dataclass(frozen=True)
class WorkObjectsOn(Finding):
    """An admin has, and Slack refused none within a day."""

    part = "Slack"
    weight = "well"


@dataclass(frozen=True)
class WorkObjectsRefused(Finding):
    """An admin has, and Slack took none ``minutes`` ago: people see previews as blocks."""

    part = "Slack"
    weight = "note"
    told = ("code", "minutes")
    code: str
    minutes: int


@dataclass(frozen=True)
class ScopesRight(Finding):
    part = "Slack"
    weight = "well"


@dataclass(frozen=True)
class ScopesUntold(Finding):
    part = "Slack"
    weight = "note"


@dataclass(frozen=True)
class AppTokenRefused(Finding):
    part = "Slack"
    told = ("code",)
    code: str


@dataclass(frozen=True)
class AppTokenLacksScope(Finding):
    part = "Slack"


@dataclass(frozen=True)
class AppTokenOfAnother(Finding):
    """The two tokens are of two apps: what people do is brought to the other one."""

    part = "Slack"
    app: str
    other: str


@dataclass(frozen=True)
class SocketBlocked(Finding):
    """Slack names an address for WebSockets, and it cannot be connected to."""

    part = "Slack"
    told = ("why",)
    host: str
    why: str


@dataclass(frozen=True)
class SocketsReady(Finding):
    part = "Slack"
    weight = "well"


@dataclass(frozen=True)
class SecretCut(Finding):
    """The signing secret has the right characters, but not as many as Slack's have."""

    part = "Slack"
    told = ("length",)
    length: int


@dataclass(frozen=True)
class SecretOdd(Finding):
    """The signing secret does not look as Slack's do."""

    part = "Slack"
    weight = "note"


@dataclass(frozen=True)
class SecretLikely(Finding):
    part = "Slack"
    weight = "well"


# Jira


@dataclass(frozen=True)
class JiraAway(Finding):
    part = "Jira"
    told = ("why",)
    site: str
    why: str


@dataclass(frozen=True)
class JiraMoved(Finding):
    """The site was renamed: its address leads to another one."""

    part = "Jira"
    site: str
    to: str


@dataclass(frozen=True)
class NoJira(Finding):
    """Something answers at the address, and it is no Jira."""

    part = "Jira"
    told = ("status",)
    site: str
    status: int


@dataclass(frozen=True)
class JiraThere(Finding):
    part = "Jira"
    weight = "well"
    site: str


@dataclass(frozen=True)
class VotingOff(Finding):
    """``site`` is empty here and in the next two where there is but one."""

    part = "Jira"
    site: str = ""


@dataclass(frozen=True)
class VotingOn(Finding):
    part = "Jira"
    weight = "well"
    site: str = ""


@dataclass(frozen=True)
class VotingUnknown(Finding):
    """Jira tells it only to people, and of ``asked`` connected accounts it took none."""

    part = "Jira"
    weight = "note"
    told = ("asked",)
    asked: int
    site: str = ""


@dataclass(frozen=True)
class AccountsRefused(Finding):
    """Jira does not take the tokens of so many people, who were told."""

    part = "Jira"
    weight = "note"
    told = ("count",)
    count: int


@dataclass(frozen=True)
class GatewayAway(Finding):
    part = "Jira"
    told = ("why",)
    why: str


@dataclass(frozen=True)
class SignInAway(Finding):
    """Where people sign in for Jira gives no answer to this machine."""

    part = "Jira"
    told = ("why",)
    why: str


# Team Voice


@dataclass(frozen=True)
class NoSources(Finding):
    part = "Team Voice"
    weight = "well"


@dataclass(frozen=True)
class SourceTaken(Finding):
    """``workspace`` is a project or space; empty for that of the settings."""

    part = "Team Voice"
    weight = "well"
    workspace: str


@dataclass(frozen=True)
class SourceRefusesToken(Finding):
    part = "Team Voice"
    workspace: str


@dataclass(frozen=True)
class SourceAway(Finding):
    part = "Team Voice"
    told = ("why",)
    workspace: str
    why: str


@dataclass(frozen=True)
class SourceNowhere(Finding):
    """Nothing of Team Voice's is at the address, or it is none that can be called."""

    part = "Team Voice"
    workspace: str


@dataclass(frozen=True)
class SourcePrivate(Finding):
    """The address was typed, and leads into a private network."""

    part = "Team Voice"
    workspace: str


@dataclass(frozen=True)
class SourcePlain(Finding):
    """The address was typed, and begins with http://."""

    part = "Team Voice"
    workspace: str


@dataclass(frozen=True)
class SourceOdd(Finding):
    """What answers is something else, such as a page to log in."""

    part = "Team Voice"
    told = ("why",)
    workspace: str
    why: str


# Clock


@dataclass(frozen=True)
class ClockOff(Finding):
    """``seconds``: how far this machine is ahead of whom, behind where negative."""

    part = "Clock"
    told = ("seconds", "whose")
    seconds: int
    whose: tuple[str, ...]


@dataclass(frozen=True)
class ClockRight(Finding):
    part = "Clock"
    weight = "well"
    told = ("whose",)
    whose: tuple[str, ...]


@dataclass(frozen=True)
class ClockUnknown(Finding):
    part = "Clock"
    weight = "note"


# Disk


@dataclass(frozen=True)
class FolderMissing(Finding):
    part = "Disk"
    path: str


@dataclass(frozen=True)
class NotWritable(Finding):
    part = "Disk"
    path: str


@dataclass(frozen=True)
class DiskFull(Finding):
    part = "Disk"
    told = ("free", "needed")
    path: str
    free: int
    needed: int


@dataclass(frozen=True)
class DiskRoom(Finding):
    part = "Disk"
    weight = "well"
    told = ("free",)
    path: str
    free: int


# Database


@dataclass(frozen=True)
class NoDatabase(Finding):
    part = "Database"
    weight = "note"
    path: str


@dataclass(frozen=True)
class NotADatabase(Finding):
    """The file is no database of pollbot's."""

    part = "Database"
    path: str
    why: str


@dataclass(frozen=True)
class Damaged(Finding):
    part = "Database"
    path: str
    why: str


@dataclass(frozen=True)
class NewerDatabase(Finding):
    part = "Database"
    told = ("steps",)
    steps: tuple[str, ...]


@dataclass(frozen=True)
class OlderDatabase(Finding):
    part = "Database"
    weight = "note"
    told = ("steps",)
    steps: tuple[str, ...]


@dataclass(frozen=True)
class DatabaseWhole(Finding):
    part = "Database"
    weight = "well"
    told = ("step",)
    step: str


@dataclass(frozen=True)
class DriverMissing(Finding):
    """The database is on a server, and what talks to it is not installed."""

    part = "Database"
    why: str


@dataclass(frozen=True)
class ServerAway(Finding):
    """The server gave no connection: ``why`` is what it or libpq says, without a password."""

    part = "Database"
    where: str
    why: str


@dataclass(frozen=True)
class ServerForbids(Finding):
    """pollbot's user may not read tables of pollbot's."""

    part = "Database"
    where: str
    why: str


@dataclass(frozen=True)
class ServerAnswers(Finding):
    part = "Database"
    weight = "well"
    told = ("version",)
    where: str
    version: int


@dataclass(frozen=True)
class ServerTooOld(Finding):
    part = "Database"
    told = ("version", "oldest")
    version: int
    oldest: int


@dataclass(frozen=True)
class ServerPooled(Finding):
    """A pooler gives each transaction another connection, to which no lock could belong."""

    part = "Database"
    where: str


@dataclass(frozen=True)
class ServerEncoding(Finding):
    """The database cannot keep every text."""

    part = "Database"
    told = ("encoding",)
    encoding: str


@dataclass(frozen=True)
class ServerReadOnly(Finding):
    """It is a standby, which takes no changes."""

    part = "Database"
    where: str


@dataclass(frozen=True)
class ServerForgets(Finding):
    """The server was told not to wait for its disk."""

    part = "Database"
    weight = "note"


@dataclass(frozen=True)
class ServerClockOff(Finding):
    """``seconds``: how far the server's clock is ahead of this machine's."""

    part = "Clock"
    weight = "note"
    told = ("seconds",)
    seconds: int


@dataclass(frozen=True)
class NoTables(Finding):
    part = "Database"
    weight = "note"


@dataclass(frozen=True)
class MayNotMakeTables(Finding):
    part = "Database"


@dataclass(frozen=True)
class ServerNewer(Finding):
    part = "Database"
    told = ("steps",)
    steps: tuple[str, ...]


@dataclass(frozen=True)
class ServerOlder(Finding):
    part = "Database"
    weight = "note"
    told = ("steps",)
    steps: tuple[str, ...]


@dataclass(frozen=True)
class TablesAhead(Finding):
    """A newer pollbot has added to them, and this version goes on beside it."""

    part = "Database"
    weight = "note"
    told = ("steps",)
    steps: tuple[str, ...]


@dataclass(frozen=True)
class TablesRight(Finding):
    part = "Database"
    weight = "well"
    told = ("step",)
    step: str


@dataclass(frozen=True)
class OpenToOthers(Finding):
    """Others on the machine may read a file of the database's."""

    part = "Database"
    path: str


@dataclass(frozen=True)
class Runs(Finding):
    part = "Database"
    weight = "well"
    yes: bool
    told = ("yes",)


@dataclass(frozen=True)
class RunsUnwell(Finding):
    """The pollbot that runs says of itself that something is wrong."""

    part = "Database"
    told = ("what",)
    what: str
    said: str


@dataclass(frozen=True)
class PortTaken(Finding):
    """pollbot does not run, and another program listens on its port."""

    part = "Settings"
    told = ("port",)
    port: int
    why: str


# Keys


@dataclass(frozen=True)
class KeyFileMissing(Finding):
    """There are secrets in the database, and no key for them."""

    part = "Keys"
    path: str


@dataclass(frozen=True)
class KeyFileBroken(Finding):
    part = "Keys"
    path: str


@dataclass(frozen=True)
class KeyFileOpen(Finding):
    part = "Keys"
    path: str


@dataclass(frozen=True)
class KeysOpenNothing(Finding):
    """None of the keys that are there opens what is stored. ``from_file``: it is the key file's."""

    part = "Keys"
    from_file: bool
    told = ("from_file",)


@dataclass(frozen=True)
class PollKeysLost(Finding):
    """So many open anonymous polls have a key that nothing opens."""

    part = "Keys"
    told = ("count",)
    path: str
    count: int


@dataclass(frozen=True)
class KeysUnset(Finding):
    """The database is on a server, where no key file can lie."""

    part = "Keys"


@dataclass(frozen=True)
class SealLost(Finding):
    """What the server's table holds opens the keys of so many open anonymous polls not."""

    part = "Keys"
    told = ("count",)
    count: int


@dataclass(frozen=True)
class KeysRight(Finding):
    part = "Keys"
    weight = "well"
    from_file: bool
    told = ("from_file",)


@dataclass(frozen=True)
class KeyToCome(Finding):
    part = "Keys"
    weight = "note"
    path: str


# Commands


@dataclass(frozen=True)
class CommandsHeard(Finding):
    part = "Commands"
    weight = "well"
    names: tuple[str, ...]


@dataclass(frozen=True)
class CommandsUnheard(Finding):
    """Nobody has used any of these yet."""

    part = "Commands"
    weight = "note"
    names: tuple[str, ...]


@dataclass(frozen=True)
class StepsHeard(Finding):
    """Workflows have come to these steps here, since when is not known."""

    part = "Commands"
    weight = "well"
    names: tuple[str, ...]


@dataclass(frozen=True)
class StepUnknown(Finding):
    """The Slack app has a step for Workflow Builder that pollbot does not have."""

    part = "Commands"
    name: str


@dataclass(frozen=True)
class CommandUnknown(Finding):
    """The Slack app has a command with a name under which pollbot does nothing."""

    part = "Commands"
    name: str
