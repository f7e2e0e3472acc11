"""How pollbot starts, and how it ends."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial

import aiohttp
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from pollbot import repeats
from pollbot.cards.listeners import keep_way
from pollbot.chance import of_the_system
from pollbot.commands import HeardCommands
from pollbot.database import Store
from pollbot.desk import Desk
from pollbot.errors import StartError
from pollbot.front_door import Runner, web_app
from pollbot.metrics import MetricsPage
from pollbot.polls.sources.source import PollSource
from pollbot.settings import Settings, split_keys
from pollbot.signed import Signed
from pollbot.slack.languages import language_of
from pollbot.slack.payloads import Body
from pollbot.socket_door import SocketDoor
from pollbot.store.leader import Leading
from pollbot.store.worker import Clock, Tasks, Worker
from pollbot.text.catalog import Language
from pollbot.told_time import ToldTime, since_boot
from pollbot.web import calls
from pollbot.web.reach import Reach
from pollbot.wiring.bolt import bolt_app
from pollbot.wiring.ground import Ground
from pollbot.wiring.listening import browser_pages, listening
from pollbot.wiring.outside import Outside
from pollbot.wiring.program import GRACE, Pollbot
from pollbot.wiring.services import Services
from pollbot.wiring.workers import of_leader


@asynccontextmanager
async def running(
    settings: Settings,
    wall: Clock = time.time,
    steady: Clock = since_boot,
    elsewhere: Sequence[PollSource] = (),
    languages: Sequence[Language] = (),
) -> AsyncIterator[Pollbot]:
    """Start pollbot; at the end, finish what was accepted and close everything.

    ``wall`` is the machine's clock, ``steady`` one that nobody can set; ``elsewhere`` and
    ``languages`` are as in ``working``.
    Raises StartError if the database or the port cannot be had.
    """
    chance, clock = of_the_system(), ToldTime(wall, steady)
    async with AsyncExitStack() as stack:
        store = Store(settings.database, split_keys(settings.encryption_keys), chance=chance)
        stack.callback(store.close)
        session = await stack.enter_async_context(calls.for_slack())
        http = await stack.enter_async_context(calls.for_jira_and_sources())
        web_client = AsyncWebClient(
            # With many workspaces each call says for which one it is.
            token=None if settings.many_workspaces else settings.own_token,
            base_url=settings.slack_api_url,
            session=session,
            retry_handlers=[],  # a second try after a lost answer would post twice
        )
        ground = Ground(store, http, web_client, clock, chance, Reach(clock))
        pollbot, desk = await stack.enter_async_context(
            working(settings, ground, elsewhere, languages)
        )
        pollbot.follow(clock)
        page = MetricsPage(ground.metrics, pollbot.look, pollbot.pulse)
        await _open_doors(stack, settings, desk, pollbot, page, ground)
        watch = asyncio.create_task(pollbot.watch_slack())
        stack.push_async_callback(_cancel, watch)
        yield pollbot


@asynccontextmanager
async def working(
    settings: Settings,
    ground: Ground,
    elsewhere: Sequence[PollSource] = (),
    languages: Sequence[Language] = (),
) -> AsyncIterator[tuple[Pollbot, Desk]]:
    """Run all of pollbot but its doors.

    ``elsewhere`` are sources of polls beside those that the settings name, ``languages`` what
    is spoken beside that of the catalogs, or in its place.
    """
    store, clock = ground.store, ground.clock
    outside = Outside(settings, ground, languages)
    services = Services(settings, ground, outside, elsewhere)
    heard_by = listening(ground, outside, services)
    due, at_doors = of_leader(ground, outside, services), (services.receipts, outside.speaker)
    leading = Leading(store.lead, store.take_up, due, clock)
    pollbot = Pollbot(settings, ground, outside, [*due, *at_doors], leading)
    pollbot.pages = browser_pages(outside, services)
    bolt = bolt_app(settings, ground.web_client, heard_by.registers, pollbot)
    store.watch(ground.metrics.committed)
    heard = HeardCommands(store.beat, outside.afterwards, clock)

    def first(body: Body) -> None:
        keep_way(services.presses, body)
        heard.hear(body)

    spoken = partial(language_of, outside.languages)
    done = await store.deliveries.done(clock(), repeats.MOST)
    is_done = store.deliveries.is_done if store.lead.shared else None
    desk = Desk(
        bolt,
        clock,
        ground.chance,
        first,
        spoken,
        done,
        is_done,
        heard_by.then,
        None if services.admission is None else services.admission.refusal,
        outside.turns,
        heard_by.straight,
    )
    desk.watch = ground.metrics.answered
    pollbot.desk = desk
    try:
        await leading.start()
        for worker in at_doors:
            worker.start()
        yield pollbot, desk
    finally:
        await _stop(leading, *at_doors, outside.afterwards)


async def _open_doors(
    stack: AsyncExitStack,
    settings: Settings,
    desk: Desk,
    pollbot: Pollbot,
    page: MetricsPage,
    ground: Ground,
) -> None:
    secret = settings.slack_signing_secret
    # Slack signs by the time of the world, whatever time is pretended here.
    pollbot.signed = Signed(secret.get_secret_value() if secret else "", time.time)
    heard = None if settings.socket_mode else desk
    app = web_app(heard, pollbot.health, pollbot.remarks, pollbot.signed)
    page.register(app)
    for pages in pollbot.pages:
        pages.register(app)
    runner = pollbot.front = Runner(app, grace=GRACE)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, settings.host, settings.port)
    try:
        await site.start()
    except OSError as error:
        raise StartError(
            f"pollbot did not start.\n  POLLBOT_HOST, POLLBOT_PORT: {settings.host}:"
            f"{settings.port} cannot be listened on ({error.strerror}). Choose another port, or "
            "stop what uses it."
        ) from error
    pollbot.port = runner.addresses[0][1]
    if settings.slack_app_token is not None:
        token = settings.slack_app_token.get_secret_value()
        # Its connections stay, so nothing limits them as a whole.
        session = await stack.enter_async_context(
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        )
        address = partial(pollbot.slack.socket_address, token)
        door = SocketDoor(desk, session, address, ground.reach, ground.chance)
        stack.push_async_callback(door.shut, GRACE)
        pollbot.open_door(door)


async def _stop(*working: Leading | Worker | Tasks) -> None:
    # Together, since whoever sent SIGTERM waits no longer than 10 s for all of them.
    await asyncio.gather(*(one.stop(GRACE) for one in working))


async def _cancel(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
