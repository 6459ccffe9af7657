"""Finds the proxy for a request in the environment.

The variables are those of curl: ``http_proxy``, ``https_proxy``, ``all_proxy`` and ``no_proxy``, in
lower or upper case. A request to this machine never uses a proxy.
"""

from __future__ import annotations

import ipaddress
import os
import re
import urllib.request
from dataclasses import dataclass, field
from importlib.util import find_spec
from urllib.parse import unquote, urlsplit

from nbstream.core.redact import Secret
from nbstream.errors import UsageError
from nbstream.transport.hosts import IPAddress, destination, ip_address, is_this_machine

GET_SOCKS = "pip install 'nbstream[socks]'"

_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}
_SYSTEM = "the system's proxy settings"
_EXAMPLE = "http://proxy.example:3128"
_NOT_IN_HOSTS = re.compile(r"[\s\"'<>\\^`{}|$%/?#,;]")
_ENTRY = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(?::(\d+))?")  # of NO_PROXY: a host, perhaps a port


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy and where it is set. The repr shows no user and no password.

    ``url`` has no user and password; they are in ``auth``. ``variable`` is the environment
    variable, for errors.
    """

    url: str
    variable: str
    auth: tuple[Secret, Secret] | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.url.partition('://')[2]} ({self.variable})"


def proxy_for(url: str) -> Proxy | None:
    """The proxy for a request to ``url``; None if it goes there directly.

    A variable that is empty counts as not set.

    Raises:
        UsageError: a variable that applies to ``url`` is not the address of a proxy, or its proxy
            needs a package that is not installed.
    """
    scheme, host, port = destination(url)
    if not host or is_this_machine(host):
        return None
    settings = urllib.request.getproxies()  # on Windows and macOS also the system's
    if _is_exempt(scheme, host, port, settings.get("no", "")):
        return None
    for one in (scheme, "all"):
        if value := settings.get(one, "").strip():
            return _proxy(value, _variable(one))
    return None


def _variable(scheme: str) -> str:
    """The name of the environment variable that sets the proxy for ``scheme``."""
    lower = f"{scheme}_proxy"
    names = [lower, lower.upper(), *os.environ]
    found = (name for name in names if name.lower() == lower and os.environ.get(name))
    return next(found, _SYSTEM)


def _proxy(value: str, variable: str) -> Proxy:
    """Read the address of a proxy. curl's rules: without a scheme it is ``http://``."""
    scheme, slashes, rest = value.partition("://")
    scheme, rest = (scheme.lower(), rest) if slashes else ("http", value)
    if scheme == "socks":  # as GNOME writes it
        scheme = "socks5"
    if scheme in {"socks4", "socks4a"}:
        raise UsageError(
            f"{variable} names a SOCKS 4 proxy, which is not supported.",
            remedy=f"Write socks5:// if the proxy can do that, or use an HTTP proxy: {_EXAMPLE}."
            " Or add the host to NO_PROXY.",
        )
    if scheme not in _PORTS:
        raise UsageError(
            f"{variable} has no scheme that a proxy can have.",  # the value may hold a password
            remedy=f"Write http://, https:// or socks5://, as in {_EXAMPLE}, or unset it.",
        )
    # From the right: a password may contain any character, also unquoted.
    userinfo, at, place = rest.rpartition("@")
    place = place.partition("/")[0]
    try:
        parts = urlsplit(f"//{place}")
        host, port = parts.hostname or "", parts.port or _PORTS[scheme]
    except ValueError:
        host, port = "", 0
    if not host or _NOT_IN_HOSTS.search(host):
        raise not_an_address(variable)
    if scheme.startswith("socks") and find_spec("socksio") is None:
        raise UsageError(
            f"{variable} names a SOCKS proxy, which needs one more package.",
            remedy=f"{GET_SOCKS}\nThen restart the kernel. Or unset {variable}, or add the host to"
            " NO_PROXY.",
        )
    user, _, password = userinfo.partition(":")
    auth = (Secret(unquote(user)), Secret(unquote(password))) if at else None
    shown = f"[{host}]" if ":" in host else host
    return Proxy(f"{scheme}://{shown}:{port}", variable, auth)


def not_an_address(variable: str) -> UsageError:
    """The error for a variable whose value cannot be read. It does not show the value."""
    return UsageError(
        f"{variable} is not the address of a proxy.",
        remedy=f"Write it as {_EXAMPLE}, without quotes, or unset it.",
    )


def _is_exempt(scheme: str, host: str, port: int | None, no_proxy: str) -> bool:
    """Whether ``no_proxy`` excludes the host, by the rules of curl 7.86 and later.

    It is a list with commas or spaces. ``*`` is every host; a name stands for itself and its
    subdomains, with or without a dot before it; an IP address may have a number of bits. As in
    Python, an entry may have a port, and as in httpx a scheme. An entry that is none of these is
    passed over. https://curl.se/libcurl/c/CURLOPT_NOPROXY.html
    """
    name, address = _ascii(host.rstrip(".")), ip_address(host)
    return any(
        _matches(entry, scheme, name, address, port) for entry in re.split(r"[\s,]+", no_proxy)
    )


def _matches(
    entry: str, scheme: str, name: str, address: IPAddress | None, port: int | None
) -> bool:
    if entry == "*":
        return True
    wanted, slashes, rest = entry.partition("://")
    if slashes:
        if wanted.lower() not in {scheme, "all"}:
            return False
        entry = rest.partition("/")[0]
    if (found := _ENTRY.fullmatch(entry)) and found[2]:
        if int(found[2]) != port:
            return False
        entry = found[1]
    if address is not None:
        try:
            bare = entry.replace("[", "").replace("]", "")
            return address in ipaddress.ip_network(bare, strict=False)
        except ValueError:
            return False
    domain = _ascii(entry.removeprefix("*").strip("."))
    return bool(domain) and (name == domain or name.endswith(f".{domain}"))


def _ascii(name: str) -> str:
    """A host's name in lower case and, if it can be, in the form that DNS has."""
    if not name.isascii():
        try:
            return name.encode("idna").decode()
        except UnicodeError:
            pass
    return name.lower()
