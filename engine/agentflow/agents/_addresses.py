"""Addresses: finds where a host really is, and says whether a request may go there.

What a name looks like tells nothing: "0x7f.1" and "2130706433" are this machine, and an IPv6
address may carry an IPv4 one. So a host is judged by the addresses that it resolves to, and the
request goes to one of exactly those.
"""

import socket
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from agentflow.concurrency.threads import in_thread
from agentflow.errors import NotAllowedError, ToolError

__all__ = ["Resolve", "allowed_addresses", "is_plainly_private", "resolve"]

Address = IPv4Address | IPv6Address

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""(host, port) → the addresses that it has now; OSError where there is none."""

_PRIVATE = tuple(
    ip_network(it)
    for it in (
        *("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
        *("198.18.0.0/15", "::1/128", "fc00::/7"),
    )
)
"""This machine and the networks behind its router."""
_NEVER = tuple(
    ip_network(it)
    for it in (
        *("0.0.0.0/8", "100.100.100.200/32", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24"),
        *("192.88.99.0/24", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("::/128", "100::/64", "2001:db8::/32", "fd00:ec2::254/128", "fe80::/10", "fec0::/10"),
        "ff00::/8",
    )
)
"""Where no request has any business: link-local addresses hold a cloud machine's own keys."""
_CARRIES_IN_ITS_END = tuple(
    IPv6Network(it) for it in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96")
)
"""IPv6 networks whose addresses end with the IPv4 address that they lead to."""


def is_plainly_private(host: str) -> bool:
    """Whether a host says of itself that it is near: an address, or "localhost"."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return _judged(ip_address(name)) == "private"
    except ValueError:
        return False


async def allowed_addresses(
    host: str, port: int, private_hosts: Collection[str], where: str, find: Resolve
) -> Sequence[str]:
    """The addresses of a host, all of which a request may go to.

    Args:
        host: as it stands in the address: a name, or an address in any spelling.
        port: where it is to be asked.
        private_hosts: the hosts that may be on this machine or in a private network.
        where: what asks, for errors: "agents.weather".
        find: asked once; what it answers is what is judged.

    Raises:
        NotAllowedError: one of its addresses is none that a request may go to.
        ToolError: it has no address.
    """
    try:
        found = await find(host, port)
    except (OSError, UnicodeError):
        raise ToolError(f"there is no host {host!r}", fix="check the address") from None
    known = {it.rstrip(".").lower() for it in private_hosts}
    for address in found:
        verdict = _judged(ip_address(address))
        if verdict == "never":
            what = f"the host {host!r} is {address}, which no flow may reach"
            raise NotAllowedError(where, what, "name a public host")
        if verdict == "private" and host.rstrip(".").lower() not in known:
            what = f"the host {host!r} is on this machine or in a private network ({address})"
            fix = f'add it if that is meant: private_hosts = ["{host}"]'
            raise NotAllowedError(where, what, fix)
    if not found:
        raise ToolError(f"there is no host {host!r}", fix="check the address")
    return found


async def resolve(host: str, port: int) -> Sequence[str]:
    """What the machine says. In a thread of its own: a name server may be slow."""
    found = await in_thread(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def _judged(address: Address) -> str:
    """The worst that the address, or one in it, deserves: "never", "private" or "public"."""
    verdicts = {_verdict(it) for it in (address, *_carried(address))}
    return next(it for it in ("never", "private", "public") if it in verdicts)


def _verdict(address: Address) -> str:
    plain = address if isinstance(address, IPv4Address) else IPv6Address(int(address))
    if any(plain in network for network in _NEVER):
        return "never"
    return "private" if any(plain in network for network in _PRIVATE) else "public"


def _carried(address: Address) -> Iterator[IPv4Address]:
    """The IPv4 addresses that an IPv6 address leads to, by whichever kind of tunnel."""
    if isinstance(address, IPv4Address):
        return
    plain = IPv6Address(int(address))
    if plain == IPv6Address("::1"):
        return
    yield from (it for it in (plain.ipv4_mapped, plain.sixtofour) if it is not None)
    yield from plain.teredo or ()
    if any(plain in network for network in _CARRIES_IN_ITS_END):
        yield IPv4Address(int(plain) & 0xFFFFFFFF)
