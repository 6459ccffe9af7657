"""``recording()``: records the requests of a ``with`` block, or replays them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from nbstream.cassette import active
from nbstream.cassette.cassette import Cassette

if TYPE_CHECKING:
    from os import PathLike


class Recording:
    """What ``recording()`` returns: a context manager, for ``with`` and ``async with``."""

    def __init__(self, cassette: Cassette) -> None:
        self._cassette = cassette

    @property
    def recorded(self) -> int:
        """How many requests were sent and recorded."""
        return self._cassette.recorded

    @property
    def replayed(self) -> int:
        """How many answers were replayed; for these nothing was sent."""
        return self._cassette.replayed

    def __enter__(self) -> Self:
        active.enter(self._cassette)
        return self

    def __exit__(self, *_: object) -> None:
        active.leave(self._cassette)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(self, *_: object) -> None:
        self.__exit__()

    def __repr__(self) -> str:
        tape = self._cassette
        counts = f"{self.recorded} recorded, {self.replayed} replayed"
        return f"<Recording {tape.name}, mode {tape.mode}: {counts}>"


def recording(
    path: str | PathLike[str], mode: str = "once", *, pace: float | None = None
) -> Recording:
    """Record the requests of the streams, agents and generations made in a ``with`` block.

    The second time the same block takes the answers from the file: no key, no network.

    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "demo.nbstream")
    >>> with nbstream.recording(path):
    ...     nbstream.stream(ScriptedModel("Rayleigh scattering."), "Why blue?").get_final_text()
    'Rayleigh scattering.'
    >>> with nbstream.recording(path) as tape:  # the model has no answer left to give
    ...     nbstream.stream(ScriptedModel(), "Why blue?").get_final_text(), tape.replayed
    ('Rayleigh scattering.', 1)

    Args:
        path: The cassette: JSON lines, to keep beside the notebook. It holds no keys and no
            headers.
        mode: ``once`` (default) records if the file is new, and otherwise replays and refuses
            new requests; ``none`` only replays; ``new_episodes`` replays what is there, and
            sends and records the rest; ``all`` sends and records everything again.
        pace: How fast answers are replayed: 1 as recorded, 2 twice as fast. None (default):
            at once.

    Raises:
        UsageError: no such mode; the file is missing in the mode ``none``, or is no cassette.
        NotRecordedError: of a stream: the cassette has no answer to its request. It says what
            differs from the nearest one.
    """
    return Recording(Cassette(path, mode, pace=pace, repeats=False))
