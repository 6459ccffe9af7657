"""Writes a scripted answer as Anthropic's Messages API streams it, for ``llm_server``.

A script (see ``llm_scripts``) says what a fake model answers.

Source: https://platform.claude.com/docs/en/build-with-claude/streaming.
"""

import json
from collections.abc import Iterator
from typing import Any

from tests.harness import llm_wire
from tests.harness.llm_scripts import Script

Row = dict[str, Any]
_PIECE = 7  # characters a delta


def sse(row: Row) -> bytes:
    """One event of the stream."""
    return f"event: {row['type']}\ndata: {json.dumps(row)}\n\n".encode()


def error(status: int) -> Row:
    """The body of a refusal."""
    message = llm_wire.error(status, "")["error"]["message"]
    return {"type": "error", "error": {"type": "invalid_request_error", "message": message}}


def events(model: str, script: Script) -> list[Row]:
    """The whole answer; the script's text is one block. Usage: 7 tokens in, 11 out."""
    blocks = list(script.blocks)
    if script.thinking:
        thinking = "".join(script.thinking)
        blocks.append({"type": "thinking", "thinking": thinking, "signature": "sig"})
    if script.text:
        blocks.append({"type": "text", "text": "".join(script.text)})
    usage = {"input_tokens": 7, "output_tokens": 1}
    message = {"id": "msg_test", "type": "message", "role": "assistant", "model": model}
    rows: list[Row] = [
        {"type": "message_start", "message": {**message, "content": [], "usage": usage}}
    ]
    for index, block in enumerate(blocks):
        start, deltas = _streamed(block)
        rows.append({"type": "content_block_start", "index": index, "content_block": start})
        rows += (
            {"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas
        )
        rows.append({"type": "content_block_stop", "index": index})
    reason = "tool_use" if any(one["type"] == "tool_use" for one in blocks) else "end_turn"
    stop = {"stop_reason": reason, "stop_sequence": None}
    rows.append({"type": "message_delta", "delta": stop, "usage": {"output_tokens": 11}})
    return [*rows, {"type": "message_stop"}]


def _streamed(block: Row) -> tuple[Row, list[Row]]:
    """A block's start, and the deltas that make it whole."""
    match block["type"]:
        case "text":
            cited = block.get("citations") or []
            deltas = [{"type": "text_delta", "text": piece} for piece in _pieces(block["text"])]
            deltas += ({"type": "citations_delta", "citation": one} for one in cited)
            return {"type": "text", "text": ""}, deltas
        case "thinking":
            pieces = _pieces(block["thinking"])
            deltas = [{"type": "thinking_delta", "thinking": piece} for piece in pieces]
            deltas.append({"type": "signature_delta", "signature": block["signature"]})
            return {"type": "thinking", "thinking": "", "signature": ""}, deltas
        case "tool_use" | "server_tool_use":
            pieces = _pieces(json.dumps(block["input"]))
            deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in pieces]
            return {**block, "input": {}}, deltas
    return block, []


def _pieces(text: str) -> Iterator[str]:
    return (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
