"""Responses API: requests as documented."""

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
from nbstream.protocols.openai_responses import OpenAIResponses
from tests.protocols.any_decoder import decode
from tests.protocols.compare_openai_responses import PROTOCOL
from tests.protocols.responses_wire import CALL, THOUGHT, body, completed, said, started
from tests.recordings import Recording, parametrize


def answer(*output: Any) -> Message:
    """The message decoded from these items."""
    return decode(OpenAIResponses().decoder, [body(started(), completed(*output))])[1]


def sent(*messages: Message, **params: Any) -> Any:
    """The input of the next request."""
    return OpenAIResponses().request("gpt-5", messages, params).body["input"]


def test_a_request_is_not_stored_and_asks_for_encrypted_reasoning() -> None:
    messages = [system_message("be brief"), user_message("hi")]
    request = OpenAIResponses().request("gpt-5.2", messages, {"temperature": 0})
    assert request.path == "/responses"
    assert request.body == {
        "model": "gpt-5.2",
        "instructions": "be brief",
        "input": [{"role": "user", "content": "hi"}],
        "stream": True,
        "store": False,
        "include": ["reasoning.encrypted_content"],
        "temperature": 0,
    }
    assert OpenAIResponses().auth("k") == {"Authorization": "Bearer k"}


@pytest.mark.parametrize(
    ("model", "encrypted"),
    [("gpt-5", True), ("o4-mini", True), ("gpt-6", True), ("gpt-4o", False), ("x/gpt-4.1", False)],
)
def test_only_reasoning_models_are_asked_for_reasoning(model: str, encrypted: bool) -> None:
    request = OpenAIResponses().request(model, [user_message("hi")], {})
    assert ("include" in request.body) == encrypted


def test_params_take_precedence() -> None:
    messages = [system_message("s"), user_message("u")]
    params = {"store": True, "instructions": "mine", "stream": False}
    request = OpenAIResponses().request("gpt-5", messages, params)
    assert request.body == {
        "model": "gpt-5",
        "instructions": "mine",
        "input": [{"role": "developer", "content": "s"}, {"role": "user", "content": "u"}],
        "stream": False,
        "store": True,
    }


def test_later_instructions_stay_where_they_are() -> None:
    rows = sent(system_message("a"), user_message("u"), system_message("b"))
    assert [row["role"] for row in rows] == ["user", "developer"]


def test_files_and_images() -> None:
    files = [
        FilePart("image/png", b"a"),
        FilePart("image/png", url="https://x/i.png"),
        FilePart("application/pdf", b"a"),
        FilePart("application/pdf", b"a", filename="b.pdf"),
        FilePart("application/pdf", url="https://x/b.pdf"),
        FilePart("image/png", provider_metadata={"openai_responses": {"file_id": "f"}}),
        FilePart("text/csv", provider_metadata={"openai_responses": {"file_id": "f"}}),
        FilePart("audio/mpeg", b"a"),
    ]
    (row,) = sent(user_message("look", *files))
    pdf = "data:application/pdf;base64,YQ=="
    assert row["content"] == [
        {"type": "input_text", "text": "look"},
        {"type": "input_image", "detail": "auto", "image_url": "data:image/png;base64,YQ=="},
        {"type": "input_image", "detail": "auto", "image_url": "https://x/i.png"},
        {"type": "input_file", "filename": "file.pdf", "file_data": pdf},
        {"type": "input_file", "filename": "b.pdf", "file_data": pdf},
        {"type": "input_file", "file_url": "https://x/b.pdf"},
        {"type": "input_image", "detail": "auto", "file_id": "f"},
        {"type": "input_file", "file_id": "f"},
        {"type": "input_audio", "input_audio": {"data": "YQ==", "format": "mp3"}},
    ]


def test_an_answer_is_sent_back_unchanged() -> None:
    source = {"type": "url_citation", "url": "u", "start_index": 0, "end_index": 1}
    two = said("one", status="x")["content"] + [{"type": "refusal", "refusal": "no"}]
    search = {
        "type": "web_search_call",
        "id": "ws",
        "status": "completed",
        "action": {"type": "search", "query": "q", "sources": [{"type": "url", "url": "u"}]},
    }
    image = {"type": "image_generation_call", "id": "ig", "result": "YWI=", "revised_prompt": "p"}
    items = [
        THOUGHT,
        search,
        {"type": "reasoning", "id": "rs2", "summary": [], "encrypted_content": "bare"},
        {
            "type": "mcp_call",
            "id": "m",
            "name": "f",
            "arguments": "{}",
            "output": None,
            "error": "e",
        },
        {
            "type": "reasoning",
            "id": "rs3",
            "summary": [],
            "content": [{"type": "reasoning_text", "text": "aloud"}],
        },
        {"type": "mcp_list_tools", "id": "l", "server_label": "s", "tools": [{"name": "f"}]},
        {"type": "code_interpreter_call", "id": "c", "code": "1", "outputs": [{"type": "logs"}]},
        {"type": "shell_call_output", "id": "so", "call_id": "sh", "output": [{"stdout": "x"}]},
        image,
        {**said("cited", "m1", annotations=[source]), "phase": "commentary", "status": "completed"},
        {**said("", "m2"), "content": two},
        {**CALL, "namespace": "n"},
        {"type": "custom_tool_call", "id": "k", "call_id": "k", "name": "g", "input": 'a "b'},
        {"type": "telepathy", "id": "t", "thought": {"deep": True}},
    ]
    results = [tool_message("c", "1"), tool_message("k", "2")]
    assert sent(answer(*items), *results)[: len(items)] == items


@parametrize(PROTOCOL)
def test_a_recorded_answer_can_be_sent_back(recording: Recording) -> None:
    message = decode(OpenAIResponses().decoder, [recording.body])[1]
    for row in sent(message, user_message("go on")):
        assert row.get("type") != "reasoning" or row.get("encrypted_content") or row.get("content")


def test_reasoning_that_is_not_stored_is_left_out_with_the_ids() -> None:
    hollow = {"type": "reasoning", "id": "rs", "summary": [{"type": "summary_text", "text": "a"}]}
    message = answer(hollow, said("b"), CALL)
    assert [(row["type"], "id" in row) for row in sent(message)[:2]] == [
        ("message", False),
        ("function_call", False),
    ]
    assert sent(message, store=True)[:3] == [hollow, said("b"), CALL]


def test_each_type_of_call_has_its_own_output() -> None:
    computer = {"type": "computer_call", "id": "cc", "call_id": "c2", "action": {"type": "wait"}}
    asked = {"type": "mcp_approval_request", "id": "mr", "name": "f", "arguments": "{}"}
    custom = {"type": "custom_tool_call", "id": "k", "call_id": "c3", "name": "g", "input": "a"}
    calls = [{**CALL, "id": f"fc{at}", "call_id": f"c{at}"} for at in (4, 5, 6)]
    search = {"type": "tool_search_call", "id": "ts", "call_id": "c7", "execution": "client"}
    message = answer(*calls, computer, asked, custom, search)
    shot = {"type": "computer_screenshot", "image_url": "data:x"}
    picture = [{"type": "input_image", "image_url": "data:x"}]
    results = [
        *(tool_message("c4", {"a": 1}), tool_message("c5", "plain"), tool_message("c6", picture)),
        *(tool_message("c2", shot), tool_message("mr", result=True), tool_message("c3", "x")),
        tool_message("c7", [{"type": "function", "name": "f"}]),
    ]
    output = {"type": "function_call_output"}
    found = {"type": "function", "name": "f"}
    assert sent(message, *results)[7:] == [
        {**output, "call_id": "c4", "output": '{"a": 1}'},
        {**output, "call_id": "c5", "output": "plain"},
        {**output, "call_id": "c6", "output": picture},
        {"type": "computer_call_output", "call_id": "c2", "output": shot},
        {"type": "mcp_approval_response", "approval_request_id": "mr", "approve": True},
        {"type": "custom_tool_call_output", "call_id": "c3", "output": "x"},
        {"type": "tool_search_output", "call_id": "c7", "execution": "client", "tools": [found]},
    ]


def test_a_result_goes_to_the_program_that_made_the_call() -> None:
    caller = {"type": "program", "caller_id": "p"}
    call = {"type": "function_call", "id": "f", "call_id": "c", "name": "f", "arguments": "{}"}
    message = answer({**call, "caller": caller})
    assert sent(message, tool_message("c", "1"))[-1] == {
        "type": "function_call_output",
        "call_id": "c",
        "output": "1",
        "caller": caller,
    }


def test_a_tools_pictures_follow_its_result() -> None:
    message = Message("tool", (ToolResultPart("c", "see"), FilePart("image/png", b"a")))
    call = assistant_message(ToolCallPart("c", "f"))
    assert [row.get("type") or row["role"] for row in sent(call, message)] == [
        "function_call",
        "function_call_output",
        "user",
    ]


def test_another_providers_answer_is_sent_as_text_calls_and_results() -> None:
    foreign = assistant_message(
        ThinkingPart("hm", signature="s", provider_metadata={"anthropic": {}}),
        TextPart("text", (Citation(url="u"),), {"anthropic": {"x": 1}}),
        RefusalPart("no"),
        BuiltinToolCallPart("b", "web_search", "{}"),
        BuiltinToolResultPart("b", "web_search", [1]),
        ToolCallPart("toolu_1", "f", ""),
        ToolResultPart("toolu_1", 5),
        FilePart("image/png", b"a"),
    )
    image = {"type": "input_image", "detail": "auto", "image_url": "data:image/png;base64,YQ=="}
    assert sent(foreign) == [
        {"role": "assistant", "content": "text"},
        {"role": "assistant", "content": "no"},
        {"type": "function_call", "call_id": "toolu_1", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "toolu_1", "output": "5"},
        {"role": "user", "content": [image]},
    ]


def test_an_incomplete_answer_can_be_sent() -> None:
    data = body(started(), {"type": "response.output_text.delta", "delta": "half"})
    message = decode(OpenAIResponses().decoder, [data])[1]
    assert sent(message) == [{"role": "assistant", "content": "half"}]


def test_sending_changes_no_message() -> None:
    message = answer(THOUGHT, said("a"), {"type": "mcp_call", "id": "m", "output": "x"})
    first = sent(message)
    first[0]["summary"].clear()
    assert sent(message) != first
    assert sent(message) == sent(message)
