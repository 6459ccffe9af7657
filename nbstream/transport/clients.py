"""Keeps the shared HTTP clients that send requests by default: by event loop and settings.

Proxies and certificates follow httpx: ``HTTPS_PROXY``, ``NO_PROXY``, ``SSL_CERT_FILE``.
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


def shared_client() -> httpx.AsyncClient:
    """The shared client of the running event loop. Connections cannot be shared across loops.

    There is one client for each proxy and certificate setting, because a notebook may set a
    proxy after its first request.
    """
    clients = _clients.setdefault(asyncio.get_running_loop(), {})
    settings = (
        *sorted(urllib.request.getproxies().items()),
        os.environ.get("SSL_CERT_FILE"),
        os.environ.get("SSL_CERT_DIR"),
    )
    if settings not in clients:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
        # Requests to this machine never go through a proxy.
        local = {"all://127.0.0.1": None, "all://localhost": None, "all://[::1]": None}
        clients[settings] = httpx.AsyncClient(timeout=None, limits=limits, mounts=local)  # noqa: S113
    return clients[settings]
