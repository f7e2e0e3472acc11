"""What every source of polls has to do, and that pollbot asks a new one by nothing else."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from pollbot.chance import of_the_system
from pollbot.database import Store
from pollbot.errors import BadInput, NotYours
from pollbot.jira.client import Jira
from pollbot.jira.sites import Sites
from pollbot.people import Person
from pollbot.polls.kept import Home, Kept
from pollbot.polls.rows import SURE_AFTER
from pollbot.polls.rules import Draft, Option, Poll, PollSettings, Visibility
from pollbot.polls.sources.embedded import Embedded
from pollbot.polls.sources.rows import PageFacts
from pollbot.polls.sources.source import About, PlaceUnnamed, PollSource, SourcePoll
from pollbot.polls.sources.team_voice.client import Endpoint, TeamVoice
from pollbot.polls.sources.team_voice.source import TeamVoiceSource
from pollbot.polls.tally import Part
from pollbot.slack.client import Slack
from pollbot.slack.meanwhile import Overtaken
from pollbot.slack.users import People
from pollbot.web.addresses import EVERYWHERE
from pollbot.web.calls import for_slack
from pollbot.wiring import Pollbot
from tests.support import polls
from tests.support.connecting import keep_account
from tests.support.house import ADA, BEN, EMAILS, TOKENS, House, rest
from tests.support.notebook import Notebook
from tests.support.polls import polls_listed
from tests.support.refusals import refuses
from tests.support.team_voice import (
    PAGE,
    SPACE,
    VOICE_TOKEN,
    card_says,
    command,
    connect,
    edit,
    more,
    press,
    team_voice,
    words,
)

TEAM = "T0ACME"
MAKER, STRANGER = Person(TEAM, ADA), Person(TEAM, BEN)
ISSUE = About("issue", "PLAT-12", "PLAT-12", "https://acme.test/browse/PLAT-12", "PLAT")
UNNAMED = replace(ISSUE, subject="PLAT-7", label="PLAT-7")
A_PAGE = About("page", PAGE, "Release plan", "https://acme.test/wiki/1", SPACE)
NOTHING = About("plain", "", "", "")
LUNCH = Draft("Lunch?", ("Pizza", "Soup"), "At noon", PollSettings())


@dataclass(frozen=True)
class Known:
    """A source, and something on which it keeps polls once somebody has named the place."""

    source: PollSource
    unnamed: About | None = None


@dataclass(frozen=True)
class Around:
    """What sources are made from."""

    house: House
    store: Store
    http: httpx.AsyncClient
    stack: AsyncExitStack


async def embedded(around: Around) -> Known:
    session = await around.stack.enter_async_context(for_slack())
    client = AsyncWebClient(
        token=around.house.slack.bot_token, base_url=around.house.slack.api_url, session=session
    )
    people = People(Slack(client), frozenset({ADA}), around.house.clock)
    return Known(Embedded(people, of_the_system()))


async def in_team_voice(around: Around) -> Known:
    house, store = around.house, around.store
    voice = await around.stack.enter_async_context(team_voice(house))
    jira, site = Jira(around.http, house.jira.site_url, house.jira.gateway_url), house.jira.site_url
    house.jira.people["acc-ben"].may_edit = set()
    for user in (ADA, BEN):
        account = await jira.sign_in(EMAILS[user], TOKENS[user])
        await keep_account(store, Person(TEAM, user), site, account, 0.0)
    await store.sources.know_page(TEAM, PageFacts(PAGE, SPACE, "Release plan", None))
    await store.sources.set(MAKER, SPACE, voice.url, VOICE_TOKEN, 0.0)
    client, default = TeamVoice(around.http, EVERYWHERE), Endpoint(voice.url, VOICE_TOKEN)
    sites = Sites({site: frozenset()}, lambda _: jira)
    source = TeamVoiceSource(store.accounts, store.sources, sites, client, default, house.clock)
    return Known(source, A_PAGE)


async def in_a_notebook(around: Around) -> Known:
    book = Notebook("PLAT")
    book.readers.add(BEN)
    book.unnamed.add("PLAT-7")
    return Known(book, UNNAMED)


Make = Callable[[Around], Awaitable[Known]]
ALL: tuple[Make, ...] = (embedded, in_team_voice, in_a_notebook)


@pytest.fixture
async def around(house: House, http: httpx.AsyncClient) -> AsyncIterator[Around]:
    async with AsyncExitStack() as stack:
        store = Store(house.database, [])
        stack.callback(store.close)
        yield Around(house, store, http, stack)


@pytest.fixture(params=ALL, ids=lambda make: make.__name__)
async def known(request: pytest.FixtureRequest, around: Around) -> Known:
    make: Make = request.param
    return await make(around)


@pytest.fixture
def source(known: Known) -> PollSource:
    return known.source


def new(draft: Draft, home: Home | None, *, created_by: str = ADA) -> Kept:
    options = [Option(str(place + 1), text, place) for place, text in enumerate(draft.options)]
    poll = Poll("p1", draft.title, draft.description, tuple(options), draft.settings, created_by)
    return Kept(poll, TEAM, "https://acme.test", "issue", "PLAT-12", 0.0, home=home)


async def made(source: PollSource, draft: Draft = LUNCH) -> Kept:
    """Return a poll that the source has made."""
    kept = new(draft, await source.home(TEAM, ISSUE))
    return as_there(kept, await source.create(kept, draft))


def as_there(kept: Kept, there: SourcePoll) -> Kept:
    """Return the poll with what its source said of it."""
    home = kept.home
    return replace(
        kept,
        home=None if home is None else replace(home, id=there.id, sent=there.sent),
        poll=replace(kept.poll, title=there.title, options=there.options, settings=there.settings),
    )


def titles(there: SourcePoll) -> list[str]:
    return [option.title for option in there.options]


async def found(source: PollSource, kept: Kept) -> list[SourcePoll]:
    """Return what the source has of the poll, where it has a place of its own."""
    if kept.home is None:
        return []
    return [one for one in await source.polls(TEAM, kept.home) if one.id == kept.home.id]


async def test_where_it_is_elsewhere_it_has_a_place_for_an_issue_and_none_for_nothing(
    source: PollSource,
) -> None:
    home = await source.home(TEAM, ISSUE)

    assert (home is not None) is source.can.elsewhere
    assert home is None or (home.kind, home.id) == (source.kind, "")
    assert await source.home(TEAM, NOTHING) is None
    assert (await source.home(TEAM, replace(ISSUE, workspace="")) is None) or home is None


async def test_what_it_makes_is_there_as_it_was_asked_for(source: PollSource) -> None:
    kept = await made(source)

    assert (kept.poll.title, [one.title for one in kept.poll.options]) == (
        "Lunch?",
        ["Pizza", "Soup"],
    )
    assert len({option.id for option in kept.poll.options}) == 2
    there = await found(source, kept)
    assert len(there) == int(source.can.elsewhere)
    assert all(titles(one) == ["Pizza", "Soup"] for one in there)
    assert all(one.settings.names and one.understood for one in there)


async def test_a_change_keeps_the_ids_of_options_that_stay(source: PollSource) -> None:
    kept = await made(source)
    pizza, soup = kept.poll.options
    options = [(soup.id, "Hot soup"), (None, "Salad")]
    draft = replace(LUNCH, title="Dinner?", options=("Hot soup", "Salad"))

    there = await source.change(kept, draft, options, [pizza.id, soup.id])

    assert (there.title, titles(there)) == ("Dinner?", ["Hot soup", "Salad"])
    hot, salad = there.options
    assert hot.id == soup.id
    assert salad.id not in {pizza.id, soup.id}
    assert [titles(one) for one in await found(source, as_there(kept, there))] in (
        [],
        [["Hot soup", "Salad"]],
    )


async def test_a_change_that_another_one_came_before_changes_nothing(source: PollSource) -> None:
    kept = await made(source)
    pizza, soup = kept.poll.options
    options, shown = [(pizza.id, "Pizza"), (soup.id, "Soup")], [pizza.id, soup.id]
    await source.change(kept, replace(LUNCH, title="Dinner?"), options, shown)
    before = await found(source, kept)

    if source.can.elsewhere:
        with pytest.raises(Overtaken):
            await source.change(kept, replace(LUNCH, description="At one"), options, shown)

    assert await found(source, kept) == before


async def test_what_is_deleted_is_gone_and_stays_so(source: PollSource) -> None:
    kept = await made(source)
    before = await made(source, replace(LUNCH, title="Another?"))

    for _ in range(2):
        await source.delete(kept)

    assert await found(source, kept) == []
    assert len(await found(source, before)) == int(source.can.elsewhere)


async def test_hidden_results_are_refused_where_it_cannot_keep_them(source: PollSource) -> None:
    hidden = replace(LUNCH, settings=PollSettings(visibility=Visibility.AFTER_CLOSE))
    home = await source.home(TEAM, ISSUE)

    if source.can.hides_results:
        source.check_draft(ISSUE, home, hidden)
    else:
        with refuses(BadInput, says="Nothing was created"):
            source.check_draft(ISSUE, home, hidden)
        with refuses(BadInput, says="Nothing was changed"):
            source.check_change(await made(source), hidden)


async def test_a_place_that_has_to_be_named_first_says_so(known: Known) -> None:
    source = known.source

    assert (known.unnamed is not None) is source.can.needs_named_place
    if known.unnamed is not None:
        home = await source.home(TEAM, known.unnamed)
        with refuses(PlaceUnnamed, says="Nothing was created"):
            source.check_draft(known.unnamed, home, LUNCH)


async def test_a_stranger_manages_nothing(source: PollSource) -> None:
    kept = await made(source)

    await source.must_manage(MAKER, kept, ISSUE)
    with refuses(NotYours, says="Nothing was changed"):
        await source.must_manage(STRANGER, kept, ISSUE)
    assert await source.may_manage(MAKER, kept)


async def test_who_may_not_make_polls_there_is_refused(source: PollSource) -> None:
    await source.must_make(MAKER, ISSUE)
    if source.can.elsewhere:
        with refuses(NotYours, says="Nothing was changed"):
            await source.must_make(STRANGER, ISSUE)


async def test_polls_are_found_under_a_place_that_is_the_same(source: PollSource) -> None:
    home = await source.home(TEAM, ISSUE)
    other = await source.home(TEAM, replace(ISSUE, subject="PLAT-13"))

    if home is not None and other is not None:
        await source.look(TEAM, home)
        assert await source.same(TEAM, home, replace(home, id="1", sent="x"))
        assert not await source.same(TEAM, home, other)


# A third one, from the front door

PLACE = "page of PLAT-12"


@asynccontextmanager
async def beside(house: House, book: Notebook) -> AsyncIterator[Pollbot]:
    async with house.program(elsewhere=[book]) as pollbot:
        await connect(house, ADA, BEN)
        yield pollbot


async def test_a_third_source_takes_part_in_everything(house: House) -> None:
    book = Notebook("PLAT")
    async with beside(house, book) as pollbot:
        assert words(await house.slack.command(ADA, "C0PLANNING", "/poll", LUNCH_ON_PLAT)) == ""
        card = await house.card("Lunch?")
        [line] = book.pages[PLACE].values()
        assert titles(line) == ["Pizza", "Soup"]

        await press(house, BEN, card, "Soup")
        book.write(PLACE, replace(line, answers=Part({line.options[0].id: 2}, 2)))
        house.clock.ahead += 400
        await card_says(house, card, "Pizza 2", "Soup 1", "1 in Slack, 2 in Jira")

        assert words(await edit(house, ADA, card, title="Dinner?")) == ""
        await card_says(house, card, "Dinner?")
        assert [one.title for one in book.pages[PLACE].values()] == ["Dinner?"]
        assert "Co-owners" not in str((await more(house, ADA, card)).view)

        book.write(PLACE, replace(line, id="line 99", title="By pen?"))
        assert any("By pen?" in said for said in await polls_listed(house, "PLAT-12"))

        await polls.manage(house, ADA, card, "delete_poll", "deleted")
        await rest(house, pollbot)
        assert [one.title for one in book.pages[PLACE].values()] == ["By pen?"]


LUNCH_ON_PLAT = 'PLAT-12 "Lunch?" "Pizza" "Soup"'


@pytest.mark.parametrize(
    ("user", "typed", "said"),
    [
        (BEN, LUNCH_ON_PLAT, "You may not do that there"),
        (ADA, 'PLAT-13 "Lunch?" "Pizza" "Soup"', "a name that nobody has told yet"),
    ],
)
async def test_what_a_third_source_refuses_is_said_and_nothing_is_kept(
    house: House, user: str, typed: str, said: str
) -> None:
    book = Notebook("PLAT")
    book.readers.add(BEN)
    book.unnamed.add("PLAT-13")
    async with beside(house, book):
        assert said in await command(house, user, typed)
    assert house.rows("SELECT * FROM polls") == []
    assert book.pages == {}


async def test_what_a_third_source_lost_is_said_on_its_card(house: House) -> None:
    book = Notebook("PLAT")
    async with beside(house, book):
        await command(house, ADA, LUNCH_ON_PLAT)
        card = await house.card("Lunch?")
        book.pages[PLACE].clear()
        house.clock.ahead += 400
        await house.slack.until(
            lambda: house.rows("SELECT 1 FROM polls WHERE unlisted_since IS NOT NULL")
        )
        house.clock.ahead += SURE_AFTER
        await card_says(house, card, "deleted")


async def test_a_poll_that_is_local_is_not_written_into_the_notebook(house: House) -> None:
    book = Notebook("PLAT")
    async with beside(house, book):
        await command(house, ADA, f"local {LUNCH_ON_PLAT}")
        await house.card("Lunch?")
    assert book.pages == {}
