"""Scans JSON text (RFC 8259) that arrives in pieces, and calls a ``Sink`` for each token.

A piece may end inside a token. The scanner holds back what is still ambiguous: an
incomplete escape or surrogate pair, an incomplete key, and a number or literal until the
character after it. Like ``json`` and pydantic, and unlike the RFC, it accepts NaN and
Infinity.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from nbstream.core.json.escapes import Escape, read_escape

if TYPE_CHECKING:
    from collections.abc import Callable

_SPACE = re.compile(r"[ \t\n\r]*")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_ATOM = re.compile(r"[-+.0-9A-Za-z]*")
_COMPLETE_ATOM = re.compile(
    r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null|NaN|-?Infinity"
)
_ATOM_START = frozenset("-0123456789tfnNI")

_MAX_DEPTH = 200
"""Levels of objects and arrays, as many as pydantic's parser accepts."""

# What may come next, as bit flags.
VALUE, KEY, COLON, COMMA, CLOSE = 1, 2, 4, 8, 16
_WORDS = {
    VALUE: "a value",
    KEY: "a key in quotes",
    COLON: "a colon",
    COMMA: "a comma",
    CLOSE: "a closing bracket",
}


class JSONSyntaxError(ValueError):
    """The text is not JSON. ``position`` counts characters from 0, over all pieces."""

    def __init__(self, text: str, position: int) -> None:
        super().__init__(f"{text} (at character {position})")
        self.position = position


class Sink(Protocol):
    """Receives the scanner's tokens in order."""

    def open_object(self) -> None:
        """``{``."""

    def open_array(self) -> None:
        """``[``."""

    def key(self, name: str) -> None:
        """The complete key of the value that follows."""

    def close(self) -> None:
        """The closing bracket of the innermost object or array."""

    def open_string(self) -> None:
        """The opening quote of a string value."""

    def more(self, piece: str) -> None:
        """More characters of the open string, with escapes decoded."""

    def close_string(self) -> None:
        """The closing quote of the open string."""

    def atom(self, text: str) -> None:
        """A complete number, ``true``, ``false`` or ``null``, as written in JSON."""


class Scanner:
    """Parses one JSON value and calls ``sink`` for each token."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self._read: Callable[[str, int], int] = self._outside_strings
        self._want = VALUE
        self._open: list[str] = []  # the closing bracket of each open container
        self._parts: list[str] = []  # of the key or atom that is being read
        self._held = ""  # an incomplete escape
        self.position = 0  # how many characters of earlier pieces were read
        self._in_key = False
        self._string_start = 0  # the position after the opening quote of the last string or key
        self._string_end = -1  # the position after the last string value; -1 if more has begun
        self.done = False

    @property
    def inside_string(self) -> bool:
        """Whether the text so far ends inside a string value (not a key)."""
        return self._read == self._in_string and not self._in_key

    @property
    def inside_value(self) -> bool:
        """Whether the text so far ends inside a string value, number or literal."""
        return self._read == self._in_atom or self.inside_string

    def feed(self, text: str) -> str:
        """Parse more text. Returns the text after the end of the value, unread.

        Raises:
            JSONSyntaxError: the text is not the beginning of valid JSON.
        """
        if self.done:
            return text
        if self._held:
            text, self._held = self._held + text, ""
        return self._consume(text)

    def _consume(self, text: str) -> str:
        """Read ``text`` to its end or to the end of the value; returns what is left."""
        at, end = 0, len(text)
        while at < end and not self.done:
            at = self._read(text, at)
        self.position += at
        return text[at:]

    def end(self) -> None:
        """Signal the end of the text.

        Raises:
            JSONSyntaxError: the value is incomplete.
        """
        if self._read == self._in_atom:
            self._end_atom(0)
        if not self.done:
            raise JSONSyntaxError("The text ends inside the value", self.position)

    def _fail(self, what: str, at: int) -> JSONSyntaxError:
        """The error for the text at ``at``; ``what`` says what is wrong."""
        return JSONSyntaxError(what, self.position + at)

    def _outside_strings(self, text: str, at: int) -> int:
        """Read one token outside strings, after any whitespace."""
        at = _SPACE.match(text, at).end()  # type: ignore[union-attr] # it matches "" too
        if at == len(text):
            return at
        mark, want = text[at], self._want
        if mark == '"' and want & (VALUE | KEY):
            self._in_key = bool(want & KEY)
            self._read = self._in_string
            self._string_start = self.position + at + 1
            if not self._in_key:
                self.sink.open_string()
        elif mark == "," and want & COMMA:
            self._want = KEY if self._open[-1] == "}" else VALUE
        elif mark == ":" and want & COLON:
            self._want = VALUE
            self._string_end = -1
        elif mark == "{" and want & VALUE:
            self._open_container("}", at)
            self._want = KEY | CLOSE
            self.sink.open_object()
        elif mark == "[" and want & VALUE:
            self._open_container("]", at)
            self._want = VALUE | CLOSE
            self.sink.open_array()
        elif want & CLOSE and mark == self._open[-1]:
            self._open.pop()
            self.sink.close()
            self._after_value()
        elif want & VALUE and mark in _ATOM_START:
            self._read = self._in_atom
            return at
        else:
            return self._unexpected(text, at)
        return at + 1

    def _unexpected(self, text: str, at: int) -> int:
        """Handle a character outside strings that JSON does not have there: raise."""
        words = " or ".join(word for flag, word in _WORDS.items() if flag & self._want)
        raise self._fail(f"Expected {words}, found {text[at]!r}", at)

    def _open_container(self, closing: str, at: int) -> None:
        """Open an object or array, unless it is nested too deeply."""
        if len(self._open) == _MAX_DEPTH:
            raise self._fail(f"The JSON is nested more than {_MAX_DEPTH} levels deep", at)
        self._open.append(closing)
        self._string_end = -1

    def _after_value(self) -> None:
        """Expect what may follow a value; the scanner is done after the outermost one."""
        self._read = self._outside_strings
        self._string_end = -1
        if self._open:
            self._want = COMMA | CLOSE
        else:
            self.done = True

    def _in_string(self, text: str, at: int) -> int:
        """Read to the end of the string, or to the end of ``text``."""
        end = _PLAIN.match(text, at).end()  # type: ignore[union-attr] # it matches "" too
        if end > at:
            self._more(text[at:end])
        if end == len(text):
            return end
        mark = text[end]
        if mark == "\\":
            return self._escape(text, end)
        if mark != '"':
            return self._control_character(text, end)
        self._end_string(end + 1)
        return end + 1

    def _control_character(self, text: str, at: int) -> int:
        """Handle a control character in a string: raise."""
        raise self._fail(f"A string holds {text[at]!r}, which must be escaped", at)

    def _more(self, piece: str) -> None:
        """Add decoded characters to the open key, or pass those of a string to the sink."""
        if self._in_key:
            self._parts.append(piece)
        else:
            self.sink.more(piece)

    def _end_string(self, end: int) -> None:
        """Read the closing quote of a key or a string."""
        if not self._in_key:
            self.sink.close_string()
            self._after_value()
            self._string_end = self.position + end
            return
        self._read = self._outside_strings
        self._want = COLON
        name = "".join(self._parts)
        self._parts.clear()
        self.sink.key(name)

    def _escape(self, text: str, at: int) -> int:
        """Read the escape at ``at``. One that the piece cuts is held until the next piece."""
        decoded = read_escape(text, at)
        if decoded is Escape.INCOMPLETE:
            self._held = text[at:]
            # The held characters are read again with the next piece.
            self.position -= len(text) - at
            return len(text)
        if decoded is Escape.INVALID:
            return self._invalid_escape(text, at)
        character, end = decoded
        self._more(character)
        return end

    def _invalid_escape(self, text: str, at: int) -> int:
        """Handle an invalid escape sequence: raise."""
        raise self._fail(f"Invalid escape: {text[at : at + 12]!r}", at)

    def _in_atom(self, text: str, at: int) -> int:
        """Read to the end of the number or literal, or to the end of ``text``."""
        end = _ATOM.match(text, at).end()  # type: ignore[union-attr] # it matches "" too
        self._parts.append(text[at:end])
        if end < len(text):
            self._end_atom(end)
        return end

    def _end_atom(self, end: int) -> None:
        """Pass the collected number or literal, which ends at ``end``, to the sink."""
        atom = "".join(self._parts)
        self._parts.clear()
        if not _COMPLETE_ATOM.fullmatch(atom):
            atom = self._invalid_atom(atom, end)
        try:
            self.sink.atom(atom)
        except ValueError as error:  # more digits than ``int`` takes
            raise self._fail(str(error), end - len(atom)) from None
        self._after_value()

    def _invalid_atom(self, atom: str, end: int) -> str:
        """Handle what is no JSON number or literal: raise. May return its spelling in JSON."""
        shown = atom if len(atom) < 40 else atom[:40] + "..."
        raise self._fail(f"{shown!r} is not a JSON value", end - len(atom))
