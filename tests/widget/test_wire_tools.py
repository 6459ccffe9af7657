"""What happens to the calls of an agent's tools, as the browser gets it."""

import json
import time
from collections.abc import Iterator
from typing import Any

import nbstream
from nbstream.core import events as ev
from nbstream.core.message import Message, TextPart, ToolCallPart, Usage, assistant_message
from nbstream.testing import ScriptedModel
from nbstream.widget import wire
from tests.harness.patience import until


@nbstream.tool(requires_approval=True)
def remove(name: str) -> str:
    """Remove a file."""
    time.sleep(0.15)
    return f"{name} is gone"


def run() -> Any:
    """A run whose two calls wait for an approval."""
    calls = [ToolCallPart(f"c{i}", "remove", f'{{"name": "{i}"}}') for i in range(2)]
    model = ScriptedModel(assistant_message(*calls), "I see.")
    return nbstream.Agent(model, tools=[remove], approve="wait").run_stream("Remove them.")


def one_call(tool: Any, args: str = "{}", **settings: Any) -> Any:
    """A run that calls this tool once."""
    name = getattr(tool, "__name__", "") or tool.name
    model = ScriptedModel(assistant_message(ToolCallPart("c1", name, args)), "Done.")
    return nbstream.Agent(model, tools=[tool], **settings).run_stream("?")


def all_ops(stream: Any) -> list[Any]:
    """The ops of a whole run, as many as one message to the browser has."""
    reader = stream.reader()
    stream.until_done()
    return wire.ops(reader.take())


def test_calls_wait_for_approval_run_and_are_done_or_denied() -> None:
    stream = run()
    reader = stream.reader()
    stream.start()
    until(lambda: len(stream.waiting) == 2)
    (shown,) = wire.state(stream, stream.messages)["messages"]
    assert [row["state"] for row in shown["parts"]] == ["needs approval"] * 2
    stream.approve("c0")
    stream.deny("c1", "It is mine.")
    stream.wait()
    rows = wire.ops(reader.take())
    states = [row for row in rows if row["kind"] == "tool_state"]
    assert all("message" not in row for row in states)
    by_call = {
        name: [row["state"] for row in states if row["tool_call_id"] == name]
        for name in ("c0", "c1")
    }
    assert by_call["c0"][:2] == by_call["c1"][:2] == ["running", "needs approval"]
    assert by_call["c0"][-1].startswith("done · 0.")
    assert by_call["c1"][-1] == "denied"
    results = {row["tool_call_id"]: row["result"] for row in states if "result" in row}
    assert (results["c0"]["output"], results["c1"]["state"]) == ("0 is gone", "denied")
    # The message with all results comes later, and brings none of them again.
    (whole,) = [row for row in rows if row["kind"] == "message"]
    assert [set(part) for part in whole["parts"]] == [{"kind", "tool_call_id", "same"}] * 2


def test_progress_of_a_tool_is_one_short_line() -> None:
    (row,) = wire.ops([ev.FunctionToolProgress("c", "look", "2 of\n5 " + "x" * 999)])
    assert row["state"].startswith("running: 2 of 5 x")
    assert len(row["state"]) < 100


def test_reports_and_events_of_the_users_own_are_lines() -> None:
    said = [
        ev.FunctionToolProgress("c", "look", {"page": 2, "of": [5]}),
        ev.CustomEvent({"rows": 3}, "loaded", "c"),
        ev.CustomEvent({"rows": 3}),  # of no call
    ]
    (row,) = wire.ops([*said, ev.FinalResult()])
    assert row["run"] == {"lines": ["page: 2, of: [5]", "loaded · rows: 3"], "count": 2}


def test_a_run_inside_a_call_is_one_op_however_its_words_came() -> None:
    def nested(call_id: str, *inner: ev.Event) -> list[ev.Event]:
        return [ev.NestedEvent(call_id, "helper", one) for one in inner]

    pairs = [
        (*nested("a", ev.TextDelta(0, "x")), *nested("b", ev.TextDelta(0, "y"))) for _ in range(9)
    ]
    rows = wire.ops([event for pair in pairs for event in pair])
    assert [row["run"]["ops"] for row in rows] == [
        [{"kind": "text_delta", "index": 0, "chunk": "x" * 9}],
        [{"kind": "text_delta", "index": 0, "chunk": "y" * 9}],
    ]
    deep: ev.Event = ev.TextDelta(0, "x")
    for _ in range(9):
        deep = ev.NestedEvent("c", "helper", deep)
    assert "text_delta" not in json.dumps(wire.ops([deep]))


def test_a_tool_that_floods_costs_little_on_the_wire() -> None:
    def flood(ctx: nbstream.RunContext[None]) -> Iterator[Any]:
        for at in range(30_000):
            yield f"line {at}"
            if at < 100:
                ctx.emit({"data": "y" * 10_000})
        yield "x" * 10_000_000

    stream = one_call(flood)
    rows = all_ops(stream)
    assert len(json.dumps(rows)) < 40_000
    counted = sum(row["run"].get("count", 0) for row in rows if row["kind"] == "tool_state")
    assert counted == 30_101
    (row,) = wire.state(stream, stream.messages)["messages"][0]["parts"]
    assert len(json.dumps(row)) < 40_000
    assert row["run"]["count"] == 30_100  # what it yielded last is its result
    assert row["result"]["left_out"] > 30_000
    assert len(stream.tool_calls[0].value) == 10_000_000


def test_a_call_that_raised_brings_its_traceback_and_a_wrong_one_is_sent_back() -> None:
    def fails(n: int) -> None:
        raise KeyError(f"no {n}" + "x" * 20_000)

    rows = all_ops(one_call(fails, '{"n": 1}'))
    (row,) = [row for row in rows if "traceback" in row.get("run", {})]
    assert row["state"] == "failed"
    assert row["run"]["traceback"].startswith("[cut: ")
    states = [row.get("state") for row in all_ops(one_call(fails, '{"n": "x"}'))]
    assert "sent back" in states


def test_a_snapshot_has_what_the_ops_brought() -> None:
    def now() -> str:
        return "12:00"

    parts = (TextPart("I look."), ToolCallPart("n1", "now", "{}"))
    reply = Message("assistant", parts, Usage(10, 5), "tool_call")
    model = ScriptedModel(reply, "It is noon.")
    clock = nbstream.Agent(model, tools=[now], name="clock")
    stream = one_call(clock, '{"prompt": "?"}')
    stream.until_done()
    state = wire.state(stream, stream.messages)
    (row,) = state["messages"][0]["parts"]
    assert (state["run"], state["totals"]) == (True, "2 steps · 1 tool call")
    assert row["result"]["output"] == "It is noon."
    assert state["messages"][1]["parts"] == [
        {"kind": "tool_result", "tool_call_id": "c1", "same": True}
    ]
    assert row["run"]["agent"] == "clock"
    inner = row["run"]["state"]
    assert inner["status"] == "done"
    assert [one["role"] for one in inner["messages"]] == ["assistant", "tool", "assistant"]
    assert inner["messages"][0]["parts"][1]["result"]["output"] == "12:00"
    nested = [one.usage for one in stream.tool_calls[0].messages if one.usage]
    assert len(nested) == 2
    total = sum(nested, stream.usage)
    assert state["total_usage"]["output_tokens"] == total.output_tokens
    assert total.output_tokens > stream.usage.output_tokens
