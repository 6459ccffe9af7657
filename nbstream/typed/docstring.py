"""Parses a function's or class's docstring: the summary and each parameter's description.

griffe reads the styles of Google, NumPy and Sphinx.
"""

from __future__ import annotations

import inspect
import re
from typing import Any

_SECTION = re.compile(r"^(?:[A-Z][A-Za-z ]{2,24}:[ \t]*$|-{3,}[ \t]*$|:\w+[^:\n]*:)", re.MULTILINE)
"""A line that only a docstring with sections has."""


def parse_docstring(docstring: str | None) -> tuple[str, dict[str, str]]:
    """Split a docstring into the text before its first section and the parameters' descriptions."""
    text = inspect.cleandoc(docstring or "")
    if not _SECTION.search(text):
        return text.strip(), {}
    sections = _sections(text)
    summary: list[str] = []
    for section in sections:
        if section.kind.value != "text":
            break
        summary.append(section.value)
    rows: dict[str, str] = {}
    for section in sections:
        if section.kind.value in ("parameters", "other parameters"):
            for row in section.value:
                rows[row.name.strip("*")] = " ".join(row.description.split())
    return "\n\n".join(summary).strip(), rows


def _sections(text: str) -> list[Any]:
    """The sections of a docstring, of whatever style it has."""
    import griffe  # slow to import, and few docstrings have sections

    docstring = griffe.Docstring(text)
    style, _ = griffe.infer_docstring_style(docstring, method="heuristics")
    return griffe.parse(docstring, style or "google", warnings=False)
