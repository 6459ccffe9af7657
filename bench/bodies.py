"""Generates HTTP response bodies for the benchmarks: long streamed answers of three APIs.

No recordings are needed, and every client gets the same bytes, split as by a network.
"""

from __future__ import annotations

import json
from typing import Any

WORDS = "the quick brown fox jumps over a lazy dog and writes it all down in order".split()
_PADDING = "yVtqkO3RjLxWb0"
PACKET = 1400  # bytes, about one TCP segment


def _words(count: int) -> list[str]:
    """``count`` words, each with a space before it: one word for each delta."""
    return [f" {WORDS[number % len(WORDS)]}" for number in range(count)]


def _event(name: str | None, row: Any) -> bytes:
    """One server-sent event with ``row`` as its JSON data."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(row, separators=(',', ':'))}\n\n".encode()


def openai_chat(count: int) -> bytes:
    """A streamed Chat Completions body of ``count`` deltas, padded and with usage as at OpenAI."""
    top = {
        "id": "chatcmpl-BenchmarkBenchmarkBenchmark",
        "object": "chat.completion.chunk",
        "created": 1760000000,
        "model": "gpt-4.1-mini-2025-04-14",
        "service_tier": "default",
        "system_fingerprint": "fp_0123456789",
    }

    def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        padding = _PADDING[len(delta.get("content", "")) :]
        row = {**top, "choices": [choice], "usage": None, "obfuscation": padding}
        return _event(None, row)

    usage = {"prompt_tokens": 12, "completion_tokens": count, "total_tokens": count + 12}
    return b"".join(
        [
            chunk({"role": "assistant", "content": "", "refusal": None}),
            *(chunk({"content": word}) for word in _words(count)),
            chunk({}, "stop"),
            _event(None, {**top, "choices": [], "usage": usage}),
            b"data: [DONE]\n\n",
        ]
    )


def anthropic(count: int) -> bytes:
    """A streamed Anthropic Messages body with one text block of ``count`` deltas."""
    usage = {"input_tokens": 12, "output_tokens": 1}
    message = {
        "id": "msg_BenchmarkBenchmark",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-5-20250929",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage,
    }

    def row(kind: str, **fields: Any) -> bytes:
        return _event(kind, {"type": kind, **fields})

    def delta(word: str) -> bytes:
        return row("content_block_delta", index=0, delta={"type": "text_delta", "text": word})

    end = {"stop_reason": "end_turn", "stop_sequence": None}
    return b"".join(
        [
            row("message_start", message=message),
            row("content_block_start", index=0, content_block={"type": "text", "text": ""}),
            row("ping"),
            *(delta(word) for word in _words(count)),
            row("content_block_stop", index=0),
            row("message_delta", delta=end, usage={"output_tokens": count}),
            row("message_stop"),
        ]
    )


def openai_responses(count: int) -> bytes:
    """A streamed OpenAI Responses body with one message item of ``count`` text deltas."""
    number = 0

    def row(kind: str, **fields: Any) -> bytes:
        nonlocal number
        number += 1
        return _event(kind, {"type": kind, "sequence_number": number - 1, **fields})

    def response(status: str, output: list[Any], usage: Any = None) -> dict[str, Any]:
        return {
            "id": "resp_benchmark",
            "object": "response",
            "created_at": 1760000000,
            "status": status,
            "error": None,
            "incomplete_details": None,
            "instructions": None,
            "metadata": {},
            "model": "gpt-5.2",
            "output": output,
            "parallel_tool_calls": True,
            "temperature": 1.0,
            "tool_choice": "auto",
            "tools": [],
            "top_p": 1.0,
            "usage": usage,
        }

    at = {"item_id": "msg_benchmark", "output_index": 0, "content_index": 0}
    text = "".join(_words(count))
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    item = {"id": "msg_benchmark", "type": "message", "role": "assistant"}
    done = {**item, "status": "completed", "content": [part]}
    usage = {
        "input_tokens": 12,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": count,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": count + 12,
    }
    started = {**item, "status": "in_progress", "content": []}
    return b"".join(
        [
            row("response.created", response=response("in_progress", [])),
            row("response.in_progress", response=response("in_progress", [])),
            row("response.output_item.added", output_index=0, item=started),
            row("response.content_part.added", **at, part={**part, "text": ""}),
            *(
                row("response.output_text.delta", **at, delta=word, logprobs=[])
                for word in _words(count)
            ),
            row("response.output_text.done", **at, text=text, logprobs=[]),
            row("response.content_part.done", **at, part=part),
            row("response.output_item.done", output_index=0, item=done),
            row("response.completed", response=response("completed", [done], usage)),
        ]
    )


BODIES = {
    "anthropic": anthropic,
    "openai_chat": openai_chat,
    "openai_responses": openai_responses,
}


def packets(body: bytes) -> list[bytes]:
    """Split the body into pieces of ``PACKET`` bytes, as a network delivers it."""
    return [body[start : start + PACKET] for start in range(0, len(body), PACKET)]
