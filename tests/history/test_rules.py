"""The rules find what they forbid: each is broken by a request written by hand."""

from typing import Any

import pytest

from tests.history import anthropic_rules, gemini_rules, openai_chat_rules, openai_responses_rules

Row = dict[str, Any]


def said(role: str, *blocks: Row) -> Row:
    return {"role": role, "content": list(blocks)}


TEXT = {"type": "text", "text": "a"}
ASK = said("user", TEXT)
USE = {"type": "tool_use", "id": "t1", "name": "f", "input": {}}
DONE = {"type": "tool_result", "tool_use_id": "t1", "content": "x"}
HM = {"type": "thinking", "thinking": "h", "signature": "s"}
SEARCH = {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {}}


@pytest.mark.parametrize(
    ("turns", "word"),
    [
        ([], "at least one"),
        ([said("assistant", TEXT), ASK], "first message"),
        ([ASK, ASK], "alternate"),
        ([said("user")], "non-empty"),
        ([said("user", {"type": "text", "text": " "})], "non-whitespace"),
        ([ASK, said("assistant", USE), ASK], "without tool_result"),
        ([ASK, said("assistant", USE)], "without tool_result"),
        ([ASK, said("assistant", USE, USE), said("user", DONE)], "unique"),
        ([ASK, said("assistant", USE), said("user", DONE, DONE)], "single result"),
        ([ASK, said("assistant", USE), said("user", TEXT, DONE)], "come first"),
        ([ASK, said("assistant", TEXT), said("user", DONE)], "unexpected tool_use_id"),
        ([ASK, said("assistant", {**USE, "id": "t.1"}), ASK], "pattern"),
        ([ASK, said("assistant", {**USE, "name": "a b"}), said("user", DONE)], "pattern"),
        ([ASK, said("assistant", {**USE, "input": "x"}), said("user", DONE)], "dictionary"),
        ([ASK, said("assistant", TEXT, HM), ASK], "cannot be thinking"),
        ([ASK, said("assistant", {**HM, "signature": ""}, TEXT), ASK], "signature"),
        ([ASK, said("assistant", {"type": "text", "text": "a "})], "trailing whitespace"),
        ([ASK, said("assistant", HM, TEXT)], "disabled"),
        ([ASK, said("assistant", SEARCH, TEXT), ASK], "corresponding result"),
        ([ASK, said("assistant", {"type": "image"}), ASK], "in an assistant"),
    ],
)
def test_anthropic(turns: list[Row], word: str) -> None:
    assert any(word in fault for fault in anthropic_rules.faults({"messages": turns}))


def test_anthropic_with_a_thinking_budget() -> None:
    body = {"messages": [ASK, said("assistant", USE), said("user", DONE)]}
    assert list(anthropic_rules.faults(body)) == []
    thinking = {"thinking": {"type": "enabled"}}
    assert any("expected thinking" in fault for fault in anthropic_rules.faults(body | thinking))


USER = {"role": "user", "content": "a"}
INNER = {"name": "f", "arguments": "{}"}
CALLED = {"id": "c1", "type": "function", "function": INNER}
CALLS = {"role": "assistant", "content": None, "tool_calls": [CALLED]}
TOOL = {"role": "tool", "tool_call_id": "c1", "content": "x"}


def calls(**fields: Any) -> Row:
    return {**CALLS, "tool_calls": [{**CALLED, **fields}]}


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([], "too short"),
        ([USER, CALLS, USER], "did not have response"),
        ([USER, CALLS], "did not have response"),
        ([USER, TOOL], "must be a response"),
        ([USER, CALLS, USER, TOOL], "must be a response"),
        ([USER, USER], "alternate"),
        ([USER, {"role": "assistant", "content": None}], "content or tool_calls"),
        ([USER, {**CALLS, "tool_calls": []}], "empty array"),
        ([USER, calls(id="x" * 41), TOOL], "length"),
        ([USER, CALLS, TOOL, CALLS, TOOL], "duplicate"),
        ([USER, calls(function={**INNER, "name": "a.b"}), TOOL], "pattern"),
        ([USER, calls(function={**INNER, "arguments": "{"}), TOOL], "JSON object"),
        ([USER, calls(function={**INNER, "arguments": '"x"'}), TOOL], "JSON object"),
        ([{"role": "user", "content": " "}], "without content"),
    ],
)
def test_openai_chat(rows: list[Row], word: str) -> None:
    assert any(word in fault for fault in openai_chat_rules.faults({"messages": rows}))


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([USER, CALLS, TOOL], "length of 9"),
        ([USER, CALLS, TOOL, USER], "unexpected role 'user'"),
        ([USER, {"role": "assistant", "content": "a"}], "last role"),
        ([USER, CALLS, TOOL, {"role": "system", "content": "a"}], "unexpected role 'system'"),
    ],
)
def test_mistral(rows: list[Row], word: str) -> None:
    found = openai_chat_rules.faults({"messages": rows}, roles="mistral")
    assert any(word in fault for fault in found)


FUNCTION = {"type": "function_call", "id": "fc_1", "call_id": "c", "name": "f", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "c", "output": "x"}
REASON = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "e"}
MESSAGE = {"type": "message", "id": "msg_1", "role": "assistant", "content": [TEXT]}


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([], "empty"),
        ([REASON, USER], "following item"),
        ([REASON], "following item"),
        ([REASON, REASON, MESSAGE], "following item"),
        ([REASON, {"role": "assistant", "content": "a"}], "following item"),
        ([{**REASON, "encrypted_content": None}, MESSAGE], "not stored"),
        ([FUNCTION, USER], "no tool output"),
        ([OUTPUT], "no tool call"),
        ([FUNCTION, OUTPUT, OUTPUT], "no tool call"),
        ([FUNCTION, OUTPUT, {**FUNCTION, "id": "fc_2"}, OUTPUT], "twice"),
        ([MESSAGE, MESSAGE], "duplicate item"),
        ([{**FUNCTION, "call_id": "c" * 65}, {**OUTPUT, "call_id": "c" * 65}], "length"),
        ([{**FUNCTION, "id": "fc+1"}, OUTPUT], "pattern"),
        ([{**FUNCTION, "name": ""}, OUTPUT], "pattern"),
        ([{"type": "computer_call", "id": "cu", "call_id": "c"}, USER], "no tool output"),
        ([{"role": "user", "content": ""}], "without content"),
    ],
)
def test_openai_responses(rows: list[Row], word: str) -> None:
    assert any(word in fault for fault in openai_responses_rules.faults({"input": rows}))


def parts(role: str, *rows: Row) -> Row:
    return {"role": role, "parts": list(rows)}


HELLO = parts("user", {"text": "a"})
INVOKE = {"functionCall": {"name": "f", "args": {}, "id": "c"}, "thoughtSignature": "s"}
RESPONSE = {"functionResponse": {"name": "f", "response": {}, "id": "c"}}


@pytest.mark.parametrize(
    ("contents", "word"),
    [
        ([], "not specified"),
        ([parts("model", {"text": "a"})], "first content"),
        ([HELLO, HELLO], "alternate"),
        ([parts("user")], "must not be empty"),
        ([parts("user", {"text": ""})], "empty text"),
        ([HELLO, parts("model", INVOKE), HELLO], "number of function response"),
        ([HELLO, parts("model", INVOKE, INVOKE), parts("user", RESPONSE)], "number of function"),
        ([HELLO, parts("model", {"text": "a"}), parts("user", RESPONSE)], "immediately after"),
        ([HELLO, parts("model", {**INVOKE, "thoughtSignature": ""})], "thought_signature"),
        ([HELLO, parts("model", {"functionCall": {"name": "1f", "args": {}}})], "pattern"),
        ([HELLO, parts("model", {"functionCall": {"name": "f", "args": "x"}})], "object"),
    ],
)
def test_gemini(contents: list[Row], word: str) -> None:
    assert any(word in fault for fault in gemini_rules.faults({"contents": contents}))
