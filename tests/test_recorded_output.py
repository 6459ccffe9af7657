"""``output_type`` with recordings and scripted messages: typed output without a provider."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel

import nbstream
from nbstream import assistant_message, errors, replay_message
from nbstream.core.events import StreamEnd, TextDelta, TextStart
from nbstream.testing import stream_from_events


class Item(BaseModel):
    """One line of an order."""

    name: str
    price: float


class Order(BaseModel):
    """An order."""

    items: list[Item]


@dataclass
class City:
    """A dataclass instead of a model."""

    name: str
    people: int


ORDER = '{"items": [{"name": "Green tea", "price": 4.5}, {"name": "Cup", "price": 9}]}'
WHOLE = Order.model_validate_json(ORDER)


def pieces(text: str) -> list[str]:
    return [text[at : at + 7] for at in range(0, len(text), 7)]


def sse(*rows: dict[str, Any]) -> bytes:
    return b"".join(b"data: " + json.dumps(row).encode() + b"\n\n" for row in rows)


def chat(*deltas: dict[str, Any], finish: str = "stop") -> bytes:
    choices = [{"index": 0, "delta": delta} for delta in deltas]
    choices.append({"index": 0, "delta": {}, "finish_reason": finish})
    return sse(*({"id": "c", "choices": [choice]} for choice in choices)) + b"data: [DONE]\n\n"


def chat_text(text: str) -> bytes:
    return chat(*({"content": piece} for piece in pieces(text)))


def chat_call(text: str, name: str) -> bytes:
    head = {"index": 0, "id": "call_1", "function": {"name": name, "arguments": ""}}
    calls = [head, *({"index": 0, "function": {"arguments": piece}} for piece in pieces(text))]
    return chat(*({"tool_calls": [call]} for call in calls), finish="tool_calls")


def anthropic_call(text: str) -> bytes:
    block = {"type": "tool_use", "id": "t", "name": "final_result", "input": {}}
    deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in pieces(text)]
    return sse(
        {"type": "message_start", "message": {"id": "m", "model": "c", "usage": {}}},
        {"type": "content_block_start", "index": 0, "content_block": block},
        *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {}},
        {"type": "message_stop"},
    )


def gemini_text(text: str) -> bytes:
    def chunk(piece: str, **more: object) -> dict[str, Any]:
        return {"candidates": [{"content": {"parts": [{"text": piece}]}, **more}]}

    return sse(*(chunk(piece) for piece in pieces(text)), chunk("", finishReason="STOP"))


def responses_text(text: str) -> bytes:
    at = {"output_index": 0, "content_index": 0, "item_id": "i"}
    kind = "response.output_text.delta"
    item = {"type": "message", "id": "i", "content": [{"type": "output_text", "text": text}]}
    done = {"id": "r", "status": "completed", "output": [item]}
    return sse(
        {"type": "response.created", "response": {"id": "r", "output": []}},
        {"type": "response.output_item.added", "output_index": 0, "item": {**item, "content": []}},
        *({"type": kind, **at, "delta": piece} for piece in pieces(text)),
        {"type": "response.completed", "response": done},
    )


BODIES = {
    "chat, as text": chat_text(ORDER),
    "chat, fenced": chat_text(f"```json\n{ORDER}\n```"),
    "chat, as a tool's arguments": chat_call(ORDER, "final_result"),
    "anthropic, as a tool's arguments": anthropic_call(ORDER),
    "gemini": gemini_text(ORDER),
    "responses": responses_text(ORDER),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_recorded_answer_gives_a_value(body: bytes) -> None:
    stream = nbstream.replay(body, output_type=Order)
    assert stream.get_output() == WHOLE
    assert stream.output == WHOLE
    assert stream.finish_reason == "stop"
    assert not stream.tool_calls


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_the_value_of_a_recording_grows(body: bytes) -> None:
    stream = nbstream.replay(body, speed=2000, output_type=Order)
    seen = list(stream.stream_output(debounce_by=None))
    counts = [len(getattr(order, "items", ())) for order in seen]
    assert counts == sorted(counts)
    assert seen[-1] == WHOLE


def test_a_call_of_another_tool_is_not_the_answer() -> None:
    stream = nbstream.replay(chat_call(ORDER, "search"), output_type=Order)
    with pytest.raises(errors.OutputError, match="search"):
        stream.get_output()
    assert stream.tool_calls[0].tool_name == "search"


def test_an_answer_of_another_type_is_an_error() -> None:
    stream = nbstream.replay(chat_text("Sorry, no."), output_type=Order)
    with pytest.raises(errors.OutputError) as failure:
        stream.get_output()
    assert failure.value.raw == "Sorry, no."


def test_without_a_type_the_output_is_the_text() -> None:
    assert nbstream.replay(chat_text(ORDER)).get_output() == ORDER
    assert nbstream.replay(chat_text(ORDER), output_type=str).get_output() == ORDER


def test_an_invalid_output_type_is_refused_at_the_call() -> None:
    with pytest.raises(errors.UsageError, match="function"):
        nbstream.replay(chat_text(ORDER), output_type=pieces)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_broken_recording_keeps_the_partial_value(body: bytes) -> None:
    stream = nbstream.replay(body[: body.index(b"Cup")], output_type=Order)
    with pytest.raises(errors.IncompleteResponseError):
        stream.until_done()
    assert stream.output is not None
    assert stream.output.items[0] == WHOLE.items[0]


def test_a_message_of_a_test_gives_a_value() -> None:
    message = assistant_message('{"name": "Oslo", "people": 700000}')
    stream = replay_message(message, output_type=City)
    assert stream.get_output() == City("Oslo", 700000)
    assert replay_message(message, output_type=str).get_output() == message.text


def test_events_of_a_test_give_a_value() -> None:
    events = [TextStart(0), TextDelta(0, "[1, 2"), TextDelta(0, ", 3]"), StreamEnd("stop")]
    assert stream_from_events(events, output_type=list[int]).get_output() == [1, 2, 3]
