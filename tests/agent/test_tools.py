"""What a tool may be, take and return, and what the model and the reader get."""

import dataclasses
import datetime as dt
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from pydantic import BaseModel, Field

import nbstream
from nbstream import RunContext
from nbstream.errors import AgentError, UsageError
from nbstream.events import (
    CustomEvent,
    FunctionToolProgress,
    FunctionToolResult,
    NestedEvent,
    Retry,
)
from nbstream.messages import FilePart, TextPart
from nbstream.streams.replay import events_of
from tests.agent.scripts import agent_of, calls, results, tool_parts


class Place(BaseModel):
    """Somewhere."""

    city: str


def weather(
    ctx: RunContext[str],
    at: Place,
    days: Annotated[int, Field(ge=1)] = 3,
    *,
    unit: Literal["c", "f"] = "c",
) -> str:
    """Tell the weather.

    Args:
        ctx: The run.
        at: Where.
        days: For how long.

    Returns:
        The weather.
    """
    return f"{at.city} {days} {unit} {ctx.deps} {ctx.tool_name} {ctx.run_step} {ctx.retry}"


def test_the_schema_has_the_arguments_without_the_context() -> None:
    made = nbstream.tool(weather)
    assert (made.name, made.description) == ("weather", "Tell the weather.")
    rows = made.parameters["properties"]
    assert [*rows] == ["at", "days", "unit"]
    assert rows["days"] == {
        "type": "integer",
        "minimum": 1,
        "default": 3,
        "description": "For how long.",
    }
    assert made.parameters["required"] == ["at"]


def test_a_tool_gets_values_of_its_types_and_the_context() -> None:
    agent = agent_of(calls(("weather", '{"at": {"city": "Bern"}, "days": "2"}')), "Fine.")
    agent.tool(weather)
    assert results(agent.run_sync("?", deps="dep")) == ["Bern 2 c dep weather 1 0"]


def test_a_decorated_function_is_a_tool_of_a_plain_stream_too() -> None:
    @nbstream.tool(name="plus", description="Adds.", strict=True)
    def add(a: int, b: int) -> int:
        return a + b

    assert add(1, 2) == 3
    model = nbstream.testing.ScriptedModel("3")
    nbstream.stream(model, "1 + 2", tools=[add]).until_done()
    (spec,) = model.requests[0].params["tools"]
    assert (spec.name, spec.description, spec.strict) == ("plus", "Adds.", True)


@pytest.mark.parametrize(
    "wrong", [lambda: 1, 3, {"name": "f", "parameters": {"type": "object"}}, nbstream.ToolSpec("f")]
)
def test_what_cannot_be_called_is_refused(wrong: Any) -> None:
    with pytest.raises(UsageError) as caught:
        agent_of(tools=[wrong])
    assert caught.value.remedy


def test_two_tools_of_one_name_are_refused() -> None:
    with pytest.raises(UsageError, match="Two tools have the name 'weather'"):
        agent_of(tools=[weather, weather])


def test_arguments_that_are_not_valid_go_back_to_the_model() -> None:
    replies = calls(("weather", '{"days": 0}')), calls(("weather", '{"at": {"city": "Rome"}}'))
    result = agent_of(*replies, "Fine.", tools=[weather]).run_sync("?", deps="d")
    first, second = results(result)
    assert "at: Missing" in first
    assert "days: Input should be greater than or equal to 1" in first
    assert second == "Rome 3 c d weather 2 1"


@pytest.mark.parametrize("wrong", [("weather", "{"), ("nothing", "{}"), ("fails", "{}")])
def test_too_many_wrong_calls_end_the_run(wrong: tuple[str, str]) -> None:
    def fails() -> str:
        raise nbstream.ModelRetry("Not so.")

    agent = agent_of(*[calls(wrong)] * 3, tools=[weather, fails], retries=2)
    stream = agent.run_stream("?")
    with pytest.raises(AgentError, match="wrongly 3 times"):
        stream.until_done()
    assert [message.role for message in stream.messages] == ["assistant", "tool"] * 3
    assert all(tool_parts(message)[0].is_error for message in stream.messages[1::2])


def test_an_exception_is_short_for_the_model_and_whole_for_the_reader() -> None:
    def breaks() -> None:
        raise ValueError("It is broken.")

    stream = agent_of(calls(("breaks", "{}")), "I see.", tools=[breaks]).run_stream("?")
    (event,) = [one for one in stream if isinstance(one, FunctionToolResult)]
    assert event.result.result == "ValueError: It is broken."
    assert event.result.is_error
    assert "in breaks" in event.traceback
    assert "nbstream/" not in event.traceback
    assert stream.get_output() == "I see."


def test_a_tool_that_takes_too_long_is_reported() -> None:
    @nbstream.tool(timeout=0.05)
    async def endless() -> None:
        import asyncio

        await asyncio.sleep(60)

    @nbstream.tool(timeout=0.05)
    def sync_endless() -> None:
        import time

        time.sleep(2)

    replies = calls(("endless", "{}"), ("sync_endless", "{}")), "Too slow."
    result = agent_of(*replies, tools=[endless, sync_endless]).run_sync("?")
    assert results(result) == ["Timed out after 0.05 seconds."] * 2


@dataclasses.dataclass
class Point:
    """A point."""

    x: int


class Odd:
    """A value without a JSON form."""

    def __str__(self) -> str:
        return "odd"


@pytest.mark.parametrize(
    ("value", "content"),
    [
        ("text", "text"),
        (None, None),
        ({"a": [1, 2.5, None]}, {"a": [1, 2.5, None]}),
        (Place(city="Bern"), {"city": "Bern"}),
        ([Point(1), Point(2)], [{"x": 1}, {"x": 2}]),
        (dt.date(2026, 11, 29), "2026-11-29"),
        (Odd(), "odd"),
        ({"a": Odd()}, {"a": "odd"}),
    ],
)
def test_the_content_of_a_result(value: Any, content: Any) -> None:
    def give() -> Any:
        return value

    assert results(agent_of(calls(("give", "{}")), "ok", tools=[give]).run_sync("?")) == [content]


def test_tables_images_and_files_are_described() -> None:
    def table() -> pd.DataFrame:
        return pd.DataFrame({"a": [1, 2]})

    def image() -> Image.Image:
        return Image.fromarray(np.zeros((2, 2, 3), np.uint8))

    def both() -> list[Any]:
        return ["Look:", nbstream.file_part(b"%PDF-1.4 x", "application/pdf")]

    replies = calls(("table", "{}"), ("image", "{}"), ("both", "{}")), "ok"
    first, second, third = results(agent_of(*replies, tools=[table, image, both]).run_sync("?"))
    assert "| 1 |" in first
    assert isinstance(second[0], FilePart)
    assert second[0].media_type == "image/png"
    assert third[0] == TextPart("Look:")
    assert third[1].media_type == "application/pdf"


def test_a_flood_is_cut_and_a_value_that_contains_itself_is_an_error() -> None:
    def flood() -> str:
        return "x" * 10_000_000

    def rows() -> list[str]:
        return ["y" * 1000] * 10_000

    def circle() -> list[Any]:
        found: list[Any] = []
        found.append(found)
        return found

    replies = calls(("flood", "{}"), ("rows", "{}"), ("circle", "{}")), "ok"
    first, second, third = results(agent_of(*replies, tools=[flood, rows, circle]).run_sync("?"))
    assert first.endswith("[cut: 9,950,000 of 10,000,000 characters]")
    assert len(second) < 51_000
    assert third.startswith("ValueError: Circular reference")


def test_a_generator_reports_and_its_last_value_is_the_result() -> None:
    def sync_steps(n: int) -> Iterator[Any]:
        for at in range(n):
            yield f"step {at}"
        yield {"steps": n}

    async def async_steps(n: int) -> AsyncIterator[str]:
        for at in range(n):
            yield f"step {at}"

    def returns() -> Any:
        yield "working"
        return 42

    rows = ("sync_steps", '{"n": 1}'), ("async_steps", '{"n": 2}'), ("returns", "{}")
    agent = agent_of(calls(*rows), "ok", tools=[sync_steps, async_steps, returns])
    stream = agent.run_stream("?")
    seen = [one for one in stream if isinstance(one, FunctionToolProgress)]
    assert [one.content for one in seen if one.tool_name == "sync_steps"] == [
        "step 0",
        {"steps": 1},
    ]
    assert results(stream) == [{"steps": 1}, "step 1", 42]


def test_events_of_the_users_own() -> None:
    def load(ctx: RunContext[None]) -> str:
        ctx.emit({"rows": 3}, "loaded")
        return "ok"

    async def later(ctx: RunContext[None]) -> str:
        ctx.emit("later")
        return "ok"

    stream = agent_of(calls(("load", "{}"), ("later", "{}")), "ok", tools=[load, later]).run_stream(
        "?"
    )
    seen = {one.tool_call_id: one.data for one in stream if isinstance(one, CustomEvent)}
    assert seen == {"c1": {"rows": 3}, "c2": "later"}


def test_an_agent_as_a_tool_nests_its_events() -> None:
    def now() -> str:
        return "12:00"

    clock = agent_of(calls(("now", "{}")), "It is noon.", tools=[now], name="clock")
    outer = agent_of(calls(("clock", '{"prompt": "The time?"}')), "Noon.", tools=[clock])
    stream = outer.run_stream("What time is it?")
    nested = [one for one in stream if isinstance(one, NestedEvent)]
    assert {one.agent_name for one in nested} == {"clock"}
    assert nested[-1].event.kind == "agent_run_result"
    assert any(one.event.kind == "function_tool_result" for one in nested)
    assert results(stream) == ["It is noon."]


def test_an_eager_tool_starts_while_the_reply_still_streams() -> None:
    @nbstream.tool(eager=True)
    def look() -> str:
        return "seen"

    def other() -> str:
        return "done"

    reply = calls(("look", "{}"), ("other", "{}"))
    model = nbstream.testing.ScriptedModel(reply, "ok", delay=0.02, chunk=1)
    kinds = [one.kind for one in nbstream.Agent(model, tools=[look, other]).run_stream("?")]
    assert kinds.index("function_tool_result") < kinds.index("stream_end")
    assert kinds.count("function_tool_call") == kinds.count("function_tool_result") == 2


def test_the_reader_gets_the_object_that_a_tool_returned() -> None:
    rows = ["y" * 1000] * 100

    def flood() -> list[str]:
        return rows

    stream = agent_of(calls(("flood", "{}")), "ok", tools=[flood]).run_stream("?")
    (event,) = [one for one in stream if isinstance(one, FunctionToolResult)]
    assert event.value is rows
    assert "[cut:" in event.content


def test_a_reply_that_begins_again_takes_its_eager_calls_back() -> None:
    ran: list[int] = []

    @nbstream.tool(eager=True)
    def look(n: int) -> int:
        ran.append(n)
        return n

    first = events_of(calls(("look", '{"n": 1}')), 50)[:-1]
    second = events_of(calls(("look", '{"n": 2}')), 50)
    model = nbstream.testing.ScriptedModel([*first, Retry(2, "again"), *second], "ok", delay=0.02)
    stream = nbstream.Agent(model, tools=[look]).run_stream("?")
    assert stream.get_output() == "ok"
    assert results(stream) == [2]
    assert ran == [1, 2]
