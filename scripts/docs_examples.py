"""Shows the examples of docstrings as code, in the site's reference. Loaded by mkdocs.yml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import griffe

if TYPE_CHECKING:
    from griffe import Object

_EXAMPLE = re.compile(r"^( *)>>> .*(?:\n\1.*\S.*)*", re.MULTILINE)


def with_fences(docstring: str) -> str:
    """The docstring with a fence around each example, which ends at a blank line."""

    def fence(found: re.Match[str]) -> str:
        indent = found[1]
        return f"{indent}```pycon\n{found[0]}\n{indent}```"

    return _EXAMPLE.sub(fence, docstring)


class Examples(griffe.Extension):
    """Puts the fences into each docstring that mkdocstrings reads."""

    def on_instance(self, *, obj: Object, **_: Any) -> None:
        """Called for each object; only its docstring changes."""
        if obj.docstring:
            obj.docstring.value = with_fences(obj.docstring.value)
