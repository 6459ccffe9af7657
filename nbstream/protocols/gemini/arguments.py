"""A function call's arguments that come value by value, as growing JSON text.

Vertex AI streams them as ``partialArgs``, each a JSON path and a piece of what
stands there (``PartialArg`` in its API reference). Refuses to know calls and
parts.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

_STEP = re.compile(
    r"""\.([^.\[\]]+)|\[(\d{1,9})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]"""
)
_NOTHING = object()

Path = tuple[str | int, ...]


@dataclass(slots=True)
class _Container:
    """An object or array that the text is inside of."""

    step: str | int
    is_array: bool
    members: set[str | int] = field(default_factory=set)

    def accepts(self, step: str | int) -> bool:
        """Whether text can still be written for that member."""
        if self.is_array:
            return step == len(self.members)
        return isinstance(step, str) and step not in self.members

    def begin(self, step: str | int) -> str:
        """What stands before that member's value."""
        comma = "," if self.members else ""
        self.members.add(step)
        return comma if self.is_array else f"{comma}{json.dumps(step, ensure_ascii=False)}:"


class PartialArguments:
    """Values in at their paths, JSON text out.

    Text can only grow: a value for an object that was closed before cannot be
    written any more. ``text``, at the end, has every value all the same.
    """

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {}
        self._written: list[str] = []
        self._open: list[_Container] = []
        self._string: Path = ()  # where the string is that the text is inside of
        self._in_order = True

    def add(self, entry: Any) -> str:
        """Take one ``PartialArg`` in; return what the text grows by, possibly nothing."""
        if not isinstance(entry, dict) or not (path := _path(entry.get("jsonPath"))):
            return ""
        value, more = _value(entry), bool(entry.get("willContinue"))
        if path == self._string:
            more_text = value if isinstance(value, str) else ""
            piece = _inside(more_text)
            _store(self._tree, path, more_text, grow=True)
        elif value is _NOTHING:
            return ""
        else:
            piece = self._place(path)
            piece += f'"{_inside(value)}' if isinstance(value, str) else json.dumps(value)
            self._string = path if isinstance(value, str) else ()
            _store(self._tree, path, value)
        if self._string and not more:
            piece += self._end_string()
        return self._write(piece)

    def close(self) -> str:
        """The rest of the text: whatever is still open ends."""
        return self._write(self._end_string() + self._leave(0))

    @property
    def text(self) -> str:
        """The whole, once closed."""
        if self._in_order:
            return "".join(self._written)
        return json.dumps(self._tree, ensure_ascii=False)

    def _write(self, piece: str) -> str:
        if not self._in_order:
            return ""
        self._written.append(piece)
        return piece

    def _end_string(self) -> str:
        was, self._string = self._string, ()
        return '"' if was else ""

    def _place(self, path: Path) -> str:
        """What must stand before a value at ``path``: ends, commas, names, beginnings."""
        piece = self._end_string()
        if not self._open:
            self._open.append(_Container("$", is_array=False))
            piece = "{"
        shared = 0
        for container, step in zip(self._open[1:], path[:-1], strict=False):
            if container.step != step:
                break
            shared += 1
        piece += self._leave(shared + 1)
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

    def _leave(self, depth: int) -> str:
        ends = ["]" if container.is_array else "}" for container in self._open[depth:]]
        del self._open[depth:]
        return "".join(reversed(ends))


def _path(text: Any) -> Path:
    """The steps of a JSON path such as ``$.a.b[0]['c d']`` (RFC 9535's plain names and indices)."""
    if not isinstance(text, str):
        return ()
    steps: list[str | int] = []
    for name, number, single, double in _STEP.findall(text.removeprefix("$")):
        steps.append(int(number) if number else name or single or double)
    return (str(steps[0]), *steps[1:]) if steps else ()


def _value(entry: dict[str, Any]) -> Any:
    for name in ("stringValue", "numberValue", "boolValue"):
        if isinstance(value := entry.get(name), (str, int, float)):
            return value
    return None if "nullValue" in entry else _NOTHING


def _inside(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _store(tree: dict[str, Any], path: Path, value: Any, *, grow: bool = False) -> None:
    """Put ``value`` where ``path`` points, or at the end of the string there.

    A path that leads through a plain value leads nowhere.
    """
    node: Any = tree
    for step, following in pairwise(path):
        node = _member(node, step, [] if isinstance(following, int) else {})
    held = _member(node, path[-1], value)
    if grow and isinstance(held, str) and isinstance(value, str):
        _set(node, path[-1], held + value)
    elif not grow and held is not value:
        _set(node, path[-1], value)


def _member(node: Any, step: str | int, default: Any) -> Any:
    if isinstance(node, dict):
        return node.setdefault(str(step), default)
    if isinstance(node, list) and isinstance(step, int):
        if step >= len(node):
            node.append(default)
            return default
        return node[step]
    return None


def _set(node: Any, step: str | int, value: Any) -> None:
    if isinstance(node, dict):
        node[str(step)] = value
    elif isinstance(node, list) and isinstance(step, int):
        node[min(step, len(node) - 1)] = value
