"""Messages API: streams that no recording covers."""

import json

import pytest

import nbstream
from nbstream.core import events as ev
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Message,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    Usage,
    user_message,
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


def test_the_same_message_started_again_goes_on() -> None:
    again = start(id="a")
    rows = [again, *text(0, "Hel")[:2], again, *text(0, "lo")[1:], again, *end()]
    events, message, failure = decode(make, [sse(*rows)])
    assert (failure, message.text) == ("", "Hello")
    assert not [event for event in events if isinstance(event, ev.Retry)]


def test_counts_in_the_last_event() -> None:
    rows = [start(), *text(0, "a"), *end()]
    rows[-1] = {"type": "message_stop", "usage": {"output_tokens": 77}}
    message = decode(make, [sse(*rows)])[1]
    assert message.usage is not None
    assert message.usage.output_tokens == 77


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
    dry = TextPart("a", provider_metadata={"anthropic": {"tone": "dry"}})
    uploaded = {"type": "container_upload", "file_id": "f"}
    kept = {"anthropic": {"block": uploaded}}
    upload = BuiltinToolCallPart("container_upload_1", "container_upload", '{"file_id": "f"}', kept)
    assert message.parts == (dry, upload)
    assert upload.type == "container_upload"
    assert message.provider_metadata["unknown"] == [
        event,
        {"type": "content_block_delta", "index": 0, "delta": delta},
    ]


# Blocks that are neither text, thinking nor a tool's


def parts_and_blocks(*contents: Row, cut: bool = False) -> tuple[Message, list[Row]]:
    """The message of a response with these blocks, and the blocks that are sent back."""
    rows = [row for number, content in enumerate(contents) for row in block(number, **content)]
    ending = [] if cut else end()
    _, message, _ = decode(make, [sse(start(), *rows, *ending)])
    history = [user_message("Hi"), message, user_message("Go on.")]
    return message, Anthropic().request("m", history, {}).body["messages"][1]["content"]


COMPACTION: Row = {"type": "compaction", "content": "So far: **hi**.", "encrypted_content": "e"}
FALLBACK: Row = {
    "type": "fallback",
    "from": {"model": "claude-a"},
    "to": {"model": "claude-b"},
    "trigger": {"type": "refusal", "category": "cyber"},
}
LISTING: Row = {
    "type": "mcp_tool_listing",
    "mcp_server_name": "files",
    "tools": [{"name": "read", "description": "Reads a file.", "input_schema": {}}],
}
UNKNOWN: Row = {"type": "news", "headline": "Rain", "signature": "s"}


def test_other_blocks_are_shown_and_sent_back_unchanged() -> None:
    said: Row = {"type": "text", "text": "Yes."}
    sent = [COMPACTION, LISTING, FALLBACK, UNKNOWN, said]
    message, back = parts_and_blocks(*sent)
    assert back == sent
    calls = [part for part in message.parts if isinstance(part, BuiltinToolCallPart)]
    assert [(one.tool_name, one.type, one.details) for one in calls] == [
        ("compaction", "compaction", []),
        ("mcp_list_tools", "mcp_tool_listing", ["mcp_server_name: files"]),
        (
            "fallback",
            "fallback",
            [
                "from: claude-a",
                "to: claude-b",
                'trigger: {"type": "refusal", "category": "cyber"}',
            ],
        ),
        ("news", "news", ["headline: Rain"]),
    ]
    results = [part for part in message.parts if isinstance(part, BuiltinToolResultPart)]
    assert [(one.tool_call_id, one.output) for one in results] == [
        (calls[0].tool_call_id, "So far: **hi**."),
        (calls[1].tool_call_id, "read: Reads a file."),
    ]
    assert message.text == "Yes."


def test_a_summary_may_come_in_deltas_and_may_fail() -> None:
    deltas = [
        {"type": "compaction_delta", "content": "So "},
        {"type": "compaction_delta", "content": "far.", "encrypted_content": "e"},
    ]
    message = message_of(start(), *block(0, *deltas, type="compaction", content=None), *end())
    call, result = message.parts
    assert isinstance(result, BuiltinToolResultPart)
    assert result.output == "So far."
    whole = {"type": "compaction", "content": "So far.", "encrypted_content": "e"}
    assert call.provider_metadata == {"anthropic": {"block": whole}}
    failed, back = parts_and_blocks({"type": "compaction", "content": None})
    assert [part.kind for part in failed.parts] == ["builtin_tool_call"]
    assert back == [{"type": "compaction", "content": None}]


def test_other_blocks_of_an_answer_that_was_cut_are_sent_back() -> None:
    _, back = parts_and_blocks(FALLBACK, {"type": "text", "text": "Yes"}, cut=True)
    assert back == [FALLBACK, {"type": "text", "text": "Yes"}]


@pytest.mark.parametrize("model", ["openai/m", "openai-chat/m", "google/m"])
def test_other_providers_do_not_get_other_blocks(model: str) -> None:
    message, _ = parts_and_blocks(COMPACTION, LISTING, FALLBACK, {"type": "text", "text": "Yes."})
    protocol = nbstream.get_model(model, api_key="k").protocol
    history = [user_message("Hi"), message, user_message("Go on.")]
    body = json.dumps(protocol.request("m", history, {}).body)
    assert "Yes." in body
    assert not [word for word in ("So far", "files", "claude-b") if word in body]


def test_tokens_of_thinking_that_is_not_shown_are_progress() -> None:
    deltas = [
        {"type": "thinking_delta", "thinking": "", "estimated_tokens": count}
        for count in (600, None, 650)
    ]
    signed = {"type": "signature_delta", "signature": "s"}
    rows = block(0, *deltas, signed, type="thinking", thinking="", signature="")
    events, message, _ = decode(make, [sse(start(), *rows, *text(1, "Yes."), *end())])
    said = [event.status for event in events if isinstance(event, ev.Progress)]
    assert said == ["thinking, about 600 tokens", "thinking, about 1,250 tokens"]
    assert message.parts[0] == ThinkingPart("", "s", provider_metadata={"anthropic": {}})
    assert "unknown" not in message.provider_metadata
