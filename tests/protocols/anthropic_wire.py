"""Writes streams of Anthropic's Messages API by hand."""

import json
from typing import Any

Row = dict[str, Any]


def sse(*rows: Row | str) -> bytes:
    """Rows as a response body; strings are added unchanged."""
    return b"".join(
        row.encode()
        if isinstance(row, str)
        else f"event: {row['type']}\ndata: {json.dumps(row, ensure_ascii=False)}\n\n".encode()
        for row in rows
    )


def start(**message: Any) -> Row:
    counts = {"input_tokens": 5, "cache_read_input_tokens": 20, "cache_creation_input_tokens": 300}
    given = {"id": "msg_1", "model": "m", "content": [], "usage": {**counts, "output_tokens": 1}}
    return {"type": "message_start", "message": {**given, **message}}


def block(index: int, *deltas: Row, **content: Any) -> list[Row | str]:
    rows: list[Row | str] = [
        {"type": "content_block_start", "index": index, "content_block": content}
    ]
    rows += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
    return [*rows, {"type": "content_block_stop", "index": index}]


def text(index: int, *chunks: str) -> list[Row | str]:
    deltas = [{"type": "text_delta", "text": chunk} for chunk in chunks]
    return block(index, *deltas, type="text", text="")


def arguments(*pieces: str) -> list[Row]:
    return [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]


def end(reason: str = "end_turn", **more: Any) -> list[Row | str]:
    delta = {"stop_reason": reason, "stop_sequence": None}
    usage = {"output_tokens": 9, "output_tokens_details": {"thinking_tokens": 4}}
    return [
        {"type": "message_delta", "delta": delta, "usage": usage, **more},
        {"type": "message_stop"},
    ]


FULL = [
    start(),
    {"type": "ping"},
    *block(
        0,
        {"type": "thinking_delta", "thinking": "Grüße, "},
        {"type": "thinking_delta", "thinking": "😀"},
        {"type": "signature_delta", "signature": "sig"},
        type="thinking",
        thinking="",
        signature="",
    ),
    *block(1, type="redacted_thinking", data="sealed"),
    *text(2, "I look ", "it up."),
    *block(3, *arguments("", '{"q": ', '"x"}'), type="tool_use", id="t1", name="f", input={}),
    *block(4, type="tool_use", id="t2", name="g", input={}),
    *end("tool_use"),
]
