"""``ValueSink``: gets the tokens of the JSON scanner and builds a value of a Python type.

It passes each token to the innermost open frame.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from nbstream.typed.container import Container
from nbstream.typed.frame import HIDDEN, Frame
from nbstream.typed.root_value import Root
from nbstream.typed.sequences import CollectedListFrame, ListFrame
from nbstream.typed.validation_errors import problems_of

if TYPE_CHECKING:
    from nbstream.typed.shape import Shape
    from nbstream.typed.validation_errors import Problem


class ValueSink:
    """Receives the tokens of one JSON value and builds the Python value."""

    def __init__(
        self, shape: Shape, *, wrapped: bool, items_path: tuple[str, ...] | None = None
    ) -> None:
        self.root = Root(shape, wrapped=wrapped)
        self._frames: list[Frame] = [self.root]
        self._top: Frame = self.root
        self.changed = False
        self.problems: list[Problem] = []
        self._items_path = items_path
        self.items: list[Any] = []
        """The whole items so far of the list at ``items_path``."""

    def push(self, frame: Frame) -> None:
        """Begin an object or array inside the innermost open one."""
        if frame.shown is not HIDDEN:
            assert isinstance(self._top, Container)
            self._top.put(frame.shown)
            self.changed = True
        elif isinstance(frame, Container):
            assert isinstance(self._top, Container)
            frame.outer = self._top
        if self._items_path is not None and isinstance(frame, ListFrame):
            self._collect(frame)
        self._frames.append(frame)
        self._top = frame

    def pop(self) -> Container:
        """End the innermost object or array. Returns the frame around it."""
        self._frames.pop()
        self._top = top = self._frames[-1]
        assert isinstance(top, Container)
        return top

    def parent(self) -> Container:
        """The frame around the innermost open one."""
        parent = self._frames[-2]
        assert isinstance(parent, Container)
        return parent

    def problem(self, error: Exception, frame: Container, *, itself: bool = False) -> None:
        """Record that the newest child of ``frame``, or ``frame`` itself, failed validation."""
        frame.invalid = True
        frames = self._frames[: self._frames.index(frame) + (not itself)]
        steps = [open_frame.step() for open_frame in frames if isinstance(open_frame, Container)]
        path = tuple(step for step in steps if step is not None)
        self.problems += problems_of(error, path)

    def value(self) -> Any:
        """The value so far; None if there is nothing to show."""
        if isinstance(self._top, Container):
            self._top.join_text()
        return self.root.value

    def open_path(self) -> list[Container]:
        """The open frames that are shown, from the outermost to the innermost."""
        containers = takewhile(_is_shown_with_its_children, self._frames[1:])
        frames = [frame for frame in containers if frame.shown is not HIDDEN]
        return [frame for frame in frames if isinstance(frame, Container)]

    def path(self, *, inside: bool) -> tuple[list[str | int], list[Container]]:
        """The names from the root to the value that is written, and the open frames along it.

        ``inside``: the value is a text or a number in the innermost frame.
        """
        names: list[str | int] = []
        frames = [frame for frame in self._frames[1:] if isinstance(frame, Container)]
        for at, frame in enumerate(frames):
            child = self._frames[at + 2] if at + 2 < len(self._frames) else None
            if child is None and not inside:
                break
            shown = frame.shows_string if child is None else child.shown is not HIDDEN
            name = frame.name(shown=shown)
            if name is not None:
                names.append(name)
        return names, [frame for frame in frames if frame.step() is not None]

    def _collect(self, frame: ListFrame) -> None:
        """Have the items of a list collected, if it is the one that is wanted."""
        frames = [one for one in self._frames if isinstance(one, Container)]
        names = [one.name(shown=True) for one in frames if one.step() is not None]
        if tuple(names) == self._items_path:
            frame.__class__ = CollectedListFrame
            frame.collected = self.items

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

    def reopen_string(self, *, after_key: bool) -> bool:
        self.changed = True
        return self._top.reopen_string(self, after_key=after_key)

    def atom(self, text: str) -> None:
        self._top.atom(self, text)


def _is_shown_with_its_children(frame: Frame) -> bool:
    """Whether what is inside a frame may be shown: an object that waits for a field hides it."""
    return not (isinstance(frame, Container) and frame.is_waiting)
