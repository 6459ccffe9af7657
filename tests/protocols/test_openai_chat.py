"""Chat Completions: events, start, end and metadata."""

import pytest

from nbstream.core.events import (
    PartDelta,
    StreamEnd,
    StreamStart,
    TextDelta,
    TextEnd,
    TextStart,
    ThinkingDelta,
    ToolDelta,
    ToolEnd,
    ToolStart,
)
from nbstream.core.message import (
    ToolCallPart,
    Usage,
)
from tests.cuts import ways
from tests.protocols.openai_chat_wire import USAGE, body, chunk, decode, fold

FULL = body(
    chunk({"role": "assistant", "content": ""}),
    chunk({"reasoning_content": "hm"}),
    chunk({"content": "Grüße "}),
    chunk({"content": "😀"}),
    chunk({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": ""}}]}),
    chunk({"tool_calls": [{"index": 1, "id": "b", "function": {"name": "g", "arguments": "{"}}]}),
    chunk({"tool_calls": [{"index": 0, "function": {"arguments": '{"x": 1}'}}]}),
    chunk({"tool_calls": [{"index": 1, "function": {"arguments": "}"}}]}),
    chunk(finish="tool_calls"),
    {"id": "c1", "model": "m", "choices": [], "usage": USAGE},
    "[DONE]",
)


def test_events_are_the_same_however_the_body_is_cut() -> None:
    expected = decode([FULL])
    assert expected[0] == StreamStart("c1", "m")
    raw = {"finish_reason": "tool_calls", "usage": USAGE}
    assert expected[-1] == StreamEnd("tool_call", Usage(7, 9, 3, 0, 4), raw)
    assert [e.chunk for e in expected if isinstance(e, ThinkingDelta)] == ["hm"]
    assert [e.chunk for e in expected if isinstance(e, TextDelta)] == ["Grüße ", "😀"]
    assert [e.tool_call for e in expected if isinstance(e, ToolEnd)] == [
        ToolCallPart("a", "f", '{"x": 1}'),
        ToolCallPart("b", "g", "{}"),
    ]
    for way, chunks in ways(FULL):
        assert decode(chunks) == expected, way


def test_parallel_calls_are_separate() -> None:
    events = decode([FULL])
    starts = {e.index: e.tool_name for e in events if isinstance(e, ToolStart)}
    assert starts == {2: "f", 3: "g"}
    grown: dict[int, str] = {}
    for event in events:
        if isinstance(event, ToolDelta):
            grown[event.index] = grown.get(event.index, "") + event.chunk
    assert grown == {2: '{"x": 1}', 3: "{}"}


def test_text_ends_before_the_next_part_begins() -> None:
    kinds = [type(e) for e in decode([FULL])]
    assert kinds.index(TextStart) < kinds.index(TextEnd) < kinds.index(ToolStart)


@pytest.mark.parametrize(
    ("word", "reason"),
    [("stop", "stop"), ("length", "length"), ("eos_token", "stop"), ("unheard of", "other")],
)
def test_finish_reasons(word: str, reason: str) -> None:
    message = fold(chunk({"content": "a"}), chunk(finish=word), "[DONE]")
    assert message.finish_reason == reason
    assert message.provider_metadata["finish_reason"] == word


def test_a_finish_reason_is_an_end_without_done() -> None:
    assert fold(chunk({"content": "a"}, finish="stop")).finish_reason == "stop"


def test_done_is_an_end_without_a_finish_reason() -> None:
    assert fold(chunk({"content": "a"}), "[DONE]").finish_reason == "other"
    assert fold(chunk({"content": "a"}), "[DONE] ").text == "a"


def test_other_choices_and_unknown_fields_are_ignored() -> None:
    second = {"choices": [{"index": 1, "delta": {"content": "other"}}], "new": {}}
    events = decode([body(chunk({"content": "a", "new": 1}), second, chunk(finish="stop"))])
    assert [e.chunk for e in events if isinstance(e, PartDelta)] == ["a"]


def test_unknown_fields_are_kept() -> None:
    rows = [
        chunk({"content": "a", "channel": "final"}, system_fingerprint="fp", new={"x": 1}),
        {"choices": [{"index": 1, "delta": {"content": "other"}}]},
        chunk(finish="stop"),
    ]
    kept = fold(*rows).provider_metadata
    assert kept["system_fingerprint"] == "fp"
    assert kept["new"] == {"x": 1}
    assert kept["channel"] == "final"
    assert kept["unknown"] == [{"index": 1, "delta": {"content": "other"}}]


def test_log_probabilities_are_joined() -> None:
    rows = [chunk({"content": word}) for word in "ab"]
    for row, word in zip(rows, "ab", strict=True):
        row["choices"][0]["logprobs"] = {"content": [{"token": word}], "refusal": None}
    kept = fold(*rows, chunk(finish="stop")).provider_metadata
    assert kept["logprobs"] == {"content": [{"token": "a"}, {"token": "b"}]}
