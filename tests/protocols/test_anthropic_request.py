"""Messages API: requests as documented, from any provider's history."""

import base64
import json
import re
from typing import Any

import pytest

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
    assistant_message,
    system_message,
    tool_message,
    user_message,
)
from nbstream.errors import UsageError
from nbstream.protocols.anthropic import Anthropic
from tests.protocols.anthropic_history import essence, messages_of
from tests.protocols.anthropic_wire import arguments, block, end, sse, start
from tests.protocols.any_decoder import decode
from tests.recordings import Recording, parametrize

Row = dict[str, Any]
OURS: Row = {"anthropic": {}}
SEARCH: Row = {"anthropic": {"type": "server_tool_use"}}
CITED: Row = {"anthropic": {"citations": {"enabled": True}}}


def turns(*messages: Message, **params: Any) -> Any:
    return Anthropic().request("m", messages, params).body["messages"]


def said(text: str) -> Row:
    return {"type": "text", "text": text}


def test_a_request_is_as_documented() -> None:
    call = ToolCallPart("t1", "f", '{"x": 1}')
    messages = [
        system_message("Be brief."),
        user_message("Hi"),
        assistant_message("Let me see.", call),
        tool_message(call, {"y": 2}),
    ]
    request = Anthropic().request("claude-sonnet-4-5", messages, {"temperature": 0})
    assert request.path == "/v1/messages"
    assert request.headers == {"anthropic-version": "2023-06-01"}
    assert Anthropic().auth("key") == {"x-api-key": "key"}
    assert request.body == {
        "model": "claude-sonnet-4-5",
        "max_tokens": 64_000,
        "system": [said("Be brief.")],
        "messages": [
            {"role": "user", "content": [said("Hi")]},
            {
                "role": "assistant",
                "content": [
                    said("Let me see."),
                    {"type": "tool_use", "id": "t1", "name": "f", "input": {"x": 1}},
                ],
            },
            {
                "role": "user",
                "content": [{"type": "tool_result", "tool_use_id": "t1", "content": '{"y": 2}'}],
            },
        ],
        "stream": True,
        "temperature": 0,
    }


@pytest.mark.parametrize(
    ("model", "params", "limit"),
    [
        ("claude-opus-4-8", {}, 128_000),
        ("anthropic.claude-3-5-haiku-20241022-v1:0", {}, 8_192),
        ("claude-3-opus-20240229", {}, 4_096),
        ("some-local-model", {}, 8_192),
        ("claude-sonnet-4-5", {"max_tokens": 5}, 5),
        ("claude-sonnet-4-5", {"thinking": {"type": "enabled", "budget_tokens": 1024}}, 64_000),
        ("claude-sonnet-4-5", {"thinking": {"type": "enabled", "budget_tokens": 70_000}}, 74_096),
    ],
)
def test_the_answer_has_a_limit_that_the_model_can_reach(
    model: str, params: Row, limit: int
) -> None:
    request = Anthropic().request(model, [user_message("Hi")], params)
    assert request.body["max_tokens"] == limit


def test_betas_go_into_a_header() -> None:
    params = {"betas": ["one-2025-01-01", "two"], "top_k": 1}
    request = Anthropic().request("m", [user_message("Hi")], params)
    assert request.headers["anthropic-beta"] == "one-2025-01-01,two"
    assert "betas" not in request.body
    assert request.body["top_k"] == 1
    assert "betas" in params  # the caller's own dict stays as it was


# Turns


def test_all_results_come_first_in_one_turn() -> None:
    one, two = ToolCallPart("a", "f"), ToolCallPart("b", "g")
    history = [
        user_message("Hi"),
        assistant_message(one, two),
        user_message("Wait, also this."),
        tool_message(one, "1"),
        tool_message(two, "it broke", is_error=True),
    ]
    assert turns(*history)[-1] == {
        "role": "user",
        "content": [
            {"type": "tool_result", "tool_use_id": "a", "content": "1"},
            {"type": "tool_result", "tool_use_id": "b", "content": "it broke", "is_error": True},
            said("Wait, also this."),
        ],
    }


def test_a_result_in_the_models_own_message_becomes_a_turn() -> None:
    call, result = ToolCallPart("a", "f"), ToolResultPart("a", "1", "f")
    found = turns(user_message("Hi"), assistant_message(call, result, "Done."))
    assert [turn["role"] for turn in found] == ["user", "assistant", "user", "assistant"]


def test_parts_that_the_api_refuses_are_left_out() -> None:
    history = [
        user_message(""),
        user_message("Go on:"),
        assistant_message(" \n", ""),
        assistant_message("The answer is  "),
    ]
    assert turns(*history) == [
        {"role": "user", "content": [said("Go on:")]},
        {"role": "assistant", "content": [said("The answer is")]},
    ]


def test_a_call_that_was_cut_off_is_left_out() -> None:
    cut = Message(
        "assistant",
        (
            TextPart("Let me see."),
            ThinkingPart("Hm"),
            ToolCallPart("a", "f", '{"x'),
            BuiltinToolCallPart("s", "web_search", "{}", SEARCH),
        ),
        finish_reason="cancelled",
    )
    found = turns(user_message("Hi"), cut, user_message("And now?"))
    assert found[1] == {"role": "assistant", "content": [said("Let me see.")]}


def test_arguments_that_are_not_an_object_are_wrapped() -> None:
    history = [user_message("Hi"), assistant_message(ToolCallPart("a", "f", '{"x')), _result("a")]
    assert turns(*history)[1]["content"][0]["input"] == {"INVALID_JSON": '{"x'}


def test_ids_of_other_providers_become_valid() -> None:
    history = [user_message("Hi")]
    for name in ("call_1-a", "functions.f:0"):
        history += [assistant_message(ToolCallPart(name, "f")), _result(name)]
    found = turns(*history)
    ids = [turn["content"][0]["id"] for turn in found[1::2]]
    assert ids == [turn["content"][0]["tool_use_id"] for turn in found[2::2]]
    assert ids[0] == "call_1-a"
    assert re.fullmatch("toolu_[a-zA-Z0-9]{24}", ids[1])


def _result(call: str) -> Message:
    return tool_message(call, "1")


# Files


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            FilePart("image/png", b"png"),
            {
                "type": "image",
                "source": {"type": "base64", "media_type": "image/png", "data": "cG5n"},
            },
        ),
        (
            FilePart("image/png", url="https://a/b.png", filename="b.png"),
            {"type": "image", "source": {"type": "url", "url": "https://a/b.png"}},
        ),
        (
            FilePart("image/gif", url="data:image/gif;base64,Z2lm"),
            {
                "type": "image",
                "source": {"type": "base64", "media_type": "image/gif", "data": "Z2lm"},
            },
        ),
        (
            FilePart("application/pdf", b"pdf", filename="a.pdf"),
            {
                "type": "document",
                "title": "a.pdf",
                "source": {"type": "base64", "media_type": "application/pdf", "data": "cGRm"},
            },
        ),
        (
            FilePart("application/pdf", url="https://a/b.pdf"),
            {"type": "document", "source": {"type": "url", "url": "https://a/b.pdf"}},
        ),
        (
            FilePart("text/csv; charset=utf-8", "ä,b".encode()),
            {
                "type": "document",
                "source": {"type": "text", "media_type": "text/plain", "data": "ä,b"},
            },
        ),
        (
            FilePart(
                "application/x-any",
                provider_metadata={"anthropic": {"source": {"type": "file", "file_id": "f"}}},
            ),
            {"type": "document", "source": {"type": "file", "file_id": "f"}},
        ),
        (
            FilePart("text/plain", b"a", None, "t", CITED),
            {
                "type": "document",
                "title": "t",
                "source": {"type": "text", "media_type": "text/plain", "data": "a"},
                "citations": {"enabled": True},
            },
        ),
    ],
)
def test_files(file: FilePart, expected: Row) -> None:
    assert turns(user_message("See:", file))[0]["content"] == [said("See:"), expected]
    call = assistant_message(ToolCallPart("a", "f"))
    result = turns(user_message("Hi"), call, tool_message("a", [TextPart("See:"), file]))
    assert result[2]["content"][0]["content"] == [said("See:"), expected]


@pytest.mark.parametrize(
    "file",
    [
        FilePart("audio/wav", b"wav"),
        FilePart("image/png"),
        FilePart("image/png", url="data:image/png;base64,Zg*"),
    ],
)
def test_a_file_that_cannot_be_sent_is_an_error(file: FilePart) -> None:
    with pytest.raises(UsageError):
        turns(user_message(file))


def test_a_file_that_a_model_made_is_named_in_its_message() -> None:
    made = assistant_message("Here:", FilePart("image/png", b"png", filename="cat.png"))
    found = turns(user_message("Hi"), made, user_message("Thanks"))
    assert found[1]["content"] == [said("Here:"), said("[cat.png]")]


# A model's answer as history


def test_an_answer_is_sent_back_unchanged() -> None:
    cited = {"type": "char_location", "cited_text": "c", "document_index": 0}
    blocks: list[Row] = [
        {"type": "thinking", "thinking": "Hm", "signature": "sig"},
        {"type": "thinking", "thinking": "", "signature": "only"},
        {"type": "redacted_thinking", "data": "sealed"},
        {"type": "compaction", "content": "So far: nothing."},
        {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"q": "x"}},
        {
            "type": "web_search_tool_result",
            "tool_use_id": "s",
            "content": [{"type": "web_search_result", "encrypted_content": "e"}],
        },
        {"type": "mcp_tool_use", "id": "p", "name": "f", "input": {}, "server_name": "n"},
        {"type": "mcp_tool_result", "tool_use_id": "p", "is_error": False, "content": []},
        {"type": "text", "text": "Yes.", "citations": [cited]},
        {"type": "tool_use", "id": "t", "name": "f", "input": {"x": 1}},
    ]
    rows = [row for number, content in enumerate(blocks) for row in block(number, **content)]
    _, answer, failure = decode(Anthropic().decoder, [sse(start(), *rows, *end("tool_use"))])
    assert failure == ""
    found = turns(user_message("Hi"), answer, tool_message("t", "1"))
    assert found[1] == {"role": "assistant", "content": blocks}


def test_code_that_waits_for_a_tool_continues_in_its_container() -> None:
    caller = {"type": "code_execution_20250825", "tool_id": "s"}
    call = {"type": "tool_use", "id": "t", "name": "f", "input": {}, "caller": caller}
    rows = [start(container={"id": "c1"}), *block(0, *arguments("{}"), **call), *end("tool_use")]
    _, answer, _ = decode(Anthropic().decoder, [sse(*rows)])
    history = [user_message("Hi"), answer, tool_message("t", "1")]
    body = Anthropic().request("m", history, {}).body
    assert body["container"] == "c1"
    assert body["messages"][1]["content"] == [call]
    assert "container" not in Anthropic().request("m", [*history, assistant_message("a")], {}).body


def test_thinking_that_the_user_wrote_or_anthropic_signed_is_sent() -> None:
    signed = {"type": "thinking", "thinking": "Hm", "signature": "sig"}
    for part in (ThinkingPart("Hm", "sig"), ThinkingPart("Hm", "sig", provider_metadata=OURS)):
        found = turns(user_message("Hi"), assistant_message(part, "a"), user_message("And?"))
        assert found[1]["content"] == [signed, said("a")]


def test_of_another_providers_answer_only_portable_parts_are_sent() -> None:
    theirs = {"openai_responses": {"id": "rs_1"}}
    foreign = Message(
        "assistant",
        (
            ThinkingPart("Hm", "sig", "sealed", theirs),
            BuiltinToolCallPart("s", "web_search", "{}", theirs),
            BuiltinToolResultPart("s", "web_search", [], provider_metadata=theirs),
            TextPart("Yes.", (Citation(url="u", provider_metadata=theirs),), theirs),
            RefusalPart("No."),
            ToolCallPart("call_1", "f", "{}", theirs),
        ),
        finish_reason="tool_call",
        provider="openai",
        provider_metadata={"openai_responses": {"x": 1}},
    )
    unmarked = Message("assistant", (ThinkingPart("Hm", "sig"),), None, "stop", provider="google")
    found = turns(user_message("Hi"), foreign, tool_message("call_1", "1"), unmarked)
    assert found[1]["content"] == [
        said("Yes."),
        said("No."),
        {"type": "tool_use", "id": "call_1", "name": "f", "input": {}},
    ]
    assert len(found) == 3


# Requests as others sent them


@parametrize("anthropic")
def test_a_recorded_conversation_gives_the_recorded_request(recording: Recording) -> None:
    recorded = recording.details.get("request")
    if not recorded or "messages" not in recorded:
        pytest.skip("its request was not recorded")
    text = json.dumps(recorded)
    if {*re.findall(r'"id": "(\w+)"', text)} != {*re.findall(r'"tool_use_id": "(\w+)"', text)}:
        pytest.skip("its results have other ids than its calls")
    given = {key: recorded[key] for key in recorded if key not in ("messages", "system")}
    request = Anthropic().request(recorded.get("model", "m"), messages_of(recorded), given)
    assert essence(request.body) == essence(recorded)
    assert {key: request.body[key] for key in given} == given
    extra = request.body.keys() - recorded.keys()
    assert extra <= {"model", "max_tokens", "stream"}


def test_a_file_is_sent_as_base64_without_line_breaks() -> None:
    data = bytes(range(256)) * 40
    (sent,) = turns(user_message(FilePart("image/png", data)))[0]["content"]
    assert "\n" not in sent["source"]["data"]
    assert base64.b64decode(sent["source"]["data"]) == data
