"""A model on this machine: llama.cpp in a child process, no key, no network.

Knows where the weights are and how to start, share and end the child that serves
them. Refuses to know what is asked of the model: the child speaks OpenAI's chat
protocol at ``Server.base_url``, and a stream talks to it as to any other provider.

    weights    which file, and is it one
    cores      how many threads are good for it
    child      the program that serves it, run as a file of its own
    process    starts that program and hears its address
    children   which ones this process has; a fork has none

Importing this package is cheap: xllamacpp is only ever loaded by the child.
"""

from __future__ import annotations

from nbstream.providers.local.server_pool import Server, server, shutdown
from nbstream.providers.local.weights import ensure_installed, find_weights, model_name

__all__ = ["Server", "ensure_installed", "find_weights", "model_name", "server", "shutdown"]
