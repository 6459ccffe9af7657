"""A simple reference parser for incomplete JSON; it starts at the first character each time."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_ATOM = re.compile(r"[^\s,\]}]*")


@dataclass
class Node:
    """``value``: text, the spelling of an atom, rows of an array, an object's rows by key.

    ``keys``: an object's keys, also one whose value has not begun.
    """

    kind: str
    value: Any
    complete: bool
    keys: tuple[str, ...] = ()

    def json(self) -> Any:
        """The value as ``json`` would parse it."""
        if self.kind == "array":
            return [row.json() for row in self.value]
        if self.kind == "object":
            return {key: row.json() for key, row in self.value.items()}
        return json.loads(self.value) if self.kind == "atom" else self.value


def read(text: str) -> Node | None:
    """The value at the beginning of ``text``; None if there is none."""
    return _value(text, _space(text, 0))[0]


def _space(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
    return at


def _value(text: str, at: int) -> tuple[Node | None, int]:
    if at == len(text):
        return None, at
    if text[at] == '"':
        return _string(text, at)
    if text[at] == "[":
        return _array(text, at + 1)
    if text[at] == "{":
        return _object(text, at + 1)
    found = _ATOM.match(text, at)
    assert found
    return Node("atom", found[0], found.end() < len(text)), found.end()


def _string(text: str, at: int) -> tuple[Node, int]:
    at += 1
    begin = at
    while at < len(text) and text[at] != '"':
        end = at + _unit(text, at)
        if end > len(text):  # half an escape
            return Node("string", _decoded(text[begin:at]), complete=False), len(text)
        at = end
    return Node("string", _decoded(text[begin:at]), complete=at < len(text)), at + 1


def _unit(text: str, at: int) -> int:
    """The length of the escape at ``at``; a surrogate pair is one escape."""
    if text[at] != "\\":
        return 1
    if text[at + 1 : at + 2] != "u":
        return 2
    return 12 if text[at + 2 : at + 4].lower() in ("d8", "d9", "da", "db") else 6


def _decoded(inner: str) -> str:
    found: str = json.loads(f'"{inner}"')
    return found


def _array(text: str, at: int) -> tuple[Node, int]:
    rows: list[Node] = []
    while (at := _space(text, at)) < len(text):
        if text[at] == "]":
            return Node("array", rows, complete=True), at + 1
        if text[at] == ",":
            at += 1
            continue
        row, at = _value(text, at)
        if row:
            rows.append(row)
    return Node("array", rows, complete=False), at


def _object(text: str, at: int) -> tuple[Node, int]:
    rows: dict[str, Node] = {}
    keys: list[str] = []
    while (at := _space(text, at)) < len(text):
        if text[at] == "}":
            return Node("object", rows, complete=True, keys=tuple(keys)), at + 1
        if text[at] == ",":
            at += 1
            continue
        key, at = _string(text, at)
        if not key.complete:
            break
        keys.append(key.value)
        at = _space(text, at)
        if at == len(text):
            break
        row, at = _value(text, _space(text, at + 1))
        if row:
            rows[key.value] = row
    return Node("object", rows, complete=False, keys=tuple(keys)), len(text)
