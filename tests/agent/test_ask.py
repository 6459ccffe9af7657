"""What a tool asks the user with ``ctx.ask``: types, answers from code, refusals, saved runs."""

import asyncio
import enum
import threading
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

import nbstream
from nbstream.core.codec import event_from_dict, event_to_dict
from nbstream.display.plain import plain
from nbstream.errors import DeclinedError, UsageError
from nbstream.events import FunctionToolResult, InputRequest, RequestAnswered
from nbstream.testing import ScriptedModel
from tests.agent.scripts import agent_of, calls, results
from tests.harness.background import run_async

Context = nbstream.RunContext[Any]


class Seat(BaseModel):
    """Where you want to sit."""

    row: int = Field(ge=1, le=30, description="From 1 to 30.")
    window: bool = True


@dataclass
class Point:
    """A point."""

    x: int
    y: int


class Address(TypedDict):
    """An address."""

    street: str
    tags: list[str]


class Colour(enum.Enum):
    """A colour."""

    RED = "red"
    BLUE = "blue"


def asker(kind: Any, *, sync: bool, **settings: Any) -> nbstream.Agent[Any, Any]:
    """An agent whose model calls a tool that asks for a value of ``kind`` and returns it."""

    async def ask(ctx: Context) -> Any:
        return await ctx.ask(kind, "Which one?")

    def ask_sync(ctx: Context) -> Any:
        return ctx.ask_sync(kind, "Which one?")

    tool = nbstream.tool(name="ask")(ask_sync if sync else ask)
    settings = {"approve": "wait"} | settings
    return agent_of(calls(("ask", "{}")), "Done.", tools=[tool], **settings)


VALUES = [
    (Seat, {"row": 3, "window": False}, Seat(row=3, window=False)),
    (Point, {"x": 1, "y": 2}, Point(1, 2)),
    (Address, {"street": "A", "tags": ["b"]}, {"street": "A", "tags": ["b"]}),
    (bool, True, True),
    (str, "yes", "yes"),
    (Colour, "blue", Colour.BLUE),
    (Literal["a", "b"], "b", "b"),
    (list[str], ["a"], ["a"]),
]


@pytest.mark.parametrize("sync", [False, True])
@pytest.mark.parametrize(("kind", "given", "value"), VALUES)
def test_every_type_is_asked_and_answered(kind: Any, given: Any, value: Any, sync: bool) -> None:
    found = []
    for event in asker(kind, sync=sync).run_stream_events("?"):
        if isinstance(event, InputRequest):
            assert event.question == "Which one?"
            event.answer(given)
        if isinstance(event, FunctionToolResult):
            found.append(event.value)
    assert found == [value]


def test_a_value_of_the_type_itself_is_an_answer_too() -> None:
    stream = asker(Seat, sync=False).run_stream("?")
    stream.answer("c1", Seat(row=7))
    stream.until_done()
    assert results(stream) == [{"row": 7, "window": True}]


def test_the_event_has_the_schema_and_can_be_stored() -> None:
    stream = asker(Seat, sync=False).run_stream("?")
    for event in stream:
        if isinstance(event, InputRequest):
            assert (event.request_id, event.tool_call_id) == ("c1/1", "c1")
            assert event.schema["title"] == "Seat"
            assert event.schema["properties"]["row"]["maximum"] == 30
            assert stream.waiting == ["c1"]
            assert stream.requests == [event]
            copy: Any = event_from_dict(event_to_dict(event))
            assert copy == event
            with pytest.raises(LookupError):
                copy.answer({"row": 1})
            stream.answer(copy, {"row": 1})
        if isinstance(event, RequestAnswered):
            assert event.accepted
            assert event.content == {"row": 1, "window": True}
    assert stream.requests == []


def test_a_value_that_is_not_valid_is_refused_and_the_tool_goes_on_waiting() -> None:
    stream = asker(Seat, sync=True).run_stream("?")
    for event in stream:
        if isinstance(event, InputRequest):
            with pytest.raises(UsageError, match=r"row: Input should be .* equal to 30"):
                event.answer({"row": 99})
            with pytest.raises(UsageError, match="row: Field required"):
                stream.answer(event, {})
            event.answer({"row": "4"})
    assert results(stream) == [{"row": 4, "window": True}]


def test_the_first_answer_counts() -> None:
    stream = asker(str, sync=False).run_stream("?")
    for event in stream:
        if isinstance(event, InputRequest):
            event.answer("first")
            event.answer("second")
            event.decline()
    assert results(stream) == ["first"]


def test_what_comes_after_the_end_of_the_run_is_refused() -> None:
    stream = asker(str, sync=False).run_stream("?")
    stream.answer("c1", "first")
    stream.until_done()
    with pytest.raises(UsageError, match="The run has ended"):
        stream.answer("c1", "late")
    with pytest.raises(UsageError, match="The run has ended"):
        stream.decline("c1")


def test_an_answer_comes_from_another_thread_later() -> None:
    stream = asker(str, sync=True).run_stream("?")
    stream.on(InputRequest, lambda event: threading.Timer(0.05, event.answer, ["late"]).start())
    stream.until_done()
    assert results(stream) == ["late"]


@pytest.mark.parametrize("sync", [False, True])
def test_the_user_may_decline(sync: bool) -> None:
    stream = asker(str, sync=sync).run_stream("?")
    stream.decline("c1", "Ask me tomorrow.")
    stream.until_done()
    assert results(stream) == ["The user declined to answer. Ask me tomorrow."]
    assert stream.messages[1].parts[0].is_error  # type: ignore[union-attr]


@pytest.mark.parametrize("sync", [False, True])
def test_headless_the_model_is_told_that_the_user_cannot_be_asked(sync: bool) -> None:
    """The tests have no terminal."""
    result = asker(str, sync=sync, approve=None).run_sync("?")
    assert results(result) == ["There is no way to ask the user here."]


def test_a_tool_may_handle_that_there_is_no_answer() -> None:
    async def pick(ctx: Context) -> str:
        try:
            return await ctx.ask(str)
        except DeclinedError:
            return "the default"

    found = agent_of(calls(("pick", "{}")), "Done.", tools=[pick]).run_sync("?")
    assert results(found) == ["the default"]


def test_the_time_limit_does_not_count_the_wait() -> None:
    @nbstream.tool(timeout=0.3)
    async def pick(ctx: Context) -> str:
        said = await ctx.ask(str)
        await asyncio.sleep(0.01)
        return said

    agent = agent_of(calls(("pick", "{}")), "Done.", tools=[pick], approve="wait")
    stream = agent.run_stream("?")
    stream.on(InputRequest, lambda event: threading.Timer(0.6, event.answer, ["late"]).start())
    stream.until_done()
    assert results(stream) == ["late"]


def test_an_async_caller_and_several_questions() -> None:
    async def pick(ctx: Context) -> list[Any]:
        return [await ctx.ask(str, "One?"), *await asyncio.gather(ctx.ask(int), ctx.ask(bool))]

    async def main() -> Any:
        agent = agent_of(calls(("pick", "{}")), "Done.", tools=[pick], approve="wait")
        values: dict[str, Any] = {"c1/1": "a", "c1/2": 2, "c1/3": False}
        async with agent.run_stream("?") as stream:
            async for event in stream:
                if isinstance(event, InputRequest):
                    event.answer(values[event.request_id])
            return results(stream)

    assert run_async(main()) == [["a", 2, False]]


@pytest.mark.parametrize("sync", [False, True])
def test_cancelling_ends_what_waits(sync: bool) -> None:
    ended = threading.Event()

    async def wait(ctx: Context) -> str:
        try:
            return await ctx.ask(str)
        finally:
            ended.set()

    def wait_sync(ctx: Context) -> str:
        try:
            return ctx.ask_sync(str)
        finally:
            ended.set()

    tool = nbstream.tool(name="wait", timeout=60)(wait_sync if sync else wait)
    agent = agent_of(calls(("wait", "{}")), "Done.", tools=[tool], approve="wait")
    stream = agent.run_stream("?")
    stream.on(InputRequest, lambda _: stream.cancel())
    stream.wait()
    assert stream.finish_reason == "cancelled"
    assert stream.requests == []
    assert ended.wait(20)


def test_a_type_that_has_no_schema_is_refused() -> None:
    events = [*asker(threading.Lock, sync=False).run_stream_events("?")]
    found = [event.traceback for event in events if isinstance(event, FunctionToolResult)]
    assert "UsageError" in found[0]


def test_only_a_tool_can_ask() -> None:
    async def system(ctx: Context) -> str:
        return await ctx.ask(str)

    stream = nbstream.Agent(ScriptedModel("x"), system=system).run_stream("?")
    stream.wait()
    assert "Only a tool can ask" in str(stream.error)


ran: list[str] = []


@nbstream.tool(requires_approval=True)
async def trip(ctx: Context) -> str:
    """Plan a trip."""
    ran.append("trip")
    where = await ctx.ask(str, "Where to?")
    seat = await ctx.ask(Seat)
    return f"{where}, row {seat.row}"


def test_a_saved_run_asks_only_what_had_no_answer() -> None:
    def agent(*replies: Any) -> nbstream.Agent[Any, Any]:
        return agent_of(*replies, tools=[trip], approve="wait")

    ran.clear()
    with agent(calls(("trip", "{}"))).run_stream("?") as stream:
        stream.approve("c1")
        for event in stream:
            if isinstance(event, InputRequest):
                if event.request_id == "c1/1":
                    event.answer("Bern")
                else:
                    break
        saved = stream.run_to_json()
    again = agent("Done.").resume(saved)
    asked = []
    for event in again:
        if isinstance(event, InputRequest):
            asked.append(event.request_id)
            event.answer({"row": 2})
    assert asked == ["c1/2"]  # it was approved, and told where to, before
    assert results(again) == ["Bern, row 2"]
    assert ran == ["trip", "trip"]


@pytest.mark.parametrize("sync", [False, True])
def test_a_terminal_asks_field_by_field(monkeypatch: pytest.MonkeyPatch, sync: bool) -> None:
    class Form(BaseModel):
        seat: Seat
        colour: Colour
        tags: list[str]
        note: str | None = None

    asked: list[str] = []
    answers = iter(["99", "n", "green", "a, b", "", "12", "", "blue"])

    def say(question: str) -> str:
        asked.append(question)
        return next(answers)

    monkeypatch.setattr("nbstream.agent.requests.is_headless", lambda: False)
    monkeypatch.setattr("builtins.input", say)
    result = asker(Form, sync=sync, approve=None).run_sync("?")
    assert results(result) == [
        {
            "seat": {"row": 12, "window": True},
            "colour": "blue",
            "tags": ["a", "b"],
            "note": None,
        }
    ]
    assert asked[0] == "seat.row (From 1 to 30.): "
    assert asked[2] == "colour (A colour.; red | blue): "
    assert len(asked) == 8  # only what was wrong was asked again


@pytest.mark.parametrize("sync", [False, True])
def test_in_a_terminal_one_declines(monkeypatch: pytest.MonkeyPatch, sync: bool) -> None:
    monkeypatch.setattr("nbstream.agent.requests.is_headless", lambda: False)
    monkeypatch.setattr("builtins.input", lambda _: "!Not now.")
    result = asker(Seat, sync=sync, approve=None).run_sync("?")
    assert results(result) == ["The user declined to answer. Not now."]


def test_what_waits_is_told_in_a_form_without_a_page() -> None:
    @nbstream.tool(requires_approval=True)
    async def book(ctx: Context, room: int) -> str:
        return await ctx.ask(str)

    agent = agent_of(calls(("book", '{"room": 3}')), "Done.", tools=[book], approve="wait")
    with agent.run_stream("?") as stream:
        for event in stream:
            if isinstance(event, nbstream.events.ApprovalRequest):
                assert "book needs approval; not finished when this was written" in stream.html
                event.approve()
            if isinstance(event, InputRequest):
                assert "[book needs an answer; not finished" in plain(stream)
                event.answer("yes")
    assert "needs" not in plain(stream) + stream.html


def test_an_agent_that_is_a_tool_asks_through_the_outer_run() -> None:
    inner = agent_of(calls(("trip", "{}")), "Inner done.", tools=[trip], name="helper")
    outer = agent_of(
        calls(("helper", '{"prompt": "go"}')), "Done.", tools=[inner], approve="wait"
    ).run_stream("?")
    asked = []
    for _ in outer:
        rows = outer.page_requests.rows()
        if rows and rows[0]["id"] not in asked:
            asked.append(rows[0]["id"])
            assert rows[0]["call"] == "c1"
            values: dict[str, Any] = {"c1 > c1/1": "Bern", "c1 > c1/2": {"row": 5}}
            action = "answer" if rows[0]["kind"] == "input" else "approve"
            reply = {"id": asked[-1], "action": action, "value": values.get(asked[-1])}
            assert outer.page_requests.reply(reply) == {}
    assert asked == ["c1 > c1", "c1 > c1/1", "c1 > c1/2"]
    assert results(outer) == ["Inner done."]


def test_a_page_is_told_what_is_wrong_and_who_was_first() -> None:
    stream = asker(Seat, sync=False).run_stream("?")
    for event in stream:
        if isinstance(event, InputRequest):
            page = stream.page_requests
            row = {"id": "c1/1", "action": "check", "value": {"row": "x"}}
            [[path, words]] = page.reply(row)["problems"]
            assert (path, "valid integer" in words) == (["row"], True)
            assert page.reply({**row, "value": {"row": 3}}) == {}  # only checked
            assert stream.waiting == ["c1"]
            assert page.reply({**row, "action": "answer", "value": {"row": 3}}) == {}
        if isinstance(event, RequestAnswered):
            assert stream.page_requests.reply({"id": "c1/1", "action": "decline"}) == {"late": True}
    assert results(stream) == [{"row": 3, "window": True}]
