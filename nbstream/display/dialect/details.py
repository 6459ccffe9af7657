"""Reads ``<details>`` and ``<summary>``, which make a block that the reader can fold.

The blocks between the tags are Markdown, with or without blank lines around them. The elements
are made without the attributes of the tags. ``js/render/markdown/block/details.ts`` is the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

_VALUE = r"(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\")"
_ATTRIBUTES = rf"(?:\s+[a-zA-Z_:][\w:.-]*(?:\s*=\s*{_VALUE})?)*\s*"
_DETAILS = re.compile(rf"<details{_ATTRIBUTES}>", re.IGNORECASE | re.ASCII)
_SUMMARY = re.compile(rf"<summary{_ATTRIBUTES}>", re.IGNORECASE | re.ASCII)
_END = re.compile(r"</details\s*>", re.IGNORECASE)
_END_SUMMARY = re.compile(r"</summary\s*>", re.IGNORECASE)
_FINAL_END = re.compile(r"[ \t]*((?:</details[ \t]*>[ \t]*)+)\Z", re.IGNORECASE)

_OPEN = "nbstream_details"
"""In the environment of a text: how many ``<details>`` contain the position."""
_ENDED = "nbstream_details_ended"
"""In the environment: how many more of them the last line closes."""
_MAX_LEVEL = 100


def end(state: StateBlock, begin: int, _end: int, silent: bool) -> bool:
    """Whether a paragraph ends before a line, because that or the line before closes a fold."""
    if not silent or not state.env.get(_OPEN):
        return False
    return bool(_END.match(_text(state, begin)) or _FINAL_END.search(_text(state, begin - 1)))


def details(state: StateBlock, begin: int, end: int, silent: bool) -> bool:
    """Read a fold up to its closing tag, or to the end of the block that contains it."""
    inside = state.env.get(_OPEN, 0)
    found = _DETAILS.match(_text(state, begin))
    if not found or state.level >= _MAX_LEVEL or (state.is_code_block(begin) and not inside):
        return False
    if silent:
        return True
    line = begin
    while found is not None and line == begin:  # several may begin on one line
        opened = state.push("details_open", "details", 1)
        state.env[_OPEN] = inside + 1
        line = _content(state, _move(state, begin, found.end(), stay=True), end)
        state.env[_OPEN] = inside
        state.push("details_close", "details", -1)
        opened.map = [begin, max(line, begin + 1)]
        found = _DETAILS.match(_text(state, begin))
    if line == begin:
        _block(state, begin, end)
        line = state.line
    state.line = line
    return True


def _block(state: StateBlock, line: int, end: int) -> None:
    """Read one block, by the first rule that fits."""
    for rule in state.md.block.ruler.getRules(""):
        if rule(state, line, end, False):  # noqa: FBT003
            break


def _content(state: StateBlock, line: int, end: int) -> int:
    """Read what is in a fold. Returns the line after it."""
    is_empty = True
    while line < end:
        line = state.line = state.skipEmptyLines(line)
        if line >= end:
            break
        text = _text(state, line)
        if closing := _END.match(text):
            return _move(state, line, closing.end())
        if state.sCount[line] < state.blkIndent:
            break
        opening = _SUMMARY.match(text) if is_empty else None
        is_empty = False
        if opening:
            line = _summary(state, _move(state, line, opening.end(), stay=True), end)
            continue
        if not (_DETAILS.match(text) and details(state, line, end, False)):  # noqa: FBT003
            _block(state, line, end)
        line = state.line
        if state.env.get(_ENDED):
            state.env[_ENDED] -= 1
            break
        if count := _final_end(state):
            state.env[_ENDED] = min(count, state.env[_OPEN]) - 1
            break
    return line


def _summary(state: StateBlock, line: int, end: int) -> int:
    """Read the summary up to its closing tag or a blank line."""
    opened = state.push("summary_open", "summary", 1)
    lines: list[str] = []
    begin = line
    while line < end and not (state.isEmpty(line) and line > begin):
        text = _text(state, line)
        closing = _END_SUMMARY.search(text)
        if not closing and _END.match(text):
            break
        lines.append(text[: closing.start()] if closing else text)
        if closing:
            line = _move(state, line, closing.end())
            break
        line += 1
    inline = state.push("inline", "", 0)
    inline.content = "\n".join(lines).strip()
    inline.children = []
    opened.map = inline.map = [begin, max(line, begin + 1)]
    state.push("summary_close", "summary", -1)
    state.line = line
    return line


def _final_end(state: StateBlock) -> int:
    """How many folds the last paragraph closes at its end. Takes the tags from its text."""
    if len(state.tokens) < 2 or state.tokens[-1].type != "paragraph_close":
        return 0
    inline = state.tokens[-2]
    found = _FINAL_END.search(inline.content)
    if not found:
        return 0
    inline.content = inline.content[: found.start()]
    if not inline.content:
        del state.tokens[-3:]
    return found[1].count("<")


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _move(state: StateBlock, line: int, by: int, *, stay: bool = False) -> int:
    """Pass over the first ``by`` characters of a line and the spaces after them.

    Returns the line that is next: the same one, or the following one if nothing is left of it.
    """
    at = state.bMarks[line] + state.tShift[line] + by
    state.bMarks[line] = at = state.skipSpaces(at)
    state.tShift[line] = 0
    state.sCount[line] = state.blkIndent
    return line if stay or at < state.eMarks[line] else line + 1
