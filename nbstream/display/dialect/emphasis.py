"""Reads emphasis, strong emphasis and strikethrough, and makes elements of pairs of tags.

A Chinese, Japanese or Korean character beside a delimiter counts like a space: text in these
scripts has no spaces. ``js/render/markdown/inline/emphasis.ts`` has the same rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it.rules_inline.emphasis import postProcess
from markdown_it.rules_inline.state_inline import Delimiter

from nbstream.display.dialect.chars import before, is_cjk, is_punctuation, is_space
from nbstream.display.dialect.tags import MARKERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.rules_inline import StateInline

# `~` and `~~` as delimiters: only runs of the same length match.
_STRIKES = {1: 0x130001, 2: 0x130002}
_ELEMENTS = {**MARKERS, **dict.fromkeys(_STRIKES.values(), "del")}


def delimiters(state: StateInline, silent: bool) -> bool:
    """Read a run of ``*``, ``_`` or ``~``."""
    char = state.src[state.pos]
    if silent or char not in "*_~":
        return False
    begin = end = state.pos
    while end < state.posMax and state.src[end] == char:
        end += 1
    length = end - begin
    opens, closes = _flanks(char, before(state.src, begin), state.src[end : end + 2])
    state.pos = end
    if char == "~":
        state.push("text", "", 0).content = char * length
        if length in _STRIKES:
            _add(state, _STRIKES[length], 0, opens, closes)
        return True
    for _ in range(length):
        state.push("text", "", 0).content = char
        _add(state, ord(char), length, opens, closes)
    return True


def _add(state: StateInline, marker: int, length: int, opens: bool, closes: bool) -> None:
    at = len(state.tokens) - 1
    state.delimiters.append(Delimiter(marker, length, at, -1, opens, closes))


def _flanks(char: str, before: str, after: str) -> tuple[bool, bool]:
    """Whether a run can open and can close emphasis, by the characters around it."""
    space_before, space_after = is_space(before), is_space(after)
    mark_before, mark_after = is_punctuation(before), is_punctuation(after)
    cjk_before, cjk_after = is_cjk(before), is_cjk(after)
    free_before = space_before or mark_before or cjk_before
    free_after = space_after or mark_after or cjk_after
    left = not space_after and (not mark_after or cjk_after or free_before)
    right = not space_before and (not mark_before or cjk_before or free_after)
    if char != "_":
        return left, right
    return left and (not right or mark_before), right and (not left or mark_after)


def elements(state: StateInline) -> None:
    """Make elements of the delimiters that match."""
    postProcess(state)
    _pairs(state, state.delimiters)
    for meta in state.tokens_meta:
        if meta and "delimiters" in meta:
            _pairs(state, meta["delimiters"])


def _pairs(state: StateInline, found: Sequence[Delimiter]) -> None:
    """Make elements of the tags and the strikethrough."""
    for delimiter in found:
        tag = _ELEMENTS.get(delimiter.marker)
        if tag is None or delimiter.end < 0:
            continue
        for one, nesting in ((delimiter, 1), (found[delimiter.end], -1)):
            token = state.tokens[one.token]
            token.type = f"{tag}_{'open' if nesting > 0 else 'close'}"
            token.tag, token.content = tag, ""
            token.nesting = 1 if nesting > 0 else -1
