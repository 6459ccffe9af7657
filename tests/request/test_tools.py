"""``tools=``: what is accepted as a tool, and how calls are reported and answered."""

from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

import nbstream
from nbstream.core.events import ToolDelta, ToolEnd, ToolStart
from nbstream.core.message import ToolCallPart, assistant_message
from nbstream.core.tool_spec import Tool, ToolSpec
from nbstream.errors import UsageError
from nbstream.testing import ScriptedModel


def get_weather(city: str, unit: Literal["celsius", "kelvin"] = "celsius") -> str:
    """The weather of a city.

    Args:
        city: Its name.
    """
    raise AssertionError("a tool is reported, not called")


class Order(BaseModel):
    """Order a product."""

    item: str
    count: int = Field(ge=1)


def tools_of(*tools: Any, choice: Any = None) -> tuple[Tool, ...]:
    """The tools that the model gets."""
    model = ScriptedModel("Yes.")
    nbstream.stream(model, "hi", tools=tools, tool_choice=choice).until_done()
    found: tuple[Tool, ...] = model.requests[0].params["tools"]
    return found


def test_a_function() -> None:
    (tool,) = tools_of(get_weather)
    assert isinstance(tool, ToolSpec)
    assert (tool.name, tool.description) == ("get_weather", "The weather of a city.")
    assert tool.parameters["required"] == ["city"]
    assert tool.parameters["properties"]["city"]["description"] == "Its name."
    assert tool.parameters["properties"]["unit"]["enum"] == ["celsius", "kelvin"]


def test_a_pydantic_model() -> None:
    (tool,) = tools_of(Order)
    assert isinstance(tool, ToolSpec)
    assert (tool.name, tool.description) == ("Order", "Order a product.")
    assert tool.parameters["properties"]["count"]["minimum"] == 1


SCHEMA = {"type": "object", "properties": {"x": {"type": "integer"}}}


@pytest.mark.parametrize(
    "given",
    [
        {"name": "f", "description": "d", "parameters": SCHEMA},
        {"name": "f", "description": "d", "input_schema": SCHEMA},
        {"type": "function", "name": "f", "description": "d", "parameters": SCHEMA},
        {"type": "function", "function": {"name": "f", "description": "d", "parameters": SCHEMA}},
    ],
)
def test_a_schema_in_the_form_of_each_provider(given: dict[str, Any]) -> None:
    assert tools_of(given) == (ToolSpec("f", "d", SCHEMA),)


def test_other_fields_of_a_tool_are_kept() -> None:
    cached = {"cache_control": {"type": "ephemeral"}}
    given = {"name": "f", "input_schema": SCHEMA, "strict": True, **cached}
    assert tools_of(given) == (ToolSpec("f", "", SCHEMA, strict=True, extra=cached),)


def test_a_dict_without_a_schema() -> None:
    (tool,) = tools_of({"name": "now", "description": "The time."})
    assert isinstance(tool, ToolSpec)
    assert tool.parameters == {"type": "object", "properties": {}}
    (tool,) = tools_of({"type": "web_search_20260209", "name": "web_search"})
    assert not isinstance(tool, ToolSpec)
    assert tool.row == {"type": "web_search_20260209", "name": "web_search"}
    (tool,) = tools_of({"googleSearch": {}})
    assert tool.name == "googleSearch"


@pytest.mark.parametrize(
    ("tools", "words"),
    [
        (get_weather, "a list of tools"),
        ({"name": "f"}, "a list of tools"),
        ([3], "cannot be a tool"),
        ([{"name": "f", "parameters": "x"}], "JSON schema"),
        ([{"parameters": SCHEMA}], "no name"),
    ],
)
def test_an_invalid_tool_is_refused(tools: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        nbstream.stream(ScriptedModel("x"), "hi", tools=tools)


def test_a_tool_of_another_provider_is_refused_at_the_call() -> None:
    search = nbstream.providers.anthropic.tools.web_search(max_uses=3)
    with pytest.raises(UsageError, match="belongs to Anthropic's Messages API"):
        nbstream.stream("openai/gpt-5.2", "hi", tools=[search], api_key="k")
    perplexity = nbstream.providers.ai_gateway.tools.perplexity_search(max_results=5)
    with pytest.raises(UsageError, match="run by gateway; this model is groq's"):
        nbstream.stream("groq/llama-3.3-70b", "hi", tools=[perplexity], api_key="k")
    with pytest.raises(UsageError, match="names no tool"):
        nbstream.stream("openai/gpt-5.2", "hi", tools=[Order], tool_choice="order", api_key="k")


def test_calls_are_reported_and_can_be_answered() -> None:
    call = ToolCallPart("c1", "get_weather", '{"city": "Rome"}')
    model = ScriptedModel(assistant_message(call), "Sunny.")
    question = nbstream.user_message("the weather?")
    with nbstream.stream(model, [question], tools=[get_weather]) as stream:
        kinds = [type(event) for event in stream if isinstance(event, (ToolStart, ToolEnd))]
        assert kinds == [ToolStart, ToolEnd]
    (asked,) = stream.message.tool_calls
    assert asked.args == {"city": "Rome"}
    answer = nbstream.tool_message(asked, {"sky": "clear"})
    again = nbstream.stream(model, [question, stream.message, answer], tools=[get_weather])
    assert again.get_final_text() == "Sunny."
    assert model.requests[1].messages[-1] == answer


def test_arguments_while_they_arrive() -> None:
    call = ToolCallPart("c1", "Order", '{"item": "tea", "count": 12}')
    stream = nbstream.stream(ScriptedModel(assistant_message(call)), "hi", tools=[Order])
    seen = [event.args for event in stream if isinstance(event, ToolDelta)]
    assert seen[-1] == {"item": "tea", "count": 12}
    assert {"item": "te"} in seen or {"item": "tea"} in seen
