"""Builds plain Python values (dicts, lists, strings, numbers) from JSON that arrives in pieces.

``nbstream.typed`` does this for values of a type.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from nbstream.core.json.atoms import value_of
from nbstream.core.json.scanner import JSONSyntaxError, Scanner

Path = tuple[str | int, ...]


class PartialJSON:
    """The Python value of the JSON text received so far.

    A number or literal appears once it is complete; a string appears with its
    opening quote and grows. Of duplicate keys the last one wins, as in ``json``.
    """

    def __init__(self) -> None:
        self._values = _Values()
        self._scanner = Scanner(self._values)

    def feed(self, text: str) -> None:
        """Parse more text.

        Raises:
            JSONSyntaxError: the text is not the beginning of valid JSON, or
                something other than whitespace follows the value.
        """
        rest = self._scanner.feed(text)
        if rest and (extra := rest.lstrip(" \t\n\r")):
            position = self._scanner.position + len(rest) - len(extra)
            raise JSONSyntaxError(f"Unexpected text after the value: {extra[:20]!r}", position)
        self._scanner.position += len(rest)

    def end(self) -> None:
        """Signal the end of the text.

        Raises:
            JSONSyntaxError: the value is incomplete.
        """
        self._scanner.end()

    @property
    def value(self) -> Any:
        """The value so far; None before any text.

        This is the object that the parser keeps modifying. Copy it to freeze it,
        or use ``snapshot()``.
        """
        return self._values.value()

    def snapshot(self) -> Any:
        """The value so far, as an object that later text does not modify.

        Copies only the containers that are still open; complete values are shared.
        """
        return self._values.snapshot()

    @property
    def complete(self) -> bool:
        """Whether the value is complete. A number at the root is complete only after ``end()``."""
        return self._scanner.done

    @property
    def path(self) -> Path:
        """The keys and indices from the root to the value that is being written.

        Every value whose path does not begin with this path is complete. Empty
        before any text, and while the root itself is written.
        """
        return self._values.path(inside=self._scanner.inside_string)

    def is_complete(self, *path: str | int) -> bool:
        """Whether the value at ``path``, which must have begun, is complete."""
        return self.complete or (path != () and self.path[: len(path)] != path)


def completed(text: str) -> str:
    """The JSON value that ``text`` begins with, completed; up to what cannot be read as JSON.

    >>> completed('{"a": 1, "b": [2, "thr')
    '{"a": 1, "b": [2, "thr"]}'
    """
    values = PartialJSON()
    with suppress(JSONSyntaxError):
        values.feed(text)
    return json.dumps(values.snapshot(), ensure_ascii=False)


class _Values:
    """The sink that builds the Python value."""

    def __init__(self) -> None:
        self._root: list[Any] = []
        self._containers: list[Any] = [self._root]
        self._keys: list[str] = [""]  # the newest key of each container that is a dict
        self._pieces: list[str] = []

    def value(self) -> Any:
        self._join()
        return self._root[0] if self._root else None

    def snapshot(self) -> Any:
        copy: Any = self.value()
        child: Any = None
        for container, key in zip(self._containers[:0:-1], self._keys[:0:-1], strict=True):
            copy = container.copy()
            if child is not None:
                copy[-1 if isinstance(copy, list) else key] = child
            child = copy
        return copy

    def path(self, *, inside: bool) -> Path:
        steps = list(zip(self._containers, self._keys, strict=True))[1:]
        names = [key if isinstance(level, dict) else len(level) - 1 for level, key in steps]
        return tuple(names if inside else names[:-1])

    def _put(self, value: Any) -> None:
        container = self._containers[-1]
        if isinstance(container, list):
            container.append(value)
        else:
            container[self._keys[-1]] = value

    def _open(self, container: Any) -> None:
        self._put(container)
        self._containers.append(container)
        self._keys.append("")

    def open_object(self) -> None:
        self._open({})

    def open_array(self) -> None:
        self._open([])

    def key(self, name: str) -> None:
        self._keys[-1] = name

    def close(self) -> None:
        self._containers.pop()
        self._keys.pop()

    def open_string(self) -> None:
        self._put("")

    def more(self, piece: str) -> None:
        self._pieces.append(piece)

    def close_string(self) -> None:
        self._join()

    def atom(self, text: str) -> None:
        self._put(value_of(text))

    def _join(self) -> None:
        """Append the new pieces to the open string, in place where possible.

        CPython appends to a string without copying it if the local variable holds
        the only reference (``unicode_concatenate``). So the container's reference
        is removed first.
        """
        if not self._pieces:
            return
        container = self._containers[-1]
        slot = -1 if isinstance(container, list) else self._keys[-1]
        text: str = container[slot]
        container[slot] = None
        text += "".join(self._pieces)
        container[slot] = text
        self._pieces.clear()
