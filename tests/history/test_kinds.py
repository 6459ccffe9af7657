"""Each kind of history that a strict server refuses, and what is sent in its place."""

import json
from typing import Any

import pytest

from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
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
from nbstream.messages import messages_from_json, messages_to_json
from tests.history.servers import SERVERS, Server

USER, GO_ON = user_message("question"), user_message("go on")
CALL = ToolCallPart("call_1", "f", '{"x": 1}')
RESULT = tool_message(CALL, "done")
EARLIER = "(Earlier messages are left out.)"
CANCELLED = "Cancelled: this call has no result."

every = pytest.mark.parametrize("server", SERVERS.values(), ids=list(SERVERS))


def sent(name: str, *history: Message, **params: Any) -> Any:
    """The conversation in a request that breaks no rule."""
    server = SERVERS[name]
    assert server.faults(history, **params) == []
    body = server.body(history, **params)
    return body.get("messages") or body.get("contents") or body["input"]


def said(server: Server, *history: Message) -> str:
    """The request as text, which breaks no rule."""
    assert server.faults(history) == []
    return json.dumps(server.body(history), ensure_ascii=False)


# Calls without a result


@every
def test_a_complete_call_without_a_result_is_answered_as_cancelled(server: Server) -> None:
    for history in ([USER, assistant_message(CALL), GO_ON], [USER, assistant_message(CALL)]):
        text = said(server, *history)
        assert text.count(CANCELLED) == 1


def test_anthropic_is_told_that_a_cancelled_call_is_an_error() -> None:
    turns = sent("anthropic", USER, assistant_message(CALL), GO_ON)
    assert turns[2]["content"] == [
        {"type": "tool_result", "tool_use_id": "call_1", "content": CANCELLED, "is_error": True},
        {"type": "text", "text": "go on"},
    ]


@every
@pytest.mark.parametrize("args", ['{"x', "", '"te', '{"x": NaN}'])
@pytest.mark.parametrize("end", ["cancelled", "error", "length"])
def test_a_call_that_was_broken_off_is_left_out(server: Server, args: str, end: Any) -> None:
    parts = (TextPart("Let me see."), ToolCallPart("call_9", "f", args))
    text = said(server, USER, Message("assistant", parts, finish_reason=end), GO_ON)
    assert "Let me see." in text
    assert "call_9" not in text
    assert CANCELLED not in text


@every
def test_a_broken_call_that_the_user_answered_is_an_object_and_keeps_its_result(
    server: Server,
) -> None:
    broken = ToolCallPart("call_1", "f", '{"x')
    text = said(
        server, USER, assistant_message(broken), tool_message(broken, "not JSON", is_error=True)
    )
    assert "INVALID_JSON" in text
    assert "not JSON" in text
    assert CANCELLED not in text


@every
def test_some_of_several_calls_are_answered(server: Server) -> None:
    calls = [ToolCallPart(f"call_{at}", "f", "{}") for at in range(3)]
    history = [USER, assistant_message(*calls), tool_message(calls[1], "second"), GO_ON]
    text = said(server, *history)
    assert text.count(CANCELLED) == 2
    assert text.count("second") == 1


@every
def test_an_answer_that_is_only_a_broken_call_leaves_no_trace(server: Server) -> None:
    cut = Message("assistant", (ToolCallPart("call_9", "f", "{"),), finish_reason="cancelled")
    text = said(server, USER, cut, GO_ON)
    assert "question" in text
    assert "call_9" not in text


# Results


@every
def test_a_late_result_moves_behind_its_call(server: Server) -> None:
    history = [USER, assistant_message(CALL), system_message("Be brief."), GO_ON, RESULT]
    text = said(server, *history)
    assert CANCELLED not in text
    assert text.count("done") == 1


@every
def test_a_result_whose_call_is_gone_does_not_answer_a_later_call_of_its_id(server: Server) -> None:
    again = ToolCallPart("call_1", "f", '{"x": 2}')
    history = [RESULT, assistant_message("One."), USER, assistant_message(again)]
    text = said(server, *history, tool_message(again, "second"))
    assert "Result of the tool f:\\ndone" in text
    assert text.index("second") > text.index("question")


@every
def test_a_result_before_its_call_moves_behind_it(server: Server) -> None:
    assert CANCELLED not in said(server, USER, RESULT, assistant_message(CALL), GO_ON)


@every
def test_a_result_without_its_call_becomes_text(server: Server) -> None:
    picture = FilePart("image/png", b"a")
    for result in (tool_message(CALL, "done"), tool_message("other", [TextPart("done"), picture])):
        text = said(server, USER, assistant_message("Hm."), result, GO_ON)
        assert "done" in text
        assert "Result of" in text
    assert "YQ==" in text


@every
def test_a_second_result_of_one_call_becomes_text(server: Server) -> None:
    text = said(server, USER, assistant_message(CALL), RESULT, tool_message(CALL, "again"), GO_ON)
    assert "again" in text


@every
def test_results_with_wrong_ids_directly_after_their_calls_are_theirs(server: Server) -> None:
    text = said(server, USER, assistant_message(CALL), tool_message("wrong", "done"), GO_ON)
    assert CANCELLED not in text
    assert "wrong" not in text


@every
def test_calls_as_messages_of_their_own_stay_together(server: Server) -> None:
    """Items of the Responses API are read as one message each."""
    other = ToolCallPart("call_2", "g", "{}")
    history = [USER, assistant_message(CALL), assistant_message(other), RESULT]
    text = said(server, *history, tool_message(other, "too"))
    assert CANCELLED not in text


def test_files_in_a_failed_result_are_named_for_anthropic() -> None:
    result = [TextPart("see"), FilePart("image/png", b"a", filename="a.png")]
    turns = sent(
        "anthropic", USER, assistant_message(CALL), tool_message(CALL, result, is_error=True)
    )
    assert "a.png" in turns[2]["content"][0]["content"]


# Ids and names


@every
@pytest.mark.parametrize("call_id", ["", "functions.f:0", "x" * 41, "y" * 500, "é ☃", "a\nb"])
def test_ids_are_mapped_in_call_and_result(server: Server, call_id: str) -> None:
    call = ToolCallPart(call_id, "f", "{}")
    text = said(server, USER, assistant_message(call), tool_message(call, "done"), GO_ON)
    assert CANCELLED not in text


@every
def test_the_same_id_in_several_turns_becomes_several_ids(server: Server) -> None:
    history = [USER]
    for number in range(3):
        call = ToolCallPart("call_0", "f", json.dumps({"turn": number}))
        history += [assistant_message(call, call), *[tool_message(call, f"r{number}")] * 2]
    text = said(server, *history, GO_ON)
    assert CANCELLED not in text
    assert all(text.count(f'"r{number}"') == 2 for number in range(3))


@every
def test_ids_do_not_change_when_the_conversation_goes_on(server: Server) -> None:
    history = [USER, assistant_message(CALL), RESULT, assistant_message("Yes."), GO_ON]
    history += [assistant_message(CALL), RESULT]
    more = [assistant_message("No."), GO_ON, assistant_message(CALL), RESULT]
    short, long = server.body(history), server.body([*history, *more])
    field = next(name for name in ("messages", "contents", "input") if name in short)
    assert long[field][: len(short[field])] == short[field]


def test_an_id_that_is_accepted_stays() -> None:
    for name in ("anthropic", "openai-chat", "openai-responses", "gemini", "openrouter"):
        assert '"call_1"' in json.dumps(sent(name, USER, assistant_message(CALL), RESULT))
    mistral = json.dumps(sent("mistral", USER, assistant_message(CALL), RESULT))
    assert '"call_1"' not in mistral


@every
@pytest.mark.parametrize("name", ["", "default_api.f", "1st", "été", "a b", "n" * 200])
def test_names_that_the_server_forbids_are_changed(server: Server, name: str) -> None:
    call = ToolCallPart("call_1", name, "{}")
    assert CANCELLED not in said(server, USER, assistant_message(call), tool_message(call, "done"))


def test_a_name_that_the_request_declares_stays() -> None:
    call = assistant_message(ToolCallPart("call_1", "ns.f", "{}"))
    tools = [{"type": "function", "function": {"name": "ns.f", "parameters": {}}}]
    body = SERVERS["openrouter"].body([USER, call], tools=tools)
    assert body["messages"][1]["tool_calls"][0]["function"]["name"] == "ns.f"


# Arguments


@every
@pytest.mark.parametrize(
    ("args", "expected"),
    [('"SELECT 1"', {"input": "SELECT 1"}), ("[1]", {"input": [1]}), ("null", {}), ("", {})],
)
def test_arguments_are_an_object(server: Server, args: str, expected: Any) -> None:
    """The text of a custom tool is the input, also where there are no custom tools."""
    call = ToolCallPart("abcDEF123", "f", args)
    text = said(server, USER, assistant_message(call), tool_message(call, "done"))
    as_object, as_text = json.dumps(expected), json.dumps(json.dumps(expected))
    assert as_object in text or as_text in text


# Thinking and reasoning


def test_anthropics_turn_does_not_end_with_thinking() -> None:
    signed = ThinkingPart("Hm", "sig", None, {"anthropic": {}})
    cut = assistant_message(TextPart("a"), signed)
    assert sent("anthropic", USER, cut, GO_ON)[1]["content"] == [{"type": "text", "text": "a"}]
    assert len(sent("anthropic", USER, assistant_message(signed), GO_ON)) == 1


def test_a_thinking_budget_is_left_out_in_another_models_tool_loop() -> None:
    budget = {"thinking": {"type": "enabled", "budget_tokens": 2_000}}
    loop = [USER, assistant_message(CALL), RESULT]
    server = SERVERS["anthropic"]
    assert "thinking" not in server.body(loop, **budget)
    assert "thinking" in server.body([*loop, assistant_message("Yes."), GO_ON], **budget)
    signed = assistant_message(ThinkingPart("Hm", "sig"), CALL)
    assert "thinking" in server.body([USER, signed, RESULT], **budget)


def test_reasoning_goes_with_the_item_that_it_led_to() -> None:
    reasoning = ThinkingPart("", None, "ENC", {"openai_responses": {"id": "rs_1"}})
    whole = TextPart("a", (), {"openai_responses": {"id": "msg_1"}})
    rows = sent("openai-responses", USER, assistant_message(reasoning, whole), GO_ON)
    assert [row.get("id") for row in rows] == [None, "rs_1", "msg_1", None]
    for cut in ([reasoning], [reasoning, TextPart("a")], [whole, reasoning]):
        rows = sent("openai-responses", USER, assistant_message(*cut), GO_ON)
        assert "reasoning" not in [row.get("type") for row in rows]
    lost = ThinkingPart("Hm")
    rows = sent("openai-responses", USER, assistant_message(lost, whole), GO_ON)
    assert "id" not in rows[1]


@every
def test_thinking_of_another_provider_is_not_sent(server: Server) -> None:
    thinking = ThinkingPart("secret", "theirs", "cipher", {"elsewhere": {"id": "rs_1"}})
    text = said(server, USER, assistant_message(thinking, "a"), GO_ON)
    assert not any(word in text for word in ("secret", "theirs", "cipher"))


# Order of roles


@every
def test_two_users_turns_beside_an_empty_answer_both_arrive(server: Server) -> None:
    for empty in (Message("assistant"), assistant_message(""), assistant_message(" \n")):
        text = said(server, USER, empty, GO_ON)
        assert "question" in text
        assert "go on" in text


@every
def test_a_history_that_begins_with_the_model_is_accepted(server: Server) -> None:
    assert "Hello." in said(server, assistant_message("Hello."), GO_ON)


def test_the_user_begins_where_the_documents_demand_it() -> None:
    for name in ("anthropic", "gemini", "mistral", "perplexity"):
        assert EARLIER in json.dumps(sent(name, assistant_message("Hello."), GO_ON)[0])


@every
def test_system_messages_in_the_middle_arrive(server: Server) -> None:
    history = [USER, assistant_message(CALL), system_message("Be brief."), RESULT]
    assert "Be brief." in said(server, *history, system_message("In verse."), GO_ON)


@every
def test_what_is_not_text_in_a_system_message_becomes_the_users(server: Server) -> None:
    picture = FilePart("image/png", b"a")
    odd = Message("system", (TextPart("Be brief."), RefusalPart("No."), picture, *RESULT.parts))
    text = said(server, odd, GO_ON)
    for part in ("Be brief.", "No.", "YQ==", "done"):
        assert text.count(part) == 1


def test_no_file_is_sent_as_instructions() -> None:
    odd = Message("system", (TextPart("Be brief."), FilePart("image/png", b"a")))
    for name in ("openai-chat", "openai-responses", "mistral"):
        rows = sent(name, USER, assistant_message("Yes."), odd)
        assert [row["role"] for row in rows if "YQ==" in json.dumps(row)] == ["user"]


def test_mistral_gets_a_models_message_between_a_result_and_the_user() -> None:
    rows = sent("mistral", USER, assistant_message(CALL), RESULT, GO_ON)
    assert [row["role"] for row in rows] == ["user", "assistant", "tool", "assistant", "user"]
    last = sent("mistral", USER, assistant_message("Once upon"))[-1]
    assert last == {"role": "assistant", "content": "Once upon", "prefix": True}


# What other providers made


@every
def test_of_anothers_own_tools_the_text_remains(server: Server) -> None:
    answer = assistant_message(
        BuiltinToolCallPart("ws_1", "web_search", "{}", {"elsewhere": {"type": "x"}}),
        BuiltinToolResultPart("ws_1", "web_search", [{"url": "u"}]),
        "Found it.",
        FilePart("image/png", b"a", filename="sky.png"),
    )
    text = said(server, USER, answer, GO_ON)
    assert "Found it." in text
    assert "sky.png" in text or "YQ==" in text


def test_a_call_that_anthropic_was_running_is_sent_only_if_it_can_go_on() -> None:
    ours = {"anthropic": {"type": "server_tool_use"}}
    call = BuiltinToolCallPart("srvtoolu_1", "web_search", '{"query": "q"}', ours)
    paused = Message("assistant", (TextPart("a"), call), finish_reason="other")
    assert [block["type"] for block in sent("anthropic", USER, paused)[1]["content"]] == [
        "text",
        "server_tool_use",
    ]
    assert "srvtoolu_1" not in json.dumps(sent("anthropic", USER, paused, GO_ON))


def test_results_in_an_answer_are_taken_out_of_it() -> None:
    kept = ToolResultPart("call_1", "done", "f")
    for name in SERVERS:
        assert CANCELLED not in json.dumps(sent(name, USER, assistant_message(CALL, kept, "Yes.")))


def test_a_call_of_gemini_that_is_there_twice_is_paired_by_its_place() -> None:
    ours = {"gemini": {"part": {"executableCode": {"code": "1", "language": "PYTHON"}}}}
    told = {"gemini": {"part": {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1"}}}}
    call = BuiltinToolCallPart("c", "code_execution", "{}", ours)
    result = BuiltinToolResultPart("c", "code_execution", "1", provider_metadata=told)
    cut = Message("assistant", (call, result, call), finish_reason="cancelled")
    history = [USER, cut, GO_ON]
    parts = sent("gemini", *history)[1]["parts"]
    assert [next(iter(part)) for part in parts] == ["executableCode", "codeExecutionResult"]
    copied = messages_from_json(messages_to_json(history))
    assert sent("gemini", *copied) == sent("gemini", *history)
