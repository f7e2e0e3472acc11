"""Every environment variable, typed. Read once, at the start, and passed in."""

import os
import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from dotenv import dotenv_values
from pydantic import (
    AliasChoices,
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from pollbot.errors import StartError
from pollbot.place import SCHEMES, Server, place

# docs.slack.dev, "Tokens"; a rotated bot token starts with xoxe.xoxb-.
_PREFIXES: dict[str, tuple[str, ...]] = {
    "slack_bot_token": ("xoxb-", "xoxe.xoxb-"),
    "slack_app_token": ("xapp-",),
    "slack_signing_secret": (),
}
_SLACKS = {*_PREFIXES, "slack_client_id", "slack_client_secret"}
"""Settings under Slack's usual names."""
_KINDS = {
    "xoxb-": "a bot token",
    "xoxe.xoxb-": "a bot token",
    "xapp-": "an app-level token",
    "xoxp-": "a user's token",
    "xoxe": "a token for configuring apps",
}
_ADDRESSES = (
    "slack_api_url",
    "jira_url",
    "atlassian_api_url",
    "atlassian_auth_url",
    "team_voice_url",
    "public_url",
)
ENV_FILE = ".env"

_WORKSPACE = re.compile(r"[TE][A-Z0-9]{1,20}")
_ADMIN = re.compile(rf"(?:{_WORKSPACE.pattern}:)?[UW][A-Z0-9]{{1,20}}")
_HOSTNAME = re.compile(r"[\w.-]+|[0-9a-f:.]+", re.IGNORECASE)
_LISTENS = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*", re.IGNORECASE)
_NO_PLACE = re.compile(r"[a-z][a-z0-9+.-]+://|(?:file|sqlite):|:memory:", re.IGNORECASE)
# Whoever reads a file with settings may keep these, as `docker run --env-file` does.
_QUOTES = ('""', "''", "``", "“”", "„“", "‘’")
_UNSEEN = ("Cc", "Cf", "Zl", "Zp")
_PROJECT = re.compile(r"[A-Z][A-Z0-9_]{1,9}")

S = TypeVar("S", bound="StorageSettings")


@dataclass(frozen=True, slots=True)
class JiraSite:
    """One Jira site, and the keys of the projects that are known to live there."""

    url: str
    projects: frozenset[str] = frozenset()


def _slack(name: str) -> AliasChoices:
    return AliasChoices(name, name.upper())


def _as_place(value: object) -> object:
    if not isinstance(value, str):
        return value
    if _NO_PLACE.match(value) and not value.startswith(SCHEMES):
        raise ValueError("it is neither a file's path nor an address of a PostgreSQL server")
    return place(value)


class StorageSettings(BaseSettings):
    """Where the database is, and what opens it: all that there must be to back it up."""

    model_config = SettingsConfigDict(
        env_prefix="POLLBOT_",
        env_file=ENV_FILE,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    database: Annotated[Path | Server, BeforeValidator(_as_place)] = Path("pollbot.db")
    encryption_keys: SecretStr | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _is_as_typed(cls, value: object) -> object:
        """Return what is set. Raises ValueError if it is not what somebody sees in it."""
        if not isinstance(value, str):
            return value
        if value[:1] + value[1:][-1:] in _QUOTES:
            raise ValueError("it stands in quotation marks, which are a part of it here")
        if any(unicodedata.category(mark) in _UNSEEN for mark in value if not mark.isspace()):
            raise ValueError("there is a character in it that cannot be seen; type it anew")
        return value

    @field_validator("encryption_keys")
    @classmethod
    def _are_keys(cls, value: SecretStr | None) -> SecretStr | None:
        for key in split_keys(value):
            try:
                Fernet(key)
            except ValueError:
                raise ValueError(
                    "each key must be 32 bytes in URL-safe base64, as "
                    '`python -c "from cryptography.fernet import Fernet; '
                    'print(Fernet.generate_key().decode())"` prints one'
                ) from None
        return value


class Settings(StorageSettings):
    """Read from ``SLACK_*`` and ``POLLBOT_*`` variables, or from ``.env``.

    The URLs are the sandbox's only way in: point them at the stand-ins and the
    rest of the program does not know the difference.
    """

    slack_client_id: str | None = Field(default=None, validation_alias=_slack("slack_client_id"))
    slack_client_secret: SecretStr | None = Field(
        default=None, validation_alias=_slack("slack_client_secret")
    )
    public_url: str | None = None
    slack_bot_token: SecretStr | None = Field(
        default=None, validation_alias=_slack("slack_bot_token"), validate_default=True
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None, validation_alias=_slack("slack_signing_secret")
    )
    slack_app_token: SecretStr | None = Field(
        default=None, validation_alias=_slack("slack_app_token")
    )
    slack_api_url: str = "https://slack.com/api/"
    host: str = "0.0.0.0"  # noqa: S104  the documented default: a container serves every interface
    port: int = Field(default=3000, ge=0, le=65535)
    jira_url: str
    atlassian_api_url: str = "https://api.atlassian.com"
    atlassian_auth_url: str = "https://auth.atlassian.com"
    jira_client_id: str | None = None
    jira_client_secret: SecretStr | None = None
    team_voice_url: str | None = None
    team_voice_token: SecretStr | None = None
    allow_private_addresses: bool = False
    admins: Annotated[frozenset[str], NoDecode] = frozenset()
    workspaces: Annotated[frozenset[str], NoDecode] = frozenset()
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"
    _remarks: list[str] = PrivateAttr(default_factory=list)

    @field_validator("slack_bot_token", "slack_app_token", "slack_signing_secret")
    @classmethod
    def _is_that_token(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None:
            if info.field_name == "slack_bot_token" and not info.data.get("slack_client_id"):
                raise PydanticCustomError("missing", "it is not there")
            return None
        given, wanted = value.get_secret_value(), _PREFIXES[info.field_name or ""]
        if any(map(str.isspace, given)):
            raise ValueError("there is white space in it; copy it again, on one line")
        if not given.isascii():
            raise ValueError("there is a character in it that no token has; copy it again")
        kind = next((kind for prefix, kind in _KINDS.items() if given.startswith(prefix)), None)
        if wanted and not given.startswith(wanted):
            raise ValueError(f"it is {kind}" if kind else f"it does not start with {wanted[0]}")
        if not wanted and kind:
            raise ValueError(f"it is {kind}")
        return value

    @field_validator(*(field for field in _ADDRESSES if field != "jira_url"))
    @classmethod
    def _is_address(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        bare = _address(value)
        # slack_sdk joins method names to its base, which needs the slash; other paths have one.
        return bare + "/" if info.field_name == "slack_api_url" else bare

    @field_validator("jira_url")
    @classmethod
    def _are_sites(cls, value: str) -> str:
        sites = _sites(value)
        hosts = [urlsplit(site.url).netloc.lower() for site in sites]
        if len(set(hosts)) < len(hosts):
            raise ValueError("two of its sites have the same host, by which links are told apart")
        listed = [project for site in sites for project in site.projects]
        if len(set(listed)) < len(listed):
            raise ValueError("a project is listed for two of its sites; list it where it lives")
        return ", ".join(map(_written, sites))

    @field_validator("admins", "workspaces", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("admins")
    @classmethod
    def _are_people(cls, value: frozenset[str]) -> frozenset[str]:
        if not all(map(_ADMIN.fullmatch, value)):
            raise ValueError("one of them is no id of a person")
        return value

    @field_validator("workspaces")
    @classmethod
    def _are_workspaces(cls, value: frozenset[str]) -> frozenset[str]:
        if not all(map(_WORKSPACE.fullmatch, value)):
            raise ValueError("one of them is no id of a workspace or an organisation")
        return value

    @field_validator("host")
    @classmethod
    def _is_host(cls, value: str) -> str:
        try:
            ip_address(value)
        except ValueError:
            if not _LISTENS.fullmatch(value):
                raise ValueError("it is no name or address alone") from None
        return value

    @field_validator("port", mode="before")
    @classmethod
    def _is_no_service(cls, value: object) -> object:
        if isinstance(value, str) and value.startswith("tcp://"):
            raise ValueError(
                "Kubernetes has put the address of a service named pollbot there; set it in the "
                "container, or enableServiceLinks of the pod to false"
            )
        return value

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _in_any_case(cls, value: object, info: ValidationInfo) -> object:
        if not isinstance(value, str):
            return value
        return value.strip().upper() if info.field_name == "log_level" else value.strip().lower()

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if self.slack_bot_token is None and not self.many_workspaces:
            raise ValueError(
                "SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and POLLBOT_PUBLIC_URL: other workspaces "
                "install pollbot with all three. The first two are in the app's settings at Slack, "
                "under Basic Information, the third is where browsers find pollbot. Without them "
                "pollbot serves the one workspace of SLACK_BOT_TOKEN."
            )
        if self.slack_bot_token is None and any(":" not in one for one in self.admins):
            raise ValueError(
                "POLLBOT_ADMINS: without SLACK_BOT_TOKEN each of them has to be written with the "
                "workspace that they are of, such as T0123:U0456."
            )
        if self.slack_app_token is None and self.slack_signing_secret is None:
            raise ValueError(
                "SLACK_SIGNING_SECRET or SLACK_APP_TOKEN: one of them is needed. Set "
                "SLACK_APP_TOKEN (xapp-…) for Socket Mode, which needs no public address, or "
                "SLACK_SIGNING_SECRET to receive Slack's requests over HTTP."
            )
        if (self.team_voice_url is None) != (self.team_voice_token is None):
            raise ValueError(
                "POLLBOT_TEAM_VOICE_URL and POLLBOT_TEAM_VOICE_TOKEN: they go together. Set both, "
                "or neither; a token is made in Team Voice's settings in Jira."
            )
        app = (self.jira_client_id, self.jira_client_secret)
        if app != (None, None) and (None in app or self.public_url is None):
            raise ValueError(
                "POLLBOT_JIRA_CLIENT_ID, POLLBOT_JIRA_CLIENT_SECRET and POLLBOT_PUBLIC_URL: people "
                "sign in to Jira with all three. The first two are in the app's settings at "
                "developer.atlassian.com, the third is where browsers find pollbot. Without them "
                "people connect with an API token."
            )
        return self

    @model_validator(mode="wrap")
    @classmethod
    def _remember(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        settings = handler(given)
        written = str(given.get("jira_url", "") if isinstance(given, dict) else "")
        for site, one in zip(settings.jira_sites, _each(written), strict=False):
            if site.url != _parted(one)[0].rstrip("/"):
                settings._remarks.append(
                    f"POLLBOT_JIRA_URL is the address of a page; the site {site.url} is taken"
                )
        return settings

    @property
    def remarks(self) -> tuple[str, ...]:
        """What whoever runs pollbot should know of these settings, though they work."""
        remarks = [
            *self._remarks,
            *(
                f"{_name(field)} begins with http://: whoever is on the way can read the tokens "
                "and codes that are sent there. Write https://, unless all of the way is yours"
                for field in _ADDRESSES
                if any(map(_is_open, _each(getattr(self, field) or "")))
            ),
        ]
        named = self.slack_client_id is not None or bool(self.workspaces)
        if not named or self.many_workspaces:
            return tuple(remarks)
        return (
            *remarks,
            "other workspaces cannot install pollbot: SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and "
            "POLLBOT_PUBLIC_URL are needed together for that",
        )

    @property
    def jira_sites(self) -> tuple[JiraSite, ...]:
        """The Jira sites, the default one first."""
        return tuple(_sites(self.jira_url))

    @property
    def own_token(self) -> str | None:
        """The bot token of the one workspace that the settings name; None if they name none."""
        return None if self.slack_bot_token is None else self.slack_bot_token.get_secret_value()

    @property
    def many_workspaces(self) -> bool:
        """Whether other workspaces may install pollbot."""
        return None not in (self.slack_client_id, self.slack_client_secret, self.public_url)

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached over a WebSocket that pollbot opens."""
        return self.slack_app_token is not None


def _address(value: str) -> str:
    """Return an address without its last slash. Raises ValueError if it is none."""
    value = value.strip()
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"} or any(map(str.isspace, value)):
        raise ValueError("it must be an address that starts with https:// or http://")
    if not _HOSTNAME.fullmatch(host):
        raise ValueError("there is a character in its host that no host has")
    if "?" in value or "#" in value or "@" in parts.netloc:
        raise ValueError("it must be a plain address, with no user name, “?” or “#” in it")
    return value.rstrip("/")


def _is_open(written: str) -> bool:
    """Return whether an address is called by http, and over more than a network of one's own.

    A name of one part, as containers call each other by, leads no further than that.
    """
    parts = urlsplit(written.partition("=")[0].strip())
    host = parts.hostname or ""
    if parts.scheme != "http" or host.endswith((".localhost", ".internal")):
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host.rstrip(".")


def _sites(value: str) -> list[JiraSite]:
    """Return the sites that are written as ``ADDRESS=KEY KEY, ADDRESS``. Raises ValueError."""
    return [_site(part) for part in _each(value) or [value]]


def _each(value: str) -> list[str]:
    return [part for part in value.split(",") if part.strip()]


def _site(written: str) -> JiraSite:
    address, keys, lists = _parted(written)
    url = _address(address)
    parts = urlsplit(url)
    if f".{(parts.hostname or '').removesuffix('.')}".endswith(".atlassian.com"):
        raise ValueError("that is Atlassian itself, and no site of yours")
    if _is_page(parts.hostname or "", parts.path):
        url = f"{parts.scheme}://{parts.netloc}"
    if lists and (not keys or not all(map(_PROJECT.fullmatch, keys))):
        raise ValueError(
            "after “=” must stand the keys of projects, such as PLAT, with spaces between them"
        )
    return JiraSite(url, frozenset(keys))


def _parted(written: str) -> tuple[str, list[str], bool]:
    """Return the address of a site, the projects after it, and whether it lists any."""
    address, equals, keys = written.partition("=")
    return address.strip(), keys.upper().split(), bool(equals)


def _written(site: JiraSite) -> str:
    return f"{site.url}={' '.join(sorted(site.projects))}" if site.projects else site.url


def _is_page(host: str, path: str) -> bool:
    """Return whether an address is that of a page in Jira, and not of a site.

    A site of Jira Cloud has no path; one behind a proxy may have one part, such as /jira.
    """
    parts = [part for part in path.split("/") if part]
    return len(parts) > 1 or (bool(parts) and host.endswith((".atlassian.net", ".jira.com")))


def split_keys(keys: SecretStr | None) -> list[str]:
    """Return the Fernet keys, newest first; none if the setting is empty."""
    raw = keys.get_secret_value() if keys else ""
    return [part.strip() for part in raw.split(",") if part.strip()]


def read_settings() -> Settings:
    """Return the settings of this environment, and of ``.env`` in the current folder.

    Raises StartError that names every setting that is missing or malformed,
    says what was wrong and how to mend it, and repeats no value.
    """
    remarks = _look_at(Path(ENV_FILE))
    settings = _read(Settings, "pollbot did not start.")
    settings._remarks.extend([*remarks, *_misspelt()])
    return settings


def read_storage() -> StorageSettings:
    """Return where the database is, as ``read_settings`` does; nothing else has to be set."""
    _look_at(Path(ENV_FILE))
    return _read(StorageSettings, "Nothing was done.")


def _read(kind: type[S], said: str) -> S:
    try:
        return kind()
    except ValidationError as error:
        lines = [
            _sentence(problem["loc"], problem["msg"], problem["type"])
            for problem in error.errors(include_input=False, include_url=False)
        ]
    raise StartError("\n".join([said, *lines]))


def _look_at(path: Path) -> list[str]:
    """Return what is to be said of the file. Raises StartError if it cannot be read."""
    try:
        path.read_text("utf-8")
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise StartError(
            f"pollbot did not start.\n  {path.absolute()} cannot be read ({why}). Make it a text "
            "file that pollbot's user may read, or move it away."
        ) from None
    if is_open_to_others(path):
        return [
            f"{path.absolute()} holds secrets, but others on this machine may read it: "
            f"chmod 600 {path}"
        ]
    return []


def which_are_set() -> dict[str, bool]:
    """Return of each setting whether it is set, here or in ``.env``; no value is in that."""
    given = _given()
    return {name: name in given for name in sorted(map(_name, Settings.model_fields))}


def _given() -> set[str]:
    """Return the names in the environment and in ``.env`` that have a value."""
    try:
        from_file = dotenv_values(ENV_FILE)
    except (OSError, ValueError):
        from_file = {}
    return {name.upper() for name, value in {**from_file, **os.environ}.items() if value}


def _misspelt() -> list[str]:
    """Return what is to be said of names that are nearly a setting's."""
    given, names = _given(), [_name(field) for field in Settings.model_fields]
    near = {
        name: get_close_matches(name, [one for one in names if one not in given], 1, 0.85)
        for name in sorted(given.difference(names))
        if name.startswith(("POLLBOT_", "SLACK_"))
    }
    return [
        f"{name} is no setting of pollbot, so it does nothing; perhaps {meant[0]} is meant"
        for name, meant in near.items()
        if meant
    ]


def _name(field: str) -> str:
    return field.upper() if field in _SLACKS else f"POLLBOT_{field.upper()}"


def is_open_to_others(path: Path) -> bool:
    """Return whether others on this machine may read or change a file. Raises OSError."""
    return bool(path.stat().st_mode & 0o077)


def _sentence(where: tuple[int | str, ...], message: str, kind: str) -> str:
    message = message.removeprefix("Value error, ")
    if not where:
        return f"  {message}"
    field = str(where[0]).lower()
    name = _name(field)
    if kind == "missing":
        return f"  {_missing(field)}"
    wanted = f" Needed is {_MEANING[field]}." if field in _MEANING else ""
    return f"  {name} cannot be used: {message}.{wanted}"


def _missing(field: str) -> str:
    env = Path(ENV_FILE).absolute()
    found = "which does not name it" if env.exists() else "which is not there"
    return (
        f"{_name(field)} is missing. It is {_MEANING[field]}. Set it in the environment or in "
        f"{env}, {found}."
    )


_MEANING = {
    "slack_bot_token": "the bot token (xoxb-…) of your Slack app, under OAuth & Permissions",
    "slack_app_token": "the app-level token (xapp-…) of your Slack app, under Basic Information, "
    "App-Level Tokens",
    "slack_signing_secret": "the signing secret of your Slack app, under Basic Information",
    "jira_url": "your Jira site, for example https://acme.atlassian.net; of several the default "
    "one first, with commas between them and, after “=”, the projects that live there, for example "
    "https://acme.atlassian.net, https://labs.atlassian.net=LAB OPS",
    "admins": "ids of people (U… or W…, in their profile at Slack), with commas between them",
    "database": "the path of a file, or postgresql://…",
    "host": "an address of this machine to listen on, for example 127.0.0.1",
    "workspaces": "ids of workspaces (T…) and of organisations (E…), with commas between them",
    "port": "the port to listen on, for example 3000",
    "encryption_keys": "Fernet keys, the newest first, separated by commas",
    "allow_private_addresses": "true or false",
    "log_level": "DEBUG, INFO, WARNING or ERROR",
    "log_format": "text or json",
}
