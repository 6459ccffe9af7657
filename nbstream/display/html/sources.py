"""Draws the sources of an answer: the numbers in its text and the lists of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.display import builtin_tools
from nbstream.display.html.elements import escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbstream.core.message import Citation
    from nbstream.display.html.allowance import Allowance

_SUP = "font-size:.72em;line-height:0;white-space:nowrap"
_LIST = "margin:.2em 0;padding-inline-start:2em;line-height:1.7;overflow-wrap:anywhere"
_REL = "noopener noreferrer nofollow"


def number_of_each(sources: Sequence[Citation]) -> dict[str, int]:
    """The number of each source, by its key."""
    return {builtin_tools.key(source): number for number, source in enumerate(sources, 1)}


def numbers(cited: Mapping[int, Sequence[Citation]], allowance: Allowance) -> str:
    """Draw the numbers that one position has, in order, as links to their sources.

    They are only numbers once ``allowance`` is used up; the list of sources has the links.
    """
    links = "".join(_number(number, cited[number], allowance) for number in sorted(cited))
    return f'<sup style="{_SUP}">{links}</sup>'


def _number(number: int, sources: Sequence[Citation], allowance: Allowance) -> str:
    source = sources[0]
    quotes = dict.fromkeys(one.cited_text for one in sources if one.cited_text)
    lines = [builtin_tools.label(source), builtin_tools.host(source)]
    lines += (f"“{' '.join(one.split())}”" for one in quotes)
    title = escape("\n".join(filter(None, lines)), quote=True)
    url = builtin_tools.link(source)
    if not allowance.take(len(title) + len(url or "")):
        return f"[{number}]"
    if url is None:
        return f'<span title="{title}">[{number}]</span>'
    return f'<a href="{escape(url, quote=True)}" title="{title}" rel="{_REL}">[{number}]</a>'


def listed(sources: Sequence[Citation]) -> str:
    """Draw the sources as a numbered list."""
    rows = "".join(f"<li>{_source(source)}</li>" for source in sources)
    return f'<ol style="{_LIST}">{rows}</ol>'


def _source(source: Citation) -> str:
    """Draw one source, as a link if its URL is safe."""
    name = escape(builtin_tools.label(source))
    url = builtin_tools.link(source)
    if url is None:
        return name
    host = escape(builtin_tools.host(source))
    shown = f'<a href="{escape(url, quote=True)}" rel="{_REL}">{name}</a>'
    return f"{shown} <bdi>({host})</bdi>" if host else shown
