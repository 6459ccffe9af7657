"""Makes the dicts that describe a message's parts to the browser.

Texts and the arguments of the user's tools are whole; sources, results and the arguments of a
provider's tools are shortened. A raw result with encrypted content or signatures is never sent.
File contents stay ``bytes`` here; ``wire`` moves them to binary buffers.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, assert_never

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
from nbstream.core.tool_parts import parts_in
from nbstream.display import tool_labels

if TYPE_CHECKING:
    from nbstream.core.message import Citation, Part

Wire = dict[str, Any]

MAX_ROWS = 20
"""The number of sources or queries that are sent. The page shows how many there were."""

MAX_LINE, MAX_TITLE, MAX_QUOTE, MAX_URL = 500, 200, 300, 2_000
"""Characters."""

MAX_CODE, MAX_OUTPUT = 20_000, 10_000
"""Characters of a program and of a tool's output."""

MAX_TOOLS = 100
"""The number of tools that are sent of a list of tools."""

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
        case BuiltinToolCallPart(tool_call_id=call_id, tool_name=name):
            return {
                "tool_call_id": call_id,
                "tool_name": name,
                "label": label(name),
                **whole_call(shown),
            }
        case BuiltinToolResultPart():
            return builtin_result(shown)
        case FilePart():
            return file(shown)
        case _:
            assert_never(shown)


def label(tool_name: str) -> Wire:
    """The words for a tool that the provider runs."""
    words = tool_labels.label(tool_name)
    return _non_empty(
        running=words.running,
        done=words.done,
        many=words.many,
        unit=words.unit,
        name=_cut(words.name, MAX_TITLE),
        language=tool_labels.language(tool_name),
    )


def call(args_json: str) -> Wire:
    """The fields of a built-in tool call: input, details and code. The JSON may be incomplete."""
    path = builtin_tools.path(args_json)
    inputs = [
        *builtin_tools.queries(args_json),
        *builtin_tools.urls(args_json),
        *([path] if path else []),
    ]
    # A search without a query, as xAI sends some, has only this.
    details = [one for one in builtin_tools.details(args_json) if one != "type: search"]
    return _non_empty(
        inputs=[_cut(one, MAX_LINE) for one in inputs[:MAX_ROWS]],
        details=[_cut(one, MAX_LINE) for one in details[:MAX_ROWS]],
        code=_cut(builtin_tools.code(args_json) or "", MAX_CODE),
        language=_cut(builtin_tools.language(args_json) or "", MAX_LINE),
    )


def whole_call(shown: BuiltinToolCallPart) -> Wire:
    """The fields of a complete built-in tool call: also what is beside its arguments."""
    row = call(shown.args_json)
    if prompt := builtin_tools.revised_prompt(shown.provider_metadata):
        row["inputs"] = [*row.get("inputs", []), _cut(prompt, MAX_LINE)]
    return row | _non_empty(server=_cut(shown.server or "", MAX_TITLE))


def builtin_result(shown: BuiltinToolResultPart) -> Wire:
    """The fields of a built-in tool's result."""
    sources, tools, output = shown.sources, builtin_tools.tools(shown.result), shown.output
    listed = "\n".join(f"{name}: {about}" if about else name for name, about in tools)
    return {
        "tool_call_id": shown.tool_call_id,
        "tool_name": shown.tool_name,
        **_non_empty(
            sources=[source(one) for one in sources[:MAX_ROWS]],
            source_count=len(sources),
            tools=[
                [_cut(name, MAX_TITLE), _cut(about, MAX_QUOTE)] for name, about in tools[:MAX_TOOLS]
            ],
            tool_count=len(tools),
            **_output("" if output == listed else output, is_json=_is_json(output)),
            is_error=shown.is_error,
        ),
    }


def tool_result(shown: ToolResultPart) -> Wire:
    """The fields of the result of a tool that the user's code ran: text or JSON, and files."""
    result = shown.result
    if isinstance(result, str) or parts_in(result):
        parts = parts_in(result)
        texts = [part.text for part in parts if isinstance(part, TextPart)]
        text = "\n".join(texts) if parts else shown.output
        is_json = _is_json(text)
    else:  # short, as the page lays it out
        text, is_json = json.dumps(result, ensure_ascii=False, default=str), True
    return {
        "tool_call_id": shown.tool_call_id,
        "tool_name": shown.tool_name,
        **_non_empty(
            **_output(text, is_json=is_json),
            files=[file(one) for one in shown.files[:MAX_ROWS]],
            is_error=shown.is_error,
            state=tool_labels.ended(shown.output, is_error=True) if shown.is_error else "",
        ),
    }


def _output(text: str, *, is_json: bool) -> Wire:
    """The fields of a tool's output, and how many characters of it are left out."""
    left_out = max(0, len(text) - MAX_OUTPUT)
    return {"output": _cut(text, MAX_OUTPUT), "is_json": is_json, "left_out": left_out}


def _is_json(text: str) -> bool:
    """Whether a text is a JSON object or array."""
    if text.lstrip()[:1] not in {"{", "["}:
        return False
    try:
        return isinstance(json.loads(text), (dict, list))
    except (ValueError, RecursionError):
        return False


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
