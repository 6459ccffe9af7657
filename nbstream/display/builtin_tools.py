"""Texts for a provider's own tools and an answer's sources, for HTML, Markdown and plain text.

Nothing here has markup (the three renderers add it) or depends on which tool it is. Titles, names
of sources, a tool's output and the number of its sources are limited to a readable length; its
arguments and code are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbstream.core import builtin_tools as core
from nbstream.display.policy import must_show_host, web_address
from nbstream.display.tool_labels import label as label_of_tool
from nbstream.display.tool_labels import language as language_of_tool

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nbstream.core.message import BuiltinToolCallPart, BuiltinToolResultPart, Citation

_LONG = 100
_SOURCES = 30
_OUTPUT = 20_000
"""Characters of one tool's output that a saved notebook keeps."""


@dataclass(frozen=True, slots=True)
class ToolSummary:
    """The texts to show for one tool call or result: a title and optional details."""

    title: str
    lines: Sequence[str] = ()
    code: str = ""
    output: str = ""
    sources: Sequence[Citation] = ()
    failed: bool = False


def call(part: BuiltinToolCallPart) -> ToolSummary:
    """The texts to show for a tool call: the tool's name and its arguments."""
    name, (first, lines) = tool_label(part.tool_name), asked(part, _LONG)
    title = f"{name}: {_short(first)}" if first else name
    return ToolSummary(title, lines, part.code or "")


def asked(part: BuiltinToolCallPart, long: int) -> tuple[str, list[str]]:
    """What a call asks for: the words in its line, and the lines below; ``long`` characters fit.

    ``js/src/parts/builtin.ts`` has the same rule; the cases of both are in
    ``tests/samples/words.json``.
    """
    path = core.path(part.args_json)
    prompt = core.revised_prompt(part.provider_metadata)
    inputs = [*part.queries, *part.urls, *filter(None, (path, prompt))]
    details = [one for one in part.details if one != "type: search"]
    if inputs:
        first, *more = inputs
        return first, [*([first] if len(first) > long else []), *more, *details]
    if part.code:
        language = core.language(part.args_json) or language_of_tool(part.tool_name)
        # A command says more than "Ran commands".
        return part.code.partition("\n")[0] if language == "bash" else "", details
    line = ", ".join(details)
    return line, details if len(line) > long else []


def result(part: BuiltinToolResultPart) -> ToolSummary:
    """The texts to show for a tool's result."""
    found, printed = part.sources, part.output
    count = f"{len(found)} source{'s' if len(found) != 1 else ''}" if found else "result"
    if part.is_error:
        count = "failed"
    if len(printed) > _OUTPUT:
        printed = printed[:_OUTPUT] + "…"
    return ToolSummary(
        f"{tool_label(part.tool_name)}: {count}",
        output=printed,
        sources=found[:_SOURCES],
        failed=part.is_error,
    )


def has_details(shown: ToolSummary) -> bool:
    """Whether there is anything to show besides the title."""
    return bool(shown.lines or shown.code or shown.output or shown.sources)


def tool_label(tool_name: str) -> str:
    """What the tool did: ``web_search`` becomes ``Searched the web``."""
    words = label_of_tool(tool_name)
    return f"{words.done} {words.name}".rstrip()


def unique(citations: Iterable[Citation]) -> list[Citation]:
    """The citations without repeats: each source once, in the order of its first mention."""
    found: dict[str, Citation] = {}
    for one in citations:
        if name := key(one):
            found.setdefault(name, one)
    return list(found.values())


def key(source: Citation) -> str:
    """What is equal for citations of the same source; empty if there is nothing to show."""
    return source.url or source.title or source.cited_text or ""


def label(source: Citation) -> str:
    """The name to show for a source."""
    return _short(source.title or source.url or source.cited_text or "untitled")


def link(source: Citation) -> str | None:
    """The source's URL if the policy lets it be a link, else None. The URL is untrusted."""
    found = web_address(source.url or "")
    return found and found.href


def host(source: Citation) -> str:
    """The host that the source's link leads to; empty if its name is that address itself.

    The source's page chose the title, which may be another host.
    """
    found = web_address(source.url or "")
    shown = found and (source.title or must_show_host(label(source), found))
    return found.host if found and shown else ""


def _short(text: str) -> str:
    """The text on one line, cut to a title's length."""
    line = " ".join(text.split())
    return line if len(line) <= _LONG else line[:_LONG] + "…"
