"""Chat Completions: tool calls and thinking, in the pieces that servers send."""

import json
from typing import Any

import pytest

from nbstream.core.message import (
    TextPart,
    ThinkingPart,
)
from tests.protocols.openai_chat_wire import chunk, fold


def call(arguments: Any = "", **top: Any) -> dict[str, Any]:
    name = top.pop("name", None)
    function = {"arguments": arguments} | ({"name": name} if name else {})
    return {"function": function, **top}


def calls(*deltas: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    message = fold(*(chunk({"tool_calls": rows}) for rows in deltas), "[DONE]")
    return [(one.tool_call_id, one.tool_name, one.args_json) for one in message.tool_calls]


def test_a_custom_tools_input_is_text() -> None:
    pieces: list[dict[str, Any]] = [
        {"id": "i", "type": "custom", "custom": {"name": "sql", "input": ""}},
        {"custom": {"input": 'a "b'}},
        {"custom": {"input": '"\n'}},
    ]
    message = fold(*(chunk({"tool_calls": [{"index": 0, **one}]}) for one in pieces), "[DONE]")
    assert [one.args for one in message.tool_calls] == ['a "b"\n']
    empty = fold(chunk({"tool_calls": [pieces[0]]}), "[DONE]")
    assert [one.args for one in empty.tool_calls] == [""]


def test_a_function_call_with_a_null_custom_field() -> None:
    row = {"id": "i", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    message = fold(chunk({"tool_calls": [{**row, "custom": None}]}), "[DONE]")
    (one,) = message.tool_calls
    assert (one.args, one.provider_metadata) == ({}, {})


@pytest.mark.parametrize(
    "deltas",
    [
        pytest.param(
            [
                [call(id="a", name="f", index=0)],
                [call("{}", index=0)],
                [call("{}", id="b", name="g", index=1)],
            ],
            id="by index",
        ),
        pytest.param(
            [[call(id="a", name="f")], [call("{}", id="a")], [call("{}", id="b", name="g")]],
            id="by id",
        ),
        pytest.param(
            [[call("{}", id="a", name="f"), call("{}", id="b", name="g")]],
            id="complete and without index",
        ),
        pytest.param(
            [[call(id="a", name="f"), call(id="b", name="g")], [call("{}"), call("{}")]],
            id="by place",
        ),
        pytest.param(
            [[call("{}", id="a", name="f", index=0)], [call("{}", id="b", name="g", index=0)]],
            id="every call at index 0",
        ),
        pytest.param(
            [
                [call("{", id="a", index=0)],
                [call("}", index=0, name="f")],
                [call({}, id="b", name="g"), call()],
                [call("{}", id="b")],
            ],
            id="name late",
        ),
    ],
)
def test_pieces_of_calls_are_assembled(deltas: list[list[dict[str, Any]]]) -> None:
    assert calls(*deltas) == [("a", "f", "{}"), ("b", "g", "{}")]


def test_a_name_repeated_in_each_piece_counts_once() -> None:
    rows = [[call("{", id="a", name="f", index=0)], [call("}", id="a", name="f", index=0)]]
    assert calls(*rows) == [("a", "f", "{}")]


def test_arguments_may_be_an_object() -> None:
    assert calls([call({"x": [1]}, id="a", name="f")]) == [("a", "f", '{"x": [1]}')]


def test_a_call_without_an_id_gets_one() -> None:
    first, second = calls([call("{}", id="", name="f"), call("{}", name="f")])
    assert first[0]
    assert first[0] != second[0]


def test_arguments_cut_short_are_kept_as_they_are() -> None:
    rows = [chunk({"tool_calls": [call('{"x": ', id="a", name="f", index=0)]})]
    message = fold(*rows, chunk(finish="tool_calls"))
    assert message.finish_reason == "tool_call"
    assert message.tool_calls[0].args_json == '{"x": '
    with pytest.raises(json.JSONDecodeError):
        message.tool_calls[0].args  # noqa: B018


def test_the_old_function_call() -> None:
    rows = [chunk({"function_call": {"name": "f", "arguments": ""}})]
    rows += [chunk({"function_call": {"arguments": piece}}) for piece in ("{", "}")]
    message = fold(*rows, chunk(finish="function_call"))
    assert [(one.tool_name, one.args) for one in message.tool_calls] == [("f", {})]
    assert message.finish_reason == "tool_call"


# Thinking.


@pytest.mark.parametrize("name", ["reasoning", "reasoning_content"])
def test_thinking_has_two_names(name: str) -> None:
    message = fold(chunk({name: "h"}), chunk({name: "m"}), chunk({"content": "a"}), "[DONE]")
    kept = {"openai_chat": {"field": name}}
    assert message.parts == (ThinkingPart("hm", provider_metadata=kept), TextPart("a"))


def test_thinking_in_both_fields_counts_once() -> None:
    assert fold(chunk({"reasoning": "h", "reasoning_content": "h"}), "[DONE]").thinking == "h"


def test_reasoning_details_are_joined_and_kept() -> None:
    def detail(**fields: Any) -> dict[str, Any]:
        return {"type": "reasoning.text", "index": 0, "format": "v1", **fields}

    sealed = {"type": "reasoning.encrypted", "data": "xyz", "id": "rs_1", "index": 1}
    message = fold(
        chunk({"reasoning": "a", "reasoning_details": [detail(text="a", signature="")]}),
        chunk({"reasoning": "b", "reasoning_details": [detail(text="b")]}),
        chunk({"reasoning": None, "reasoning_details": [detail(signature="sig")]}),
        chunk({"content": "", "reasoning_details": [sealed]}),
        chunk({"content": "answer"}),
        "[DONE]",
    )
    (thinking, text) = message.parts
    assert isinstance(thinking, ThinkingPart)
    assert (thinking.text, thinking.signature, thinking.redacted) == ("ab", "sig", "xyz")
    kept = thinking.provider_metadata["openai_chat"]["reasoning_details"]
    assert kept == [detail(text="ab", signature="sig"), sealed]
    assert text == TextPart("answer")


def test_details_alone_are_thinking_too() -> None:
    row = {"type": "reasoning.summary", "summary": "hm", "index": 0}
    assert fold(chunk({"reasoning_details": [row]}), "[DONE]").thinking == "hm"


def test_encrypted_reasoning_after_the_text_is_a_part_of_its_own() -> None:
    row = {"type": "reasoning.encrypted", "data": "xyz"}
    message = fold(
        chunk({"content": "a"}),
        chunk({"reasoning_details": [row]}),
        chunk({"content": "b"}),
        "[DONE]",
    )
    assert message.text == "ab"
    assert [part.kind for part in message.parts] == ["text", "thinking"]
    assert isinstance(message.parts[1], ThinkingPart)
    assert message.parts[1].redacted == "xyz"


def test_mistrals_content_pieces() -> None:
    def thinking(text: str) -> dict[str, Any]:
        return {"type": "thinking", "thinking": [{"type": "text", "text": text}]}

    message = fold(
        chunk({"content": [thinking("h")]}),
        chunk({"content": [thinking("m"), {"type": "text", "text": "a"}]}),
        chunk({"content": "b"}),
        chunk({"content": [{"type": "reference", "reference_ids": [1]}, {"type": "new"}]}),
        chunk(finish="stop"),
    )
    assert (message.thinking, message.text) == ("hm", "ab")
    assert message.citations[0].provider_metadata["openai_chat"]["reference_ids"] == [1]
    assert message.provider_metadata["unknown_content"] == [{"type": "new"}]
