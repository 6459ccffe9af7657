"""Writes events of the Responses API by hand."""

import json
from typing import Any

from nbstream.core.message import Message
from nbstream.protocols.openai_responses import OpenAIResponses
from tests.protocols.any_decoder import decode

make = OpenAIResponses().decoder

CALL = {"type": "function_call", "id": "fc", "call_id": "c", "name": "f", "arguments": '{"a":1}'}
THOUGHT = {
    "type": "reasoning",
    "id": "rs",
    "summary": [{"type": "summary_text", "text": "one"}, {"type": "summary_text", "text": "two"}],
    "encrypted_content": "secret",
}


def body(*rows: dict[str, Any]) -> bytes:
    """Rows as a response body."""
    return b"".join(
        f"event: {row.get('type', '')}\ndata: {json.dumps(row, ensure_ascii=False)}\n\n".encode()
        for row in rows
    )


def on(kind: str, **fields: Any) -> dict[str, Any]:
    """An event; ``response.`` is added to its type."""
    return {"type": f"response.{kind}", **fields}


def started(**fields: Any) -> dict[str, Any]:
    return on("created", response={"id": "r", "model": "m", "output": [], **fields})


def completed(*output: Any, **fields: Any) -> dict[str, Any]:
    return on("completed", response={"status": "completed", "output": output, **fields})


def said(text: str, identity: str = "msg", **fields: Any) -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": [], **fields}]
    return {"type": "message", "id": identity, "role": "assistant", "content": content}


def word(text: str, place: int | None = 0, **fields: Any) -> dict[str, Any]:
    at = {} if place is None else {"output_index": place}
    return on("output_text.delta", content_index=0, item_id="msg", delta=text, **at, **fields)


def fold(*rows: dict[str, Any]) -> Message:
    """The message of a complete response."""
    _, message, failure = decode(make, [body(started(), *rows)])
    assert failure == ""
    return message
