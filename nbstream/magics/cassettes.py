"""The cassette of ``%%llm --cache``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nbstream.cassette import Cassette, Recording, active_cassette

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

CACHE = "cache.nbstream"
"""The file of ``--cache``, in the kernel's folder, which is the notebook's."""

_caches: dict[Path, Cassette] = {}


def answers_kept() -> AbstractContextManager[object]:
    """For the making of a stream with ``--cache``: in the cassette that applies, else in a file.

    Raises:
        UsageError: the file is no cassette.
    """
    cassette = active_cassette()
    if cassette is None:
        path = Path(CACHE).absolute()
        if path not in _caches:
            _caches[path] = Cassette(path, "new_episodes")
        cassette = _caches[path]
    return Recording(cassette)
