"""A value that holds others and shows them as they arrive.

Knows what all such values do with what they are told: show a child from its
first sign on, let a string grow in its place, hold back what must be whole.
Refuses to know lists from objects; those say where a child goes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.typed.frame import HIDDEN, Capture, Frame
from nbstream.typed.shape import IGNORED

if TYPE_CHECKING:
    from nbstream.typed.shape import Shape
    from nbstream.typed.sink import Growth


class Container(Frame):
    """``shown`` is the growing value itself.

    ``faulty``: something in it is not what the type says. Validators that see
    the whole are not run on it then; they would only say so again.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []  # of the open string, not yet joined
        self._string: Shape = IGNORED  # what the open string is to become
        self.faulty = False

    def coming(self) -> Shape:
        """The shape of the child that begins now; asked once for each child."""
        raise NotImplementedError

    def put(self, value: Any) -> None:
        """Show a child for the first time."""
        raise NotImplementedError

    def set(self, value: Any) -> None:
        """Show another value for the child that was put last."""
        raise NotImplementedError

    def take(self) -> Any:
        """The child that was put last; its place stays empty until ``set``."""
        raise NotImplementedError

    def twin(self, child: Any) -> Any:
        """A copy of ``shown`` with another open child; ``HIDDEN``: with the same."""
        raise NotImplementedError

    def step(self) -> str | int | None:
        """The open child's key or index; None if the child stands for this."""
        raise NotImplementedError

    def finish(self) -> Any:
        """What is shown of this when it is whole; raises what its validators raise."""
        return self.shown

    def open_object(self, growth: Growth) -> None:
        shape = self.coming()
        growth.push(shape.object() or Capture(shape, "{"))

    def open_array(self, growth: Growth) -> None:
        shape = self.coming()
        growth.push(shape.array() or Capture(shape, "["))

    def close(self, growth: Growth) -> None:
        before, after = self.shown, HIDDEN
        parent = growth.parent()
        if not self.faulty:
            try:
                after = self.finish()
            except Exception as error:  # noqa: BLE001 # a type's validators are anybody's code
                growth.problem(error, self, itself=True)
        growth.pop()
        parent.faulty = parent.faulty or self.faulty
        if after is not HIDDEN and after is not before:
            parent.set(after)
            growth.changed = True

    def open_string(self, growth: Growth) -> None:
        self._string = self.coming()
        if self._string.grows_text:
            self.put("")
            growth.changed = True

    def more(self, growth: Growth, piece: str) -> None:
        self._pieces.append(piece)
        if self._string.grows_text:
            growth.changed = True

    def close_string(self, growth: Growth) -> None:
        shape, self._string = self._string, IGNORED
        if not shape.grows_text:
            text = "".join(self._pieces)
            self._pieces.clear()
            self.receive(growth, shape, json.dumps(text))
            return
        self._join()
        before = self.take()
        self.set(before)
        try:
            after = shape.text(before)
        except Exception as error:  # noqa: BLE001 # as above
            growth.problem(error, self)
            return
        if after is not before:
            self.set(after)
            growth.changed = True

    def atom(self, growth: Growth, text: str) -> None:
        self.receive(growth, self.coming(), text)

    def receive(self, growth: Growth, shape: Shape, raw: str) -> None:
        """Take a child that is whole, as JSON, and show it if it is valid."""
        if shape is IGNORED:
            return
        try:
            value = shape.whole(raw)
        except Exception as error:  # noqa: BLE001 # as above
            growth.problem(error, self)
            return
        self.put(value)
        growth.changed = True

    def join_text(self) -> None:
        """Bring the open string, if one is shown, up to date."""
        if self._pieces and self._string.grows_text:
            self._join()

    def _join(self) -> None:
        # CPython grows a string in place if the local name is its only holder.
        text: str = self.take()
        text += "".join(self._pieces)
        self.set(text)
        self._pieces.clear()
