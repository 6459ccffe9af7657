"""Text that grows at its end.

Knows how to append in constant time and how to say what it held at an earlier
length. Refuses to know what the text means.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbstream.core.partial_args import Parsed

_compacting = threading.Lock()


class GrowingText:
    """A string built from chunks, joined only when somebody reads it.

    One thread may append while others read: a chunk lands at the end of the
    list and reading only ever replaces the front, so the two never meet. Two
    readers could, hence the lock; it is shared by all texts because a lock a
    part would cost more than the rare wait.
    """

    __slots__ = ("_chunks", "_length", "parsed")

    def __init__(self, text: str = "") -> None:
        self._chunks = [text] if text else []
        self._length = len(text)
        self.parsed: list[Parsed] = []
        """How far who has read it; ``core.parsed``'s affair."""

    def append(self, chunk: str) -> int:
        """Add ``chunk`` and return the new length in characters."""
        self._chunks.append(chunk)
        self._length += len(chunk)
        return self._length

    def __len__(self) -> int:
        return self._length

    def __str__(self) -> str:
        chunks = self._chunks
        if len(chunks) > 1:
            with _compacting:
                count = len(chunks)
                chunks[:count] = ["".join(chunks[:count])]
        return chunks[0] if chunks else ""

    def since(self, length: int) -> str:
        """What came after the first ``length`` characters; costs what that is long.

        Only while nobody appends.
        """
        missing, pieces = self._length - length, list[str]()
        with _compacting:
            for chunk in reversed(self._chunks):
                if missing <= 0:
                    break
                pieces.append(chunk[-missing:])
                missing -= len(chunk)
        return "".join(reversed(pieces))

    def upto(self, length: int) -> str:
        """What the text was when it was ``length`` characters long."""
        text = str(self)
        return text if len(text) == length else text[:length]
