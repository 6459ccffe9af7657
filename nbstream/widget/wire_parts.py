"""What the browser is told of a part: what is shown of it, and no more.

Reads results here, where the provider's own fields are known, so that the page
gets a few short strings and never a raw result: no encrypted page, no
signature, nothing longer than anybody reads in a cell. Bytes stay bytes; how
they travel is for ``wire`` to say. Refuses to know events and comms.
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

ROWS = 20
"""Sources, or queries, that are told; the page says how many there were."""

LINE, TITLE, QUOTE, ADDRESS = 500, 200, 300, 2_000
"""Characters."""

CODE, OUTPUT = 20_000, 4_000
"""Characters of a program, and of what it printed."""

LARGEST = 32 * 1024 * 1024
"""Bytes of a file that a page is given; a larger one is named."""


def part(shown: Part) -> Wire:
    """A part, for a snapshot."""
    return {"kind": shown.kind, **_row(shown)}


def _row(shown: Part) -> Wire:
    match shown:
        case TextPart(text=text, citations=citations):
            return {"text": text, **_full(citations=[source(one) for one in citations])}
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
    raise TypeError(f"no wire for {shown!r}")


def call(args_json: str) -> Wire:
    """What a tool of the provider's was asked, as far as its arguments have come."""
    asked = [*builtin_tools.queries(args_json), *builtin_tools.urls(args_json)]
    return _full(
        asked=[_cut(one, LINE) for one in asked[:ROWS]],
        details=[_cut(one, LINE) for one in builtin_tools.details(args_json)[:ROWS]],
        code=_cut(builtin_tools.code(args_json) or "", CODE),
    )


def builtin_result(shown: BuiltinToolResultPart) -> Wire:
    """What a tool of the provider's gave back."""
    found = shown.sources
    return {
        "tool_call_id": shown.tool_call_id,
        "tool_name": shown.tool_name,
        **_full(
            sources=[source(one) for one in found[:ROWS]],
            found=len(found),
            output=_cut(shown.output, OUTPUT),
            is_error=shown.is_error,
        ),
    }


def tool_result(shown: ToolResultPart) -> Wire:
    """What a tool of the reader's own gave back."""
    return {
        "tool_call_id": shown.tool_call_id,
        "tool_name": shown.tool_name,
        **_full(output=_cut(shown.output, OUTPUT), is_error=shown.is_error),
    }


def source(cited: Citation) -> Wire:
    """Where something comes from. Whether its address may be followed is the page's to judge."""
    url = cited.url if cited.url and len(cited.url) <= ADDRESS else None
    row = _full(
        url=url,
        title=_cut(" ".join((cited.title or "").split()), TITLE),
        cited_text=_cut(" ".join((cited.cited_text or "").split()), QUOTE),
    )
    if cited.start is not None and cited.end is not None:
        row |= {"start": cited.start, "end": cited.end}
    return row


def file(shown: FilePart) -> Wire:
    """A file: its bytes, or where it is."""
    media_type, data, url = shown.media_type, shown.data, shown.url
    if data is None and url is not None and is_data_url(url):
        with suppress(ValueError):
            named, data = read_data_url(url)
            media_type = named or media_type
        url = None
    return {
        "media_type": _cut(media_type, LINE),
        **_full(
            filename=_cut(shown.filename or "", TITLE),
            size=None if data is None else len(data),
            data=data if data is not None and len(data) <= LARGEST else None,
            url=url if url is not None and len(url) <= ADDRESS else None,
        ),
    }


def _full(**row: Any) -> Wire:
    """Only what says something."""
    return {name: value for name, value in row.items() if value}


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length] + "…"
