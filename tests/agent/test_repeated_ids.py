"""A model may give several calls one id: each has its own answer, its own result and record."""

from typing import Any

import pytest

import nbstream
from nbstream.errors import UsageError
from nbstream.events import ApprovalRequest, InputRequest
from nbstream.messages import Message, ToolCallPart, Usage
from tests.agent.scripts import agent_of, results
from tests.harness.llm_scripts import rounds, use
from tests.harness.llm_server import LLMServer
from tests.history.anthropic_rules import faults
from tests.live.wires import model as named_model

done: list[str] = []


@pytest.fixture(autouse=True)
def _empty() -> None:
    done.clear()


@nbstream.tool(requires_approval=True)
def remove(name: str) -> str:
    """Remove a file."""
    done.append(name)
    return f"{name} is gone."


async def rename(ctx: nbstream.RunContext[Any], name: str) -> str:
    """Rename a file."""
    return f"{name} is {await ctx.ask(str, f'What shall {name} be?')} now."


def of_one_id(*rows: tuple[str, str]) -> Message:
    """A reply whose calls have one id: each row is a tool and a name."""
    parts = tuple(ToolCallPart("c1", tool, f'{{"name": "{name}"}}') for tool, name in rows)
    return Message("assistant", parts, Usage(10, 5), "tool_call")


def run_of(*replies: Any) -> nbstream.AgentStream[Any]:
    agent = agent_of(*replies, "Done.", tools=[remove, rename], approve="wait")
    return agent.run_stream("Clean up.")


def test_each_call_of_a_reply_gets_its_own_answer() -> None:
    stream = run_of(of_one_id(("remove", "a"), ("remove", "b"), ("rename", "c"), ("rename", "d")))
    for event in stream:
        if isinstance(event, ApprovalRequest):
            if event.part.args["name"] == "a":
                event.approve()
            else:
                event.deny("Mine.")
        if isinstance(event, InputRequest):
            event.answer(event.tool_call.args["name"].upper())
    assert done == ["a"]
    denied = "The user denied this call. Mine."
    assert results(stream) == ["a is gone.", denied, "c is C now.", "d is D now."]


def test_a_call_of_another_run_with_the_same_id_is_refused() -> None:
    old, new = (run_of(of_one_id(("remove", name))) for name in "ab")
    given = None
    for event in old:
        if isinstance(event, ApprovalRequest):
            given = event
            event.deny()
    assert given is not None
    for event in new:
        if isinstance(event, ApprovalRequest):
            for call in (given, given.tool_call):
                with pytest.raises(UsageError, match="another with the same id"):
                    new.approve(call)
            event.deny()
    assert done == []


def test_each_call_of_a_reply_has_its_own_result(llm_server: LLMServer) -> None:
    """Over HTTP: the events, the result and the next request tell the calls apart."""

    def price(of: str) -> str:
        return f"{of} costs 4."

    def two(*names: str) -> list[dict[str, Any]]:
        return [use("price", "t_1", of=name) for name in names]

    name = rounds(two("tea", "milk", "cake"), two("rum"), "Dear.")
    model = named_model("anthropic", llm_server.url, name=name)
    stream = nbstream.Agent(model, tools=[price]).run_stream("?")
    events = [one for one in stream if isinstance(one, nbstream.events.FunctionToolCall)]
    assert stream.result is not None
    told = [(one.tool_call_id, one.args["of"], one.result) for one in stream.result.tool_calls]
    assert told == [
        ("t_1", "tea", "tea costs 4."),
        ("t_1_2", "milk", "milk costs 4."),
        ("t_1_3", "cake", "cake costs 4."),
        ("t_1", "rum", "rum costs 4."),
    ]
    assert [one.tool_call_id for one in events] == [one[0] for one in told]
    html = stream.html
    for _, _, result in told:
        assert html.count(result) == 1
    for request in llm_server.of(name):
        assert [*faults(request.body)] == []
    last = llm_server.of(name)[-1].body["messages"]
    sent = {one["id"]: one["input"]["of"] for turn in last[1::2] for one in turn["content"]}
    answers = [one for turn in last[2::2] for one in turn["content"]]
    assert len(sent) == len(answers) == 4
    for one in answers:
        assert f"{sent[one['tool_use_id']]} costs 4." in str(one["content"])


def test_an_answer_before_the_request_is_for_one_call() -> None:
    stream = run_of(of_one_id(("remove", "a"), ("remove", "b")))
    stream.approve("c1")
    asked = []
    for event in stream:
        if isinstance(event, ApprovalRequest):
            asked.append(event.part.args["name"])
            if len(asked) == 2:
                event.deny()
    assert done == ["a"]
    assert asked == ["a", "b"]


@pytest.mark.parametrize("by", ["event", "stream", "page"])
def test_an_answer_given_twice_is_not_kept_for_a_later_step(by: str) -> None:
    stream = run_of(of_one_id(("remove", "a")), of_one_id(("remove", "b")))
    asked = 0
    for event in stream:
        if not isinstance(event, ApprovalRequest):
            continue
        asked += 1
        if asked == 2:
            event.deny()
            continue
        for _ in range(3):
            if by == "event":
                event.approve()
            elif by == "stream":
                stream.approve("c1")
            else:
                stream.page_requests.reply({"id": "c1", "action": "approve"})
    assert asked == 2
    assert done == ["a"]


def test_a_saved_answer_is_for_one_call() -> None:
    first = run_of(of_one_id(("remove", "a"), ("rename", "b"), ("remove", "c"), ("rename", "d")))
    seen = 0
    with first:
        for event in first:
            seen += isinstance(event, (ApprovalRequest, InputRequest))
            if seen == 4:
                seen = 0
                first.approve("c1")
            if isinstance(event, nbstream.events.FunctionToolResult):
                saved = first.run_to_json()
                break
    again = agent_of("Done.", tools=[remove, rename], approve="wait").resume(saved)
    left = []
    for event in again:
        if isinstance(event, ApprovalRequest):
            left.append(event.part.args["name"])
            event.deny()
        if isinstance(event, InputRequest):
            left.append(event.tool_call.args["name"])
            event.decline()
    assert done == ["a"]
    assert sorted(left) == ["b", "c", "d"]


@pytest.mark.parametrize(
    "reply",
    [
        {"action": "decline"},
        {"action": "answer", "value": {"name": "a"}},
        {"action": "approve", "value": ["a"]},
        {"action": "approve", "value": {"name": 1}},
        {"action": "run"},
        {},
    ],
)
def test_a_reply_that_is_no_answer_executes_nothing(reply: dict[str, Any]) -> None:
    stream = run_of(of_one_id(("remove", "a")))
    for event in stream:
        if isinstance(event, ApprovalRequest):
            assert stream.page_requests.reply({"id": "c1", **reply})["problems"]
            stream.answer("c1", {"name": "a"})
            event.deny()
    assert done == []
