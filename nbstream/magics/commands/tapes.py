"""``%llm record`` and ``%llm replay``: the cassette of the session."""

from __future__ import annotations

from pathlib import Path

from nbstream.cassette import MODES, Cassette, active_cassette, set_session_cassette
from nbstream.errors import UsageError

_OFF = ("off", "stop")


def record(path: str = "", mode: str = "new_episodes") -> None:
    """Record the answers from now on, and replay those that the file has; ``off`` ends it.

    Raises:
        UsageError: no such mode, or the file is no cassette.
    """
    _begin(path, mode, None)


def replay(path: str = "", pace: str = "") -> None:
    """Replay the file's answers from now on; nothing is sent. ``off`` ends it.

    Raises:
        UsageError: there is no such file, it is no cassette, or the pace is no number.
    """
    try:
        speed = float(pace) if pace else None
    except ValueError:
        raise UsageError(
            f"{pace!r} is no pace.", remedy="1 is as recorded, 2 twice as fast; without, at once."
        ) from None
    _begin(path, "none", speed)


def _begin(path: str, mode: str, pace: float | None) -> None:
    if path.lower() in _OFF:
        ended = set_session_cassette(None)
        print(_ended(ended) if ended else "No cassette was on.")  # noqa: T201
        return
    if path:
        set_session_cassette(Cassette(path, mode, pace=pace))
    found = active_cassette()
    if found is None:
        print("No cassette is on. %llm record FILE begins one.")  # noqa: T201
    else:
        print(f"{_place(found)} {MODES[found.mode]}. %llm record off ends it.")  # noqa: T201


def _place(cassette: Cassette) -> Path:
    """The file's path from the notebook's folder, which a notebook can show to anyone."""
    path, here = cassette.path, Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _ended(cassette: Cassette) -> str:
    return f"{cassette.name} ended: {cassette.recorded} recorded, {cassette.replayed} replayed."
