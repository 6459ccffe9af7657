"""Makes the dicts that describe a message's parts to the browser.

Texts and the arguments of the user's tools are whole; sources, results and the arguments of a
provider's tools are shortened. A raw result with encrypted content or signatures is never sent.
File contents stay ``bytes`` here; ``wire`` moves them to binary buffers.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from nbstream.core import builtin_tools
from nbstream.core.data_url import is_data_url, read_data_url
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    FilePart,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
)

if TYPE_CHECKING:
    from nbstream.core.message import Citation, Part

Wire = dict[str, Any]

MAX_ROWS = 20
"""The number of sources or queries that are sent. The page shows how many there were."""

MAX_LINE, MAX_TITLE, MAX_QUOTE, MAX_URL = 500, 200, 300, 2_000
"""Characters."""

MAX_CODE, MAX_OUTPUT = 20_000, 4_000
"""Characters of a program and of a tool's output."""

MAX_FILE = 32 * 1024 * 1024
"""Bytes. Of a larger file only the name and the size are sent."""


def part(shown: Part) -> Wire:
    """One whole part, as a snapshot for the browser holds it."""
    return {"kind": shown.kind, **_fields(shown)}


def _fields(shown: Part) -> Wire:
    """The fields of one part, without its kind."""
    match shown:
        case TextPart(text=text, citations=citations):
            return {"text": text, **_non_empty(citations=[source(one) for one in citations])}
        case ThinkingPart(text=text) | RefusalPart(text=text):
            return {"text": text}
        case ToolCallPart(tool_call_id=call_id, tool_name=name, args_json=args):
            return {"tool_call_id": call_id, "tool_name": name, "args_json": args}
        case ToolResultPart():
            return tool_result(shown)
        case BuiltinToolCallPart(tool_call_id=call_id, tool_name=name, args_json=args):
            return {"tool_call_id": call_id, "tool_name": name, **call(args)}
        case BuiltinToolResultPart():
            return builtin_result(shown)
        case FilePart():
            return file(shown)
    raise TypeError(f"no wire form for {shown!r}")


def call(args_json: str) -> Wire:
    """The fields of a built-in tool call: input, details and code. The JSON may be incomplete."""
    inputs = [*builtin_tools.queries(args_json), *builtin_tools.urls(args_json)]
    return _non_empty(
        inputs=[_cut(one, MAX_LINE) for one in inputs[:MAX_ROWS]],
        details=[_cut(one, MAX_LINE) for one in builtin_tools.details(args_json)[:MAX_ROWS]],
        code=_cut(builtin_tools.code(args_json) or "", MAX_CODE),
    )


def builtin_result(shown: BuiltinToolResultPart) -> Wire:
    """The fields of a built-in tool's result."""
    sources = shown.sources
    return {
        "tool_call_id": shown.tool_call_id,
        "tool_name": shown.tool_name,
        **_non_empty(
            sources=[source(one) for one in sources[:MAX_ROWS]],
            source_count=len(sources),
            output=_cut(shown.output, MAX_OUTPUT),
            is_error=shown.is_error,
        ),
    }


def tool_result(shown: ToolResultPart) -> Wire:
    """The fields of the result of a tool that the user's code ran."""
    return {
        "tool_call_id": shown.tool_call_id,
        "tool_name": shown.tool_name,
        **_non_empty(output=_cut(shown.output, MAX_OUTPUT), is_error=shown.is_error),
    }


def source(cited: Citation) -> Wire:
    """The fields of a cited source. Its URL is untrusted; the page decides whether to link it."""
    url = cited.url if cited.url and len(cited.url) <= MAX_URL else None
    row = _non_empty(
        url=url,
        title=_cut(" ".join((cited.title or "").split()), MAX_TITLE),
        cited_text=_cut(" ".join((cited.cited_text or "").split()), MAX_QUOTE),
    )
    span = {"start": cited.start, "end": cited.end}
    return row | {name: at for name, at in span.items() if at is not None}


def file(shown: FilePart) -> Wire:
    """The fields of a file: its type and its bytes or URL."""
    media_type, data, url = shown.media_type, shown.data, shown.url
    if data is None and url is not None and is_data_url(url):
        with suppress(ValueError):
            url_type, data = read_data_url(url)
            media_type = url_type or media_type
        url = None
    return {
        "media_type": _cut(media_type, MAX_LINE),
        **_non_empty(
            filename=_cut(shown.filename or "", MAX_TITLE),
            size=None if data is None else len(data),
            data=data if data is not None and len(data) <= MAX_FILE else None,
            url=url if url is not None and len(url) <= MAX_URL else None,
        ),
    }


def _non_empty(**row: Any) -> Wire:
    """The given fields without the empty ones."""
    return {name: value for name, value in row.items() if value}


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length] + "…"
