"""Who takes in the JSON of one open value.

Knows the events and nothing of types: a ``Capture`` writes them down as JSON
again, for a value that can only be validated whole. ``container`` has the
frames that show what they take in.
"""

from __future__ import annotations

from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from nbstream.typed.shape import IGNORED

if TYPE_CHECKING:
    from nbstream.typed.shape import Shape
    from nbstream.typed.sink import Growth

HIDDEN: Any = object()
"""Instead of a value: nothing is to be shown yet."""


class Frame:
    """The events of one open value; ``growth`` is the whole that it is part of."""

    shown: Any = HIDDEN

    def open_object(self, growth: Growth) -> None:
        """A value that is an object begins."""
        raise NotImplementedError

    def open_array(self, growth: Growth) -> None:
        """A value that is an array begins."""
        raise NotImplementedError

    def key(self, growth: Growth, name: str) -> None:
        """The key of the next value."""
        raise NotImplementedError

    def close(self, growth: Growth) -> None:
        """The innermost open value ends."""
        raise NotImplementedError

    def open_string(self, growth: Growth) -> None:
        """A value that is a string begins."""
        raise NotImplementedError

    def more(self, growth: Growth, piece: str) -> None:
        """More of that string."""
        raise NotImplementedError

    def close_string(self, growth: Growth) -> None:
        """That string is whole."""
        raise NotImplementedError

    def atom(self, growth: Growth, text: str) -> None:
        """A value that is a number or a literal."""
        raise NotImplementedError


class Capture(Frame):
    """Writes one object or array down until it is whole, then hands it to the shape.

    A comma follows each value, so that what is written is at any time the
    beginning of a JSON text whose numbers are seen to be whole.
    """

    def __init__(self, shape: Shape, opening: str) -> None:
        self._shape = shape
        self._written: list[str] = [opening]
        self._closing = ["}" if opening == "{" else "]"]

    def _write(self, *pieces: str) -> None:
        if self._shape is not IGNORED:
            self._written += pieces

    def open_object(self, growth: Growth) -> None:
        del growth
        self._closing.append("}")
        self._write("{")

    def open_array(self, growth: Growth) -> None:
        del growth
        self._closing.append("]")
        self._write("[")

    def key(self, growth: Growth, name: str) -> None:
        del growth
        self._write(encode_basestring(name), ":")

    def close(self, growth: Growth) -> None:
        if self._written[-1] == ",":
            self._written.pop()
        self._write(self._closing.pop(), ",")
        if not self._closing:
            growth.pop().receive(growth, self._shape, "".join(self._written[:-1]))

    def open_string(self, growth: Growth) -> None:
        del growth
        self._write('"')

    def more(self, growth: Growth, piece: str) -> None:
        del growth
        self._write(encode_basestring(piece)[1:-1])

    def close_string(self, growth: Growth) -> None:
        del growth
        self._write('"', ",")

    def atom(self, growth: Growth, text: str) -> None:
        del growth
        self._write(text, ",")
