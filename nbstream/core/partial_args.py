"""A growing text read as JSON, as far as somebody asked.

Knows which part of the text has been read, so that asking at every delta costs
what the delta is long and not what the text is. Refuses to know events.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from nbstream.core.json import JSONSyntaxError, PartialJSON

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.core.text_buffer import GrowingText

_reading = threading.Lock()  # a lock a text would cost more than the rare wait
_READERS = 4  # at paces of their own; more than ever were seen


class Parsed:
    """The JSON of a text's first ``length`` characters."""

    __slots__ = ("_failed", "_json", "length")

    def __init__(self) -> None:
        self._json = PartialJSON()
        self._failed = False
        self.length = 0

    def feed(self, text: str) -> None:
        """Read on."""
        self.length += len(text)
        if not self._failed:
            try:
                self._json.feed(text)
            except JSONSyntaxError:
                self._failed = True

    def value(self, empty: Callable[[], Any]) -> Any:
        """What it amounts to, for the caller to keep; None if it is no JSON."""
        if self._failed:
            return None
        value = self._json.snapshot()
        return empty() if value is None and not self._json.complete else value


def parsed(text: GrowingText, upto: int, chunk: str, empty: Callable[[], Any]) -> Any:
    """The JSON value of the first ``upto`` characters of ``text``, the last of which are ``chunk``.

    ``empty`` makes what stands for nothing at all.
    """
    with _reading:
        known = max(
            (one for one in text.parsed if one.length <= upto),
            key=lambda one: one.length,
            default=None,
        )
        if known is None:  # all are further on
            known = Parsed()
            text.parsed = [*text.parsed[1 - _READERS :], known]
        if known.length + len(chunk) == upto:
            known.feed(chunk)
        elif known.length < upto:
            known.feed(text.upto(upto)[known.length :])
        return known.value(empty)
