"""The model on this machine: llama.cpp in a subprocess; no provider's key, no internet.

The subprocess serves OpenAI's Chat Completions at ``Server.base_url``. A stream uses it like
any other provider.

    weights        finds the file with the weights
    thread_count   how many threads to use
    child          the program that serves the model, run as a script
    process        starts and stops that program
    server_pool    the servers of this process; a fork has none

Importing this package is fast: only the subprocess imports xllamacpp.
"""

from __future__ import annotations

from nbstream.providers.local.server_pool import Server, server, shutdown
from nbstream.providers.local.weights import (
    PACKAGED_MODEL,
    ensure_installed,
    find_weights,
    model_name,
)

__all__ = [
    "PACKAGED_MODEL",
    "Server",
    "ensure_installed",
    "find_weights",
    "model_name",
    "server",
    "shutdown",
]
