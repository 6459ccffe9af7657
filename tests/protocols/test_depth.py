"""JSON that is nested 20,000 levels deep: documented errors, and a cost that stays linear."""

import json
from typing import Any

import pytest

import nbstream
from nbstream.core.events import ToolDelta
from nbstream.display.html import html
from nbstream.display.markdown import markdown
from nbstream.display.plain import plain
from nbstream.errors import OutputError, ProtocolError
from nbstream.messages import message_from_json, message_to_json
from tests.protocols.any_wire import PROTOCOLS, answer, read, sse
from tests.typed.counting import calls

MANY = 20_000
DEEP = {
    "objects": '{"a": ' * MANY + "1" + "}" * MANY,
    "arrays": '{"a": ' + "[" * MANY + "]" * MANY + "}",
    "both": '{"a": [' * MANY + "1" + "]}" * MANY,
}


def pieces(text: str) -> list[str]:
    return [text[at : at + 50] for at in range(0, len(text), 50)]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("deep", DEEP.values(), ids=DEEP)
def test_arguments(protocol: str, deep: str) -> None:
    events, message, failure = read(protocol, answer(protocol, "arguments", pieces(deep)))
    assert (failure, message.finish_reason) == ("", "tool_call")
    (call,) = message.tool_calls
    assert call.args_json == deep
    with pytest.raises(json.JSONDecodeError):
        call.args  # noqa: B018
    with pytest.raises(ValueError, match="recursion limit"):
        call.input  # noqa: B018
    assert [event.args for event in events if isinstance(event, ToolDelta)][-1] is None
    assert message_from_json(message_to_json(message)) == message
    stream = nbstream.replay_message(message)
    stream.wait()
    for draw in (html, markdown, plain):
        assert draw(stream)


@pytest.mark.parametrize("step", [".a", "[0]"])
def test_values_of_gemini_with_a_path(step: str) -> None:
    rows = answer("gemini", "arguments", [])
    value = {"jsonPath": "$.a" + step * MANY, "stringValue": "x"}
    call = {"functionCall": {"partialArgs": [value], "willContinue": True}}
    rows.insert(1, {"candidates": [{"content": {"parts": [call]}}]})
    _, message, failure = read("gemini", rows)
    assert (failure, len(message.tool_calls)) == ("ProtocolError", 1)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("of", [dict[str, Any], list[Any], Any])
def test_typed_output(protocol: str, of: Any) -> None:
    body = sse(answer(protocol, "text", pieces(DEEP["both"])))
    stream = nbstream.replay(body, protocol, output_type=of)
    with pytest.raises(OutputError, match="nested more than 200"):
        list(stream.stream_output())
    with pytest.raises(OutputError, match="nested more than 200") as failure:
        stream.get_output()
    assert stream.text == failure.value.raw == DEEP["both"]
    str(failure.value)


def test_the_snapshots_of_deep_arguments_cost_the_same() -> None:
    def cost(count: int) -> int:
        rows = answer("openai_chat", "arguments", pieces('{"a": ' * count))
        events = read("openai_chat", rows)[0]

        def read_all() -> None:
            for event in events:
                if isinstance(event, ToolDelta):
                    event.args  # noqa: B018

        return calls(read_all)

    assert cost(20_000) < 25 * cost(2_000)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("deep", [*DEEP.values(), '{"a": ' * MANY], ids=[*DEEP, "cut"])
def test_data_of_an_event(protocol: str, deep: str) -> None:
    rows: list[Any] = answer(protocol, "text", ["before", "after"])
    at = next(number for number, row in enumerate(rows) if "before" in json.dumps(row))
    stream = nbstream.replay(sse([*rows[: at + 1], deep, *rows[at + 1 :]]), protocol)
    stream.wait()
    assert isinstance(stream.error, ProtocolError)
    assert stream.message.text == "before"


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("deep", DEEP.values(), ids=DEEP)
def test_a_body(protocol: str, deep: str) -> None:
    stream = nbstream.replay(deep.encode(), protocol)
    stream.wait()
    assert isinstance(stream.error, ProtocolError)
    assert "too deep" in stream.error.text


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_data_of_an_event_with_half_a_character(protocol: str) -> None:
    row = '{"half": "\\ud83d", "x": ' + "[" * 300 + "]" * 300 + "}"
    stream = nbstream.replay(sse([row]), protocol)
    stream.wait()
    assert isinstance(stream.error, ProtocolError)
    assert "too deep" in stream.error.text
