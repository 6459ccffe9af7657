"""The program that serves the local model over HTTP, run as ``python child.py`` by ``process.py``.

It does not import nbstream, so that it starts as fast as llama.cpp and has no other
dependency. It takes no arguments and reads no environment variables for its settings, because
other users of the machine could read them.

It reads one JSON line of ``Settings`` from stdin, and writes one JSON line with its address to
stdout once the model answers. It exits when stdin is closed: the last process that held the
other end has ended. It also exits when its parent has ended, because a fork of the parent may
still hold stdin.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import threading
import time
from typing import Any, NoReturn, TypedDict

IMPORT_FAILED = 3
"""The exit code for: llama.cpp could not be imported."""

_SLOTS = 4  # requests that are answered at the same time; others wait
# Tokens for each slot; llama.cpp lowers it to the model's maximum. With SmolLM2 four slots take
# 0.7 GB. A cache shared by all slots would be smaller, but when it is full llama.cpp ends every
# request in it, not only the one that is too long.
_CONTEXT = 8192
# Tokens of a prompt that are processed in one batch. Between two batches other requests get
# their tokens, and a closed connection is noticed if the request has `return_progress`. Without
# it llama.cpp notices only at the end of the prompt, when it first writes.
_BATCH = 512
# Tokens of an answer unless the request says otherwise: a small model may never stop.
_ANSWER = 1024
_POLL = 0.5  # seconds between two checks of the parent


class Settings(TypedDict):
    """The settings that the parent process sends on stdin."""

    weights: str  # the GGUF file
    name: str  # the model's name in its answers
    api_key: str
    threads: int | None  # None: llama.cpp decides
    path: list[str]  # the parent's sys.path, so that the child can import the same packages


def main() -> NoReturn:
    """Read the settings, serve the model, and run until the parent ends."""
    parent = os.getppid()
    # Interrupting a kernel stops a cell, not the model that other cells use.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answer = os.dup(1)
    os.dup2(2, 1)  # what libraries print goes to the log
    line = sys.stdin.buffer.readline()
    if not line:  # the parent ended before it sent anything
        os._exit(0)
    settings: Settings = json.loads(line)
    # llama.cpp holds the GIL while it loads the model. So these threads notice the end of the
    # parent only after loading.
    threading.Thread(target=_leave_at_eof, daemon=True).start()
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    sys.path[:] = settings["path"]
    server = _serve(settings)
    os.write(answer, json.dumps({"address": server.listening_address}).encode() + b"\n")
    os.close(answer)
    _discard_log()
    while True:
        signal.pause() if hasattr(signal, "pause") else time.sleep(3600)


def _serve(settings: Settings) -> Any:
    """Load the model and serve it on a free port of localhost, in background threads."""
    os.environ["GGML_NO_BACKTRACE"] = "1"  # otherwise a crash starts a debugger
    try:
        llama = importlib.import_module("xllamacpp")
    except ImportError as error:
        _die(IMPORT_FAILED, error)
    params = llama.CommonParams()
    params.model.path = settings["weights"]
    params.model_alias = {settings["name"]}  # otherwise answers contain the file's path
    params.api_keys = [settings["api_key"]]
    params.hostnames = ["127.0.0.1"]
    params.port = 0  # the system picks a free port while binding, so no other process can take it
    params.n_parallel = _SLOTS
    params.n_ctx = _SLOTS * _CONTEXT
    params.n_batch = _BATCH
    params.n_predict = _ANSWER
    if settings["threads"] is not None:
        params.cpuparams.n_threads = settings["threads"]
        params.cpuparams_batch.n_threads = settings["threads"]
    # Fitting to the GPU loads the model twice; without a GPU that wastes 0.4 s.
    gpus = {llama.ggml_backend_dev_type.GGML_BACKEND_DEVICE_TYPE_GPU}
    params.fit_params = any(device["type"] in gpus for device in llama.get_device_info())
    params.warmup = False  # it takes 0.2 s and the first token comes no sooner
    params.cache_ram_mib = 0  # by default old prompts take up to 8 GB
    params.cache_idle_slots = False  # requires cache_ram_mib
    params.ui = False
    params.endpoint_slots = True  # reports which slots are busy, to clients with the key
    params.verbosity = 1  # errors only
    try:
        return llama.Server(params)
    except Exception as error:  # noqa: BLE001 - the parent shows any error
        _die(1, error)


def _die(code: int, error: Exception) -> NoReturn:
    """Write the error to stderr and exit with ``code``."""
    # No traceback: it would push llama.cpp's own messages out of the part that the user sees.
    os.write(2, f"{type(error).__name__}: {error}\n".encode())
    sys.exit(code)  # not os._exit: llama.cpp writes the rest of its log at exit


def _discard_log() -> None:
    """Redirect the log to /dev/null: nothing reads it from here on, and it would keep growing."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.close(null)


def _leave_at_eof() -> NoReturn:
    """Exit when stdin is closed."""
    while os.read(0, 4096):  # not sys.stdin: holding its lock here would block sys.exit
        pass
    os._exit(0)


def _leave_with(parent: int) -> NoReturn:
    """Exit when the parent process has ended."""
    while os.getppid() == parent:
        time.sleep(_POLL)
    os._exit(0)


if __name__ == "__main__":
    main()
