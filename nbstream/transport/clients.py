"""Keeps the shared HTTP clients that send requests by default: by event loop and route.

A route is how a request leaves: through which proxy, and which certificates it trusts. The
environment decides it for each request alone, so that a setting for one destination never breaks
a request to another. It also chooses the HTTP library (``NBSTREAM_HTTP``).
"""

from __future__ import annotations

import asyncio
import importlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from nbstream.core.shown import shown
from nbstream.errors import UsageError
from nbstream.transport.certificates import (
    Authorities,
    authorities,
    default_error,
    no_tls,
    tls_context,
)
from nbstream.transport.hosts import destination
from nbstream.transport.proxies import GET_SOCKS, Proxy, not_an_address, proxy_for

if TYPE_CHECKING:
    import ssl
    from types import ModuleType

    import httpx

LIBRARY = "NBSTREAM_HTTP"
"""The environment variable that chooses the HTTP library: ``httpx`` (default) or ``httpx2``."""


@dataclass(frozen=True, slots=True)
class Route:
    """How a request leaves. ``trusted`` is None if no TLS is needed."""

    proxy: Proxy | None = None
    trusted: Authorities | None = None


_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[str, Route], Any]] = (
    WeakKeyDictionary()
)


def route_to(url: str) -> Route:
    """The route of a request to ``url``, by the environment as it is now.

    Raises:
        UsageError: a proxy setting that applies to ``url`` cannot be used.
    """
    proxy = proxy_for(url)
    with_tls = destination(url).scheme == "https" or (proxy and proxy.url.startswith("https"))
    return Route(proxy, authorities() if with_tls else None)


def shared_client(route: Route) -> httpx.AsyncClient:
    """The shared client of the running event loop for ``route``.

    Connections cannot be shared across loops.

    Raises:
        UsageError: the certificates cannot be loaded, or the library is not installed.
    """
    clients = _clients.setdefault(asyncio.get_running_loop(), {})
    key = (os.environ.get(LIBRARY, "").strip() or "httpx", route)
    if key not in clients:
        try:
            clients[key] = client_of(library(key[0]), route)
        except OSError as error:
            raise default_error(error) from None
        except (ImportError, RuntimeError) as error:  # socksio came after the library's import
            raise UsageError(
                f"{key[0]} cannot use the proxy {route.proxy}: {error}",
                remedy=f"Restart the kernel. If that does not help: {GET_SOCKS}",
            ) from None
    client: httpx.AsyncClient = clients[key]
    return client


def client_of(http: ModuleType, route: Route) -> Any:
    """A new client of the library ``http`` for ``route``.

    Raises:
        OSError: the certificates cannot be loaded.
        UsageError: the proxy cannot be used.
    """
    verify: ssl.SSLContext | bool = True
    if route.trusted is None:
        verify = no_tls()
    elif route.trusted.places:
        verify = tls_context(route.trusted)
    proxy = None
    if route.proxy is not None:
        to_proxy = route.proxy.url.startswith("https")
        own = verify if to_proxy and not isinstance(verify, bool) else None
        try:
            proxy = http.Proxy(route.proxy.url, auth=route.proxy.auth, ssl_context=own)
        except (ValueError, http.InvalidURL):
            raise not_an_address(route.proxy.variable) from None
    limits = http.Limits(max_connections=None, max_keepalive_connections=20)
    # trust_env: the route holds all that the environment says about this request.
    return http.AsyncClient(
        timeout=None, limits=limits, trust_env=False, verify=verify, proxy=proxy
    )


def library(name: str) -> ModuleType:
    """Import the HTTP library that the user chose."""
    if name not in {"httpx", "httpx2"}:
        raise UsageError(
            f"{LIBRARY} names no HTTP library: {shown(name)}.",
            remedy="Set it to httpx or httpx2, or unset it.",
        )
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        raise UsageError(
            f"{LIBRARY} is {name}, which is not installed.",
            remedy=f"pip install 'nbstream[{name}]'" if name == "httpx2" else f"pip install {name}",
        ) from None
