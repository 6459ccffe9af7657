"""Scans what a model writes in place of JSON: comments, single quotes, ``True``, trailing commas.

``LenientScanner`` differs from ``Scanner`` only where that raises. So valid JSON is read the
same way, at the same cost. What can be meant in two ways is still an error. No I/O.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from nbstream.core.json.repairs import Repairs, valid_atom
from nbstream.core.json.scanner import (
    CLOSE,
    COLON,
    COMMA,
    KEY,
    VALUE,
    JSONSyntaxError,
    Scanner,
    Sink,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_BARE_KEY = re.compile(r"[\w$-]*")
# The quotes that may end a string, by the one that opens it. A string in curly quotes is often
# closed by a straight one.
_CLOSING = {"'": "'", "‘": "’'", "“": '”“"', "”": '”“"'}  # noqa: RUF001
_PLAIN = {
    opening: re.compile(rf"[^{closing}\\\x00-\x1f]*") for opening, closing in _CLOSING.items()
}
# After a string that is continued: it looks as if another value or line followed. If the next
# quote then looks as if it opened a string, the text between the two may be a value.
_SEPARATOR = re.compile(r"[ \t]*[,\r\n]")
_NEW_VALUE = {"]": re.compile(r"(?:[,:]|\w\()\s*\Z"), "}": re.compile(r":\s*\Z")}
_LOOK_BACK = 64  # characters
_MAX_CONTINUED = 1 << 28  # characters; takes less than a second


class ReopenableSink(Sink, Protocol):
    """A sink for a scanner that may find that a string has not ended yet."""

    def reopen_string(self, *, after_key: bool) -> bool:
        """Take back ``close_string``, and the ``key`` after it if there is one.

        Nothing came since. False if that is not possible.
        """


class _Reopen(Exception):  # noqa: N818 # it reports no error
    """The last string value has not ended: its last quote belongs to its text."""


class LenientScanner(Scanner):
    """A ``Scanner`` that accepts what is common in models' answers and has one meaning.

    A quote inside a string that is not escaped ends the string at first. If what follows
    cannot follow a string, the string is continued. ``earlier`` gives the text that was fed
    since a position.
    """

    sink: ReopenableSink

    def __init__(self, sink: ReopenableSink, earlier: Callable[[int], str]) -> None:
        super().__init__(sink)
        self._earlier = earlier
        self._repairs = Repairs()
        self._quote = '"'  # that opened the string that is being read
        self._quoted_end = -1  # the end of the last string in such quotes
        self._scanned_again = 0  # characters
        self._text = ""  # that is being read
        self._has_separator = False  # after the last quote that was kept in the open string
        self._continued = 0  # the lengths of the strings that were continued, each time

    @property
    def repairs(self) -> list[str]:
        """What was corrected so far, each kind in some words for a user."""
        return self._repairs.texts

    @property
    def inside_string(self) -> bool:
        return super().inside_string or (
            self._read in (self._in_quotes, self._in_triple_quotes) and not self._in_key
        )

    def close_brackets(self) -> bool:
        """Close what is still open, at the end of a complete text. Returns whether it is closed.

        That is done only after a complete value: after a comma, or inside a string, a number or a
        comment, more was to come.
        """
        if (
            self.done
            or self._read != self._outside_strings
            or self._held
            or self._want != COMMA | CLOSE
        ):
            return self.done
        for _ in range(len(self._open)):
            self._note("bracket")
            self._open.pop()
            self.sink.close()
            self._after_value()
        return True

    def _note(self, kind: str) -> None:
        self._repairs.note(kind, self._string_end)

    def _hold(self, text: str, at: int) -> int:
        """Read ``text`` from ``at`` again, together with the next piece."""
        self._held = text[at:]
        self.position -= len(text) - at
        return len(text)

    def _consume(self, text: str) -> str:
        at, end, self._text = 0, len(text), text
        while at < end and not self.done:
            try:
                at = self._read(text, at)
            except _Reopen:
                text, at = self._reopen(text, at)
                end, self._text = len(text), text
        self.position += at
        return text[at:]

    def _reopen(self, text: str, at: int) -> tuple[str, int]:
        """Continue the last string value, after it was read to ``at`` in ``text``.

        Returns the text with the string's last quote, and the index after the quote.
        """
        start = self._string_end
        self._scanned_again += self.position + at - start
        self._continued += start - self._string_start
        too_much = self._scanned_again > 2 * (self.position + at) + 4096
        # The end of a string may cost as much as its length, in the sink.
        if (
            too_much
            or self._continued > _MAX_CONTINUED
            or not self.sink.reopen_string(after_key=self._want == COLON)
        ):
            raise JSONSyntaxError("A string holds a quote, which must be escaped", start - 1)
        self._repairs.undo(start)
        if start <= self.position:  # the string ended in an earlier piece
            text, self.position = self._earlier(start - 1), start - 1
        self._string_end, self._held = -1, ""
        self._string_start = 0  # it is not empty
        self._in_key = False
        self._parts.clear()
        self._read = self._in_quotes if self._quoted_end == start else self._in_string
        at = start - self.position
        self.sink.more(text[at - 1])
        self._note("inner")
        self._has_separator = bool(_SEPARATOR.match(text, at))
        return text, at

    def _end_string(self, end: int) -> None:
        if self._has_separator and not self._in_key:
            self._has_separator = False
            before = self._text[max(end - 1 - _LOOK_BACK, 0) : end - 1]
            if end <= _LOOK_BACK:
                quote = self.position + end - 1
                since = max(quote - _LOOK_BACK, 0)
                before = self._earlier(since)[: quote - since]
            if _NEW_VALUE[self._open[-1]].search(before):
                raise self._fail("A value may be missing quotes, or a string its escapes", end - 1)
        super()._end_string(end)

    def _unexpected(self, text: str, at: int) -> int:
        mark, want = text[at], self._want
        if mark in "/#":
            return self._comment(text, at)
        if (
            self._open
            and mark == self._open[-1]
            and (want == KEY or (want == VALUE and mark == "]"))
        ):
            self._note("comma")
            self._want |= CLOSE
            return at
        if want & (VALUE | KEY) and mark in _CLOSING:
            return self._open_quotes(mark, at)
        if want & KEY and (mark.isalnum() or mark in "_$"):
            self._note("key")
            self._in_key = True
            self._read = self._in_bare_key
            return at
        if want & VALUE and mark in "TF+.i":
            self._read = self._in_atom
            return at
        if want == COMMA | CLOSE:
            return self._missing_comma(text, at)
        return self._refuse(text, at)

    def _refuse(self, text: str, at: int) -> int:
        """Continue the last string, or raise."""
        # JSON's own marks may be meant as such, so that the end of the string is in doubt.
        if self._string_end >= 0 and text[at] not in ",:[]{}":
            raise _Reopen
        return super()._unexpected(text, at)

    def _comment(self, text: str, at: int) -> int:
        if text[at] == "#":
            end = at + 1
            self._read = self._in_line_comment
        elif at + 1 == len(text):
            return self._hold(text, at)
        elif text[at + 1] in "/*":
            end = at + 2
            block = text[at + 1] == "*"
            self._read = self._in_block_comment if block else self._in_line_comment
        else:
            return self._refuse(text, at)
        self._note("comment")
        return end

    def _in_line_comment(self, text: str, at: int) -> int:
        end = text.find("\n", at)
        if end < 0:
            return len(text)
        self._read = self._outside_strings
        return end

    def _in_block_comment(self, text: str, at: int) -> int:
        end = text.find("*/", at)
        if end < 0:
            return self._hold(text, len(text) - 1) if text.endswith("*") else len(text)
        self._read = self._outside_strings
        return end + 2

    def _missing_comma(self, text: str, at: int) -> int:
        """Read a value that follows another one without a comma, if it cannot be anything else."""
        mark, after_string = text[at], self._string_end >= 0
        adjacent = self._string_end == self.position + at
        if mark == '"' and adjacent and self._string_end - self._string_start == 1:
            return self._open_triple_quotes(text, at)
        if self._open[-1] == "}":
            missing = mark == '"' and not adjacent
            missing = missing or (not after_string and (mark in _CLOSING or mark.isidentifier()))
            self._want = KEY if missing else self._want
        else:
            if mark == '"' and after_string and not adjacent:  # two strings, or quotes in one
                return super()._unexpected(text, at)
            missing = mark in "{[" and not after_string
            self._want = VALUE if missing else self._want
        if not missing:
            return self._refuse(text, at)
        self._note("missing")
        return at

    def _open_quotes(self, mark: str, at: int) -> int:
        self._note("quotes")
        self._in_key = bool(self._want & KEY)
        self._quote = mark
        self._read = self._in_quotes
        if not self._in_key:
            self.sink.open_string()
        return at + 1

    def _in_quotes(self, text: str, at: int) -> int:
        """Read to the end of a string in other quotes, or to the end of ``text``."""
        end = _PLAIN[self._quote].match(text, at).end()  # type: ignore[union-attr] # matches ""
        if end > at:
            self._more(text[at:end])
        if end == len(text):
            return end
        if text[end] == "\\":
            return self._escape(text, end)
        if text[end] not in _CLOSING[self._quote]:
            return self._control_character(text, end)
        self._end_string(end + 1)
        self._quoted_end = self._string_end
        return end + 1

    def _open_triple_quotes(self, text: str, at: int) -> int:
        if not self.sink.reopen_string(after_key=False):
            return super()._unexpected(text, at)
        self._string_end = -1
        self._note("triple")
        self._read = self._in_triple_quotes
        return at + 1

    def _in_triple_quotes(self, text: str, at: int) -> int:
        """Read a string up to three quotes, without escapes."""
        end = text.find('"""', at)
        if end >= 0:
            self.sink.more(text[at:end])
            self.sink.close_string()
            self._after_value()
            return end + 3
        end = max(at, len(text.rstrip('"')))
        self.sink.more(text[at:end])
        return self._hold(text, end) if end < len(text) else end

    def _in_bare_key(self, text: str, at: int) -> int:
        end = _BARE_KEY.match(text, at).end()  # type: ignore[union-attr] # it matches "" too
        self._parts.append(text[at:end])
        if end < len(text):
            self._end_string(end)
        return end

    def _control_character(self, text: str, at: int) -> int:
        self._note("control")
        self._more(text[at])
        return at + 1

    def _invalid_escape(self, text: str, at: int) -> int:
        self._note("escape")
        if text[at + 1] in "'’‘“”":  # noqa: RUF001
            self._more(text[at + 1])
            return at + 2
        self._more("\\")
        return at + 1

    def _invalid_atom(self, atom: str, end: int) -> str:
        if found := valid_atom(atom):
            text, kind = found
            self._note(kind)
            return text
        if self._string_end >= 0:
            raise _Reopen
        return super()._invalid_atom(atom, end)
