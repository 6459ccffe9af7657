"""Events and messages as dicts, through JSON and back."""

import json

import pytest

from nbstream.core import codec
from nbstream.core import events as ev
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Citation,
    FilePart,
    Message,
    RefusalPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
    Usage,
    tool_message,
    user_message,
)

USAGE = Usage(10, 20, cache_read_tokens=5, reasoning_tokens=7)
EVENTS: list[ev.Event] = [
    ev.StreamStart(id="x", model="m"),
    ev.TextStart(0),
    ev.TextDelta(0, "ö\u2028"),
    ev.CitationEvent(0, Citation("https://a.test", "A", start=0, end=1)),
    ev.TextEnd(0, {"item": 1}),
    ev.ThinkingStart(1),
    ev.ThinkingDelta(1, "hm"),
    ev.SignatureEvent(0, "signed"),
    ev.ThinkingEnd(1, "signature", "hidden"),
    ev.RefusalStart(2),
    ev.RefusalDelta(2, "no"),
    ev.RefusalEnd(2),
    ev.ToolStart(3, "id", "name"),
    ev.ToolDelta(3, '{"a'),
    ev.ToolEnd(3, ToolCallPart("id", "name", '{"a": 1}')),
    ev.BuiltinToolStart(4, "b", "web_search"),
    ev.BuiltinToolDelta(4, "{}"),
    ev.BuiltinToolEnd(4, BuiltinToolCallPart("b", "web_search", "{}")),
    ev.BuiltinToolResult(5, BuiltinToolResultPart("b", "web_search", [{"url": "x"}])),
    ev.FileEvent(6, "image/png", b"\x89PNG", partial=True),
    ev.Retry(2, "overloaded", 1.5),
    ev.Progress("in_progress", 0.4),
    ev.StreamEnd("stop", USAGE, {"finish_reason": "end_turn"}),
    ev.MessageEvent(tool_message(ToolCallPart("id", "name"), {"a": [1]}), message_index=1),
    ev.FunctionToolCall(ToolCallPart("id", "name", '{"a": 1}')),
    ev.FunctionToolProgress("id", "name", "halfway"),
    ev.FunctionToolResult(ToolResultPart("id", {"a": [1]}, "name"), 0.5, "Traceback"),
    ev.ApprovalRequest(ToolCallPart("id", "name", "{}"), message_index=1),
    ev.InputRequest(ToolCallPart("id", "name", "{}"), "id/1", "Which?", {"type": "string"}),
    ev.RequestAnswered(ToolCallPart("id", "name", "{}"), "id", accepted=False, reason="No."),
    ev.RequestAnswered(ToolCallPart("id", "name", "{}"), "id", args={"n": 1}, content=[2]),
    ev.CustomEvent({"rows": 3}, "loaded", "id"),
    ev.NestedEvent("id", "helper", ev.TextDelta(0, "x")),
    ev.FinalResult(),
    ev.AgentRunResult({"a": 1}, (user_message("hi"), tool_message("id", "y")), 1, USAGE),
    ev.StreamStart(message_index=2),
    ev.TextDelta(0, "x", message_index=2),
]


def test_every_kind_of_event_survives_the_round_trip() -> None:
    for event in EVENTS:
        assert codec.event_from_dict(json.loads(json.dumps(codec.event_to_dict(event)))) == event
    made = {event.kind for event in EVENTS}
    assert made == set(codec._EVENTS), "a kind of event is not tested here"


def test_a_message_survives_the_round_trip() -> None:
    parts = (
        ThinkingPart("hm", "signature", provider_metadata={"id": "r1"}),
        TextPart("a", (Citation("https://a.test"),)),
        ToolCallPart("i", "n", "{}"),
        RefusalPart("no"),
        BuiltinToolCallPart("b", "n", "{}"),
        BuiltinToolResultPart("b", "n", {"kind": "text"}),
        FilePart("image/png", b"\x00"),
    )
    message = Message("assistant", parts, USAGE, "stop", "id", "m", "p", {"k": [1]})
    results = tool_message(ToolCallPart("i", "n"), {"result": [1, None]}, is_error=True)
    for one in (message, user_message("hi"), results):
        assert codec.message_from_dict(json.loads(json.dumps(codec.message_to_dict(one)))) == one


def test_unknown_fields_are_ignored_and_unknown_kinds_are_errors() -> None:
    assert codec.event_from_dict({"kind": "text_start", "index": 0, "new": 1}) == ev.TextStart(0)
    with pytest.raises(ValueError, match="unknown kind 'nope'"):
        codec.event_from_dict({"kind": "nope"})
