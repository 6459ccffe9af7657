"""The same small answers on all four wires: text, thinking, arguments, ends, counts."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from nbstream.core.events import Event
from nbstream.core.message import Message
from nbstream.recorded_body import protocol_named
from tests.protocols.any_decoder import decode

Row = dict[str, Any]
Kind = str
PROTOCOLS = ("anthropic", "openai_chat", "openai_responses", "gemini")
KINDS = ("text", "thinking", "arguments")


def sse(rows: Iterable[Row | str]) -> bytes:
    """Rows as an event stream. `json` writes a half of a character as an escape."""
    texts = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    return "".join(f"data: {text}\n\n" for text in texts).encode()


def read(protocol: str, rows: Iterable[Row | str] | bytes) -> tuple[list[Event], Message, str]:
    """The events, the message and the name of the failure, if there was one."""
    body = rows if isinstance(rows, bytes) else sse(rows)
    return decode(protocol_named(protocol).decoder, [body])


def answer(protocol: str, kind: Kind, pieces: list[str]) -> list[Row]:
    """A whole answer whose text, thinking or arguments come in ``pieces``."""
    begin, piece, end = _WIRES[protocol]
    return [*begin(kind), *(piece(kind, one) for one in pieces), *end(kind, pieces)]


def value_of(message: Message, kind: Kind) -> str:
    """The text, the thinking or the arguments of the only call."""
    if kind == "arguments":
        (call,) = message.tool_calls
        return call.args_json
    return message.text if kind == "text" else message.thinking


def _anthropic_begin(kind: Kind) -> list[Row]:
    blocks: dict[str, Row] = {
        "text": {"type": "text", "text": ""},
        "thinking": {"type": "thinking", "thinking": "", "signature": ""},
        "arguments": {"type": "tool_use", "id": "a", "name": "f", "input": {}},
    }
    message = {"id": "m", "model": "c", "content": [], "usage": {"input_tokens": 7}}
    return [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": blocks[kind]},
    ]


def _anthropic_piece(kind: Kind, text: str) -> Row:
    deltas = {
        "text": {"type": "text_delta", "text": text},
        "thinking": {"type": "thinking_delta", "thinking": text},
        "arguments": {"type": "input_json_delta", "partial_json": text},
    }
    return {"type": "content_block_delta", "index": 0, "delta": deltas[kind]}


def _anthropic_end(kind: Kind, pieces: list[str]) -> list[Row]:
    del kind, pieces
    return [
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {}},
        {"type": "message_stop"},
    ]


def _chat(delta: Row, finish: str | None = None) -> Row:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c", "model": "m", "choices": [choice]}


def _chat_begin(kind: Kind) -> list[Row]:
    call = {"index": 0, "id": "a", "type": "function", "function": {"name": "f", "arguments": ""}}
    return [_chat({"tool_calls": [call]} if kind == "arguments" else {"role": "assistant"})]


def _chat_piece(kind: Kind, text: str) -> Row:
    deltas: dict[str, Row] = {
        "text": {"content": text},
        "thinking": {"reasoning_content": text},
        "arguments": {"tool_calls": [{"index": 0, "function": {"arguments": text}}]},
    }
    return _chat(deltas[kind])


def _chat_end(kind: Kind, pieces: list[str]) -> list[Row]:
    del kind, pieces
    return [_chat({}, "stop")]


def _responses_item(kind: Kind) -> Row:
    items: dict[str, Row] = {
        "text": {"type": "message", "id": "i", "role": "assistant", "content": []},
        "thinking": {"type": "reasoning", "id": "i", "summary": []},
        "arguments": {"type": "function_call", "id": "i", "call_id": "a", "name": "f"},
    }
    return items[kind]


def _responses_begin(kind: Kind) -> list[Row]:
    item = {**_responses_item(kind)}
    return [
        {"type": "response.created", "response": {"id": "r", "model": "m"}},
        {"type": "response.output_item.added", "output_index": 0, "item": item},
    ]


def _responses_piece(kind: Kind, text: str) -> Row:
    types = {
        "text": "response.output_text.delta",
        "thinking": "response.reasoning_summary_text.delta",
        "arguments": "response.function_call_arguments.delta",
    }
    place = {"output_index": 0, "item_id": "i", "content_index": 0, "summary_index": 0}
    return {"type": types[kind], **place, "delta": text}


def _responses_end(kind: Kind, pieces: list[str]) -> list[Row]:
    del pieces  # Codex sends neither the items nor their text again
    done = {"type": "response.output_item.done", "output_index": 0, "item": _responses_item(kind)}
    response = {"id": "r", "model": "m", "status": "completed", "output": []}
    return [done, {"type": "response.completed", "response": response}]


def _gemini(part: Row, **candidate: Any) -> Row:
    return {"candidates": [{"content": {"parts": [part]}, **candidate}], "responseId": "g"}


def _gemini_piece(kind: Kind, text: str) -> Row:
    if kind == "arguments":  # some gateways send JSON text in pieces
        return _gemini({"functionCall": {"args": text, "willContinue": True}})
    return _gemini({"text": text, **({"thought": True} if kind == "thinking" else {})})


def _gemini_begin(kind: Kind) -> list[Row]:
    call = {"name": "f", "id": "a", "willContinue": True}
    return [_gemini({"functionCall": call})] if kind == "arguments" else []


def _gemini_end(kind: Kind, pieces: list[str]) -> list[Row]:
    del kind, pieces
    return [{"candidates": [{"finishReason": "STOP"}]}]


_WIRES: dict[
    str,
    tuple[
        Callable[[Kind], list[Row]],
        Callable[[Kind, str], Row],
        Callable[[Kind, list[str]], list[Row]],
    ],
] = {
    "anthropic": (_anthropic_begin, _anthropic_piece, _anthropic_end),
    "openai_chat": (_chat_begin, _chat_piece, _chat_end),
    "openai_responses": (_responses_begin, _responses_piece, _responses_end),
    "gemini": (_gemini_begin, _gemini_piece, _gemini_end),
}
