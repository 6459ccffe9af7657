"""Applies the policy to the links of a Markdown text, for markdown-it-py.

A link that may not be followed becomes its text. The host of one whose text may name another is
put behind the text, as in the live view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it.token import Token

from nbstream.display.policy.links import must_show_host, safe_link

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline

    Rule = Callable[[StateInline, bool], bool]

_LINKS = ("link", "autolink", "address")
"""The rules that make links."""
_AROUND = "nbstream_around"
"""In the ``meta`` of a link: the source before and after it."""
_BESIDE = 64
"""Characters of the source on each side. ``js/render/markdown/limits.ts`` has the same number."""
_PICTURE = "\ufffc"
"""Stands for a picture in a link's text: it can show any text."""
_MAX_REPEATED = 100_000
"""Characters of addresses and titles that a text may repeat by reference, or as many as it has."""


def install(parser: MarkdownIt) -> MarkdownIt:
    """Let ``parser`` keep the policy. Call it after all other rules are installed."""
    parser.core.ruler.push("nbstream_links", _check)
    rules = {one.name: one.fn for one in parser.inline.ruler.__rules__}
    for name in _LINKS:
        parser.inline.ruler.at(name, _noting(rules[name]))
    return parser


def _noting(rule: Rule) -> Rule:
    """Let a rule note what is around its links."""

    def noting(state: StateInline, silent: bool) -> bool:
        begin, index = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        # A text may come before it, which was not a token yet.
        for token in state.tokens[index : index + 2]:
            if token.type == "link_open":
                before = state.src[max(0, begin - _BESIDE) : begin]
                token.meta[_AROUND] = before, state.src[state.pos : state.pos + _BESIDE]
                break
        return True

    return noting


def _check(state: StateCore) -> None:
    seen: set[str] = set()
    room = max(_MAX_REPEATED, len(state.src))
    for token in state.tokens:
        targets = [one for one in token.children or () if one.type in ("link_open", "image")]
        for one in targets:
            name = "href" if one.type == "link_open" else "src"
            address = f"{one.attrs.get(name, '')} {one.attrs.get('title', '')}"
            # A definition of a long address takes three characters to be used again.
            room -= len(address) if address in seen else 0
            seen.add(address)
            if room < 0:
                one.attrs = {**one.attrs, name: "", "title": ""}
        if token.children and targets:
            token.children = _checked(token.children)


def _checked(tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a text, with those of its links as the policy has them."""
    found: list[Token] = []
    closing: list[Token] = []
    for at, token in enumerate(tokens):
        if token.type == "link_close":
            found += closing
            continue
        if token.type != "link_open":
            found.append(token)
            continue
        link = safe_link(str(token.attrs.get("href", "")))
        if link is None:
            closing = []
            continue
        end = next(i for i in range(at, len(tokens)) if tokens[i].type == "link_close")
        token.attrs["href"] = link.href
        title = str(token.attrs.get("title", ""))
        text, around = _text(tokens[at + 1 : end]), token.meta.pop(_AROUND, ("", ""))
        shown = must_show_host(text, link, *around) or (title and must_show_host(title, link))
        closing = [*(_host(link.host) if shown else ()), tokens[end]]
        found.append(token)
    return found


def _text(tokens: Sequence[Token]) -> str:
    """The text of a link as it is read."""
    return "".join(
        _PICTURE + one.content
        if one.type == "image"
        else "\n"
        if one.type in {"softbreak", "hardbreak"}
        else one.content
        for one in tokens
    )


def _host(host: str) -> list[Token]:
    """The tokens that show a host, whose direction does not mix with that of the text."""
    return [
        Token("text", "", 0, content=" "),
        Token("nbstream_host_open", "bdi", 1),
        Token("text", "", 0, content=f"({host})"),
        Token("nbstream_host_close", "bdi", -1),
    ]
