"""Parses Markdown as language models write it, by the rules of the live renderer.

CommonMark and GFM with the extensions of ``js/render/README.md``: formulas, a few HTML tags,
emphasis beside Chinese, Japanese and Korean letters, addresses in the text, footnotes. The cases
in ``tests/samples/dialect.json`` hold both sides together, and name what differs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from nbstream.display.dialect import details, direction, emphasis, footnotes, math, tags, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

_BOX = re.compile(r"\[([ xX])\][ \t]+(?=\S)")

_UNDERLINE = re.compile(r"-+[ \t]*\Z")

MAX_DEPTH = 100
"""Nested containers; deeper markers are text."""

_MAX_EMPTY_CELLS = 16
"""A row that lacks more cells than this gets no empty cells."""

_BLOCKS_IN_TEXT: Any = {"alt": ["paragraph", "reference", "blockquote", "list"]}


def parser() -> MarkdownIt:
    """A new parser for the dialect. Its renderer shows raw HTML as text; links are not checked."""
    # Containers have their own limit: beyond that of markdown-it, text would be lost.
    made = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_DEPTH + 20})
    made.enable("table").disable("html_block")
    rules = {one.name: one.fn for one in made.block.ruler.__rules__}
    alternatives = ["paragraph", "reference", "blockquote"]
    for name in ("blockquote", "list"):
        made.block.ruler.at(name, _limited(rules[name]), {"alt": alternatives})
    table = _few_empty_cells(_no_heading(rules["table"]))
    made.block.ruler.at("table", table, {"alt": alternatives[:2]})
    made.block.ruler.before("fence", "details", details.details, _BLOCKS_IN_TEXT)
    made.block.ruler.before("fence", "details_end", details.end, _BLOCKS_IN_TEXT)
    made.block.ruler.before("fence", "math_block", math.block, _BLOCKS_IN_TEXT)
    made.block.ruler.before("reference", "footnote", footnotes.definition, _BLOCKS_IN_TEXT)
    made.inline.ruler.before("link", "footnote", footnotes.reference)
    made.core.ruler.after("inline", "footnotes", footnotes.arrange)
    made.core.ruler.push("direction", direction.directions)
    made.inline.ruler.at("text", text.text)
    made.inline.ruler.before("escape", "math", math.inline)
    made.inline.ruler.at("html_inline", tags.inline)
    made.inline.ruler.at("emphasis", emphasis.delimiters)
    made.inline.ruler.before("text", "address", text.address)
    made.inline.ruler2.at("emphasis", emphasis.elements)
    made.core.ruler.before("inline", "tasks", _tasks)
    found = {one.name: one.fn for one in made.inline.ruler.__rules__}
    for name in ("link", "image"):
        made.inline.ruler.at(name, _closed(found[name]))
    # The policy for links is the renderer's, so a link that may not be followed keeps its text.
    made.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    made.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    return made


def _tasks(state: StateCore) -> None:
    """Take the box from the text of each item's first paragraph, and note it at the item."""
    tokens = state.tokens
    for item, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if item.type != "list_item_open" or paragraph.type != "paragraph_open":
            continue
        if box := _BOX.match(inline.content):
            inline.content = inline.content[box.end() :]
            item.meta = {"checked": box[1] != " "}


def _closed(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    """Let a rule look at no bracket that nothing closes: it would try all in it each time."""

    def closed(state: StateInline, silent: bool) -> bool:
        begins = state.src[state.pos] in "[!"
        return begins and state.src.find("]", state.pos, state.posMax) >= 0 and rule(state, silent)

    return closed


def _limited(
    rule: Callable[[StateBlock, int, int, bool], bool],
) -> Callable[[StateBlock, int, int, bool], bool]:
    """Let a rule open no container beyond the limit."""

    def limited(state: StateBlock, begin: int, end: int, silent: bool) -> bool:
        return state.level < MAX_DEPTH and rule(state, begin, end, silent)

    return limited


def _no_heading(
    rule: Callable[[StateBlock, int, int, bool], bool],
) -> Callable[[StateBlock, int, int, bool], bool]:
    """Let a line of hyphens only make a heading, not a table of one column."""

    def table(state: StateBlock, begin: int, end: int, silent: bool) -> bool:
        if begin + 1 < end and _UNDERLINE.match(
            state.src, state.bMarks[begin + 1] + state.tShift[begin + 1], state.eMarks[begin + 1]
        ):
            return False
        return rule(state, begin, end, silent)

    return table


def _few_empty_cells(
    rule: Callable[[StateBlock, int, int, bool], bool],
) -> Callable[[StateBlock, int, int, bool], bool]:
    """Let a row that is much too short stay so: each of its lines would become a line of cells."""

    def table(state: StateBlock, begin: int, end: int, silent: bool) -> bool:
        first = len(state.tokens)
        if not rule(state, begin, end, silent):
            return False
        kept = state.tokens[:first]
        for token in state.tokens[first:]:
            if token.type == "tr_close":
                last = len(kept)
                while kept[last - 1].type == "td_close" and not kept[last - 2].content:
                    last -= 3
                if len(kept) - last > 3 * _MAX_EMPTY_CELLS:
                    del kept[last:]
            kept.append(token)
        state.tokens[first:] = kept[first:]
        return True

    return table
