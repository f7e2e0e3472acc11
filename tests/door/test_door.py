"""What comes to the door and is none of Slack's; and the clock by which Slack signs."""

import asyncio
import gc
import gzip
import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import httpx
import pytest
from aiohttp import http_parser, web

from pollbot.front_door import Runner, web_app
from pollbot.sandbox.slack.delivery import encode
from pollbot.signed import Signed
from pollbot.wiring import Pollbot
from tests.door.log import Log, logging_as
from tests.support import stored
from tests.support.house import ADA, EMAILS, PLANNING, TOKENS, House, nothing_waits, rest

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
DEEP = b'{"type":"event_callback","event":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    with logging_as(monkeypatch) as log:
        yield log


@pytest.fixture
async def pollbot(house: House, log: Log) -> AsyncIterator[Pollbot]:
    async with house.program() as pollbot:
        yield pollbot


def signature(house: House, raw: bytes, at: float | None = None) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    base = b"v0:" + stamp.encode() + b":" + raw
    made = hmac.new(house.slack.signing_secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={made}"}


async def send(
    house: House, raw: bytes, headers: dict[str, str], content_type: str = FORM
) -> tuple[int, str]:
    assert house.slack.events_url is not None
    async with httpx.AsyncClient() as http:
        answer = await http.post(
            house.slack.events_url,
            content=raw,
            headers=[
                (name.encode(), value.encode("latin-1"))
                for name, value in {"Content-Type": content_type, **headers}.items()
            ],
        )
    return answer.status_code, answer.text


RAW: dict[str, tuple[bytes, str]] = {
    "nested 100,000 deep": (DEEP, JSON),
    "deep in a form": (b"payload=" + b"[" * 100_000, FORM),
    "deep, but not ended": (b'{"a":' * 100_000, JSON),
    "a number of 5,000 digits": (b'{"type":"block_actions","actions":' + b"9" * 5000 + b"}", JSON),
    "no UTF-8": (b"\xff\xfe\x00payload", FORM),
    "no UTF-8 in a form": (b"payload=%ff%fe", FORM),
    "no JSON": (b'payload={"type":', FORM),
    "HTML": (b"<html><body>hello</body></html>", "text/html"),
    "nothing": (b"", FORM),
    "nothing as JSON": (b"", JSON),
    "null": (b"payload=null", FORM),
    "a list": (b"[]", JSON),
    "a list in a form": (b"payload=[]", FORM),
    "a text": (b'payload="x"', FORM),
    "an unknown type": (b'{"type":"dialog_submission"}', JSON),
    "no type": (b"{}", JSON),
    "a type that is none": (b'{"type":["block_actions"]}', JSON),
    "no actions": (b'{"type":"block_actions","actions":[]}', JSON),
    "a command that is none": (b"command=vote&team_id=T0&user_id=U0", FORM),
    "an unknown character set": (b'{"type":"event_callback"}', JSON + "; charset=klingon"),
    "a foreign character set": (b"a=b", FORM + "; charset=utf-16"),
    "packed, but not really": (b"command=%2Fvote", FORM),
    "packed": (gzip.compress(b"command=%2Fvote"), FORM),
    "16 MB that are packed": (gzip.compress(b"a" * 2**24), FORM),
    "a megabyte and more": (b"command=%2Fvote&text=" + b"x" * 2**20, FORM),
    "marks of lines": (b"command=%0A%0Dx&text=%0A", FORM),
}
PACKED = {case: {"Content-Encoding": "gzip"} for case in RAW if "packed" in case}


FORGED: dict[str, dict[str, str]] = {
    "unsigned": {},
    "digits": {"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "9" * 5000},
    "negative": {"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "-1"},
    "no ASCII": {"X-Slack-Signature": "v0=\u00e9", "X-Slack-Request-Timestamp": "1700000000"},
    "long": {"X-Slack-Signature": "x" * 4000, "X-Slack-Request-Timestamp": "1700000000"},
}


def turned_away(log: Log) -> list[str]:
    assert "Traceback" not in log.text
    assert max(map(len, log.lines)) < 400
    return [line.partition("turned away ")[2] for line in log.having("turned away")]


async def test_what_is_signed_but_no_payload_is_refused(
    house: House, pollbot: Pollbot, log: Log
) -> None:
    answers = {}
    for case, (raw, content_type) in RAW.items():
        headers = {**signature(house, raw), **PACKED.get(case, {})}
        answers[case] = await send(house, raw, headers, content_type)

    assert answers == dict.fromkeys(RAW, (400, '{"error": "invalid request"}'))
    lines = turned_away(log)
    assert 5 < len(lines) == len(set(lines)) < len(RAW)
    assert all("x: what came in is nothing of Slack's" in line for line in lines)


async def test_what_slack_did_not_sign_is_refused(house: House, pollbot: Pollbot, log: Log) -> None:
    statuses = set()
    for case, (raw, content_type) in RAW.items():
        for forged in FORGED.values():
            headers = {**forged, **PACKED.get(case, {})}
            statuses.add((await send(house, raw, headers, content_type))[0])

    assert statuses == {400, 401}
    assert sorted(line[:30] for line in turned_away(log)) == [
        "1 x: no signature of Slack's",
        "1 x: signed with another secre",
        "1 x: what came in is nothing o",
        "1 x: what came in is nothing o",
    ]


async def test_nothing_that_is_packed_is_unpacked(
    house: House, pollbot: Pollbot, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sends it needs no signature for the work that it would be."""
    unpacked: list[str] = []
    unpack = http_parser.DeflateBuffer.feed_data

    def listening(self: http_parser.DeflateBuffer, chunk: bytes, *more: Any) -> Any:
        unpacked.append(self.encoding or "")
        return unpack(self, chunk, *more)

    monkeypatch.setattr(http_parser.DeflateBuffer, "feed_data", listening)
    for encoding in ("gzip", "deflate", "br", "GZIP", "x-gzip", "gzip, gzip"):
        for raw in (b"command=%2Fvote", gzip.compress(b"a" * 2**20)):
            answer = await send(house, raw, {"Content-Encoding": encoding})
            assert answer[0] == 400, encoding

    assert unpacked == []
    assert len(turned_away(log)) == 1


async def test_a_flood_is_one_line_a_minute(house: House, pollbot: Pollbot, log: Log) -> None:
    for _ in range(30):
        await send(house, b"command=%2Fvote", {})
        await send(house, b"payload=[]", signature(house, b"payload=[]"))
    assert len(turned_away(log)) == 2

    house.clock.ahead += 61
    await send(house, b"payload=[]", signature(house, b"payload=[]"))

    assert turned_away(log)[2].startswith("30 x: what came in is nothing of Slack's (no object)")


async def test_slack_may_look_at_the_certificate_unsigned(house: House, pollbot: Pollbot) -> None:
    assert await send(house, b"ssl_check=1&token=abc", {}) == (200, "")


async def test_garbage_instead_of_http_leaves_no_traceback(
    house: House, pollbot: Pollbot, log: Log
) -> None:
    for raw in (b"\x16\x03\x01\x02\x00\x01\xfc", b"GET / HTTP/9.9\r\n\r\n", b"\x00" * 70_000):
        reader, writer = await asyncio.open_connection("127.0.0.1", pollbot.port)
        writer.write(raw + b"\r\n\r\n")
        async with asyncio.timeout(5):
            await reader.read()
        writer.close()

    assert "Traceback" not in log.text


async def test_a_request_that_breaks_off_leaves_no_traceback(
    house: House, pollbot: Pollbot, log: Log
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", pollbot.port)
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\npayl")
    await writer.drain()
    writer.close()

    await rest(house, pollbot)
    async with httpx.AsyncClient() as http:
        assert (await http.get(f"http://127.0.0.1:{pollbot.port}/healthz")).status_code == 200
    assert "Traceback" not in log.text


@asynccontextmanager
async def health_page(patience: float) -> AsyncIterator[int]:
    """Serve the health page alone; yield its port."""

    async def health() -> dict[str, str]:
        return {}

    app = web_app(None, health, dict, Signed("s", time.time))
    runner = Runner(app, patience=patience, grace=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


ASKED = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


async def test_connections_that_say_nothing_are_closed() -> None:
    async with health_page(patience=0.3) as port:
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(5)]
        silent[1][1].write(ASKED[:25])
        asked, sender = await asyncio.open_connection("127.0.0.1", port)
        sender.write(ASKED)
        first = await asked.readuntil(b'"ok": true}')

        async with asyncio.timeout(5):
            assert [await reader.read() for reader, _ in silent] == [b""] * 5
        sender.write(ASKED)
        async with asyncio.timeout(5):
            second = await asked.readuntil(b'"ok": true}')

        assert b"200 OK" in first
        assert b"200 OK" in second, "one that asks stays open"
        for _, writer in (*silent, (asked, sender)):
            writer.close()


async def test_nothing_is_kept_of_connections_that_are_over() -> None:
    def kept() -> int:
        gc.collect()
        return sum(type(one) is web.RequestHandler for one in gc.get_objects())

    async with health_page(patience=600.0) as port:
        before = kept()
        for said in [ASKED, b"", ASKED[:25], b"\x16\x03 no HTTP\r\n\r\n"] * 20:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(said)
            if said.endswith(b"\r\n\r\n"):
                await reader.readuntil(b"\r\n\r\n")
            writer.close()
            await writer.wait_closed()

        async with asyncio.timeout(10):
            while kept() > before + 5:
                await asyncio.sleep(0.2)


async def health_of(pollbot: Pollbot) -> dict[str, Any]:
    address = f"http://127.0.0.1:{pollbot.port}/healthz"
    async with aiohttp.ClientSession() as http, http.get(address) as answer:
        found: dict[str, Any] = await answer.json()
    return found


@pytest.mark.parametrize("socket", [True, False])
async def test_it_is_well_as_soon_as_it_is_up(house: House, socket: bool) -> None:
    async with house.program(socket=socket) as pollbot:
        await pollbot.up()
        assert await pollbot.health() == {}, "no worker was given the time for its first turn"


@pytest.mark.parametrize(("off", "words"), [(-360, "s ahead of"), (360, "s behind")])
async def test_a_clock_that_is_off_is_said_in_the_log_and_on_the_health_page(
    house: House, pollbot: Pollbot, log: Log, off: int, words: str
) -> None:
    await house.slack.until(lambda: pollbot.known, what="Slack")
    stamp = str(int(time.time()) + off)
    command = {"command": "/vote", "text": "", "team_id": house.slack.team_id, "user_id": ADA}

    for _ in range(3):
        answer = await house.slack.deliver(command, kind="slash_commands", timestamp=stamp)

    assert answer.status == 401
    remark = (await health_of(pollbot))["remarks"]["clock of requests"]
    assert f"{words} Slack's, so Slack's requests are refused" in remark
    (line,) = log.having("clock is")
    assert "Set it right" in line

    await house.slack.command(ADA, PLANNING, "/pollbot", "help")

    assert (await health_of(pollbot)) == {"ok": True}


async def test_nobody_can_have_a_wrong_clock_told_by_sending_an_old_request_again(
    house: House, pollbot: Pollbot
) -> None:
    await house.slack.until(lambda: pollbot.known, what="Slack")
    await house.slack.command(ADA, PLANNING, "/pollbot", "help")
    heard = house.slack.deliveries[-1].body
    raw, _ = encode(heard, "slash_commands")

    status, _ = await send(house, raw, signature(house, raw, time.time() - 4000))

    assert status == 401
    assert (await health_of(pollbot)) == {"ok": True}


async def test_what_nobody_expected_is_said_with_a_reference_that_the_log_has(
    house: House, pollbot: Pollbot, log: Log
) -> None:
    await house.slack.command(ADA, PLANNING, "/poll", '"Lunch?" "Pizza" "Soup"')
    card = await house.card("Lunch?")
    await rest(house, pollbot)
    before = house.rows("SELECT settings FROM polls")[0][0]
    spoil(house, "[nonsense")

    answer = await house.slack.press(ADA, card.id, "answer:0")

    assert answer.status == 500, "Slack shows that it failed"
    told = await house.told(ADA, "Something broke on pollbot's side, and this was not done")
    reference = told.text.rpartition(": ")[2]
    (line,) = log.having(reference)
    assert "Traceback" in line
    assert "a row does not fit: settings" in line
    assert "nonsense" not in line, "what lies in a row may be a person's"
    assert house.rows("SELECT count(*) FROM answers") == [(0,)]

    spoil(house, before)
    again = house.slack.deliveries[-1].body
    assert (await house.slack.deliver(again, kind="interactive")).status == 200
    assert house.rows("SELECT count(*) FROM answers") == [(1,)], "brought again, it is done"
    await nothing_waits(house, pollbot)


def spoil(house: House, settings: str) -> None:
    """Write into the database what pollbot never writes."""
    with stored.opened(house.database) as db:
        db.execute("UPDATE polls SET settings = ?", (settings,))


async def test_in_socket_mode_not_even_a_signed_request_is_taken(house: House) -> None:
    async with house.program(socket=True) as pollbot:
        url = f"http://127.0.0.1:{pollbot.port}/slack/events"
        raw = f"command=%2Fvote&text=PLAT-12&team_id={house.slack.team_id}&user_id={ADA}".encode()
        async with httpx.AsyncClient() as http:
            headers = {"Content-Type": FORM, **signature(house, raw)}
            answer = await http.post(url, content=raw, headers=headers)

        assert answer.status_code == 404
        assert house.rows("SELECT * FROM intents") == []


@pytest.mark.of_files
async def test_the_health_page_says_what_is_wrong_and_clicks_are_kept_meanwhile(
    house: House, http: httpx.AsyncClient
) -> None:
    async with house.program():
        await house.connect(ADA)
    house.slack.faults.mode = "down"
    async with house.program() as pollbot:
        page = f"http://127.0.0.1:{pollbot.port}/healthz"
        away = await http.get(page)
        assert (await house.vote(ADA, "PLAT-12")).status == 200
        await house.votes("PLAT-12", 8)
        house.slack.faults.mode = "up"
        await house.told(ADA, "is counted")
        async with asyncio.timeout(20):
            while (well := await http.get(page)).status_code != 200:
                house.clock.ahead += 5
        house.database.unlink()
        lost = await http.get(page)

    assert (away.status_code, lost.status_code) == (503, 503)
    assert away.json().keys() - {"remarks"} == {"ok", "slack"}, away.text
    assert well.json()["ok"] is True
    assert "while pollbot runs" in lost.json()["database"]


async def test_the_health_page_tells_no_secret_and_of_nobody(house: House) -> None:
    async with house.program() as pollbot:
        await house.connect(ADA)
        await house.slack.command(ADA, PLANNING, "/poll", 'anonymous "Leaving?" "Yes" "No"')
        card = await house.card("Leaving?")
        await house.slack.press(ADA, card.id, "answer:0")
        await rest(house, pollbot)
    stored.lose_poll_keys(house.database)
    house.slack.faults.mode = "down"
    async with house.program() as pollbot, httpx.AsyncClient() as http:
        page = (await http.get(f"http://127.0.0.1:{pollbot.port}/healthz")).text

    slack = house.slack
    secrets = [slack.bot_token, slack.app_token, slack.signing_secret, TOKENS[ADA], EMAILS[ADA]]
    private = [*secrets, ADA, "Leaving?", PLANNING, slack.team_id, str(house.database.parent)]
    assert "what seals their keys is missing" in page
    assert [one for one in private if one in page] == []
