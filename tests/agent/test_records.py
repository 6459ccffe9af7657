"""What a run keeps of its calls: results and times, reports, the runs inside them."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

import nbstream
from nbstream.core import codec
from nbstream.core.call_record import KEPT_REPORTS, MAX_DEPTH, CallRecord
from nbstream.core.log import Log
from nbstream.events import AgentRunResult, FunctionToolProgress, NestedEvent
from tests.agent.scripts import agent_of, calls


def now() -> str:
    return "12:00"


def fails() -> None:
    raise KeyError("no such clock")


def slow(n: int) -> Iterator[str]:
    for at in range(n):
        yield f"{at + 1} of {n}"


def outer(depth: int = 1) -> nbstream.Agent[Any, Any]:
    """An agent whose tool is an agent, and so on; the innermost has a tool of its own."""
    inner = agent_of(calls(("now", "{}"), text="Let me see."), "It is noon.", tools=[now])
    for at in range(depth):
        name = inner.name
        inner = agent_of(
            calls((name, '{"prompt": "The time?"}')), "Noon.", tools=[inner], name=f"agent{at}"
        )
    return inner


def test_the_calls_of_a_run_have_their_results_and_times() -> None:
    reply = calls(("now", "{}"), ("fails", "{}"), ("slow", '{"n": "x"}'))
    agent = agent_of(reply, calls(("now", "{}")), "Done.", tools=[now, fails, slow])
    result = agent.run_sync("?")
    first, failed, wrong, again = result.tool_calls
    assert (first.result, first.value, first.is_error) == ("12:00", "12:00", False)
    assert (failed.is_error, failed.result) == (True, "KeyError: 'no such clock'")
    assert 'raise KeyError("no such clock")' in failed.traceback
    assert wrong.is_error
    assert "valid integer" in wrong.result
    assert again.result == "12:00"
    assert all(one.elapsed >= 0 for one in result.tool_calls)
    assert repr(first).startswith("<ExecutedCall now({}): 12:00, 0.")
    copy = codec.event_from_dict(codec.event_to_dict(result))
    assert isinstance(copy, AgentRunResult)
    assert [one.result for one in copy.tool_calls] == [one.result for one in result.tool_calls]
    with pytest.raises(LookupError, match="copy"):
        _ = copy.df


def test_a_late_reader_gets_the_run_inside_a_call_and_the_last_reports() -> None:
    agent = agent_of(
        calls(("agent0", '{"prompt": "?"}'), ("slow", '{"n": 200}')),
        "Done.",
        tools=[outer(), slow],
    )
    stream = agent.run_stream("?")
    stream.until_done()
    late = stream.reader().take()
    said = [one.content for one in late if isinstance(one, FunctionToolProgress)]
    assert said == [f"{at} of 200" for at in range(200 - KEPT_REPORTS + 1, 201)]
    assert stream.call_records[0, "c2"].report_count == 200
    again = Log()
    again.extend(late)
    with again.locked() as transcript:
        records = transcript.call_records()
    assert records[0, "c1"].nested == stream.call_records[0, "c1"].nested
    nested = stream.call_records[0, "c1"].nested
    assert nested is not None
    (inner,) = nested.call_records.values()
    assert inner.nested is not None
    assert [one.text for one in inner.nested.messages] == ["Let me see.", "", "It is noon."]
    assert [one.role for one in stream.tool_calls[0].messages] == ["assistant", "tool", "assistant"]


def test_runs_are_nested_no_deeper_than_a_bound() -> None:
    stream = outer(MAX_DEPTH + 2).run_stream("?")
    stream.until_done()
    assert stream.output == "Noon."
    depth = 0
    records: Mapping[Any, CallRecord] = stream.call_records
    while records:
        (record,) = records.values()
        records = record.nested.call_records if record.nested else {}
        depth += record.nested is not None
    assert depth == MAX_DEPTH


def test_a_run_whose_tool_reports_without_end_stays_small() -> None:
    stream = agent_of(calls(("slow", '{"n": 20000}')), "Done.", tools=[slow]).run_stream("?")
    stream.until_done()
    assert len(stream.reader().take()) < 100
    assert not any(isinstance(one, NestedEvent) for one in stream.reader().take())
    assert stream.tool_calls[0].value == "20000 of 20000"
