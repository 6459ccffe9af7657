"""Our own HTTP clients, one a loop.

Knows httpx, and that proxies and certificates are as it has them: ``HTTPS_PROXY``,
``NO_PROXY``, ``SSL_CERT_FILE``. Refuses to know what is sent.
"""

from __future__ import annotations

import asyncio
import os
import urllib.request
from typing import Any
from weakref import WeakKeyDictionary

import httpx

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
