"""Calls as JSON, for models that are not shown tools."""

from typing import Any

import pytest

import nbstream
from nbstream import events as ev
from nbstream.core.output_spec import OutputSpec
from nbstream.messages import Message, ToolCallPart
from nbstream.request.json_calls import JsonCalls
from nbstream.streams import stream_from_source
from nbstream.streams.replay import events_of, play

ADD = nbstream.ToolSpec(
    "add",
    "Add numbers.",
    {
        "type": "object",
        "properties": {"n": {"$ref": "#/$defs/N"}},
        "$defs": {"N": {"type": "integer"}},
    },
)


def read(text: str, output: OutputSpec | None = None) -> tuple[list[ev.Event], Message]:
    """The events and the message of a reply with this text, 3 characters at a time."""
    events: Any = events_of(nbstream.assistant_message(text), 3)
    stream = stream_from_source(JsonCalls([ADD], output).source(lambda: play(events, 0)))
    return list(stream), stream.message


def test_the_schema_is_of_a_call_or_an_answer() -> None:
    schema = JsonCalls([ADD], None).spec.schema
    call, answer = schema["properties"]["reply"]["anyOf"]
    assert call["properties"]["tool"] == {"const": "add"}
    assert call["properties"]["arguments"]["properties"] == {"n": {"$ref": "#/$defs/N"}}
    assert answer["properties"] == {"answer": {"type": "string"}}
    assert schema["$defs"] == {"N": {"type": "integer"}}


def test_a_call_is_a_call() -> None:
    _, message = read('{"reply": {"tool": "add", "arguments": {"n": 3}}}')
    assert [(call.tool_name, call.args) for call in message.tool_calls] == [("add", {"n": 3})]
    assert message.finish_reason == "tool_call"
    assert not message.text


def test_an_answer_streams() -> None:
    events, message = read('{"reply": {"answer": "It is \\"7\\"."}}')
    assert message.text == 'It is "7".'
    assert message.finish_reason == "stop"
    assert len([one for one in events if isinstance(one, ev.TextDelta)]) > 2


def test_a_typed_answer_is_its_json() -> None:
    spec = OutputSpec("Colour", {"type": "object", "properties": {"name": {"type": "string"}}})
    assert read('{"reply": {"answer": {"name": "red"}}}', spec)[1].text == '{"name": "red"}'


@pytest.mark.parametrize("text", ["Just words.", '{"reply": 3}', "[1]"])
def test_what_is_neither_is_text(text: str) -> None:
    assert read(text)[1].text == text


def test_a_reply_that_breaks_off_keeps_what_had_come() -> None:
    assert read('{"reply": {"answer": "It is')[1].text == "It is"


def test_the_conversation_is_written_in_the_same_form() -> None:
    call = ToolCallPart("c1", "add", '{"n": 3}')
    history = [
        nbstream.system_message("Be brief."),
        nbstream.user_message("3 + 4?"),
        nbstream.assistant_message(call),
        nbstream.tool_message(call, 7),
        nbstream.assistant_message("It is 7."),
    ]
    written = JsonCalls([ADD], None).conversation(history)
    assert [message.role for message in written] == [
        *("system", "user", "assistant", "user", "assistant")
    ]
    assert written[0].text.startswith("Be brief.\n\nReply with JSON.")
    assert "- add: Add numbers." in written[0].text
    assert written[2].text == '{"reply": {"tool": "add", "arguments": {"n": 3}}}'
    assert written[3].text.startswith("add returned: 7")
    assert written[4].text == '{"reply": {"answer": "It is 7."}}'
    assert JsonCalls([ADD], None).conversation(history[1:2])[0].role == "system"
