"""The program that serves a model, run as ``python child.py`` by ``process.py``.

Knows llama.cpp's settings and when to leave. Refuses to import nbstream, so that it
starts as fast as llama.cpp does and needs nothing else; and to be told anything by
argument or environment, which other users of the machine can read.

It reads one JSON line of ``Settings`` from stdin, and writes one with its address to
stdout once the model answers. It leaves when stdin ends, which is when the last
process that held the other end has gone; and when its parent has gone, in case a
fork of that parent still holds it.
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
"""The exit code that says that llama.cpp itself could not be loaded."""

_SLOTS = 4  # cells that can stream at once; a fifth waits for its turn
# Tokens for each slot; llama.cpp lowers it to what the model was trained for. With SmolLM2
# four such slots take 0.7 GB. A cache shared by all slots would be smaller, but when it is
# full llama.cpp ends every stream in it, not only the one that talks without end.
_CONTEXT = 8192
# Tokens of a prompt read in one go. Between two goes other cells get their tokens, and one
# whose client has left is noticed, if it had asked for `return_progress` (else only at the
# end of its prompt: llama.cpp sees a closed connection when it writes).
_BATCH = 512
# Tokens of an answer, unless the request says otherwise: a small model may not find its end.
_ANSWER = 1024
_POLL = 0.5  # seconds between two looks at who the parent is


class Settings(TypedDict):
    """What the parent hands over."""

    weights: str  # the GGUF file
    name: str  # what the model calls itself in its answers
    api_key: str
    threads: int | None  # None: llama.cpp counts
    path: list[str]  # the parent's sys.path, so that what it can import the child can


def main() -> NoReturn:
    """Serve until the parent goes."""
    parent = os.getppid()
    # A kernel's interrupt means a cell, not the model that other cells share.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answer = os.dup(1)
    os.dup2(2, 1)  # what a library prints is log, not answer
    line = sys.stdin.buffer.readline()
    if not line:  # the parent went before it could say anything
        os._exit(0)
    settings: Settings = json.loads(line)
    # llama.cpp keeps the interpreter to itself while it loads, so these two wait as
    # long: a parent that dies in that time is noticed when the model is there.
    threading.Thread(target=_leave_at_eof, daemon=True).start()
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    sys.path[:] = settings["path"]
    server = _serve(settings)
    os.write(answer, json.dumps({"address": server.listening_address}).encode() + b"\n")
    os.close(answer)
    _hush()
    while True:
        signal.pause() if hasattr(signal, "pause") else time.sleep(3600)


def _serve(settings: Settings) -> Any:
    """Load the model and answer on a free port of the loopback; the server lives in threads."""
    os.environ["GGML_NO_BACKTRACE"] = "1"  # else a crash starts a debugger
    try:
        llama = importlib.import_module("xllamacpp")
    except ImportError as error:
        _die(IMPORT_FAILED, error)
    params = llama.CommonParams()
    params.model.path = settings["weights"]
    params.model_alias = {settings["name"]}  # else answers carry the file's path
    params.api_keys = [settings["api_key"]]
    params.hostnames = ["127.0.0.1"]
    params.port = 0  # the system picks it while binding, so nobody can take it before
    params.n_parallel = _SLOTS
    params.n_ctx = _SLOTS * _CONTEXT
    params.n_batch = _BATCH
    params.n_predict = _ANSWER
    if settings["threads"] is not None:
        params.cpuparams.n_threads = settings["threads"]
        params.cpuparams_batch.n_threads = settings["threads"]
    # Measures what fits on the GPU by loading the model twice: 0.4 s for nothing without one.
    gpus = {llama.ggml_backend_dev_type.GGML_BACKEND_DEVICE_TYPE_GPU}
    params.fit_params = any(device["type"] in gpus for device in llama.get_device_info())
    params.warmup = False  # 0.2 s that make the first token no faster
    params.cache_ram_mib = 0  # by default old prompts pile up to 8 GB
    params.cache_idle_slots = False  # would need that
    params.ui = False
    params.endpoint_slots = True  # says which slots are busy, to who has the key
    params.verbosity = 1  # errors
    try:
        return llama.Server(params)
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent shows it
        _die(1, error)


def _die(code: int, error: Exception) -> NoReturn:
    # No traceback: it would push llama.cpp's own words out of the part that the user sees.
    os.write(2, f"{type(error).__name__}: {error}\n".encode())
    sys.exit(code)  # not os._exit: llama.cpp logs in a thread, and writes the rest at exit


def _hush() -> None:
    """Log to nowhere from here on: nobody reads it, and it would grow for days."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.close(null)


def _leave_at_eof() -> NoReturn:
    while os.read(0, 4096):  # not sys.stdin: its lock, held here, would break sys.exit
        pass
    os._exit(0)


def _leave_with(parent: int) -> NoReturn:
    while os.getppid() == parent:
        time.sleep(_POLL)
    os._exit(0)


if __name__ == "__main__":
    main()
