"""Which servers may be called at an address that somebody typed, as against one in the settings.

A typed address may lead to what only this machine or its network can reach: another program's
port, a router, a cloud's metadata. What counts is where it leads, however it is spelled, so the
name is looked up here, every address of it is judged, and the one that was judged is called. By
https alone: over http, who stands in between reads the token and may be who answers.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpx

from pollbot.web import calls as outside
from pollbot.web.calls import DEADLINE, NOT_CONNECTED

LookUp = Callable[[str, int], Awaitable[list[str]]]
"""Returns the IP addresses of a host; raises OSError if there are none."""

_PORTS = {"http": 80, "https": 443}
# RFC 6052, 2.1: a gateway calls the IPv4 address in the last 32 bits.
_NAT64 = IPv6Network("64:ff9b::/96")
# Public by their number, and yet not for everybody: Azure's "WireServer" answers machines of
# Azure (learn.microsoft.com, "What is IP address 168.63.129.16?"), and 192.0.0.192 those of
# Oracle's cloud. RFC 9637 took 3fff::/20 for examples; Python knows it since 3.14.
_OF_SOME = [ip_network(one) for one in ("168.63.129.16/32", "192.0.0.0/24", "3fff::/20")]


class PrivateAddressError(Exception):
    """The address leads to this machine or into a network that is not public."""


class PlainAddressError(Exception):
    """The address begins with http://."""


async def look_up(host: str, port: int) -> list[str]:
    """Return the IP addresses that this machine knows for a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[4][0]) for place in found))


def is_public(text: str) -> bool:
    """Return whether an IP address is one that everybody on the internet reaches alike."""
    return _is_public(ip_address(text.partition("%")[0]))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(inner)
        if address.teredo is not None or address.is_site_local:
            return False
    if any(address in network for network in _OF_SOME):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


@dataclass(frozen=True, slots=True)
class Guard:
    """Calls only servers that ``allowed`` lets through, by their IP address.

    ``plain``: by http as well as by https.
    """

    allowed: Callable[[str], bool] = is_public
    look_up: LookUp = look_up
    plain: bool = False

    async def call(
        self,
        http: httpx.AsyncClient,
        method: str,
        url: httpx.URL,
        *,
        within: float = DEADLINE,
        headers: Mapping[str, str],
        extensions: Mapping[str, Any],
        **sent: Any,
    ) -> httpx.Response:
        """Send one request as ``outside.call`` does, to an address that was just judged.

        Raises PrivateAddressError if any address of the host is not allowed, and
        PlainAddressError for one that is, but by http.
        """
        host, port = url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme]
        end = asyncio.get_running_loop().time() + within
        # Another host at the same address is not to be spoken to over this connection.
        headers = {**headers, "Host": url.netloc.decode("ascii"), "Connection": "close"}
        extensions = {**extensions, "sni_hostname": host}
        failure: httpx.HTTPError = httpx.ConnectError("no such host")
        places = await self._judged(host, port, within)
        if url.scheme != "https" and not self.plain:
            raise PlainAddressError
        for place in places:
            left = end - asyncio.get_running_loop().time()
            try:
                return await outside.call(
                    http,
                    method,
                    url.copy_with(host=place),
                    within=left,
                    headers=headers,
                    extensions=extensions,
                    **sent,
                )
            except NOT_CONNECTED as error:
                failure = error
        raise failure

    async def _judged(self, host: str, port: int, within: float) -> list[str]:
        try:
            async with asyncio.timeout(within):
                places = await self.look_up(host.strip("[]"), port)
        except (OSError, UnicodeError, TimeoutError):
            return []
        if not all(self.allowed(place) for place in places):
            raise PrivateAddressError
        return places


EVERYWHERE = Guard(allowed=lambda _: True, plain=True)
"""Lets every address through; it is still looked up once, and the one found is called."""
