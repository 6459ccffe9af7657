"""Which children this process has.

Knows that one child for each weights file is enough for all streams, that a dead one
is replaced, and that a fork has none. Refuses to know how a child is started.
"""

from __future__ import annotations

import os
import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nbstream.providers.local.process import Child, launch
from nbstream.providers.local.thread_count import threads
from nbstream.providers.local.weights import ensure_installed, find_weights, model_name

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Server", "server", "shutdown"]


@dataclass(frozen=True)
class Server:
    """Where a local model answers, in OpenAI's chat protocol and on this machine only."""

    base_url: str  # "http://127.0.0.1:40123/v1"
    api_key: str = field(repr=False)  # "Authorization: Bearer ..."; new with every child
    model: str  # "SmolLM2-135M-Instruct"


_lock = threading.Lock()
_children: dict[Path, tuple[Child, Server]] = {}


def server(path: str | os.PathLike[str] | None = None, *, timeout: float = 60.0) -> Server:
    """Return the server of the weights at ``path``; see `find_weights` for the default.

    The first call starts it and blocks until it answers (about a second for SmolLM2),
    ``timeout`` seconds at most. All later calls, from any thread, share it; if it has
    died since, they start a new one. It ends with this process, however that ends.

    Raises LocalModelError if llama.cpp or the weights are missing, or if it does not start.
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
        child = launch(weights, name, api_key, threads(), timeout)
        found = Server(f"{child.address}/v1", api_key, name)
        _children[weights] = child, found
        return found


def shutdown() -> None:
    """Stop every child of this process; streams that they are sending break off.

    Never needed for cleanliness: a child notices by itself that its parent has gone.
    """
    with _lock:
        while _children:
            _children.popitem()[1][0].stop()


def _forget() -> None:
    """Start without children in a fork: they are the parent's, and so may be the lock."""
    global _lock  # noqa: PLW0603 - a lock held by a thread that the fork lacks stays locked
    _lock = threading.Lock()
    while _children:
        _children.popitem()[1][0].disown()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
