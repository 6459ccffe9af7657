"""Decides which addresses may be links, and whether a link's text hides where it leads.

``js/render/policy/links.ts`` decides the same in the browser. There the page's own host is
known; here the hosts of this machine stand for it.
"""

from __future__ import annotations

import os
import platform
import re
import unicodedata
from functools import cache
from ipaddress import IPv4Address
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from nbstream.display.policy.rules import rule

_SAFE = "!#$%&'()*+,/:;=?@[]|~"
"""Characters of an address that stay as they are, besides letters and digits."""

_NAME = re.compile(r"[\w-]", re.ASCII)

_HUB_ADDRESSES = ("JUPYTERHUB_HOST", "JUPYTERHUB_PUBLIC_URL", "JUPYTERHUB_PUBLIC_HUB_URL")
"""Environment variables in which JupyterHub tells the addresses that its users open."""


class SafeLink(NamedTuple):
    """An address that may be followed."""

    href: str
    host: str
    """The host in ASCII. For a mail, the address of the person who gets it."""


def safe_link(address: str) -> SafeLink | None:
    """Parse an address from a model or the web; None if it may not be a link.

    >>> safe_link("https://docs.python.org/3/").host
    'docs.python.org'
    >>> safe_link("javascript:alert(1)")
    """
    mail = rule("mail").match(address.strip())
    return SafeLink(f"mailto:{mail[1]}", mail[1]) if mail else web_address(address)


def web_address(address: str) -> SafeLink | None:
    """Like ``safe_link``, for http and https only."""
    clean = address.strip().replace(" ", "%20")
    found = rule("web").match(clean)
    host = _ascii_host(found[1]) if found else None
    if not found or host is None or rule("local").search(host) or host in _own_hosts():
        return None
    begin, end = found.span(1)
    try:
        urlsplit(clean).port  # noqa: B018  (it raises for a number that is no port)
    except ValueError:
        return None
    return SafeLink(clean[:begin].lower() + host + quote(clean[end:], safe=_SAFE), host)


def must_show_host(text: str, link: SafeLink, before: str = "", after: str = "") -> bool:
    """Whether the host must be shown beside a link, because its text may name another.

    ``before`` and ``after`` are the source of the text around the link.

    >>> link = safe_link("https://evil.example/")
    >>> [must_show_host(text, link) for text in ("the docs", "evil.example/x", "mybank.com")]
    [False, False, True]
    >>> must_show_host("login", link, "Go to mybank.com/", "")
    True
    """
    own = text.strip()
    left, right = _beside(before)[-1], _beside(after)[0]
    plain = rule("plain").match
    if link.href.startswith("mailto:"):
        if own.lower() != link.host.lower():
            return True
    else:
        named = rule("named").match(own)
        if not named or named[1].lower() != link.host.removeprefix("www."):
            return not plain(left + text + right)
    # The name of the host is true, unless it goes on or is itself a part of something.
    return not plain(f"{left}a") or not plain(f"a{right}") or bool(_NAME.match(right))


def _beside(source: str) -> list[str]:
    """The pieces of a text in Markdown between its gaps, without what a reader does not see."""
    return rule("gap").split(rule("markup").sub("", source))


def _ascii_host(host: str) -> str | None:
    """The host as it is asked for (UTS 46); None if it is not written in the usual way."""
    lower = host.lower()
    if unicodedata.normalize("NFKC", lower) != lower:
        return None
    labels = lower.split(".")
    if labels[-1].isdigit() or labels[-1].startswith("0x"):
        try:
            return str(IPv4Address(lower))
        except ValueError:
            return None
    try:
        return ".".join(_ascii_label(label) for label in labels)
    except ValueError:
        return None


def _ascii_label(label: str) -> str:
    """One part of a host in ASCII (RFC 3492). Raises ValueError if it is no name."""
    if label.startswith("xn--"):
        label[4:].encode("ascii").decode("punycode")  # raises if it is none
        return label
    if label.isascii():
        return label
    if any(unicodedata.category(one)[0] not in "LMN" for one in label if one not in "-_"):
        raise ValueError("not letters alone")
    return "xn--" + label.encode("punycode").decode()


@cache
def _own_hosts() -> frozenset[str]:
    """The names of this machine and of the hub that it belongs to."""
    addresses = [os.environ.get(name, "") for name in _HUB_ADDRESSES]
    hosts = [urlsplit(one if "//" in one else f"//{one}").hostname for one in addresses]
    return frozenset({platform.node().lower(), *filter(None, hosts)} - {""})
