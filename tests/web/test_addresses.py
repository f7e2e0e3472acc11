"""Addresses that somebody typed: none of them leads into pollbot's own machine or network."""

from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest

from pollbot.errors import SourceError, SourceUnavailable
from pollbot.polls.rules import Draft
from pollbot.polls.sources.team_voice.client import Endpoint, Place, TeamVoice
from pollbot.sandbox.team_voice import TeamVoiceStandIn
from pollbot.sandbox.team_voice.stand_in import PATH
from pollbot.web import calls as outside
from pollbot.web.addresses import EVERYWHERE, Guard, PrivateAddressError, is_public, look_up
from tests.support.refusals import refuses, sentence

ISSUE = Place("PLAT", "PLAT-12")
OURS = """
127.0.0.1 127.255.255.254 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.0.1
169.254.169.254 100.64.0.1 192.0.0.1 192.0.2.1 198.18.0.1 224.0.0.1 240.0.0.1
255.255.255.255 ::1 :: fe80::1 fe80::1%eth0 fc00::1 fd12:3456::1 fec0::1 ff02::1
::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 2002:7f00:1:: 2002:a00:1:: 64:ff9b::7f00:1
64:ff9b::a9fe:a9fe 64:ff9b:1::1 2001::1 2001:db8::1 100::1 168.63.129.16 100.100.100.200
192.0.0.192 fd00:ec2::254 ::ffff:169.254.169.254 ::ffff:168.63.129.16 2002:a83f:8110:: 3fff::1
::ffff:0:7f00:1 64:ff9b::a83f:8110
"""
EVERYBODYS = """
8.8.8.8 104.192.141.1 2606:4700:4700::1111 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1
"""
SPELLINGS = """
127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001 0 0.0.0.0
localhost LOCALHOST localhost. [::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1]
[0:0:0:0:0:0:0:1] [::ffff:0:0] [0000::0001] 0177.1 0x7f.1 127.0.1 127.000.000.001
"""
# Of each the URL is none, or leads inside; with a name server that says so, or none at all.
ODD = [
    "https://127。0。0。1",
    "https://１２７.0.0.1",
    "https://①②⑦.⓪.⓪.①",
    "https://ⓛocalhost",
    "https://%6c%6f%63alhost",
    "https://127.0.0.1%2f@acme.example",
    "https://acme.example@127.0.0.1",
    "https://acme.example:443@127.0.0.1:8443",
    "https://127.0.0.1\\@acme.example",
    "https://127.0.0.1:443\\@acme.example/",
    "https://127.0.0.1#@acme.example",
    "https://127.0.0.1?@acme.example",
    "https://[::1%25lo]",
    "https://[::ffff:127.0.0.1%25lo]",
    "https:///127.0.0.1",
    "https:127.0.0.1",
    "https://\t127.0.0.1",
    "https://127.0.0.1:99999",
    "https://[127.0.0.1]",
    "https://xn--lcalhost-1bb",
]


@pytest.fixture
async def site() -> AsyncIterator[TeamVoiceStandIn]:
    team_voice = TeamVoiceStandIn()
    team_voice.add_token("secret")
    await team_voice.start()
    yield team_voice
    await team_voice.stop()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with outside.for_jira_and_sources() as http:
        yield http


def port(site: TeamVoiceStandIn) -> str:
    return site.base_url.rpartition(":")[2]


@pytest.mark.parametrize("address", OURS.split())
def test_what_only_some_can_reach_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", EVERYBODYS.split())
def test_what_everybody_reaches_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", SPELLINGS.split())
async def test_this_machine_is_known_by_every_name(
    site: TeamVoiceStandIn, http: httpx.AsyncClient, host: str
) -> None:
    for scheme in ("http", "https"):
        typed = Endpoint(f"{scheme}://{host}:{port(site)}{PATH}", "secret", typed=True)
        await _is_inside(http, typed)
    assert not site.calls


async def _is_inside(http: httpx.AsyncClient, typed: Endpoint) -> None:
    with refuses((SourceError, SourceUnavailable), says=r"Nothing was changed") as failure:
        await TeamVoice(http).polls(typed, ISSUE)

    # No URLs to httpx, and what is known to some machines only.
    if not any(odd in typed.url for odd in ("/0177.", "/localhost.:", "/127.000")):
        assert "POLLBOT_ALLOW_PRIVATE_ADDRESSES" in sentence(failure.value)
        assert "pollbot's own machine or network" in sentence(failure.value)


@pytest.mark.parametrize("address", ODD)
async def test_an_address_that_reads_in_two_ways_leads_nowhere_inside(address: str) -> None:
    """Prove that only public addresses are called, whatever a parser takes for the host."""
    called: list[str] = []

    def remember(request: httpx.Request) -> httpx.Response:
        called.append(request.url.host)
        return httpx.Response(200, stream=httpx.ByteStream(b"[]"))

    async def told(host: str, port: int) -> list[str]:
        """Know one public name; of numbers and of this machine's names what a machine knows."""
        return ["8.8.8.8"] if host == "acme.example" else await look_up(host, port)

    typed = Endpoint(f"{address}/x", "secret", typed=True)
    async with httpx.AsyncClient(transport=httpx.MockTransport(remember)) as http:
        with suppress(SourceError, SourceUnavailable):
            await TeamVoice(http, Guard(look_up=told)).polls(typed, ISSUE)

    assert set(called) <= {"8.8.8.8"}


@pytest.mark.parametrize("port", ["", ":443", ":8443", ":22"])
async def test_a_public_name_is_called_by_https_alone(port: str) -> None:
    called: list[str] = []

    def remember(request: httpx.Request) -> httpx.Response:
        called.append(str(request.url.copy_with(path="/")))
        return httpx.Response(200, stream=httpx.ByteStream(b"[]"))

    async def public(host: str, port: int) -> list[str]:
        return ["8.8.8.8"]

    async with httpx.AsyncClient(transport=httpx.MockTransport(remember)) as http:
        voice, open_to_all = (
            TeamVoice(http, Guard(look_up=public, plain=plain)) for plain in (False, True)
        )
        plain, sealed = (
            Endpoint(f"{scheme}://acme.example{port}/x", "secret", typed=True)
            for scheme in ("http", "https")
        )
        with refuses(SourceError, says=r"begins with http://.* POLLBOT_ALLOW_PRIVATE_ADDRESSES"):
            await voice.polls(plain, ISSUE)
        assert not called

        assert await voice.polls(sealed, ISSUE) == []
        assert await open_to_all.polls(plain, ISSUE) == []

    assert [url.partition(":")[0] for url in called] == ["https", "http"]


async def test_the_address_that_was_judged_is_the_one_that_is_called(
    site: TeamVoiceStandIn, http: httpx.AsyncClient
) -> None:
    asked: list[str] = []

    async def changing(host: str, port: int) -> list[str]:
        """Answer as a name server does that leads elsewhere each time it is asked."""
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    guard = Guard(lambda place: place == "127.0.0.1", changing, plain=True)
    typed = Endpoint(f"http://team-voice.example:{port(site)}{PATH}", "secret", typed=True)
    voice = TeamVoice(http, guard)

    assert await voice.polls(typed, ISSUE) == []
    assert len(asked) == len(site.calls) == 1
    with refuses(SourceError, says="POLLBOT_ALLOW_PRIVATE_ADDRESSES"):
        await voice.polls(typed, ISSUE)
    assert len(site.calls) == 1


async def test_one_private_address_among_public_ones_is_enough(http: httpx.AsyncClient) -> None:
    async def both(host: str, port: int) -> list[str]:
        return ["8.8.8.8", "::ffff:10.0.0.1"]

    with pytest.raises(PrivateAddressError):
        await Guard(look_up=both).call(
            http, "GET", httpx.URL("http://team-voice.example"), headers={}, extensions={}
        )


async def test_a_host_of_several_addresses_is_tried_at_each(
    site: TeamVoiceStandIn, http: httpx.AsyncClient
) -> None:
    async def two(host: str, port: int) -> list[str]:
        return ["127.0.0.9", "127.0.0.1"]

    typed = Endpoint(f"http://team-voice.example:{port(site)}{PATH}", "secret", typed=True)
    voice = TeamVoice(http, Guard(lambda _: True, two, plain=True))

    assert await voice.polls(typed, ISSUE) == []


async def test_a_redirect_into_this_machine_is_not_followed(
    site: TeamVoiceStandIn, http: httpx.AsyncClient
) -> None:
    site.faults.fail_next("GET polls", 302, "", {"Location": f"{site.url}?token=secret"})

    with pytest.raises(SourceUnavailable):
        await TeamVoice(http, EVERYWHERE).polls(Endpoint(site.url, "secret", typed=True), ISSUE)

    assert len(site.calls) == 1


async def test_what_the_settings_name_may_be_anywhere(
    site: TeamVoiceStandIn, http: httpx.AsyncClient
) -> None:
    assert await TeamVoice(http).polls(Endpoint(site.url, "secret"), ISSUE) == []


async def test_a_host_that_nobody_knows_is_away(http: httpx.AsyncClient) -> None:
    async def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    typed = Endpoint("https://team-voice.example", "secret", typed=True)
    with refuses(SourceUnavailable, says="Nothing was changed"):
        await TeamVoice(http, Guard(look_up=unknown)).create(
            typed, ISSUE, Draft("Lunch?", ("Pizza", "Soup"))
        )


async def test_numbers_are_read_as_the_machine_reads_them() -> None:
    assert await look_up("0x7f000001", 80) == ["127.0.0.1"]
