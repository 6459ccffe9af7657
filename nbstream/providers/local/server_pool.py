"""Keeps the running servers of local models: one for each weights file, shared by all streams.

A server that has ended is replaced. A fork starts without servers.
"""

from __future__ import annotations

import os
import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nbstream.providers.local.process import Child, launch
from nbstream.providers.local.thread_count import thread_count
from nbstream.providers.local.weights import ensure_installed, find_weights, model_name

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Server", "server", "shutdown"]


@dataclass(frozen=True)
class Server:
    """A running server of a local model: its address, key and model name. Chat Completions only."""

    base_url: str  # "http://127.0.0.1:40123/v1"
    api_key: str = field(repr=False)  # for "Authorization: Bearer ..."; new for each subprocess
    model: str  # "SmolLM2-135M-Instruct"


_lock = threading.Lock()
_children: dict[Path, tuple[Child, Server]] = {}


def server(path: str | os.PathLike[str] | None = None, *, timeout: float = 60.0) -> Server:
    """The server for the weights at ``path``, started if there is none yet.

    Without a path, ``find_weights`` gives the default.

    The first call starts it and blocks until it answers (about one second for SmolLM2),
    ``timeout`` seconds at most. Later calls, from any thread, return the same server, or
    start a new one if it has ended. It ends with this process in any case.

    Raises:
        LocalModelError: llama.cpp or the weights are missing, or it does not start.
    """
    ensure_installed()
    weights = find_weights(path)
    with _lock:
        running = _children.get(weights)
        if running is not None:
            if running[0].alive:
                return running[1]
            _children.pop(weights)[0].stop()
        name, api_key = model_name(weights), secrets.token_urlsafe(32)
        child = launch(weights, name, api_key, thread_count(), timeout)
        started = Server(f"{child.address}/v1", api_key, name)
        _children[weights] = child, started
        return started


def shutdown() -> None:
    """Stop all servers of this process; streams that use them end with an error.

    Never required: a server notices the end of its parent by itself.
    """
    with _lock:
        while _children:
            _children.popitem()[1][0].stop()


def _forget_in_fork() -> None:
    """In a fork, forget the servers: they belong to the parent."""
    global _lock  # noqa: PLW0603 - a lock that another thread held stays locked in the fork
    _lock = threading.Lock()
    while _children:
        _children.popitem()[1][0].disown()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_fork)
