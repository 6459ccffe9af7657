"""A string that is built from chunks, and an incremental JSON parser for its prefixes.

Appending takes constant time; the chunks are joined when the text is read. JSON is parsed
incrementally: a read after each delta parses only what is new.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from nbstream.core.json import JSONSyntaxError, PartialJSON

if TYPE_CHECKING:
    from collections.abc import Callable

# Shared by all texts: a lock for each would cost more than the rare wait.
_joining = threading.Lock()
_parsing = threading.Lock()

_PARSERS = 4  # readers of one text, each at its own position


class TextBuffer:
    """A string built from chunks.

    One thread may append while others read: appending adds to the end of the list and
    joining replaces its front. The lock keeps two readers from joining at once.
    """

    __slots__ = ("chunks", "length", "parsers")

    def __init__(self, text: str = "") -> None:
        self.chunks = [text] if text else []
        self.length = len(text)
        """Characters."""
        self.parsers: list[_PrefixParser] = []
        """Parser state of recent readers, kept here by ``parse_prefix``."""

    def append(self, chunk: str) -> int:
        """Add ``chunk`` and return the new length."""
        self.chunks.append(chunk)
        self.length += len(chunk)
        return self.length

    def __len__(self) -> int:
        return self.length

    def __str__(self) -> str:
        chunks = self.chunks
        if len(chunks) > 1:
            with _joining:
                count = len(chunks)
                chunks[:count] = ["".join(chunks[:count])]
        return chunks[0] if chunks else ""

    def since(self, length: int) -> str:
        """The text after the first ``length`` characters, in time proportional to its length.

        Only while no other thread appends.
        """
        missing, pieces = self.length - length, list[str]()
        with _joining:
            for chunk in reversed(self.chunks):
                if missing <= 0:
                    break
                pieces.append(chunk[-missing:])
                missing -= len(chunk)
        return "".join(reversed(pieces))

    def upto(self, length: int) -> str:
        """The first ``length`` characters."""
        text = str(self)
        return text if len(text) == length else text[:length]


class _PrefixParser:
    """Parses the JSON in the first ``length`` characters of a text; ``length`` only grows."""

    __slots__ = ("_failed", "_json", "length")

    def __init__(self) -> None:
        self._json = PartialJSON()
        self._failed = False
        self.length = 0

    def feed(self, text: str) -> None:
        """Parse the next characters."""
        self.length += len(text)
        if not self._failed:
            try:
                self._json.feed(text)
            except JSONSyntaxError:
                self._failed = True

    def value(self, empty: Callable[[], Any]) -> Any:
        """The value so far, a copy that the caller may keep; None if the text is not JSON."""
        if self._failed:
            return None
        value = self._json.snapshot()
        return empty() if value is None and not self._json.complete else value


def parse_prefix(text: TextBuffer, length: int, chunk: str, empty: Callable[[], Any]) -> Any:
    """The JSON value of the first ``length`` characters of ``text``, which end in ``chunk``.

    ``empty`` makes the value of a text in which nothing has begun.
    """
    with _parsing:
        parser = max(
            (one for one in text.parsers if one.length <= length),
            key=lambda one: one.length,
            default=None,
        )
        if parser is None:  # every known one is past this length
            parser = _PrefixParser()
            text.parsers = [*text.parsers[1 - _PARSERS :], parser]
        if parser.length + len(chunk) == length:
            parser.feed(chunk)
        elif parser.length < length:
            parser.feed(text.upto(length)[parser.length :])
        return parser.value(empty)


def after_fork() -> None:
    """Replace the locks: a thread that the forked process lacks may have held them."""
    global _joining, _parsing
    _joining, _parsing = threading.Lock(), threading.Lock()
