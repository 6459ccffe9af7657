"""Rewrites text that only resembles JSON, such as ``{name: 'Ada',}``, as valid JSON.

``LenientScanner`` decides how it is read.
"""

from __future__ import annotations

from json.encoder import encode_basestring

from nbstream.core.json.lenient import LenientScanner


class _Writer:
    """A sink that writes JSON text. A comma follows each value; ``close`` removes the last."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self._closing: list[str] = []

    def open_object(self) -> None:
        self._closing.append("}")
        self.written.append("{")

    def open_array(self) -> None:
        self._closing.append("]")
        self.written.append("[")

    def key(self, name: str) -> None:
        self.written += (encode_basestring(name), ":")

    def close(self) -> None:
        if self.written[-1] == ",":
            self.written.pop()
        self.written += (self._closing.pop(), ",")

    def open_string(self) -> None:
        self.written.append('"')

    def more(self, piece: str) -> None:
        self.written.append(encode_basestring(piece)[1:-1])

    def close_string(self) -> None:
        self.written += ('"', ",")

    def reopen_string(self, *, after_key: bool) -> bool:
        del self.written[-4 if after_key else -2 :]
        return True

    def atom(self, text: str) -> None:
        self.written += (text, ",")


def repaired(text: str) -> str:
    """The JSON value at the beginning of ``text`` as valid JSON.

    Missing closing brackets at its end are added.

    Raises:
        JSONSyntaxError: it cannot be read as JSON, or is incomplete.

    >>> repaired("{name: 'Ada', tags: ['x',],} // done")
    '{"name":"Ada","tags":["x"]}'
    """
    writer = _Writer()
    scanner = LenientScanner(writer, lambda position: text[position:])
    scanner.feed(text)
    if not scanner.close_brackets():
        scanner.end()
    return "".join(writer.written[:-1])
