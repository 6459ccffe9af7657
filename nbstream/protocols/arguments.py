"""Assembles the arguments of one tool call from their pieces, for every protocol.

Some servers send ``{}``, ``null`` or a single ``{`` before the real object, or the whole object
once more at the end. All are left out.
"""

from __future__ import annotations

import json
import re
from typing import Any

from nbstream.core.json import JSONSyntaxError, Scanner

_EMPTY = frozenset({"", "{}", "null", '""'})
_decode = json.JSONDecoder().raw_decode


def is_empty(text: str) -> bool:
    """Whether ``text`` stands for no arguments."""
    return text.strip() in _EMPTY


def without_repeats(text: str) -> str:
    """The one object in ``text`` if it holds several values and only one is not empty.

    Equal objects count once. Returns ``text`` if they differ, or if it is not JSON.

    >>> without_repeats('{}{"x": 1}{"x":1}')
    '{"x": 1}'
    """
    spans: list[tuple[str, Any]] = []
    at = 0
    try:
        while at < len(text):
            value, end = _decode(text, at)
            spans.append((text[at:end], value))
            at = end + len(text[end:]) - len(text[end:].lstrip())
            if len(spans) > _MOST:
                return text
    except (ValueError, RecursionError):
        return text
    real = [span for span in spans if not is_empty(span[0])] or spans[:1]
    if len(spans) < 2 or any(value != real[0][1] for _, value in real):
        return text
    return real[0][0]


_MOST = 8
"""So many values in a row are no repetition."""

_BEGINNINGS = frozenset({"{", "n", "nu", "nul", '"'})
"""Texts that may become an empty one. They are held back too."""


class Arguments:
    """The arguments of one call, while they arrive."""

    __slots__ = ("_held", "_pieces", "_rest", "_scanned", "_scanner")

    def __init__(self, text: str = "") -> None:
        self._pieces = [text] if text else []
        self._held = ""  # ``{}`` or its beginning, until it is known whether an object follows
        self._rest: list[str] = []  # what came after a complete object
        self._scanner: Scanner | None = Scanner(_Nothing())  # None once it has failed
        self._scanned = 0

    def add(self, piece: str) -> str:
        """Add a piece that is not empty. Returns the delta to pass on: nearly always the piece."""
        if "}" in piece and "{" in piece and len(found := _BETWEEN.split(piece)) > 1:
            return "".join(map(self.add, found))
        pieces = self._pieces
        if not pieces:
            text = piece if is_empty(piece) else self._held + piece
            if text.strip() in _EMPTY or text.strip() in _BEGINNINGS:
                self._held = text
                return ""
            # An object that follows an empty one, or only its brace, replaces it.
            is_begun = is_empty(self._held) or self._held.strip() == "{"
            is_new = is_begun and piece.lstrip()[:1] == "{"
            piece, self._held = piece if is_new else text, ""
        elif self._rest or (
            # The fast path: of nearly all pieces, only the first character is looked at.
            piece[0] in _MAY_BEGIN and pieces[-1][-1] in _MAY_END and self._repeats(piece)
        ):
            self._rest.append(piece)
            return ""
        pieces.append(piece)
        return piece

    def append(self, piece: str) -> str:
        """Add a piece as it is: nothing is held back or left out."""
        if piece:
            self._pieces.append(piece)
        return piece

    def _repeats(self, piece: str) -> bool:
        """Whether an object begins in ``piece`` although there is a complete one already."""
        last = next((one for one in reversed(self._pieces) if one.strip()), "")
        if piece.lstrip()[:1] != "{" or last.rstrip()[-1:] != "}":
            return False
        return self.is_complete()

    def is_complete(self) -> bool:
        """Whether the arguments so far are empty or one JSON value. Reads each piece once."""
        if not self._pieces:
            return is_empty(self._held)
        if self._scanner is None:
            return False
        fresh, self._scanned = self._pieces[self._scanned :], len(self._pieces)
        try:
            rest = self._scanner.feed("".join(fresh))
        except JSONSyntaxError:
            self._scanner = None
            return False
        if rest.strip():
            self._scanner = None
        return self._scanner is not None and self._scanner.done

    @property
    def is_blank(self) -> bool:
        """Whether no piece has come, not even an empty object."""
        return not (self._pieces or self._held)

    @property
    def has_any(self) -> bool:
        """Whether any piece has come that is not empty."""
        return bool(self._pieces) or not is_empty(self._held)

    def end(self) -> str:
        """End the arguments. Returns the text to pass on as a last delta, which may be empty."""
        piece = self._last_delta()
        self._held, self._rest = "", []
        return self.append(piece)

    def _last_delta(self) -> str:
        """What is held back, unless it only repeats what was passed on."""
        if not self._rest:
            return self._held
        rest = "".join(self._rest)
        repeats = without_repeats(self.text + rest) == self.text.strip()
        return "" if repeats else rest

    @property
    def text(self) -> str:
        """What was passed on so far: the arguments, after ``end``."""
        return "".join(self._pieces)

    @property
    def whole(self) -> str:
        """The arguments, if no more comes."""
        return self.text + self._last_delta()


_BETWEEN = re.compile(r"(?<=\})(?=\s*\{)")
"""A place in a piece where an object may end and be repeated."""

_MAY_BEGIN = frozenset("{ \n\t\r")
_MAY_END = frozenset("} \n\t\r")
"""How a piece begins that repeats the object, and how the piece before it ends."""


class _Nothing:
    """A sink that ignores the values."""

    def open_object(self) -> None:
        """Ignore it, like all others."""

    open_array = close = open_string = close_string = open_object

    def key(self, name: str) -> None:
        """Ignore it, like all others."""

    def more(self, piece: str) -> None:
        """Ignore it, like all others."""

    def atom(self, text: str) -> None:
        """Ignore it, like all others."""
