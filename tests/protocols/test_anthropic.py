"""Messages API: streams that no recording covers."""

import pytest

from nbstream.core import events as ev
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Message,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    Usage,
)
from nbstream.protocols.anthropic import Anthropic
from tests.protocols.anthropic_wire import FULL, Row, arguments, block, end, sse, start, text
from tests.protocols.any_decoder import decode

make = Anthropic().decoder


def message_of(*rows: Row | str) -> Message:
    _, message, failure = decode(make, [sse(*rows)])
    assert failure == ""
    return message


def test_a_stream_has_the_events_of_its_blocks() -> None:
    events, message, _ = decode(make, [sse(*FULL)])
    assert [event.kind for event in events] == [
        "stream_start",
        *("thinking_start", "thinking_delta", "thinking_delta", "signature", "thinking_end"),
        *("thinking_start", "thinking_end"),
        *("text_start", "text_delta", "text_delta", "text_end"),
        *("tool_start", "tool_delta", "tool_delta", "tool_end"),
        *("tool_start", "tool_end"),
        "stream_end",
    ]
    ours: Row = {"anthropic": {}}
    assert message.parts == (
        ThinkingPart("Grüße, 😀", "sig", provider_metadata=ours),
        ThinkingPart("", redacted="sealed", provider_metadata=ours),
        TextPart("I look it up."),
        ToolCallPart("t1", "f", '{"q": "x"}'),
        ToolCallPart("t2", "g"),
    )
    assert [call.args for call in message.tool_calls] == [{"q": "x"}, {}]
    assert message.finish_reason == "tool_call"
    assert (message.id, message.model) == ("msg_1", "m")


def test_usage_counts_all_input_and_the_last_output_count() -> None:
    events, message, _ = decode(make, [sse(*FULL)])
    first = events[0]
    assert isinstance(first, ev.StreamStart)
    assert first.usage == Usage(325, 1, 20, 300)
    assert message.usage == Usage(325, 9, 20, 300, 4)
    assert message.provider_metadata["usage"]["input_tokens"] == 5


# Ends


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("tool_use", "tool_call"),
        ("refusal", "content_filter"),
        ("pause_turn", "other"),
        ("something_new", "other"),
    ],
)
def test_finish_reasons(raw: str, reason: str) -> None:
    message = message_of(start(), *text(0, "a"), *end(raw))
    assert message.finish_reason == reason
    assert message.provider_metadata["finish_reason"] == raw


def test_fields_of_the_message_are_kept() -> None:
    container = {"id": "c", "expires_at": "soon"}
    message = message_of(start(container=container), *end(context_management={"applied_edits": []}))
    assert message.provider_metadata["anthropic"] == {
        "container": container,
        "context_management": {"applied_edits": []},
    }


def test_events_after_the_end_are_ignored() -> None:
    whole = message_of(*FULL)
    late = ["data: [DONE]\n\n", "data: {broken\n\n", *text(9, "late"), start(id="other")]
    assert message_of(*FULL, *late) == whole


# Two answers in one stream


def test_a_second_message_start_is_a_retry() -> None:
    first = [start(id="a"), *text(0, "lost"), *text(1, "lost")[:2]]
    second = [start(id="b"), *text(0, "kept"), *end()]
    events, message, failure = decode(make, [sse(*first, *second)])
    assert failure == ""
    assert (message.id, message.text, len(message.parts)) == ("b", "kept", 1)
    assert [event.attempt for event in events if isinstance(event, ev.Retry)] == [2]


def test_another_model_may_continue_the_answer() -> None:
    moved = {"type": "fallback", "from": {"model": "m"}, "to": {"model": "n"}}
    message = message_of(start(), *text(0, "Hm. "), *block(1, **moved), *text(2, "Yes."), *end())
    assert (message.id, message.model, message.text) == ("msg_1", "n", "Hm. Yes.")


# Leniencies


def test_a_start_may_contain_complete_content() -> None:
    content = [
        {"type": "text", "text": "a", "citations": [{"type": "char_location", "cited_text": "c"}]},
        {"type": "tool_use", "id": "t", "name": "f", "input": {"x": "ü"}},
    ]
    message = message_of(start(content=content, stop_reason="tool_use"), {"type": "message_stop"})
    assert message.text == "a"
    assert [one.cited_text for one in message.citations] == ["c"]
    assert message.tool_calls == [ToolCallPart("t", "f", '{"x": "ü"}')]
    assert message.finish_reason == "tool_call"


def test_deltas_replace_an_input_in_the_start() -> None:
    call = {"type": "tool_use", "id": "t", "name": "f", "input": {"x": 1}}
    assert message_of(start(), *block(0, **call), *end()).tool_calls[0].args == {"x": 1}
    grown = message_of(start(), *block(0, *arguments('{"x": 2}'), **call), *end())
    assert grown.tool_calls[0].args_json == '{"x": 2}'


def test_a_start_of_message_or_block_may_be_missing() -> None:
    deltas = text(0, "a", "b")[1:-1]
    assert message_of(*deltas, *end()).text == "ab"
    assert message_of(*text(0, "a", "b"), {"type": "message_stop"}).text == "ab"


def test_indexes_may_be_missing() -> None:
    rows = [row for row in FULL if isinstance(row, dict)]
    bare: list[Row | str] = [{k: v for k, v in row.items() if k != "index"} for row in rows]
    assert message_of(*bare) == message_of(*FULL)


def test_blocks_may_interleave() -> None:
    one, two = text(0, "a", "b"), block(7, *arguments("{", "}"), type="tool_use", id="t", name="f")
    mixed = [row for pair in zip(one, two, strict=True) for row in pair]
    assert message_of(start(), *mixed, *end()).parts == (
        TextPart("ab"),
        ToolCallPart("t", "f", "{}"),
    )


# The provider's own tools, sources, and what is unknown


@pytest.mark.parametrize(
    ("kind", "name", "more"),
    [
        ("server_tool_use", "web_search", {}),
        ("mcp_tool_use", "echo", {"server_name": "s"}),
        ("future_tool_use", "new", {}),
    ],
)
def test_a_tool_that_the_provider_runs(kind: str, name: str, more: Row) -> None:
    result = {"type": f"{name}_tool_result", "tool_use_id": "s1", "content": [{"a": None}]}
    message = message_of(
        start(),
        *block(0, *arguments('{"q": 1}'), type=kind, id="s1", name=name, input={}, **more),
        *block(1, **result),
        *end(),
    )
    call, given = message.parts
    assert isinstance(call, BuiltinToolCallPart)
    assert isinstance(given, BuiltinToolResultPart)
    assert (call.tool_call_id, call.tool_name, call.args) == ("s1", name, {"q": 1})
    assert (given.tool_call_id, given.tool_name, given.result) == ("s1", name, [{"a": None}])
    assert not given.is_error
    assert message.tool_calls == []


@pytest.mark.parametrize(
    "more",
    [
        {"content": {"type": "web_search_tool_result_error", "error_code": "max_uses_exceeded"}},
        {"content": [], "is_error": True},
    ],
)
def test_a_failed_tool_of_the_provider(more: Row) -> None:
    row = {"type": "web_search_tool_result", "tool_use_id": "s1", **more}
    part = message_of(start(), *block(0, **row), *end()).parts[0]
    assert isinstance(part, BuiltinToolResultPart)
    assert part.is_error
    assert part.tool_name == "web_search"


LOCATIONS = [
    {"type": "char_location", "document_title": "T", "start_char_index": 0, "end_char_index": 3},
    {"type": "page_location", "document_title": "T", "start_page_number": 1},
    {"type": "content_block_location", "document_title": "T", "start_block_index": 1},
    {"type": "web_search_result_location", "title": "T", "url": "U", "encrypted_index": "x"},
    {"type": "search_result_location", "title": "T", "source": "U", "search_result_index": 0},
    {"type": "future_location", "title": "T", "url": "U"},
]


@pytest.mark.parametrize("raw", LOCATIONS, ids=lambda raw: raw["type"])
def test_every_kind_of_citation(raw: Row) -> None:
    raw = {**raw, "cited_text": "C"}
    cited = {"type": "citations_delta", "citation": raw}
    said = {"type": "text_delta", "text": "a"}
    message = message_of(start(), *block(0, cited, said, type="text", text=""), *end())
    (found,) = message.citations
    assert (found.title, found.cited_text) == ("T", "C")
    assert found.url == raw.get("url", raw.get("source"))
    assert found.provider_metadata == {"anthropic": raw}


def test_unknown_events_and_blocks_are_kept() -> None:
    event = {"type": "future_event", "x": 1}
    delta = {"type": "future_delta", "y": 2}
    message = message_of(
        start(),
        event,
        *block(0, {"type": "text_delta", "text": "a"}, delta, type="text", text="", tone="dry"),
        *block(1, type="container_upload", file_id="f"),
        *end(),
    )
    assert message.parts == (TextPart("a", provider_metadata={"anthropic": {"tone": "dry"}}),)
    assert message.provider_metadata["unknown"] == [
        event,
        {"type": "content_block_delta", "index": 0, "delta": delta},
    ]
    assert message.provider_metadata["anthropic"]["blocks"] == [
        {"at": 1, "block": {"type": "container_upload", "file_id": "f"}}
    ]
