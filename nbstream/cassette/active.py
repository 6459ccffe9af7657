"""Which cassette applies to a stream that is made now.

It is that of the ``with`` block around the call; else that of the latest ``with`` block that
another thread has open; else the one that ``%llm record`` or ``%llm replay`` chose; else that of
``NBSTREAM_CASSETTE``.
"""

from __future__ import annotations

import os
from contextvars import ContextVar

from nbstream.cassette.cassette import MODES, Cassette
from nbstream.cassette.locks import ForkLock
from nbstream.errors import UsageError

VARIABLE = "NBSTREAM_CASSETTE"
"""The environment variable with the file's path, or ``MODE:path``; the mode is ``once``."""

_lock = ForkLock()
_in_context: ContextVar[tuple[Cassette, ...]] = ContextVar("nbstream_cassettes", default=())
_opened: list[Cassette] = []
_session: list[Cassette] = []
_environment: dict[str, Cassette] = {}


def active_cassette() -> Cassette | None:
    """The cassette that applies now; None if there is none.

    Raises:
        UsageError: that of the environment cannot be used.
    """
    for cassette in reversed(_in_context.get()):
        if cassette in _opened:  # a task may outlive the block that it was started in
            return cassette
    with _lock:
        for stack in (_opened, _session):
            if stack:
                return stack[-1]
    return _of_environment(os.environ.get(VARIABLE, ""))


def enter(cassette: Cassette) -> None:
    """Begin a ``with`` block."""
    with _lock:
        _opened.append(cassette)
    _in_context.set((*_in_context.get(), cassette))


def leave(cassette: Cassette) -> None:
    """End a ``with`` block."""
    with _lock:
        _opened.remove(cassette)
    _in_context.set(tuple(one for one in _in_context.get() if one is not cassette))


def set_session_cassette(cassette: Cassette | None) -> Cassette | None:
    """Set the cassette of the session, or none. Returns the one before."""
    with _lock:
        before = _session.pop() if _session else None
        if cassette is not None:
            _session.append(cassette)
    return before


def _of_environment(value: str) -> Cassette | None:
    if not value:
        return None
    with _lock:
        if value not in _environment:
            mode, path = _mode_and_path(value)
            _environment[value] = Cassette(path, mode)
        return _environment[value]


def _mode_and_path(value: str) -> tuple[str, str]:
    """The two parts of the variable.

    Raises:
        UsageError: it has no path, or begins with a word that is no mode.
    """
    word, colon, path = value.partition(":")
    if word in MODES and not path:
        raise UsageError(
            f"{VARIABLE}={value} names no file.", remedy=f"Write {VARIABLE}={word}:demo.nbstream."
        )
    if colon and word in MODES:
        return word, path
    # A drive of Windows is one letter.
    if colon and len(word) > 1 and word.replace("_", "").isalpha():
        raise UsageError(
            f"{VARIABLE}={value} has no mode that is known.",
            remedy=f"Known modes: {', '.join(MODES)}. To name a file: ./{value}",
        )
    return "once", value
