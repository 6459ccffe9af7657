"""Writes Chat Completions chunks by hand."""

import json
from typing import Any

from nbstream.core.events import Event
from nbstream.core.log import Log
from nbstream.core.message import Message
from nbstream.protocols.openai_chat import OpenAIChat


def body(*rows: Any) -> bytes:
    """Rows as a response body; strings are added unchanged."""
    return b"".join(
        b"data: " + (row if isinstance(row, str) else json.dumps(row)).encode() + b"\n\n"
        for row in rows
    )


def chunk(delta: dict[str, Any] | None = None, finish: str | None = None, **top: Any) -> Any:
    choice = {"index": 0, "delta": delta or {}, "finish_reason": finish}
    return {"id": "c1", "model": "m", "choices": [choice], **top}


def decode(chunks: list[bytes]) -> list[Event]:
    decoder = OpenAIChat().decoder()
    events = [event for data in chunks for event in decoder.feed(data)]
    return events + list(decoder.close())


def fold(*rows: Any) -> Message:
    log, decoder = Log(), OpenAIChat().decoder()
    log.extend(decoder.feed(body(*rows)))
    log.extend(decoder.close())
    return log.message()


USAGE = {
    "prompt_tokens": 7,
    "completion_tokens": 9,
    "prompt_tokens_details": {"cached_tokens": 3},
    "completion_tokens_details": {"reasoning_tokens": 4},
}
