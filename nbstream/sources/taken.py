"""Finds the run that reads a source already, for a source that is given again.

A source can be read once, and a stream has any number of readers: who gives the same source
again, as a cell that is run again does, gets the stream that there is.
"""

from __future__ import annotations

import inspect
import threading
import weakref
from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError
from nbstream.sources.readers import class_names, library_of

if TYPE_CHECKING:
    from nbstream.streams.run import Run


class Taken:
    """The runs of the sources that were given, as long as the sources live."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._runs: dict[int, tuple[Any, Any, Any]] = {}
        """By the id of a source: a weak reference to it, its run, its settings."""

    def run_of(self, source: Any, settings: Any) -> Run | None:
        """The run that reads ``source``; None if there is none.

        Raises:
            UsageError: there is one, with other settings.
        """
        with self._lock:
            known, run, earlier = self._runs.get(id(source), (lambda: None, lambda: None, None))
        found: Run | None = run()
        if known() is not source or found is None:
            return None
        if settings != earlier:
            raise UsageError(
                f"This {type(source).__name__} is read by a stream that was made with other "
                "settings.",
                remedy="Use that stream: it has any number of readers. A source can be read once.",
            )
        return found

    def add(self, source: Any, run: Run, settings: Any) -> None:
        """Note the run of a source that can be read once, until the run or the source is gone."""
        if _is_read_once(source):
            self._set(source, weakref.ref(run), settings)

    def keep(self, source: Any, run: Run) -> None:
        """Keep a run that has ended well, for who gives its source again.

        Before, and after a failure, the run or its error may hold the source, and keeping the
        run here would keep both for ever.
        """
        with self._lock:
            known, _, settings = self._runs.get(id(source), (lambda: None, None, None))
            if known() is source:
                self._set(source, lambda: run, settings)

    def _set(self, source: Any, run: Any, settings: Any) -> None:
        key = id(source)
        try:
            known = weakref.ref(source, lambda gone: self._forget(key, gone))
        except TypeError:  # such as a list's iterator
            return
        with self._lock:
            self._runs[key] = (known, run, settings)

    def _forget(self, key: int, gone: Any) -> None:
        with self._lock:
            if key in self._runs and self._runs[key][0] is gone:
                del self._runs[key]


def _is_read_once(source: Any) -> bool:
    """Whether a source has nothing more to give once it was read."""
    if inspect.isawaitable(source) or any(
        hasattr(type(source), name) for name in ("__next__", "__anext__")
    ):
        return True
    library = library_of(source)
    return library is not None and not class_names(source) & set(getattr(library, "STARTED", ()))


TAKEN = Taken()
