"""What the static renderers say of tools that the provider ran, and of sources.

Knows which words come first and how many. Refuses to know markup, and which
provider's tool it is: the parts themselves say what can be read of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nbstream.core.message import BuiltinToolCallPart, BuiltinToolResultPart, Citation

_LONG = 100
_SOURCES = 30
_OUTPUT = 20_000
"""Characters of output that a saved notebook keeps of one tool's."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One step in words: a title, then whatever of the rest there is."""

    title: str
    lines: Sequence[str] = ()
    code: str = ""
    output: str = ""
    sources: Sequence[Citation] = ()
    failed: bool = False


def call(part: BuiltinToolCallPart) -> Shown:
    """What the tool was asked."""
    name, asked = words(part.tool_name), [*part.queries, *part.urls]
    code = part.code or ""
    title = f"{name}: {_short(asked[0])}" if asked else name
    told = asked if asked and len(asked[0]) > _LONG else asked[1:]
    return Shown(title, [*told, *part.details], code)


def result(part: BuiltinToolResultPart) -> Shown:
    """What the tool gave back."""
    found, printed = part.sources, part.output
    count = f", {len(found)} source{'s' if len(found) != 1 else ''}" if found else ""
    verb = "failed" if part.is_error else "result"
    if len(printed) > _OUTPUT:
        printed = printed[:_OUTPUT] + "…"
    return Shown(
        f"{words(part.tool_name)}: {verb}{count}",
        output=printed,
        sources=found[:_SOURCES],
        failed=part.is_error,
    )


def says_something(shown: Shown) -> bool:
    """Whether there is anything below the title."""
    return bool(shown.lines or shown.code or shown.output or shown.sources)


def words(tool_name: str) -> str:
    """``web_search`` as ``Web search``."""
    text = tool_name.replace("_", " ").strip() or "tool"
    return text[0].upper() + text[1:]


def unique(citations: Iterable[Citation]) -> list[Citation]:
    """Each source once, in the order of its first mention."""
    found: dict[str, Citation] = {}
    for one in citations:
        key = one.url or one.title or one.cited_text
        if key:
            found.setdefault(key, one)
    return list(found.values())


def label(source: Citation) -> str:
    """What a source is called."""
    return _short(source.title or source.url or source.cited_text or "untitled")


def link(source: Citation) -> str | None:
    """Its address, if one may follow it: the web's only. The model chose it, or a page."""
    url = (source.url or "").strip()
    if any(character.isspace() or ord(character) < 32 for character in url) or not host(url):
        return None
    return url if url.lower().startswith(("https://", "http://")) else None


def host(url: str) -> str:
    """Where an address leads; empty if it is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # http://[
        return ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONG else line[:_LONG] + "…"
