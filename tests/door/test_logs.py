"""No secret in the log, and one line for each record."""

import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollbot.logs import one_line
from tests.door.log import Log, logging_as
from tests.support.house import ADA, EMAILS, PLANNING, House

CANARY = "ATATT3xFfGF0canary"
WORDS = "what-nobody-else-may-read"
FIELDS = ["at", "level", "logger", "errand", "message", "error"]


@pytest.fixture(params=["text", "json"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["INFO", "DEBUG"])
def log(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, form: str
) -> Iterator[Log]:
    with logging_as(monkeypatch, request.param, form) as log:
        yield log


async def connect_form(house: House, token: str = CANARY) -> dict[str, Any]:
    """Return the payload of a filled-in form with a Jira token in it, which was not sent yet."""
    await house.slack.command(ADA, PLANNING, "/pollbot", "connect")
    form = await house.slack.until(
        lambda: next(iter(house.slack.views.values()), None), what="the form"
    )
    before = house.slack.events_url
    house.slack.events_url = None
    values = {"email": {"value": EMAILS[ADA]}, "token": {"value": token}}
    await house.slack.submit(ADA, form.id, values)
    house.slack.events_url = before
    return house.slack.deliveries[-1].body


def secrets_of(house: House) -> list[str]:
    """Return what no log may hold."""
    slack = house.slack
    hooks = [f"/hooks/{token}" for token in slack.hooks]
    return [CANARY, WORDS, slack.bot_token, slack.app_token, slack.signing_secret, *hooks]


@pytest.mark.parametrize(
    "sent",
    [
        {"signature": "v0=" + "0" * 64},
        {"signature": "v0=<canary>"},
        {"headers": {"X-Slack-Signature": ""}},
        {"timestamp": str(int(time.time()) - 360)},
        {"timestamp": str(int(time.time()) + 86400)},  # collected long before it runs
        {"timestamp": "9" * 5000},
        {"timestamp": "soon"},
    ],
    ids=["another secret", "nonsense", "none", "old", "from tomorrow", "digits", "no number"],
)
async def test_nothing_of_a_request_that_is_turned_away_is_logged(
    house: House, log: Log, sent: dict[str, Any]
) -> None:
    async with house.program():
        form = await connect_form(house)

        answer = await house.slack.deliver(form, kind="interactive", **sent)

    assert answer.status == 401
    assert log.having("turned away 1 x"), log.text
    assert [secret for secret in [*secrets_of(house), EMAILS[ADA]] if secret in log.text] == []


async def test_nothing_secret_is_logged_of_what_goes_right_and_wrong(
    house: House, log: Log, form: str
) -> None:
    async with house.program():
        refused = await house.slack.deliver(await connect_form(house), kind="interactive")
        await house.connect(ADA)
        house.jira.faults.fail_next("POST votes", 500, WORDS, {})
        await house.vote(ADA, "PLAT-12")
        await house.votes("PLAT-12", 8)
        house.slack.faults.fail_next("response_url", 404, {"ok": False}, {})
        await house.slack.command(ADA, PLANNING, "/poll", f'"{WORDS}" "A" "B"')
        card = await house.card(WORDS)
        await house.slack.press(ADA, card.id, "answer:0")
        broken = house.slack.click_body(ADA, card.id, "answer:0")
        broken["actions"][0]["value"] = {"token": CANARY}
        turned_away = await house.slack.deliver(broken, kind="interactive")

    assert "does not accept this token" in refused.body
    assert turned_away.status == 400
    assert log.having("vote on PLAT-12: counted"), log.text
    if form == "json":
        assert {tuple(json.loads(line)) for line in log.lines} == {tuple(FIELDS)}
    assert [secret for secret in secrets_of(house) if secret in log.text] == []


async def test_bolt_says_nothing_by_itself(house: House, log: Log) -> None:
    async with house.program():
        await house.vote(ADA, "PLAT-12")

    assert log.having("slack_bolt") == []
    loud = [
        name
        for name in logging.root.manager.loggerDict
        if name.startswith(("slack_bolt", "pollbot:"))
        and logging.getLogger(name).isEnabledFor(logging.INFO)
    ]
    assert loud == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("token xoxb-12-ab-CD", "token [token]"),
        ("xapp-1-A0-9-ff!", "[token]!"),
        ("xoxe.xoxp-1-abc", "[token]"),
        ("Authorization: Basic YWRhOmFiYzpkZWY=", "Authorization: Basic [credential]"),
        ("'Bearer abc.def-9012345'", "'Bearer [credential]'"),
        ("ATATT3xFfGF0_a-b=9A", "[token]"),
        ("GET https://voice.example/p?token=s3cret&x=1 200", "GET https://voice.example/p?[…] 200"),
        ("https://hooks.slack.com/actions/T1/2/abc", "[response_url]"),
        ("a basic question", "a basic question"),
        ("two\nlines\r\x1b[31mred\u2028\u202e", "two\\nlines\\r\\u001b[31mred\\u2028\\u202e"),
    ],
)
def test_secrets_are_known_by_their_shape(text: str, shown: str) -> None:
    assert one_line(text) == shown


@given(text=st.text(), error=st.text())
@pytest.mark.parametrize("form", ["text", "json"])
def test_each_record_is_one_line_of_bounded_length(form: str, text: str, error: str) -> None:
    with pytest.MonkeyPatch.context() as patch, logging_as(patch, form=form) as log:
        try:
            raise ValueError(error * 1000)
        except ValueError:
            logging.getLogger("pollbot.x").exception("said %s", text * 1000)

    assert len(log.text.splitlines()) == 1
    assert len(log.text) < 70_000
    if form == "json":
        line = json.loads(log.text)
        assert list(line) == FIELDS
        assert line["message"].startswith("said ")


def test_a_record_that_a_library_filled_in_wrongly_is_still_logged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with logging_as(monkeypatch) as log:
        logging.getLogger("some.library").warning("%d of %d", "one")

    assert "%d of %d" in log.lines[0]
