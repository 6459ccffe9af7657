"""The spans of an agent's run: its requests, tools and agents, and the user's own inside tools."""

import asyncio
import json
from typing import Any

import pytest
from opentelemetry import trace as otel
from opentelemetry.trace import StatusCode

import nbstream
from nbstream.testing import ScriptedModel
from tests.agent.scripts import agent_of, calls
from tests.harness.background import run_async
from tests.tracing.spans import parent_of, traced


def inner_span(found: Any) -> None:
    """A span that a user's function makes."""
    with found.spans_to.get_tracer("user").start_as_current_span("own"):
        pass


def test_requests_and_tools_are_children_of_the_run() -> None:
    def double(n: int) -> int:
        """Twice the number."""
        return 2 * n

    agent = agent_of(calls(("double", '{"n": 2}')), "It is 4.", tools=[double], name="helper")
    with traced() as found:
        agent.run_sync("Twice 2?")
        spans, metrics = found.spans(4), found.metrics()
    names = [one.name.partition(" ")[0] for one in spans]
    assert names == ["invoke_agent", "chat", "execute_tool", "chat"]
    assert spans[0].name == "invoke_agent helper"
    assert [parent_of(one, spans) for one in spans] == [None, *["invoke_agent helper"] * 3]
    tool = spans[2].attributes or {}
    assert (tool["gen_ai.tool.name"], tool["gen_ai.tool.call.id"]) == ("double", "c1")
    assert tool["gen_ai.tool.description"] == "Twice the number."
    assert "gen_ai.tool.call.arguments" not in tool
    run: Any = spans[0].attributes
    assert run["gen_ai.response.finish_reasons"] == ("stop",)
    assert run["gen_ai.usage.input_tokens"] >= 10
    assert {name: sum(one.count for one in rows) for name, rows in metrics.items()} == {
        "gen_ai.client.operation.duration": 2,
        "gen_ai.client.operation.time_to_first_chunk": 2,
        "gen_ai.client.token.usage": metrics_of_tokens(metrics),
        "gen_ai.execute_tool.duration": 1,
        "gen_ai.invoke_agent.duration": 1,
    }


def metrics_of_tokens(metrics: dict[str, list[Any]]) -> int:
    """Input and output are counted together, once a request that has counts."""
    counts = {one.attributes["gen_ai.token.type"]: one.count for one in rows_of(metrics)}
    assert counts["input"] == counts["output"]
    return sum(counts.values())


def rows_of(metrics: dict[str, list[Any]]) -> list[Any]:
    return metrics["gen_ai.client.token.usage"]


@pytest.mark.parametrize("kind", ["thread", "waiting thread", "loop", "generator"])
def test_the_tool_s_span_is_current_in_the_user_s_function(kind: str) -> None:
    with traced() as found:

        def plain() -> str:
            inner_span(found)
            return "done"

        async def on_the_loop() -> str:
            await asyncio.sleep(0)
            inner_span(found)
            return "done"

        def pieces() -> Any:
            yield "half"
            inner_span(found)
            yield "done"

        functions: dict[str, Any] = {"loop": on_the_loop, "generator": pieces}
        tool = nbstream.tool(name="work", timeout=30 if kind == "thread" else None)(
            functions.get(kind, plain)
        )
        agent = agent_of(calls(("work", "{}")), "Done.", tools=[tool])

        async def main() -> None:
            await agent.run("Go.")

        if kind == "loop":
            run_async(main())
        else:
            agent.run_sync("Go.")
        spans = found.spans(5)
    own = next(one for one in spans if one.name == "own")
    assert parent_of(own, spans) == "execute_tool work"
    assert not otel.get_current_span().is_recording()


def test_the_run_of_an_agent_that_is_a_tool_is_inside_the_call() -> None:
    helper = agent_of("4", name="helper")
    outer = agent_of(
        calls(("helper", '{"prompt": "Twice 2?"}')), "Four.", tools=[helper.as_tool()], name="outer"
    )
    with traced() as found:
        outer.run_sync("Ask.")
        spans = found.spans(6)
    inner = next(one for one in spans if one.name == "invoke_agent helper")
    assert parent_of(inner, spans) == "execute_tool helper"
    (asked,) = [one for one in spans if parent_of(one, spans) == "invoke_agent helper"]
    assert asked.name.startswith("chat ")


def test_what_a_tool_raises_is_its_span_s_alone() -> None:
    def divide() -> float:
        return 1 / 0

    with traced(content=True) as found:
        agent_of(calls(("divide", "{}")), "I cannot.", tools=[divide]).run_sync("Go.")
        spans = found.spans(4)
    failed = [one for one in spans if one.status.status_code is StatusCode.ERROR]
    assert [one.name for one in failed] == ["execute_tool divide"]
    assert (failed[0].attributes or {})["error.type"] == "ZeroDivisionError"


def test_arguments_and_results_are_there_when_asked_for() -> None:
    def double(n: int) -> int:
        return 2 * n

    with traced(content=True) as found:
        agent_of(calls(("double", '{"n": 2}')), "It is 4.", tools=[double]).run_sync("Twice 2?")
        run, _, tool, _ = [one.attributes or {} for one in found.spans(4)]
    assert json.loads(str(tool["gen_ai.tool.call.arguments"])) == {"n": 2}
    assert json.loads(str(tool["gen_ai.tool.call.result"])) == 4
    assert "Twice 2?" in str(run["gen_ai.input.messages"])
    assert "It is 4." in str(run["gen_ai.output.messages"])


def test_a_call_that_is_not_executed_is_an_event_of_the_run() -> None:
    with traced() as found:
        agent_of(calls(("nothing", "{}")), "I cannot.", tools=[]).run_sync("Go.")
        run = found.spans(3)[0]
    (event,) = run.events
    assert event.name == "nbstream.tool_not_executed"
    assert (event.attributes or {})["gen_ai.tool.name"] == "nothing"


def test_a_stopped_run_ends_all_its_spans() -> None:
    stream: Any = None

    async def wait() -> str:
        stream.cancel()
        await asyncio.sleep(3600)
        return "never"

    with traced() as found:
        stream = agent_of(calls(("wait", "{}")), "Done.", tools=[wait]).run_stream_sync("Go.")
        assert stream.wait()
        run, _, tool = found.spans(3)
    assert (run.attributes or {})["gen_ai.response.finish_reasons"] == ("cancelled",)
    for span in (run, tool):
        assert (span.attributes or {})["nbstream.cancelled"] is True
        assert span.status.status_code is StatusCode.UNSET


def test_a_failed_request_fails_the_run() -> None:
    with traced() as found:
        agent = nbstream.Agent(ScriptedModel(nbstream.errors.ServerError("It broke.", status=500)))
        with pytest.raises(nbstream.errors.ServerError):
            agent.run_sync("Go.")
        spans = found.spans(2)
    assert [(one.attributes or {})["error.type"] for one in spans] == ["ServerError"] * 2
