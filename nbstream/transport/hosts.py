"""Reads the host in a URL: what an error calls it, and whether it is this machine."""

from __future__ import annotations

import ipaddress
import re
import socket
from typing import NamedTuple
from urllib.parse import urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# The forms of IPv4 that C libraries take: 127.1, 0x7f000001, 2130706433.
_OLD_IPV4 = re.compile(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}", re.IGNORECASE)


def netloc(url: str) -> str:
    """The host and port in ``url`` as written, without user and password."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2] or "the provider"
    except ValueError:
        return "the provider"


class Destination(NamedTuple):
    """The parts of a URL; without a port, ``port`` is the scheme's. The host has no brackets."""

    scheme: str
    host: str
    port: int | None


def destination(url: str) -> Destination:
    """Where ``url`` leads. Never raises: for a malformed URL the parts are empty."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
        return Destination(parts.scheme, parts.hostname or "", port)
    except ValueError:
        return Destination("", "", None)


def ip_address(host: str) -> IPAddress | None:
    """The IP address that ``host`` is, with or without brackets; None for a name."""
    bare = host.strip("[]").partition("%")[0]
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        if not _OLD_IPV4.fullmatch(bare):
            return None
        try:
            return ipaddress.IPv4Address(socket.inet_aton(bare))
        except (OSError, ValueError):
            return None
    return getattr(found, "ipv4_mapped", None) or found


def is_this_machine(host: str) -> bool:
    """Whether ``host``, without a port, is a loopback address or a name of one (RFC 6761, 6.3).

    ``0.0.0.0`` and ``::`` count too: as a destination they lead to this machine.
    """
    name = host.strip().rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = ip_address(name)
    return address is not None and (address.is_loopback or address.is_unspecified)
