"""A value of a type, growing as its JSON is read.

The scanner's sink: keeps the frames that are open and passes each event to the
innermost. Knows what has been shown and what went wrong; refuses to know types
and text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.typed.container import Container
from nbstream.typed.frame import HIDDEN, Frame
from nbstream.typed.root_value import Root
from nbstream.typed.validation_errors import problems_of

if TYPE_CHECKING:
    from nbstream.typed.shape import Shape
    from nbstream.typed.validation_errors import Problem


class Growth:
    """Takes the events of one JSON value and shows what they amount to."""

    def __init__(self, shape: Shape, *, wrapped: bool) -> None:
        self.root = Root(shape, wrapped=wrapped)
        self._frames: list[Frame] = [self.root]
        self._top: Frame = self.root
        self.changed = False
        self.problems: list[Problem] = []

    def push(self, frame: Frame) -> None:
        """A value begins inside the innermost."""
        if frame.shown is not HIDDEN:
            assert isinstance(self._top, Container)
            self._top.put(frame.shown)
            self.changed = True
        self._frames.append(frame)
        self._top = frame

    def pop(self) -> Container:
        """The innermost value ends. Returns the one it stands in."""
        self._frames.pop()
        self._top = top = self._frames[-1]
        assert isinstance(top, Container)
        return top

    def parent(self) -> Container:
        """The value that the innermost open one stands in."""
        parent = self._frames[-2]
        assert isinstance(parent, Container)
        return parent

    def problem(self, error: Exception, frame: Container, *, itself: bool = False) -> None:
        """Note that the open child of ``frame``, or the frame itself, is not what its type says."""
        frame.faulty = True
        frames = self._frames[: self._frames.index(frame) + (not itself)]
        steps = [one.step() for one in frames if isinstance(one, Container)]
        path = tuple(step for step in steps if step is not None)
        self.problems += problems_of(error, path)

    def value(self) -> Any:
        """What is shown; None if nothing is."""
        if isinstance(self._top, Container):
            self._top.join_text()
        return self.root.value

    def open_path(self) -> list[Container]:
        """The open values that are shown, from the root's inwards."""
        frames = [one for one in self._frames[1:] if one.shown is not HIDDEN]
        return [one for one in frames if isinstance(one, Container)]

    def open_object(self) -> None:
        self._top.open_object(self)

    def open_array(self) -> None:
        self._top.open_array(self)

    def key(self, name: str) -> None:
        self._top.key(self, name)

    def close(self) -> None:
        self._top.close(self)

    def open_string(self) -> None:
        self._top.open_string(self)

    def more(self, piece: str) -> None:
        self._top.more(self, piece)

    def close_string(self) -> None:
        self._top.close_string(self)

    def atom(self, text: str) -> None:
        self._top.atom(self, text)
