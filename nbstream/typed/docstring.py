"""Parses a function's or class's docstring: the summary and each parameter's description.

Supports Google's ``Args:``, NumPy's ``Parameters`` and Sphinx's ``:param name:``.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_GOOGLE = re.compile(r"^(Args|Arguments|Parameters|Params):[ \t]*$", re.MULTILINE)
_NUMPY = re.compile(r"^(Other )?Parameters[ \t]*\n-{3,}[ \t]*$", re.MULTILINE)
_SPHINX = re.compile(
    r"^:(?:param|parameter|arg|argument)\s+(?:[^:\n]*\s)?\*{0,2}(\w+):", re.MULTILINE
)
_SECTION = re.compile(
    r"^(?:[A-Z][A-Za-z ]{2,24}:[ \t]*$|[A-Z][A-Za-z ]{2,24}[ \t]*\n-{3,}[ \t]*$|:\w+[^:\n]*:)",
    re.MULTILINE,
)
_GOOGLE_ROW = re.compile(r"^\*{0,2}(\w+)[ \t]*(?:\([^)]*\))?:[ \t]*(.*)$")
_NUMPY_ROW = re.compile(r"^\*{0,2}(\w+(?:[ \t]*,[ \t]*\*{0,2}\w+)*)[ \t]*(?::.*)?$")


def parse_docstring(docstring: str | None) -> tuple[str, dict[str, str]]:
    """Split a docstring into the text before its first section and the parameters' descriptions."""
    text = inspect.cleandoc(docstring or "")
    first = _SECTION.search(text)
    summary = text[: first.start()] if first else text
    return summary.strip(), {**_google(text), **_numpy(text), **_sphinx(text)}


def _google(text: str) -> dict[str, str]:
    """The parameters' descriptions in a docstring of Google's style, by name."""
    begin = _GOOGLE.search(text)
    if not begin:
        return {}
    lines = _indented(text[begin.end() :])
    return _rows(lines, lambda line: (m[1], m[2]) if (m := _GOOGLE_ROW.match(line)) else None)


def _numpy(text: str) -> dict[str, str]:
    """The parameters' descriptions in a docstring of NumPy's style, by name."""
    descriptions: dict[str, str] = {}
    for begin in _NUMPY.finditer(text):
        rest = text[begin.end() :].lstrip("\n")
        end = _SECTION.search(rest)
        lines = (rest[: end.start()] if end else rest).split("\n")
        rows = _rows(lines, lambda line: (m[1], "") if (m := _NUMPY_ROW.match(line)) else None)
        for names, text_of_row in rows.items():
            each = (name.strip(" \t*") for name in names.split(","))
            descriptions |= dict.fromkeys(each, text_of_row)
    return descriptions


def _sphinx(text: str) -> dict[str, str]:
    """The parameters' descriptions in a docstring of Sphinx's style, by name."""
    descriptions: dict[str, str] = {}
    for begin in _SPHINX.finditer(text):
        rest = text[begin.end() :]
        end = re.search(r"^(?=:)|\n[ \t]*\n", rest, re.MULTILINE)
        descriptions[begin[1]] = _joined((rest[: end.start()] if end else rest).split("\n"))
    return descriptions


def _indented(text: str) -> list[str]:
    """The lines of the indented block that ``text`` begins with, without the indent."""
    lines: list[str] = []
    for line in text.strip("\n").split("\n"):
        if line.strip() and not line[0].isspace():
            break
        lines.append(line)
    return inspect.cleandoc("\n" + "\n".join(lines)).split("\n")


def _rows(lines: list[str], begins: Callable[[str], tuple[str, str] | None]) -> dict[str, str]:
    """The description of each parameter, from its first line and the indented lines below."""
    rows: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines:
        row = begins(line) if line[:1].strip() else None
        if row:
            current = rows.setdefault(row[0], [row[1]])
        elif current:
            current.append(line)
    return {name: _joined(texts) for name, texts in rows.items()}


def _joined(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())
