"""What a newcomer's mistakes with agents and tools are told: what is wrong, and the remedy."""

import copy
import gc
import pickle
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pydantic import BaseModel

import nbstream
from nbstream.errors import OutputError, UsageError, UsageLimitError
from nbstream.events import ApprovalRequest, FunctionToolCall
from nbstream.messages import Citation, Message, TextPart, ThinkingPart, ToolCallPart
from nbstream.testing import ScriptedModel
from tests.agent.scripts import agent_of, calls, results, tool_parts

SECRET = "word-for-the-server"
UNTYPED: Any = nbstream


def _undefined(n: "Frame") -> int:  # type: ignore[name-defined]  # noqa: F821
    return n  # type: ignore[no-any-return]


class Seat(BaseModel):
    """A seat."""

    row: int


def _plot(frame: pd.DataFrame) -> None:
    """Plot a table."""


class Shop:
    """Something with a method."""

    def left(self, product: str) -> int:
        """How much is left of a product."""
        return len(product)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (_undefined, "'Frame' is not defined"),
        (
            Shop.left,
            r"without its object.\nPass the method of an object: Shop\(...\).left",
        ),
    ],
)
def test_a_function_that_cannot_be_a_tool_says_what_to_write(wrong: Any, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        agent_of("ok", tools=[wrong])
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_hint_of_the_result_need_not_be_defined() -> None:
    def draw(n: int) -> "Figure":  # type: ignore[name-defined]  # noqa: F821
        return n

    agent = agent_of(calls(("draw", '{"n": "3"}')), "ok", tools=[draw])
    assert results(agent.run_sync("Draw.")) == [3]


def test_a_cell_that_is_run_again_defines_its_tool_again() -> None:
    agent = agent_of(calls(("now", "{}")), "ok")
    for time in ("11:00", "12:00"):

        @agent.tool
        def now(at: str = time) -> str:
            return at

    assert results(agent.run_sync("What time is it?")) == ["12:00"]

    def other() -> str:
        return "never"

    with pytest.raises(UsageError, match="Two tools have the name 'now'"):
        agent.tool(name="now")(other)


def test_the_cap_on_steps_is_named_as_it_was_set() -> None:
    def look() -> str:
        return "nothing"

    agent = nbstream.Agent(
        ScriptedModel(*[calls(("look", "{}"), first=at) for at in range(3)]),
        tools=[look],
        max_steps=2,
    )
    with pytest.raises(UsageLimitError, match=r"max_steps of 2\.\nAllow more with Agent"):
        agent.run_sync("Look.", usage_limits=nbstream.UsageLimits(tool_calls_limit=9))


def test_an_agent_may_have_a_name_with_blanks() -> None:
    helper = agent_of("5", name="My helper: sums")
    outer = agent_of(calls(("My_helper__sums", '{"prompt": "2+3"}')), "ok", tools=[helper])
    assert results(outer.run_sync("Sum.")) == ["5"]


def test_a_result_is_a_history() -> None:
    model = ScriptedModel("Blue.", "Red.", "Green.")
    agent = nbstream.Agent(model)
    first = agent.run_sync("A colour?")
    with agent.run_stream("Another?", message_history=first) as stream:
        stream.until_done()
    agent.run_sync("A third?", message_history=stream)
    assert [one.text for one in model.requests[-1].messages] == [
        *("A colour?", "Blue.", "Another?", "Red.", "A third?")
    ]


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (lambda: nbstream.tool(requires_aproval=True), r"tool\(.*requires_approval=\?"),  # type: ignore[call-overload]
        (lambda: nbstream.tool(timeout="10")(str), "timeout= takes a number"),  # type: ignore[call-overload]
        (lambda: agent_of("ok", max_step=3), r"Agent\(.*max_steps=\?"),
        (lambda: agent_of("ok", usage_limits=None), r"Agent\(.*Pass it to run\(\)"),
        (lambda: agent_of("ok", deps={}), r"Agent\(.*Pass it to run\(\)"),
        (lambda: agent_of("ok").run_sync("hi", history=[]), r"run_sync\(.*message_history=\?"),
        (lambda: agent_of("ok").iter("hi", limits=None), r"iter\(.*usage_limits=\?"),
        (lambda: agent_of("ok").resume("{}", message_history=[]), "resume.*It has deps=, "),
        (lambda: agent_of("ok").run_stream_events("hi", model="m"), "run_stream_events.*It has"),
    ],
)
def test_a_wrong_keyword_names_what_was_called_and_what_is_meant(write: Any, says: str) -> None:
    with pytest.raises(UsageError, match=f"(?s){says}"):
        write()


def _one(events: Any) -> None: ...


@pytest.mark.parametrize("handler", [_one, 3])
def test_a_handler_of_another_shape_is_refused_before_anything_is_sent(handler: Any) -> None:
    model = ScriptedModel("ok")
    with pytest.raises(UsageError, match=r"async def watch\(ctx, events\)"):
        nbstream.Agent(model).run_sync("hi", event_stream_handler=handler)
    assert not model.requests


@nbstream.tool(requires_approval=True)
def order(product: str, count: int) -> str:
    """Order a product."""
    return f"{count} x {product}"


TEA = ("order", '{"product": "tea", "count": 90}')


def test_changed_arguments_that_are_not_valid_are_refused_and_the_call_goes_on_waiting() -> None:
    stream = agent_of(calls(TEA), "ok", tools=[order], approve="wait").run_stream("Tea.")
    for event in stream:
        if isinstance(event, ApprovalRequest):
            with pytest.raises(UsageError, match="arguments of order: count: Input should be"):
                event.approve({"product": "tea", "count": "many"})
            with pytest.raises(UsageError, match="product: Missing required"):
                stream.approve("c1", {"count": 3})
            with pytest.raises(UsageError, match="Path is not JSON"):
                stream.approve("c1", {"product": Path("tea"), "count": 3})
            stream.approve(event, {"product": "tea", "count": 3})
    assert results(stream) == ["3 x tea"]
    with pytest.raises(UsageError, match="The run has ended"):
        stream.approve("c1")


def test_the_only_call_that_waits_needs_no_name() -> None:
    agent = agent_of(calls(TEA), calls(TEA, TEA, first=2), "ok", tools=[order], approve="wait")
    stream = agent.run_stream("Tea.")
    with pytest.raises(UsageError, match="No call waits for an approval yet"):
        stream.approve()
    for event in stream:
        if isinstance(event, ApprovalRequest) and event.request_id == "c1":
            stream.approve()
        elif isinstance(event, ApprovalRequest) and event.request_id == "c3":
            with pytest.raises(UsageError, match="2 calls wait for an approval: 'c2', 'c3'"):
                stream.deny()
            stream.deny("c3", "Enough.")
            stream.approve(stream.requests[0].tool_call)
    assert results(stream) == [
        *("90 x tea", "90 x tea", "The user denied this call. Enough."),
    ]


@pytest.mark.parametrize("inner", [False, True])
def test_a_run_that_nobody_can_answer_does_not_wait(inner: bool) -> None:
    agent = agent_of(calls(TEA), "ok", tools=[order], approve="wait", name="buyer")
    if inner:
        agent = agent_of(calls(("buyer", '{"prompt": "Tea."}')), "ok", tools=[agent])
    result = agent.run_sync("Tea.")
    messages = result.tool_calls[0].messages if inner else result.messages
    (told,) = [part.result for one in messages if one.role == "tool" for part in tool_parts(one)]
    assert "there is no way to ask the user here" in told
    assert "denied" not in told


@pytest.mark.filterwarnings("error")
def test_a_question_without_await_says_so() -> None:
    def attribute(ctx: nbstream.RunContext[Any]) -> str:
        return ctx.ask(Path, "Where?").name  # type: ignore[attr-defined, no-any-return]

    def text(ctx: nbstream.RunContext[Any]) -> str:
        return f"row {ctx.ask(int)}"

    agent = agent_of(
        calls(("attribute", "{}"), ("text", "{}")), "ok", tools=[attribute, text], approve="wait"
    )
    result = agent.run_sync("Book.")
    gc.collect()
    for call in result.tool_calls:
        assert "without await" in call.result
        assert "in a tool that is not async, ctx.ask_sync(...)" in call.result
    assert ".name" in (result.tool_calls[0].traceback or "")


def test_a_name_in_quotes_is_no_tool() -> None:
    with pytest.raises(UsageError, match="Pass the function itself: order, without quotes"):
        agent_of("ok", tools=["order"])


def test_an_answer_that_stays_wrong_is_told_in_words_for_the_user() -> None:
    model = ScriptedModel('{"row": "last"}', '{"row": "first"}')
    agent = nbstream.Agent(model, output_type=Seat)
    with pytest.raises(OutputError, match="row: Input should be a valid integer") as caught:
        agent.run_sync("A seat?")
    assert "Fix the errors" in model.requests[-1].messages[-1].text
    assert "Fix the errors" not in str(caught.value)
    assert "output_retries=" in str(caught.value)
    assert (caught.value.raw, caught.value.problems[0].path) == ('{"row": "first"}', ("row",))
    assert caught.value.__cause__ is None


def test_a_result_has_what_an_answer_has() -> None:
    result = agent_of('{"row": 3}', output_type=Seat).run_sync("A seat?")
    assert (result.text, result.output.row, result.cost) == ('{"row": 3}', 3, None)


@pytest.mark.parametrize(
    ("call", "meant"),
    [
        (lambda agent: agent.run_stream("?", history=[]), "message_history="),
        (lambda agent: agent.run_stream_sync("?", history=[]), "message_history="),
        (lambda agent: agent.run_stream_events("?", usage_limit=3), "usage_limits="),
        (lambda agent: agent.run_sync("?", history=[]), "message_history="),
        (lambda agent: agent.iter("?", dep=3), "deps="),
        (lambda agent: agent.resume("{}", approved="allow"), "approve="),
        (lambda agent: agent.as_tool(nmae="x"), "name="),
        (lambda agent: agent.tool(approval=True), "requires_approval="),
        (lambda agent: agent.run_stream("?").approve("c1", arg={}), "args="),
        (lambda agent: agent.run_stream("?").deny("c1", why="no"), "reason="),
        (lambda _: UNTYPED.tool(time_out=3), "timeout="),
        (lambda _: nbstream.Agent(ScriptedModel(), max_step=3), "max_steps="),
        (lambda _: UNTYPED.UsageLimits(requests=3), "request_limit="),
        (lambda _: UNTYPED.mcp.stdio("python", "a.py", envs={"KEY": SECRET}), "env="),
        (lambda _: UNTYPED.mcp.http("https://a.example", header={"KEY": SECRET}), "headers="),
        (lambda _: UNTYPED.mcp.sse("https://a.example", approval=True), "requires_approval="),
    ],
)
def test_a_wrong_keyword_names_the_one_that_is_meant(
    call: Callable[[Any], Any], meant: str
) -> None:
    with pytest.raises(UsageError, match=r"\(\) has no keyword ") as caught:
        call(agent_of("Hello."))
    assert meant in str(caught.value.remedy)
    trace = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    own = [frame for frame in trace.stack if "test_mistakes" not in frame.filename]
    assert SECRET not in str([frame.locals for frame in own])


def test_a_result_has_what_its_last_reply_has() -> None:
    cited = Citation("https://example.org/tea", "Tea")
    picture = nbstream.file_part(b"\x89PNG\r\n\x1a\n", media_type="image/png")
    parts = (ThinkingPart("Hm."), TextPart("Tea.", (cited,)), picture)
    last = Message("assistant", parts, finish_reason="length")
    result = agent_of(calls(TEA), last, tools=[order], approve="allow").run_sync("Tea.")
    assert (result.thinking, result.finish_reason) == ("Hm.", "length")
    assert [one.url for one in result.citations] == ["https://example.org/tea"]
    assert [one.media_type for one in result.files] == ["image/png"]


@pytest.mark.parametrize(
    ("name", "meant"), [("data", "output"), ("content", "text"), ("price", "cost")]
)
def test_a_wrong_name_on_a_result_says_which_is_meant(name: str, meant: str) -> None:
    result = agent_of("Hello.").run_sync("hi")
    with pytest.raises(AttributeError, match=rf"Did you mean \.{meant}\?"):
        getattr(result, name)
    assert pickle.loads(pickle.dumps(result)).output == copy.copy(result).output == "Hello."


def test_a_wrong_name_on_a_request_says_which_is_meant() -> None:
    event = ApprovalRequest(ToolCallPart("c1", *TEA))
    with pytest.raises(AttributeError, match=r"Did you mean \.tool_call\.args\?"):
        FunctionToolCall(event.tool_call).args  # type: ignore[attr-defined]  # noqa: B018
    for name in ("args", "arguments", "tool_name"):
        with pytest.raises(AttributeError, match=r"Did you mean \.tool_call\.(args|tool_name)\?"):
            getattr(event, name)
    with pytest.raises(LookupError, match="No run waits"):
        event.approve()


@pytest.mark.parametrize("form", ["run_sync", "run_stream"])
def test_a_tool_that_exits_ends_its_call_only(form: str) -> None:
    def main() -> None:
        sys.exit(2)

    async def later() -> None:
        sys.exit("no file")

    agent = agent_of(calls(("main", "{}"), ("later", "{}")), "ok", tools=[main, later])
    run = getattr(agent, form)("Run it.")
    if form == "run_stream":
        run.until_done()
    assert run.output == "ok"
    assert [call.result for call in run.tool_calls] == [
        "ToolExit: The tool ended with sys.exit(2).",
        "ToolExit: The tool ended with sys.exit('no file').",
    ]


def test_a_saved_run_is_not_resumed_without_the_tool_that_waits() -> None:
    with agent_of(calls(TEA), tools=[order], approve="wait").run_stream("Tea.") as stream:
        next(event for event in stream if isinstance(event, ApprovalRequest))
        saved = stream.run_to_json()
    with pytest.raises(UsageError, match="waits for the tool 'order', which this agent lacks"):
        agent_of("ok").resume(saved)
    again = agent_of("ok", tools=[order], approve="wait").resume(saved)
    again.approve("c1")
    assert again.get_output() == "ok"


def test_a_wrong_name_on_a_call_says_which_is_meant() -> None:
    agent = agent_of(calls(("now", "{}")), "ok", tools=[nbstream.tool(name="now")(lambda: 3)])
    (call,) = agent.run_sync("hi").tool_calls
    for name, meant in (("output", "result"), ("arguments", "args"), ("error", "traceback")):
        with pytest.raises(AttributeError, match=rf"Did you mean \.{meant}\?"):
            getattr(call, name)
    assert (call.result, copy.copy(call)) == (3, call)
