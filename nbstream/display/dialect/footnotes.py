"""Reads footnotes: ``[^1]`` in a text, and ``[^1]: note`` as a block, which is put at the end.

Notes are numbered in the order of their references. The first definition of a name counts, and a
note without a reference is not shown (GFM). ``js/render/markdown/dom/footnotes.ts`` is the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.token import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

_NAMES = "nbstream_footnotes"
"""In the environment of a text: the names that are defined."""
_DEFINITION = re.compile(r"\[\^([^\]\s\[]{1,100})\]:")
_REFERENCE = re.compile(r"\[\^([^\]\s\[]{1,100})\]")
_INDENT = 4
"""Columns of the lines that continue a note."""
_MAX_LEVEL = 100


def definition(state: StateBlock, begin: int, end: int, silent: bool) -> bool:
    """Read the blocks of a note."""
    start = state.bMarks[begin] + state.tShift[begin]
    found = _DEFINITION.match(state.src, start, state.eMarks[begin])
    if not found or state.is_code_block(begin) or state.level >= _MAX_LEVEL:
        return False
    if silent:
        return True
    name = found[1].lower()
    names = state.env.setdefault(_NAMES, set())
    opened = state.push("footnote_open", "li", 1)
    opened.meta = {"name": None if name in names else name}
    names.add(name)
    before = state.bMarks[begin], state.tShift[begin], state.sCount[begin]
    state.bMarks[begin] = state.skipSpaces(found.end())
    state.tShift[begin] = 0
    state.blkIndent += _INDENT
    state.sCount[begin] = state.blkIndent  # no code block begins behind the colon
    parent, state.parentType = state.parentType, "footnote"
    state.md.block.tokenize(state, begin, end)
    state.parentType = parent
    state.blkIndent -= _INDENT
    state.bMarks[begin], state.tShift[begin], state.sCount[begin] = before
    state.line = max(state.line, begin + 1)
    opened.map = [begin, state.line]
    state.push("footnote_close", "li", -1)
    return True


def reference(state: StateInline, silent: bool) -> bool:
    """Read the number of a note that is defined."""
    found = _REFERENCE.match(state.src, state.pos, state.posMax)
    if not found or found[1].lower() not in state.env.get(_NAMES, ()):
        return False
    if not silent:
        state.push("footnote_ref", "", 0).meta = {"name": found[1].lower()}
    state.pos = found.end()
    return True


def arrange(state: StateCore) -> None:
    """Number the references, and put the notes at the end of the text."""
    if not state.env.get(_NAMES):
        return
    text, notes = _apart(state.tokens)
    numbers: dict[str, int] = {}
    _number(text, numbers)
    found: list[Token] = []
    done = 0
    while done < len(numbers):  # a note may refer to further notes
        note = notes[list(numbers)[done]]
        _number(note, numbers)
        found += note
        done += 1
    if found:
        opened, closed = (
            Token("footnotes_open", "section", 1),
            Token("footnotes_close", "section", -1),
        )
        opened.block = closed.block = True
        text += [opened, *found, closed]
    state.tokens = text


def _apart(tokens: Sequence[Token]) -> tuple[list[Token], dict[str, list[Token]]]:
    """The tokens without the notes, and those of each note. A note can be in another one."""
    text: list[Token] = []
    notes: dict[str, list[Token]] = {}
    stack = [text]
    for token in tokens:
        if token.type == "footnote_open":
            stack.append([])
            name = token.meta["name"]
            if name is not None:
                notes[name] = stack[-1]
        stack[-1].append(token)
        if token.type == "footnote_close":
            stack.pop()
    return text, notes


def _number(tokens: Sequence[Token], numbers: dict[str, int]) -> None:
    for token in tokens:
        for child in token.children or ():
            if child.type == "footnote_ref":
                name = child.meta["name"]
                child.meta["number"] = numbers.setdefault(name, len(numbers) + 1)
