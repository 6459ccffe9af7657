"""Assembles the JSON text of a Gemini function call's arguments that arrive value by value.

Vertex AI streams them as ``partialArgs``: each has a JSON path and a value or a piece of a
string (``PartialArg`` in its API reference).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from nbstream.errors import ProtocolError

_STEP = re.compile(
    r"""\.([^.\[\]]+)|\[(\d{1,9})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]"""
)
_MISSING = object()
_MAX_STEPS = 200
"""As deep as pydantic's JSON parser reads."""

Path = tuple[str | int, ...]


@dataclass(slots=True)
class _Container:
    """An object or array that is open at the end of the text."""

    step: str | int
    is_array: bool
    members: set[str | int] = field(default_factory=set)

    def accepts(self, step: str | int) -> bool:
        """Whether the text can continue with this member."""
        if self.is_array:
            return step == len(self.members)
        return isinstance(step, str) and step not in self.members

    def begin(self, step: str | int) -> str:
        """The text before the member's value."""
        comma = "," if self.members else ""
        self.members.add(step)
        return comma if self.is_array else f"{comma}{json.dumps(step, ensure_ascii=False)}:"


class PartialArguments:
    """Turns values with paths into JSON text, to which text is only appended.

    A value for an object that is closed already cannot be added to that text. After ``close``,
    ``text`` contains every value in any case.
    """

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {}
        self._written: list[str] = []
        self._open: list[_Container] = []
        self._string: Path = ()  # the path of the open string
        self._in_order = True  # every value so far could be appended

    def add(self, entry: Any) -> str:
        """Add one ``PartialArg``. Returns the text to append, which may be empty.

        Raises:
            ProtocolError: its path is too long.
        """
        if not isinstance(entry, dict) or not (path := _path(entry.get("jsonPath"))):
            return ""
        value, more = _value(entry), bool(entry.get("willContinue"))
        if path == self._string:
            addition = value if isinstance(value, str) else ""
            piece = _escaped(addition)
            _store(self._tree, path, addition, append=True)
        elif value is _MISSING:
            return ""
        else:
            piece = self._move_to(path)
            piece += f'"{_escaped(value)}' if isinstance(value, str) else json.dumps(value)
            self._string = path if isinstance(value, str) else ()
            _store(self._tree, path, value)
        if self._string and not more:
            piece += self._end_string()
        return self._write(piece)

    def close(self) -> str:
        """Close everything that is open. Returns the text to append."""
        return self._write(self._end_string() + self._close_to(0))

    @property
    def text(self) -> str:
        """The complete text, after ``close``."""
        if self._in_order:
            return "".join(self._written)
        return json.dumps(self._tree, ensure_ascii=False)

    def _write(self, piece: str) -> str:
        """Append text, unless an earlier value could not be appended."""
        if not self._in_order:
            return ""
        self._written.append(piece)
        return piece

    def _end_string(self) -> str:
        string, self._string = self._string, ()
        return '"' if string else ""

    def _move_to(self, path: Path) -> str:
        """The text before a value at ``path``: closing and opening brackets, comma, key."""
        piece = self._end_string()
        if not self._open:
            self._open.append(_Container("$", is_array=False))
            piece = "{"
        shared = 0
        for container, step in zip(self._open[1:], path[:-1], strict=False):
            if container.step != step:
                break
            shared += 1
        piece += self._close_to(shared + 1)
        for depth, step in enumerate(path[shared:], shared):
            if not self._open[-1].accepts(step):
                self._in_order = False
                return ""
            piece += self._open[-1].begin(step)
            if depth + 1 < len(path):
                is_array = isinstance(path[depth + 1], int)
                self._open.append(_Container(step, is_array))
                piece += "[" if is_array else "{"
        return piece

    def _close_to(self, depth: int) -> str:
        ends = ["]" if container.is_array else "}" for container in self._open[depth:]]
        del self._open[depth:]
        return "".join(reversed(ends))


def _path(text: Any) -> Path:
    """The steps of a JSON path such as ``$.a.b[0]['c d']``: names and indices of RFC 9535."""
    if not isinstance(text, str):
        return ()
    steps: list[str | int] = []
    for name, number, single, double in _STEP.findall(text.removeprefix("$")):
        if len(steps) == _MAX_STEPS:
            raise ProtocolError(f"The server sent arguments that are nested too deep: {text[:200]}")
        steps.append(int(number) if number else name or single or double)
    return (str(steps[0]), *steps[1:]) if steps else ()


def _value(entry: dict[str, Any]) -> Any:
    """The value of a ``PartialArg``, or ``_MISSING``."""
    for name in ("stringValue", "numberValue", "boolValue"):
        if isinstance(value := entry.get(name), (str, int, float)):
            return value
    return None if "nullValue" in entry else _MISSING


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _store(tree: dict[str, Any], path: Path, value: Any, *, append: bool = False) -> None:
    """Store ``value`` at ``path``, or append it to the string there.

    Stores nothing if a step of ``path`` leads into a value that is not an object or array.
    """
    node: Any = tree
    for step, following in pairwise(path):
        node = _member(node, step, [] if isinstance(following, int) else {})
    existing = _member(node, path[-1], value)
    if append and isinstance(existing, str) and isinstance(value, str):
        _set(node, path[-1], existing + value)
    elif not append and existing is not value:
        _set(node, path[-1], value)


def _member(node: Any, step: str | int, default: Any) -> Any:
    """The member of an object or array; set to ``default`` if there is none."""
    if isinstance(node, dict):
        return node.setdefault(str(step), default)
    if isinstance(node, list) and isinstance(step, int):
        if step >= len(node):
            node.append(default)
            return default
        return node[step]
    return None


def _set(node: Any, step: str | int, value: Any) -> None:
    """Set a member of an object or array."""
    if isinstance(node, dict):
        node[str(step)] = value
    elif isinstance(node, list) and isinstance(step, int):
        node[min(step, len(node) - 1)] = value
