"""``Container``: the base class of frames that build a value from a JSON object or array.

A frame receives the tokens inside one open object or array; here its value grows with them. A
child appears with its first character; a string grows in place; a value that needs
validation appears when it is complete. Subclasses say where a child is stored.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.typed.frame import HIDDEN, Capture, Frame
from nbstream.typed.output_state import OpenValue
from nbstream.typed.shape import IGNORED

if TYPE_CHECKING:
    from nbstream.typed.shape import Shape
    from nbstream.typed.sink import ValueSink


class Container(Frame):
    """A frame whose object or array is shown. ``shown`` is the Python value that grows.

    ``invalid``: a value in it failed validation. The validators of the container then do not
    run: they would report the same error again. ``outer``: the frame around it, if it is not
    shown from the beginning. ``collected`` gets the items of a list as they become whole, if
    a reader asked for them.
    """

    outer: Container
    collected: list[Any] | None = None

    def __init__(self) -> None:
        self._pieces: list[str] = []  # of the open string, not joined yet
        self._string: Shape = IGNORED  # the shape of the open string
        self._last_string: Shape = IGNORED  # the shape of the last string that was closed
        self._last_text: str | None = None  # that string, if its validator replaced it
        self._last_failure: tuple[int, bool] | None = None  # the state before it failed, if it did
        self.invalid = False

    def next_shape(self) -> Shape:
        """The shape of the child that begins now. Called once for each child."""
        raise NotImplementedError

    def put(self, value: Any) -> None:
        """Store a new child: an object's field or an array's item."""
        raise NotImplementedError

    def set(self, value: Any) -> None:
        """Replace the value of the newest child."""
        raise NotImplementedError

    def take(self) -> Any:
        """Remove and return the newest child; the caller puts a child back with ``set``."""
        raise NotImplementedError

    def copy_with(self, child: Any) -> Any:
        """A copy of ``shown`` with ``child`` as its newest child; ``HIDDEN`` changes nothing."""
        raise NotImplementedError

    def step(self) -> str | int | None:
        """The newest child's key or index, for an error's path.

        None if the child takes this value's place.
        """
        raise NotImplementedError

    @property
    def shows_string(self) -> bool:
        """Whether a string is open, and shown while it grows."""
        return self._string.grows_text

    def name(self, *, shown: bool) -> str | int | None:
        """The newest child's name in the Python value, or its index; None as in ``step``.

        ``shown``: the child is in the value already.
        """
        del shown
        return self.step()

    @property
    def is_waiting(self) -> bool:
        """Whether it is not shown until one of its fields has come."""
        return False

    def open_value(self) -> OpenValue:
        """What ``OutputState`` knows about the value."""
        return OpenValue()

    def finish(self) -> Any:
        """Validate the complete value and return it. Raises what the type's validators raise."""
        return self.shown

    def open_object(self, sink: ValueSink) -> None:
        shape = self.next_shape()
        sink.push(shape.object() or Capture(shape, "{"))

    def open_array(self, sink: ValueSink) -> None:
        shape = self.next_shape()
        sink.push(shape.array() or Capture(shape, "["))

    def close(self, sink: ValueSink) -> None:
        before, after = self.shown, HIDDEN
        parent = sink.parent()
        if not self.invalid:
            try:
                after = self.finish()
            except Exception as error:  # noqa: BLE001 # the type's own code may raise anything
                sink.problem(error, self, itself=True)
        sink.pop()
        if after is HIDDEN:
            parent.invalid = parent.invalid or self.invalid
            return
        if before is HIDDEN:
            parent.put(after)
            sink.changed = True
        elif after is not before:
            parent.set(after)
            sink.changed = True
        if parent.collected is not None:
            parent.collected.append(after)

    def open_string(self, sink: ValueSink) -> None:
        self._string = self.next_shape()
        self._last_text = self._last_failure = None
        if self._string.grows_text:
            self.put("")
            sink.changed = True

    def more(self, sink: ValueSink, piece: str) -> None:
        self._pieces.append(piece)
        if self._string.grows_text:
            sink.changed = True

    def close_string(self, sink: ValueSink) -> None:
        shape, self._string = self._string, IGNORED
        self._last_string = shape
        if not shape.grows_text:
            text = "".join(self._pieces)
            self._pieces.clear()
            self.receive(sink, shape, json.dumps(text))
            return
        self._join()
        before = self.take()
        self.set(before)
        try:
            after = shape.validate_text(before)
        except Exception as error:  # noqa: BLE001 # as above
            self._last_text, self._last_failure = before, (len(sink.problems), self.invalid)
            sink.problem(error, self)
            return
        if after is not before:
            self._last_text = before
            self.set(after)
            sink.changed = True

    def reopen_string(self, sink: ValueSink, *, after_key: bool) -> bool:
        if after_key and not self.take_back_key():
            return False
        self._string = self._last_string
        if not self._string.grows_text:
            return self._string is IGNORED
        if self._last_text is not None:
            self.set(self._last_text)
        if self._last_failure is not None:
            count, self.invalid = self._last_failure
            del sink.problems[count:]
        self._last_text = self._last_failure = None
        return True

    def take_back_key(self) -> bool:
        """Make the child before the newest key the newest one. False if that is not possible."""
        return True

    def atom(self, sink: ValueSink, text: str) -> None:
        self.receive(sink, self.next_shape(), text)

    def receive(self, sink: ValueSink, shape: Shape, raw: str) -> None:
        """Validate a complete child from its JSON text, and show it if it is valid."""
        if shape is IGNORED:
            return
        try:
            value = shape.validate_json(raw)
        except Exception as error:  # noqa: BLE001 # as above
            sink.problem(error, self)
            return
        self.put(value)
        sink.changed = True

    def join_text(self) -> None:
        """Append the pieces received so far to the open string, if that is shown."""
        if self._pieces and self._string.grows_text:
            self._join()

    def _join(self) -> None:
        # CPython appends in place if the local variable holds the only reference.
        text: str = self.take()
        text += "".join(self._pieces)
        self.set(text)
        self._pieces.clear()
