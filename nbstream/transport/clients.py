"""HTTP clients: our own, one a loop, or one of the user's.

Knows httpx, and that ``httpx2`` has the same shape. Refuses to know what is
sent. Proxies and certificates are as httpx has them: ``HTTPS_PROXY``,
``NO_PROXY``, ``SSL_CERT_FILE``, or the user's own client.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import urllib.request
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from nbstream.errors import UsageError

_Settings = tuple[Any, ...]
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[_Settings, httpx.AsyncClient]] = (
    WeakKeyDictionary()
)


def our_client() -> httpx.AsyncClient:
    """The running loop's client: connections are reused, never shared across loops.

    One for each setting of the environment, for a notebook may set a proxy
    after its first request.
    """
    clients = _clients.setdefault(asyncio.get_running_loop(), {})
    settings = (
        *sorted(urllib.request.getproxies().items()),
        os.environ.get("SSL_CERT_FILE"),
        os.environ.get("SSL_CERT_DIR"),
    )
    if settings not in clients:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
        # A proxy must not stand between the notebook and a model on this machine.
        here = {"all://127.0.0.1": None, "all://localhost": None, "all://[::1]": None}
        clients[settings] = httpx.AsyncClient(timeout=None, limits=limits, mounts=here)  # noqa: S113
    return clients[settings]


def check_client(client: Any) -> None:
    """Refuse what is no asynchronous client, before anything is sent.

    Raises:
        UsageError: it is a blocking client, or none at all.
    """
    if inspect.iscoroutinefunction(getattr(client, "send", None)):
        return
    raise UsageError(
        f"client= takes an httpx.AsyncClient; this is a {type(client).__name__}.",
        remedy="Pass httpx.AsyncClient(...) with the same settings; blocking methods work with it.",
    )


def has_own_timeouts(client: Any) -> bool:
    """Whether the user set time-outs on the client: then it keeps them.

    httpx's default of five seconds is no choice of anybody's, and too short
    for a model that thinks.
    """
    return bool(client.timeout != type(client.timeout)(5.0))
