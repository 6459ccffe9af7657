"""What an MCP server asks the user: a form of the call that runs, in both protocols."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

import nbstream
from nbstream.events import InputRequest
from nbstream.mcp.elicitation import Form
from nbstream.testing import ScriptedModel
from tests.agent.scripts import calls, results
from tests.mcp.conftest import HERE


def asked(server: Any, answer: Any) -> tuple[InputRequest, str]:
    """The question of a call of `asks`, and the result when it is answered."""
    model = ScriptedModel(calls(("asks", "{}")), "Done.")
    stream = nbstream.Agent(model, tools=[server], approve="wait").run_stream("?")
    (event,) = [_answered(found, answer) for found in stream if isinstance(found, InputRequest)]
    (result,) = results(stream)
    return event, result


def _answered(event: InputRequest, answer: Any) -> InputRequest:
    """The question, with its answer; None declines."""
    if answer is None:
        event.decline("Not now.")
    else:
        event.answer(answer)
    return event


def test_a_server_asks_the_user(shared: nbstream.mcp.MCPServer) -> None:
    event, result = asked(shared, {"size": 3})
    assert event.question == "Which size?"
    assert event.schema["properties"]["size"] == {
        "type": "integer",
        "minimum": 1,
        "title": "How large?",
    }
    assert result == "accept size=3 sure=True"
    assert asked(shared, None)[1].startswith("decline")


def test_a_server_of_the_older_protocol_asks_the_user() -> None:
    with nbstream.mcp.stdio("python", str(HERE / "old_server.py")) as server:
        event, result = asked(server, {"size": 2, "colour": "red"})
        assert event.question == "Which one?"
        assert event.schema["required"] == ["size", "colour"]
        assert event.schema["properties"]["colour"]["enum"] == ["red", "blue"]
        assert json.loads(result) == {"action": "accept", "content": {"size": 2, "colour": "red"}}
        assert json.loads(asked(server, None)[1]) == {"action": "decline"}


def test_a_run_that_is_cancelled_takes_its_question_back() -> None:
    with nbstream.mcp.stdio("python", str(HERE / "old_server.py")) as server:
        model = ScriptedModel(calls(("asks", "{}")), "Done.")
        stream = nbstream.Agent(model, tools=[server], approve="wait").run_stream("?")
        stream.start()
        event = next(found for found in stream if isinstance(found, InputRequest))
        stream.cancel()
        stream.wait()
        assert not stream.waiting
        assert json.loads(asked(server, {"size": 2, "colour": "red"})[1])["action"] == "accept"
    assert event.question == "Which one?"


FORM = Form(
    {
        "type": "object",
        "properties": {
            "model_dump": {"type": "string", "minLength": 2},
            "_private": {"type": "number"},
            "some of": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}},
            "one": {"type": "string", "oneOf": [{"const": "x", "title": "X\u202e"}]},
            "yes": {"type": "boolean", "default": True},
        },
        "required": ["model_dump"],
    }
)


def test_any_name_can_be_a_field() -> None:
    value = FORM.model.model_validate({"model_dump": "ab", "some of": ["a"], "_private": 1})
    assert FORM.content(value) == {
        "model_dump": "ab",
        "_private": 1.0,
        "some of": ["a"],
        "yes": True,
    }
    assert FORM.model.model_validate(value.model_dump()) == value


@pytest.mark.parametrize(
    "wrong", [{}, {"model_dump": "a"}, {"model_dump": "ab", "some of": ["c"]}, {"one": "y"}]
)
def test_answers_are_checked(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        FORM.model.model_validate(wrong)


@pytest.mark.parametrize(
    "schema",
    [
        3,
        {"properties": []},
        {"properties": {"a": 1}},
        {"properties": {"a": {"type": "object"}}},
        {"properties": {"a": {"type": "array"}}},
        {"properties": {f"a{at}": {"type": "string"} for at in range(51)}},
    ],
)
def test_what_is_no_flat_form_is_refused(schema: Any) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Form(schema)
