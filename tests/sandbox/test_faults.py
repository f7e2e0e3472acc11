import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from pollbot.sandbox.faults import Faults, status_of
from tests.support.own_time import own_time


class Shop:
    """A server with one call, ``buy``; it counts what was sold."""

    def __init__(self) -> None:
        self.faults = Faults(lambda: web.Response(status=429, headers={"Retry-After": "7"}))
        self.sold = 0
        self.seen: list[int] = []
        self.url = ""

    async def buy(self, request: web.Request) -> web.StreamResponse:
        response = await self.faults.before("buy", request)
        if response is None:
            self.sold += 1
            response = self.faults.after("buy", request) or web.Response(text="sold")
        self.seen.append(status_of(response))
        return response


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    shop = Shop()
    app = web.Application()
    app.router.add_post("/buy", shop.buy)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    shop.url = f"http://{host}:{port}/buy"
    yield shop
    await runner.cleanup()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def buy(http: aiohttp.ClientSession, shop: Shop) -> tuple[int, str]:
    async with http.post(shop.url) as response:
        return response.status, await response.text()


async def test_without_faults_the_work_is_done(shop: Shop, http: aiohttp.ClientSession) -> None:
    assert await buy(http, shop) == (200, "sold")
    assert (shop.sold, shop.seen) == (1, [200])


async def test_a_stand_in_that_is_down_drops_the_connection(
    shop: Shop, http: aiohttp.ClientSession
) -> None:
    shop.faults.mode = "down"

    with pytest.raises(aiohttp.ClientError):
        await buy(http, shop)

    assert shop.sold == 0
    assert set(shop.seen) == {0}


async def test_a_slow_stand_in_answers_later(shop: Shop, http: aiohttp.ClientSession) -> None:
    shop.faults.mode = "slow"
    shop.faults.slow_seconds = 0.2

    started = time.monotonic()
    answer = await buy(http, shop)

    assert answer == (200, "sold")
    assert time.monotonic() - started >= 0.2


async def test_a_limited_stand_in_says_when_to_come_back(
    shop: Shop, http: aiohttp.ClientSession
) -> None:
    shop.faults.mode = "429"

    async with http.post(shop.url) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "7")

    shop.faults.mode = "up"
    assert await buy(http, shop) == (200, "sold")


async def test_queued_failures_come_in_order_and_run_out(
    shop: Shop, http: aiohttp.ClientSession
) -> None:
    shop.faults.fail_next("buy", 500, "no", times=2)
    shop.faults.fail_next("buy", 200, {"ok": False})
    shop.faults.fail_next("sell", 404)

    answers = [await buy(http, shop) for _ in range(4)]

    assert answers == [(500, "no"), (500, "no"), (200, '{"ok": false}'), (200, "sold")]
    assert shop.sold == 1


async def test_a_failure_with_status_0_drops_the_connection_and_changes_nothing(
    shop: Shop, http: aiohttp.ClientSession
) -> None:
    shop.faults.fail_next("buy", 0)

    with pytest.raises(aiohttp.ClientError):
        await buy(http, shop)

    assert shop.sold == 0


async def test_a_lost_answer_is_lost_after_the_work_is_done(
    shop: Shop, http: aiohttp.ClientSession
) -> None:
    shop.faults.lose_next_answer("buy")

    with pytest.raises(aiohttp.ClientError):
        await buy(http, shop)

    assert (shop.sold, shop.seen) == (1, [0])
    assert await buy(http, shop) == (200, "sold")


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="'sideways' is none of up, down, slow, 429"):
        Faults(web.Response).mode = "sideways"


async def test_a_call_can_land_after_its_caller_gave_up(
    shop: Shop, http: aiohttp.ClientSession
) -> None:
    late = shop.faults.hold_up_next("buy")

    with pytest.raises(aiohttp.ClientError):
        await buy(http, shop)
    assert shop.sold == 0
    assert await buy(http, shop) == (200, "sold")

    await late.land()

    assert shop.sold == 2


async def test_a_call_that_was_slowed_down_or_failed_can_be_mended(
    shop: Shop, http: aiohttp.ClientSession
) -> None:
    shop.faults.slow_down("buy", 0.2)
    started = time.monotonic()
    assert await buy(http, shop) == (200, "sold")
    assert time.monotonic() - started >= 0.2
    shop.faults.fail_next("buy", 500, "no", times=9)
    shop.faults.lose_next_answer("buy")

    shop.faults.mend("buy")

    with own_time() as took:
        assert await buy(http, shop) == (200, "sold")
        assert took() < 0.2


async def test_what_drips_has_no_end_until_it_is_let_go(
    shop: Shop, http: aiohttp.ClientSession
) -> None:
    shop.faults.drip("buy")
    async with http.post(shop.url) as response:
        assert await response.content.read(1) == b" "
        assert await response.content.read(1) == b" "
        assert shop.faults.stuck == 1
        shop.faults.let_go()
        with pytest.raises(aiohttp.ClientError):
            await response.read()

    assert await buy(http, shop) == (200, "sold")
    assert (shop.sold, shop.faults.stuck) == (1, 0)


async def test_what_is_turned_away_is_answered_as_too_much_until_it_is_let_go(
    shop: Shop, http: aiohttp.ClientSession
) -> None:
    shop.faults.turn_away("buy")
    shop.faults.drip("buy", "about something else")
    for _ in range(2):
        assert (await buy(http, shop))[0] == 429
    shop.faults.let_go()

    assert await buy(http, shop) == (200, "sold")
