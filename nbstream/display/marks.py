"""Puts the numbers of cited sources into the static HTML of a Markdown text.

A citation with an end comes after that character of its text part, and one of a whole part at
the part's end; any other is only in the list of sources. A position is found in two steps: the
leaf block that holds its line, then the block's own text in that line. In code, a formula or a
link the number comes at the end of that. White space before it is passed over, and the text is
parsed as without it. ``js/render/markdown/dom/marks.ts`` follows the same rule in the live view.
"""

from __future__ import annotations

import re
import secrets
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from markdown_it.token import Token

from nbstream.display.dialect.text import end_of_text
from nbstream.display.dialect.text import text as read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

    from nbstream.core.message import Citation, TextPart

Mark = tuple[int, str]
"""A position in a text, and the HTML to put there."""

_ENV = "nbstream_marks"
_MARK = "nbstream_mark"
_NOT_LEAVES = re.compile(r"_(?:open|close)$|^hr$")


def end_of(citation: Citation, text: str) -> int | None:
    """The position of a citation in the text of its part; None if the provider gives none."""
    if citation.end is not None:
        return min(citation.end, len(text)) if citation.end > 0 else None
    return None if citation.start is None else len(text)


def shifted(part: TextPart, by: int) -> tuple[Citation, ...]:
    """The citations of ``part``, with positions for a text that has ``by`` characters before."""
    found = []
    for one in part.citations:
        end = end_of(one, part.text)
        found.append(
            one if end is None else replace(one, start=by + (one.start or 0), end=by + end)
        )
    return tuple(found)


@dataclass(slots=True)
class _Here:
    """The marks of one leaf block that are not placed yet, and the list of its tokens."""

    tokens: list[Token]
    marks: list[tuple[int, int]]


@dataclass(slots=True)
class _Marks:
    """The marks of one text: their positions in order, and the name of their placeholders."""

    places: list[int]
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    here: _Here | None = None


def install(parser: MarkdownIt) -> MarkdownIt:
    """Let ``parser`` place marks, for ``render``. Without marks it parses as before."""
    parser.core.ruler.before("inline", "nbstream_marks", _distribute)
    parser.core.ruler.at("inline", _inline)
    parser.inline.ruler.before("text", _MARK, _place)
    parser.inline.ruler.at("text", _text)
    parser.add_render_rule(_MARK, _placeholder)
    return parser


def render(
    parser: MarkdownIt,
    text: str,
    marks: Iterable[Mark],
    clean: Callable[[str], str],
    env: dict[str, Any] | None = None,
) -> str:
    """Render ``text`` and sanitize it with ``clean``, then put in the HTML of the marks.

    ``env`` is what the parser's rules get.
    """
    ordered = sorted(marks, key=lambda mark: mark[0])
    if not ordered:
        return clean(parser.render(text, env))
    # A name that the text cannot hold stands for the marks, so that `clean` does not see them.
    # The parser replaces each line ending by one character.
    breaks = [found.start() for found in re.finditer("\r\n", text)]
    own = _Marks([at - bisect_right(breaks, at - 1) for at, _ in ordered])
    page = clean(parser.render(text, {**(env or {}), _ENV: own}))
    return re.sub(rf"{own.name}-(\d+);", lambda found: ordered[int(found[1])][1], page)


def _distribute(state: StateCore) -> None:
    """Give each leaf block the marks that belong into it."""
    own: _Marks | None = state.env.get(_ENV)
    if own is None:
        return
    blocks: dict[int, list[int]] = {}
    page = _Page(state.tokens, state.src)
    for number, place in enumerate(own.places):
        found = page.leaf(place)
        if found is None:
            continue
        index, offset = found
        token = state.tokens[index]
        if token.type == "inline":
            token.meta.setdefault(_MARK, []).append((offset, number))
        else:
            blocks.setdefault(index, []).append(number)
    for index in sorted(blocks, reverse=True):
        children = [_token(number) for number in blocks[index]]
        state.tokens[index + 1 : index + 1] = [
            Token("paragraph_open", "p", 1, block=True),
            Token("inline", "", 0, children=children, meta={_ENV: True}, block=True),
            Token("paragraph_close", "p", -1, block=True),
        ]


class _Page:
    """Finds the leaf block of a position in a text that is parsed into blocks."""

    def __init__(self, tokens: Sequence[Token], text: str) -> None:
        self._tokens = tokens
        self._text = text
        self._lines = text.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._leaves = [
            at
            for at, token in enumerate(tokens)
            if token.map and not _NOT_LEAVES.search(token.type)
        ]
        self._first_lines = [_first_line(tokens[at]) for at in self._leaves]

    def leaf(self, place: int) -> tuple[int, int] | None:
        """The index of the leaf's token, and the position in its text."""
        at = len(self._text[:place].rstrip())
        line = bisect_right(self._starts, max(0, at - 1)) - 1
        nth = bisect_right(self._first_lines, line) - 1
        if nth < 0:
            return None
        index = self._leaves[nth]
        token = self._tokens[index]
        if token.type != "inline":
            return index, 0
        column = at - self._starts[line]
        if self._tokens[index - 1].type not in {"td_open", "th_open"}:
            return index, self._offset(token, line, column)
        first = _first_line(token)
        row = [at for at in self._leaves if _first_line(self._tokens[at]) == first]
        text = self._lines[first].rstrip()
        return _cell(self._tokens, row, text, column if line == first else len(text))

    def _offset(self, token: Token, line: int, column: int) -> int:
        """The position in the text of a paragraph or heading, without its blocks' markers."""
        done = taken = 0
        own = token.content.split("\n")
        for number in range(_first_line(token), line + 1):
            if taken == len(own):
                break
            text = own[taken]
            begin = self._lines[number].rstrip().rfind(text.rstrip())
            if begin < 0:
                continue
            if number == line:
                return done + max(0, min(column - begin, len(text)))
            done += len(text) + 1
            taken += 1
        return max(0, done - 1)


def _cell(tokens: Sequence[Token], row: list[int], line: str, column: int) -> tuple[int, int]:
    """The cell of a table's row that holds a position, and the position in its text."""
    end = len(line)
    for index in reversed(row):
        raw = tokens[index].content.replace("|", "\\|")
        begin = line.rfind(raw, 0, end)
        if begin < column or index == row[0]:
            inside = raw[: max(0, column - begin)]
            return index, len(inside.replace("\\|", "|"))
        end = begin
    return row[0], 0


def _inline(state: StateCore) -> None:
    """Parse the text of each leaf block, with its marks."""
    own: _Marks | None = state.env.get(_ENV)
    for token in state.tokens:
        if token.type != "inline" or _ENV in token.meta:
            continue
        token.children = children = token.children or []
        marks = token.meta.pop(_MARK, None)
        if own is not None:
            own.here = _Here(children, sorted(marks)) if marks else None
        state.md.inline.parse(token.content, state.md, state.env, children)
        if own is not None and own.here is not None:
            children += [_token(number) for _, number in own.here.marks]
            own.here = None


def _here(state: StateInline) -> _Here | None:
    """The marks of the text that is being parsed; None in a link or in the text of an image."""
    own: _Marks | None = state.env.get(_ENV)
    here = own and own.here
    return here if here and here.tokens is state.tokens and state.linkLevel == 0 else None


def _place(state: StateInline, silent: bool) -> bool:
    """Put in the marks up to the position. It reads nothing, so other rules follow."""
    here = None if silent else _here(state)
    while here and here.marks and here.marks[0][0] <= state.pos:
        token = state.push(_MARK, "", 0)
        token.meta = {"number": here.marks.pop(0)[1]}
    return False


def _text(state: StateInline, silent: bool) -> bool:
    """Read plain text up to the next mark."""
    here = None if silent else _here(state)
    if here is None or not here.marks:
        return read_text(state, silent)
    begin = state.pos
    end = min(end_of_text(state), here.marks[0][0])
    if end == begin:
        return False
    state.append_pending(state.src[begin:end])
    state.pos = end
    return True


def _token(number: int) -> Token:
    return Token(_MARK, "", 0, meta={"number": number})


def _placeholder(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, env: Any
) -> str:
    """What stands for a mark until the HTML is sanitized."""
    return f"{env[_ENV].name}-{tokens[index].meta['number']};"


def _first_line(token: Token) -> int:
    return token.map[0] if token.map else 0
