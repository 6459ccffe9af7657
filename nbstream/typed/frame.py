"""``Frame``: receives the JSON tokens of one object or array that is still open.

``Capture`` collects the JSON of a value that can only be validated when complete. The
frames in ``container`` show their value while it arrives.
"""

from __future__ import annotations

from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from nbstream.typed.shape import IGNORED

if TYPE_CHECKING:
    from nbstream.typed.shape import Shape
    from nbstream.typed.sink import ValueSink

HIDDEN: Any = object()
"""In place of a value: there is nothing to show yet."""


class Frame:
    """Base class: receives the tokens of one open object or array. ``sink`` is the caller."""

    shown: Any = HIDDEN

    def open_object(self, sink: ValueSink) -> None:
        """Receive ``{``."""
        raise NotImplementedError

    def open_array(self, sink: ValueSink) -> None:
        """Receive ``[``."""
        raise NotImplementedError

    def key(self, sink: ValueSink, name: str) -> None:
        """Receive the key of the next value."""
        raise NotImplementedError

    def close(self, sink: ValueSink) -> None:
        """Receive the closing bracket of this frame's value or of one inside it."""
        raise NotImplementedError

    def open_string(self, sink: ValueSink) -> None:
        """Receive the opening quote of a string value."""
        raise NotImplementedError

    def more(self, sink: ValueSink, piece: str) -> None:
        """Receive more characters of the open string."""
        raise NotImplementedError

    def close_string(self, sink: ValueSink) -> None:
        """Receive the closing quote of the open string."""
        raise NotImplementedError

    def reopen_string(self, sink: ValueSink, *, after_key: bool) -> bool:
        """Take back ``close_string``, and the ``key`` after it. False if that is not possible."""
        raise NotImplementedError

    def atom(self, sink: ValueSink, text: str) -> None:
        """Receive a number or a literal."""
        raise NotImplementedError


class Capture(Frame):
    """Collects the JSON of one object or array, and validates it when it is complete.

    A comma follows each value. So the collected text is always a valid beginning of JSON in
    which every number has ended.
    """

    def __init__(self, shape: Shape, opening: str) -> None:
        self._shape = shape
        self._written: list[str] = [opening]
        self._closing = ["}" if opening == "{" else "]"]

    def _write(self, *pieces: str) -> None:
        if self._shape is not IGNORED:
            self._written += pieces

    def open_object(self, sink: ValueSink) -> None:
        del sink
        self._closing.append("}")
        self._write("{")

    def open_array(self, sink: ValueSink) -> None:
        del sink
        self._closing.append("]")
        self._write("[")

    def key(self, sink: ValueSink, name: str) -> None:
        del sink
        self._write(encode_basestring(name), ":")

    def close(self, sink: ValueSink) -> None:
        if self._written[-1] == ",":
            self._written.pop()
        self._write(self._closing.pop(), ",")
        if not self._closing:
            sink.pop().receive(sink, self._shape, "".join(self._written[:-1]))

    def open_string(self, sink: ValueSink) -> None:
        del sink
        self._write('"')

    def more(self, sink: ValueSink, piece: str) -> None:
        del sink
        self._write(encode_basestring(piece)[1:-1])

    def close_string(self, sink: ValueSink) -> None:
        del sink
        self._write('"', ",")

    def reopen_string(self, sink: ValueSink, *, after_key: bool) -> bool:
        del sink
        if self._shape is not IGNORED:
            del self._written[-4 if after_key else -2 :]
        return True

    def atom(self, sink: ValueSink, text: str) -> None:
        del sink
        self._write(text, ",")
