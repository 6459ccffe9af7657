"""Reads raw HTML in a text: tags with a meaning, and all others, which are shown as text.

``<br>`` is a line break, and ``<sub>``, ``<sup>``, ``<kbd>`` and ``<mark>`` make elements if they
come in pairs. The elements have no attributes. ``js/render/markdown/inline/tags.ts`` is the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.rules_inline.state_inline import Delimiter

from nbstream.display.dialect.math import MAX_SPAN

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline

PAIRS = ("sub", "sup", "kbd", "mark")
MARKERS = {0x120000 + number: name for number, name in enumerate(PAIRS)}
"""The tags as delimiters, by numbers that no character has."""

_VALUE = r"(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\")"
_ATTRIBUTE = rf"\s+[a-zA-Z_:][\w:.-]*(?:\s*=\s*{_VALUE})?"
_NAME = "[A-Za-z][A-Za-z0-9-]*"
_TAG = re.compile(rf"<{_NAME}(?:{_ATTRIBUTE})*\s*/?>|</{_NAME}\s*>", re.ASCII)
_KNOWN = re.compile(
    r"<(/?)(br|sub|sup|kbd|mark)(?![\w-]).*?(/?)>\Z", re.IGNORECASE | re.DOTALL | re.ASCII
)
_SPANS = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"))


def inline(state: StateInline, silent: bool) -> bool:
    """Read raw HTML at the position."""
    if state.src[state.pos] != "<":
        return False
    end = _end(state.src[: state.posMax], state.pos)
    if not end or end - state.pos > MAX_SPAN:
        return False
    raw = state.src[state.pos : end]
    state.pos = end
    if silent:
        return True
    closing, name, empty = found.groups() if (found := _KNOWN.match(raw)) else ("", "", "")
    name = name.lower()
    if name == "br":
        state.push("hardbreak", "br", 0)
    elif not name or empty:
        # A token of its own, so that what is in it is not read as an address.
        state.push("text", "", 0).content = raw
    else:
        # A tag is no part of a run with the same tag before it.
        state.push("text", "", 0)
        state.push("text", "", 0).content = raw
        marker = next(one for one, known in MARKERS.items() if known == name)
        at = len(state.tokens) - 1
        state.delimiters.append(Delimiter(marker, 1, at, -1, not closing, bool(closing)))
    return True


def _end(text: str, at: int) -> int:
    """Where raw HTML ends; 0 if there is none."""
    if found := _TAG.match(text, at):
        return found.end()
    for opener, closer in _SPANS:
        if text.startswith(opener, at):
            # From the second character on, because `<!-->` is a complete comment.
            end = text.find(closer, at + 2, at + MAX_SPAN)
            return end + len(closer) if end >= 0 else 0
    if re.compile("<![a-zA-Z]").match(text, at):
        return text.find(">", at, at + MAX_SPAN) + 1
    return 0
