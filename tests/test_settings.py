"""Settings: from the environment or .env; what is wrong is named, its value never repeated."""

import re
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from pydantic import SecretStr

from pollbot.errors import StartError
from pollbot.settings import Settings, read_settings, split_keys
from tests.support.house import ADA, House

ROOT = Path(__file__).parents[1]
# Two Fernet keys, the same in every process: tests are named after them.
KEYS = ", ".join(urlsafe_b64encode(bytes([n]) * 32).decode() for n in (1, 2))
NEEDED = {
    "SLACK_BOT_TOKEN": "xoxb-needed",
    "SLACK_SIGNING_SECRET": "signing-needed",
    "POLLBOT_JIRA_URL": "https://acme.atlassian.net",
}
# Every variable there is: its value as people write it, and as the program gets it.
GIVEN: dict[str, tuple[str, object]] = {
    "SLACK_BOT_TOKEN": ("xoxb-1", SecretStr("xoxb-1")),
    "SLACK_SIGNING_SECRET": ("signed", SecretStr("signed")),
    "SLACK_APP_TOKEN": ("xapp-1", SecretStr("xapp-1")),
    "SLACK_CLIENT_ID": ("1.2", "1.2"),
    "SLACK_CLIENT_SECRET": ("of-the-app", SecretStr("of-the-app")),
    "POLLBOT_WORKSPACES": ("T0GLOBEX, E0ORG", frozenset({"T0GLOBEX", "E0ORG"})),
    "POLLBOT_SLACK_API_URL": ("http://127.0.0.1:1/api", "http://127.0.0.1:1/api/"),
    "POLLBOT_HOST": ("127.0.0.1", "127.0.0.1"),
    "POLLBOT_PORT": ("8080", 8080),
    "POLLBOT_DATABASE": ("/data/votes.db", Path("/data/votes.db")),
    "POLLBOT_ENCRYPTION_KEYS": (KEYS, SecretStr(KEYS)),
    "POLLBOT_JIRA_URL": ("https://acme.example:8443/jira/", "https://acme.example:8443/jira"),
    "POLLBOT_ATLASSIAN_API_URL": ("http://127.0.0.1:2/", "http://127.0.0.1:2"),
    "POLLBOT_ATLASSIAN_AUTH_URL": ("https://auth.example/", "https://auth.example"),
    "POLLBOT_PUBLIC_URL": ("https://pollbot.example/", "https://pollbot.example"),
    "POLLBOT_JIRA_CLIENT_ID": ("app-1", "app-1"),
    "POLLBOT_JIRA_CLIENT_SECRET": ("secret-1", SecretStr("secret-1")),
    "POLLBOT_TEAM_VOICE_URL": ("https://tv.example/api/", "https://tv.example/api"),
    "POLLBOT_TEAM_VOICE_TOKEN": ("tv-1", SecretStr("tv-1")),
    "POLLBOT_ALLOW_PRIVATE_ADDRESSES": ("true", True),
    "POLLBOT_ADMINS": ("U0ADA, U0BEN,", frozenset({"U0ADA", "U0BEN"})),
    "POLLBOT_LOG_LEVEL": ("debug", "DEBUG"),
    "POLLBOT_LOG_FORMAT": ("json", "json"),
}
# These need each other.
BESIDE: dict[str, dict[str, str]] = {
    "POLLBOT_JIRA_CLIENT_ID": {
        "POLLBOT_JIRA_CLIENT_SECRET": "secret-0",
        "POLLBOT_PUBLIC_URL": "https://pollbot.example",
    },
    "POLLBOT_JIRA_CLIENT_SECRET": {
        "POLLBOT_JIRA_CLIENT_ID": "app-0",
        "POLLBOT_PUBLIC_URL": "https://pollbot.example",
    },
    "POLLBOT_TEAM_VOICE_URL": {"POLLBOT_TEAM_VOICE_TOKEN": "tv-0"},
    "POLLBOT_TEAM_VOICE_TOKEN": {"POLLBOT_TEAM_VOICE_URL": "https://tv.example"},
}
DEFAULTS: dict[str, object] = {
    "SLACK_APP_TOKEN": None,
    "SLACK_CLIENT_ID": None,
    "SLACK_CLIENT_SECRET": None,
    "POLLBOT_WORKSPACES": frozenset(),
    "POLLBOT_SLACK_API_URL": "https://slack.com/api/",
    "POLLBOT_HOST": "0.0.0.0",  # noqa: S104  the documented default
    "POLLBOT_PORT": 3000,
    "POLLBOT_DATABASE": Path("pollbot.db"),
    "POLLBOT_ENCRYPTION_KEYS": None,
    "POLLBOT_ATLASSIAN_API_URL": "https://api.atlassian.com",
    "POLLBOT_ATLASSIAN_AUTH_URL": "https://auth.atlassian.com",
    "POLLBOT_PUBLIC_URL": None,
    "POLLBOT_JIRA_CLIENT_ID": None,
    "POLLBOT_JIRA_CLIENT_SECRET": None,
    "POLLBOT_TEAM_VOICE_URL": None,
    "POLLBOT_TEAM_VOICE_TOKEN": None,
    "POLLBOT_ALLOW_PRIVATE_ADDRESSES": False,
    "POLLBOT_ADMINS": frozenset(),
    "POLLBOT_LOG_LEVEL": "INFO",
    "POLLBOT_LOG_FORMAT": "text",
}
MALFORMED = [
    ("POLLBOT_PORT", "three-thousand"),
    ("POLLBOT_PORT", "-17"),
    ("POLLBOT_PORT", "70123"),
    ("POLLBOT_JIRA_URL", "acme.atlassian.example"),
    ("POLLBOT_JIRA_URL", "ftp://acme.example"),
    ("POLLBOT_JIRA_URL", "https:///no-host"),
    ("POLLBOT_JIRA_URL", "https://ada:secret@acme.example"),
    ("POLLBOT_JIRA_URL", "https://acme.example/?token=secret"),
    ("POLLBOT_JIRA_URL", "https://acme.example/#secret"),
    ("POLLBOT_JIRA_URL", "https://[acme.example"),
    ("POLLBOT_JIRA_URL", "https://acme example.net"),
    ("POLLBOT_JIRA_URL", "https://acme.example:eighty"),
    ("POLLBOT_JIRA_URL", ", ,"),
    ("POLLBOT_JIRA_URL", "https://acme.example, labs.example"),
    ("POLLBOT_JIRA_URL", "https://acme.example https://labs.example"),
    ("POLLBOT_JIRA_URL", "https://acme.example=, https://labs.example"),
    ("POLLBOT_JIRA_URL", "https://acme.example, =LAB"),
    ("POLLBOT_JIRA_URL", "https://acme.example=LAB-1"),
    ("POLLBOT_JIRA_URL", "https://acme.example=LAB=OPS"),
    ("POLLBOT_JIRA_URL", "https://acme.example=LAB, OPS"),
    ("POLLBOT_JIRA_URL", "https://acme.example=L"),
    ("POLLBOT_JIRA_URL", "https://acme.example=LAB, https://labs.example=OPS lab"),
    ("POLLBOT_JIRA_URL", "https://acme.example, https://ACME.example/"),
    ("POLLBOT_JIRA_URL", "https://acme.example/one, https://acme.example/two"),
    ("POLLBOT_SLACK_API_URL", "slack-dot-com"),
    ("POLLBOT_ATLASSIAN_API_URL", "atlassian-dot-com"),
    ("POLLBOT_TEAM_VOICE_URL", "team-voice-dot-com"),
    ("POLLBOT_ALLOW_PRIVATE_ADDRESSES", "perhaps"),
    ("POLLBOT_ENCRYPTION_KEYS", "hunter2"),
    ("POLLBOT_ENCRYPTION_KEYS", f"{KEYS},hunter2"),
    ("POLLBOT_ENCRYPTION_KEYS", "schlüssel"),
    ("POLLBOT_WORKSPACES", "Globex"),
    ("POLLBOT_WORKSPACES", "T0GLOBEX, *"),
    ("POLLBOT_WORKSPACES", "T0GLOBEX T0ACME"),
    ("POLLBOT_ADMINS", "@ada"),
    ("POLLBOT_ADMINS", "ada@acme.example"),
    ("POLLBOT_ADMINS", "<@U0ADA>"),
    ("POLLBOT_ADMINS", "U0ADA U0BEN"),
    ("POLLBOT_ADMINS", "U0ADA;U0BEN"),
    ("POLLBOT_ADMINS", "'U0ADA,U0BEN'"),
    ("POLLBOT_ADMINS", "u0ada"),
    ("POLLBOT_DATABASE", "sqlite:///votes.db"),
    ("POLLBOT_DATABASE", "mysql://there/votes"),
    ("POLLBOT_DATABASE", "postgresql+psycopg://there/votes"),
    ("POLLBOT_DATABASE", "file:votes.db?mode=rwc"),
    ("POLLBOT_DATABASE", ":memory:"),
    ("POLLBOT_PORT", "tcp://10.0.0.7:3000"),
    ("POLLBOT_PORT", '"8080"'),
    ("POLLBOT_HOST", "'127.0.0.1'"),
    ("POLLBOT_HOST", "127.0.0.1:8080"),
    ("POLLBOT_HOST", "*"),
    ("POLLBOT_HOST", "here..there"),
    ("POLLBOT_JIRA_URL", '"https://acme.example"'),
    ("POLLBOT_JIRA_URL", "https://acme.example\u200b"),
    ("POLLBOT_JIRA_URL", "https://acme.example;https://labs.example"),
    ("POLLBOT_JIRA_URL", "https://api.atlassian.com/ex/jira/7d1c"),
    ("POLLBOT_JIRA_URL", "https://home.atlassian.com"),
    ("POLLBOT_TEAM_VOICE_TOKEN", "“hunter2”"),
    ("POLLBOT_LOG_LEVEL", "chatty"),
    ("POLLBOT_LOG_FORMAT", "parchment"),
]


def variable(field: str) -> str:
    """Return the environment variable that a field of Settings is read from."""
    return (
        field.upper()
        if field.startswith("slack_") and field != "slack_api_url"
        else (f"POLLBOT_{field.upper()}")
    )


VARIABLES = {variable(field): field for field in Settings.model_fields}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to start in, so that no .env of this machine is read."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment with no more than is needed."""
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def complaint() -> str:
    with pytest.raises(StartError) as refused:
        read_settings()
    return str(refused.value)


def test_every_setting_is_tested_here() -> None:
    assert set(VARIABLES) == set(GIVEN)
    assert set(DEFAULTS) == set(GIVEN) - set(NEEDED)


@pytest.mark.parametrize("name", GIVEN)
def test_a_setting_is_read_from_the_environment(environment: pytest.MonkeyPatch, name: str) -> None:
    written, meant = GIVEN[name]

    for one, value in (BESIDE.get(name, {}) | {name: written}).items():
        environment.setenv(one, value)

    assert getattr(read_settings(), VARIABLES[name]) == meant


@pytest.mark.parametrize("name", GIVEN)
def test_a_setting_is_read_from_the_env_file(folder: Path, name: str) -> None:
    written, meant = GIVEN[name]

    given = NEEDED | BESIDE.get(name, {}) | {name: written}
    (folder / ".env").write_text("\n".join(f"{one}={value}" for one, value in given.items()))

    assert getattr(read_settings(), VARIABLES[name]) == meant


def test_the_environment_comes_before_the_env_file(
    folder: Path, environment: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("POLLBOT_PORT=1111\nPOLLBOT_HOST=10.0.0.1\n")
    environment.setenv("POLLBOT_PORT", "2222")

    settings = read_settings()

    assert (settings.port, settings.host) == (2222, "10.0.0.1")


@pytest.mark.parametrize(("name", "default"), DEFAULTS.items())
def test_a_setting_that_is_not_given_or_empty_has_its_default(
    environment: pytest.MonkeyPatch, name: str, default: object
) -> None:
    assert getattr(read_settings(), VARIABLES[name]) == default

    environment.setenv(name, "")

    assert getattr(read_settings(), VARIABLES[name]) == default


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "POLLBOT_JIRA_URL"])
@pytest.mark.parametrize("empty", [True, False])
def test_a_missing_setting_is_named_with_the_way_to_mend_it(
    environment: pytest.MonkeyPatch, folder: Path, name: str, empty: bool
) -> None:
    if empty:
        environment.setenv(name, "")
    else:
        environment.delenv(name)

    said = complaint()

    assert f"{name} is missing. It is " in said
    assert f"Set it in the environment or in {folder / '.env'}, which is not there." in said
    assert said.count("\n") == 1, "and nothing else is wrong"


def test_without_a_way_in_both_ways_are_named(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("SLACK_SIGNING_SECRET")

    said = complaint()

    assert "SLACK_SIGNING_SECRET or SLACK_APP_TOKEN: one of them is needed" in said
    assert "xoxb" not in said
    environment.setenv("SLACK_APP_TOKEN", "xapp-1")
    assert read_settings().socket_mode


@pytest.mark.parametrize(("name", "other"), BESIDE.items())
def test_what_needs_each_other_is_asked_for_together(
    environment: pytest.MonkeyPatch, name: str, other: dict[str, str]
) -> None:
    environment.setenv(name, GIVEN[name][0])

    said = complaint()

    assert {name, *other} <= set(re.findall("POLLBOT_[A-Z_]+", said))
    assert GIVEN[name][0] not in said


def test_without_an_app_token_slack_comes_over_http(environment: pytest.MonkeyPatch) -> None:
    del environment

    assert not read_settings().socket_mode


@pytest.mark.parametrize(("name", "value"), MALFORMED)
def test_a_malformed_setting_is_named_and_its_value_is_not_repeated(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(name, value)

    said = complaint()

    assert f"\n  {name} cannot be used: " in said
    assert len(said.splitlines()) == 2
    assert value not in said
    for word in ("secret", "hunter2", "chatty", *split_keys(SecretStr(KEYS))):
        assert word not in said


@pytest.mark.parametrize(
    ("name", "value"), [("POLLBOT_LOG_LEVEL", " Debug "), ("POLLBOT_LOG_FORMAT", "JSON\r")]
)
def test_a_word_is_read_in_any_case_and_company(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment.setenv(name, value)

    assert getattr(read_settings(), VARIABLES[name]).lower() == value.strip().lower()


@pytest.mark.parametrize("in_file", [False, True], ids=["environment", ".env"])
@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("POLLBOT_ADMIN", "POLLBOT_ADMINS"),
        ("POLLBOT_PUBLIC_URI", "POLLBOT_PUBLIC_URL"),
        ("SLACK_APPS_TOKEN", "SLACK_APP_TOKEN"),
        ("POLLBOT_SERVICE_HOST", None),
        ("POLLBOT_PORT_3000_TCP", None),
    ],
)
def test_a_name_that_is_nearly_a_settings_is_remarked_on(
    environment: pytest.MonkeyPatch, folder: Path, name: str, meant: str | None, in_file: bool
) -> None:
    if in_file:
        (folder / ".env").write_text(f"{name}=U0ADA\n")
        (folder / ".env").chmod(0o600)
    else:
        environment.setenv(name, "U0ADA")

    said = [one for one in read_settings().remarks if name in one]

    assert len(said) == (meant is not None)
    assert all(one.endswith(f"perhaps {meant} is meant") for one in said)
    assert "U0ADA" not in str(said)


def test_all_that_is_wrong_is_said_at_once(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("SLACK_BOT_TOKEN")
    environment.setenv("POLLBOT_PORT", "three-thousand")
    environment.setenv("POLLBOT_LOG_LEVEL", "chatty")

    said = complaint()

    assert said.startswith("pollbot did not start.\n")
    assert re.findall(r"^  (\w+)", said, re.M) == [
        "SLACK_BOT_TOKEN",
        "POLLBOT_PORT",
        "POLLBOT_LOG_LEVEL",
    ]


def test_settings_show_no_secret(environment: pytest.MonkeyPatch) -> None:
    for name, start in (("BOT_TOKEN", "xoxb-"), ("SIGNING_SECRET", ""), ("APP_TOKEN", "xapp-")):
        environment.setenv(f"SLACK_{name}", f"{start}very-{name}")
    environment.setenv("POLLBOT_ENCRYPTION_KEYS", KEYS)

    shown = repr(read_settings()) + str(read_settings())

    assert "very-" not in shown
    assert not [key for key in split_keys(SecretStr(KEYS)) if key in shown]


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("SLACK_APP_TOKEN", "xoxb-1-secret", "it is a bot token"),
        ("SLACK_APP_TOKEN", "xoxe.xoxb-1-secret", "it is a bot token"),
        ("SLACK_APP_TOKEN", "xoxp-1-secret", "it is a user's token"),
        ("SLACK_APP_TOKEN", "secret", "it does not start with xapp-"),
        ("SLACK_APP_TOKEN", "xapp-1-secret\n", "there is white space in it"),
        ("SLACK_APP_TOKEN", "xapp-1-\nsecret", "there is white space in it"),
        ("SLACK_APP_TOKEN", " xapp-1-secret", "there is white space in it"),
        ("SLACK_BOT_TOKEN", "xapp-1-secret", "it is an app-level token"),
        ("SLACK_BOT_TOKEN", "xoxp-1-secret", "it is a user's token"),
        ("SLACK_BOT_TOKEN", "Bearer xoxb-secret", "there is white space in it"),
        ("SLACK_BOT_TOKEN", "xoxe-1-secret", "it is a token for configuring apps"),
        ("SLACK_BOT_TOKEN", '"xoxb-secret"', "it stands in quotation marks"),
        ("SLACK_SIGNING_SECRET", '"secret"', "it stands in quotation marks"),
        ("SLACK_SIGNING_SECRET", "“secret”", "it stands in quotation marks"),
        ("SLACK_SIGNING_SECRET", "secret\u200b", "there is a character in it that cannot be seen"),
        ("SLACK_BOT_TOKEN", "xoxb-…secret", "there is a character in it that no token has"),
        ("SLACK_SIGNING_SECRET", "xoxb-1-secret", "it is a bot token"),
        ("SLACK_SIGNING_SECRET", "xapp-1-secret", "it is an app-level token"),
        ("SLACK_SIGNING_SECRET", "a secret", "there is white space in it"),
    ],
)
def test_a_token_in_the_wrong_place_is_told_as_what_it_is(
    environment: pytest.MonkeyPatch, name: str, value: str, why: str
) -> None:
    environment.setenv(name, value)

    said = complaint()

    assert f"\n  {name} cannot be used: {why}" in said
    assert "Needed is the " in said
    assert len(said.splitlines()) == 2
    assert "secret" not in said.replace("signing secret", "")


@pytest.mark.parametrize(
    "page",
    ["/jira/your-work", "/browse/PLAT-12", "/jira/software/c/projects/PLAT/boards/1", "/jira/"],
)
def test_of_the_address_of_a_page_in_jira_the_site_is_taken_and_that_is_said(
    environment: pytest.MonkeyPatch, page: str
) -> None:
    environment.setenv("POLLBOT_JIRA_URL", f"https://acme.atlassian.net{page}")

    settings = read_settings()

    assert settings.jira_url == "https://acme.atlassian.net"
    [remark] = settings.remarks
    assert "POLLBOT_JIRA_URL" in remark
    assert "https://acme.atlassian.net is taken" in remark
    environment.setenv("POLLBOT_JIRA_URL", "https://acme.atlassian.net/")
    assert read_settings().remarks == ()


@pytest.mark.parametrize(
    ("written", "sites"),
    [
        ("https://acme.example/", [("https://acme.example", set())]),
        ("https://acme.example = plat", [("https://acme.example", {"PLAT"})]),
        (
            "https://acme.example, https://labs.example:8443/jira/=LAB  OPS,",
            [("https://acme.example", set()), ("https://labs.example:8443/jira", {"LAB", "OPS"})],
        ),
        (
            "https://acme.atlassian.net/jira/your-work=PLAT,https://labs.example=LAB",
            [("https://acme.atlassian.net", {"PLAT"}), ("https://labs.example", {"LAB"})],
        ),
    ],
)
def test_several_sites_are_read_in_their_order_with_the_projects_that_live_there(
    environment: pytest.MonkeyPatch, written: str, sites: list[tuple[str, set[str]]]
) -> None:
    environment.setenv("POLLBOT_JIRA_URL", written)

    settings = read_settings()

    assert [(site.url, set(site.projects)) for site in settings.jira_sites] == sites
    assert len(settings.remarks) == ("your-work" in written)


@pytest.mark.parametrize("name", ["JIRA", "SLACK_API", "ATLASSIAN_API", "ATLASSIAN_AUTH", "PUBLIC"])
@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://acme.example", False),
        ("http://127.0.0.1:8080", False),
        ("http://[::1]:8080", False),
        ("http://10.0.0.7", False),
        ("http://localhost:8080", False),
        ("http://jira:8080", False),
        ("http://acme.example", True),
        ("http://8.8.8.8", True),
    ],
)
def test_an_address_by_which_tokens_travel_readable_is_remarked_on(
    environment: pytest.MonkeyPatch, name: str, address: str, said: bool
) -> None:
    environment.setenv(f"POLLBOT_{name}_URL", address)

    remarks = [one for one in read_settings().remarks if "http://" in one]

    assert len(remarks) == said
    assert all(f"POLLBOT_{name}_URL begins with http://" in one for one in remarks)
    assert not any("acme" in one or "8.8" in one for one in remarks)


@pytest.mark.parametrize(("mode", "said"), [(0o600, 0), (0o400, 0), (0o640, 1), (0o644, 1)])
def test_an_env_file_that_others_may_read_is_remarked_on(
    folder: Path, mode: int, said: int
) -> None:
    env = folder / ".env"
    env.write_text("\n".join(f"{one}={value}" for one, value in NEEDED.items()))
    env.chmod(mode)

    remarks = read_settings().remarks

    assert len(remarks) == said
    assert all(f"chmod 600 {env.name}" in remark for remark in remarks)
    assert env.stat().st_mode & 0o777 == mode


def test_an_env_file_that_cannot_be_read_is_named(
    environment: pytest.MonkeyPatch, folder: Path
) -> None:
    del environment
    (folder / ".env").write_bytes(b"SLACK_BOT_TOKEN=\xff\xfe")

    assert f"{folder / '.env'} cannot be read (it is no UTF-8 text)" in complaint()

    (folder / ".env").unlink()
    (folder / ".env").mkdir()
    assert f"{folder / '.env'} cannot be read (Is a directory)" in complaint()


def test_keys_are_split_newest_first() -> None:
    assert split_keys(SecretStr(" new , old,")) == ["new", "old"]
    assert split_keys(None) == []


@pytest.mark.parametrize("socket", [True, False], ids=["socket", "http"])
async def test_settings_of_other_slack_apps_in_the_environment_change_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, socket: bool
) -> None:
    for name in ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SCOPES", "SLACK_USER_TOKEN"):
        monkeypatch.setenv(name, "of-another-app")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-another-app")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "of-another-app")

    async with house.program(socket=socket):
        await house.connect(ADA)
        answer = await house.vote(ADA, "PLAT-12")
        await house.told(ADA, "is counted")

    assert (answer.status, answer.error) == (200, None)
    assert house.jira.issues["PLAT-12"].voters == {"acc-ada"}


def test_the_readme_names_every_setting_and_its_default() -> None:
    readme = (ROOT / "README.md").read_text()

    for name in GIVEN:
        assert f"`{name}`" in readme
    for name, default in DEFAULTS.items():
        row = next(line for line in readme.splitlines() if line.startswith("|") and name in line)
        assert not default or f"`{default}`" in row, f"{name} is {default} by default"
