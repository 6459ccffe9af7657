"""Agents over all four protocols, and with the local model, which writes its calls as JSON."""

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

import nbstream
from nbstream.events import ApprovalRequest, FunctionToolCall, FunctionToolResult
from tests.harness.aimock import AIMock
from tests.live.wires import WIRES, model


class Recipe(BaseModel):
    """A dish."""

    name: str
    ingredients: list[str]
    minutes: int


def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"fine in {city}"


@pytest.fixture(scope="module")
def aimock() -> Iterator[AIMock]:
    with AIMock() as running:
        yield running


@pytest.mark.parametrize("wire", WIRES)
def test_parallel_calls_over_a_protocol(aimock: AIMock, wire: str) -> None:
    agent = nbstream.Agent(model(wire, aimock.url), tools=[get_weather], system="Be brief.")
    stream = agent.run_stream("the weather")
    asked = [event.part.args for event in stream if isinstance(event, FunctionToolCall)]
    assert asked == [{"city": "Paris"}, {"city": "Rome"}]
    assert stream.get_output() == "Rain in Paris, sun in Rome."
    assert "fine in Paris" in stream.html
    again = agent.run_sync("say hello", message_history=stream.all_messages())
    assert again.output.startswith("Hello from the mock")


def test_a_key_in_a_tools_exception_reaches_nobody(aimock: AIMock) -> None:
    wire, key = next(iter(WIRES)), "sk-live-0123456789"

    def get_weather(city: str) -> str:
        raise RuntimeError(f"GET https://weather.test/{city}?key={key}: 401")

    agent = nbstream.Agent(model(wire, aimock.url, key=key), tools=[get_weather])
    stream = agent.run_stream("the weather")
    [first, _] = [event for event in stream if isinstance(event, FunctionToolResult)]
    assert str(first.part.result).startswith("RuntimeError: GET https://weather.test/")
    assert str(first.part.result).endswith("?key=[key]: 401")
    assert "?key=[key]: 401" in first.traceback
    assert key not in stream.html + stream.all_messages_json().decode() + first.traceback


@pytest.mark.parametrize("wire", WIRES)
def test_a_typed_output_beside_tools(aimock: AIMock, wire: str) -> None:
    agent = nbstream.Agent(model(wire, aimock.url), tools=[get_weather], output_type=Recipe)
    stream = agent.run_stream("a recipe")
    growing = list(stream.stream_output(debounce_by=None))
    assert growing[-1] == stream.get_output()
    assert stream.get_output().minutes == 20


def test_the_local_model_calls_tools() -> None:
    def favourite() -> str:
        """The user's favourite colour."""
        return "blue"

    def add(a: int, b: int) -> int:
        """Add two numbers."""
        return a + b

    agent = nbstream.Agent(
        "local", tools=[favourite, add], temperature=0, max_tokens=200, max_steps=6
    )
    result = agent.run_sync("Use the tool add to add 3 and 4.")
    asked = [call.args for call in result.tool_calls if call.tool_name == "add"]
    assert {"a": 3, "b": 4} in asked
    assert result.output
    stream = agent.run_stream("What is my favourite colour?")
    assert "".join(stream.stream_text(delta=True)) == stream.get_output()
    assert [message.role for message in stream.messages][:2] == ["assistant", "tool"]


def test_the_local_model_gives_a_typed_output_beside_tools() -> None:
    class Colour(BaseModel):
        name: str

    agent = nbstream.Agent(
        "local",
        tools=[get_weather],
        output_type=Colour,
        temperature=0,
        max_tokens=200,
        max_steps=6,
    )
    output = agent.run_sync("Name a colour.").output
    assert isinstance(output, Colour)
    assert output.name


def test_the_local_model_waits_for_an_approval() -> None:
    """Its calls come as JSON of a schema."""
    added = []

    @nbstream.tool(requires_approval=True)
    def add(a: int, b: int) -> int:
        """Add two numbers."""
        added.append((a, b))
        return a + b

    agent = nbstream.Agent(
        "local", tools=[add], approve="wait", temperature=0, max_tokens=200, max_steps=6
    )
    stream = agent.run_stream("Use the tool add to add 3 and 4.")
    asked = []
    for event in stream:
        if isinstance(event, ApprovalRequest):
            asked.append(event.part.args)
            event.approve({"a": 30, "b": 4}, always=True)
    assert asked[0] == {"a": 3, "b": 4}
    assert added[0] == (30, 4)
    assert stream.get_output()
    assert stream.result is not None
    assert next(call.result for call in stream.result.tool_calls) == 34
