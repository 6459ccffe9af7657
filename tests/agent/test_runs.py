"""Runs of agents, in each of their forms, and node by node: what they give."""

import json
from typing import Any

import pytest
from pydantic import BaseModel

import nbstream
from nbstream import RunContext
from nbstream.agent.runtime import SaidMessages
from nbstream.agent.stream import AgentStream, AsyncAgentStream
from nbstream.errors import OutputError, UsageError
from nbstream.events import (
    AgentRunResult,
    FinalResult,
    FunctionToolResult,
)
from nbstream.messages import Message, ToolCallPart
from nbstream.streams import AsyncStream, Stream
from nbstream.testing import ScriptedModel
from tests.agent.scripts import agent_of, calls, double, replies, results, tool_parts
from tests.harness.background import run_async

FORMS = ("run", "run_sync", "run_stream", "run_stream_events", "run_stream_sync", "iter")


def finished(form: str, agent: nbstream.Agent[Any, Any], **options: Any) -> Any:
    """What has `output` and `new_messages()`, of a run in that form."""
    if form == "run":
        return run_async(agent.run("How much?", **options))
    if form == "run_sync":
        return agent.run_sync("How much?", **options)
    if form == "iter":
        with agent.iter("How much?", **options) as run:
            for _ in run:
                pass
        return run.result
    stream = getattr(agent, form)("How much?", **options)
    stream.until_done()
    return stream


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_run(form: str) -> None:
    model = ScriptedModel(*replies())
    done = finished(form, nbstream.Agent(model, tools=[double], system="Be brief."))
    assert done.output == "It is 20."
    assert results(done) == [4, 6, 20]
    roles = ["user", "assistant", "tool", "assistant", "tool", "assistant"]
    assert [message.role for message in done.new_messages()] == roles
    assert [message.role for message in done.all_messages()] == ["system", *roles]
    assert done.usage().total_tokens == 30 + 2
    assert [len(request.messages) for request in model.requests] == [2, 4, 6]
    assert [part.tool_call_id for part in tool_parts(model.requests[2].messages[3])] == ["c1", "c2"]


@pytest.mark.parametrize("form", FORMS)
def test_a_handler_gets_the_events_of_every_form(form: str) -> None:
    seen: list[str] = []

    async def tap(ctx: RunContext[Any], events: Any) -> None:
        seen.extend([event.kind async for event in events])
        assert ctx.deps == "dep"

    agent = agent_of(*replies(), tools=[double])
    done = finished(form, agent, event_stream_handler=tap, deps="dep")
    assert done.output == "It is 20."
    again = [event.kind for event in agent_of(*replies(), tools=[double]).run_stream("?")]
    assert seen == again[:-1]
    assert again[-1] == "agent_run_result"


def test_a_handler_that_raises_ends_the_run() -> None:
    async def tap(ctx: RunContext[Any], events: Any) -> None:
        raise ValueError("No.")

    with pytest.raises(ValueError, match=r"No\."):
        agent_of("Hello.").run_sync("hi", event_stream_handler=tap)


def test_several_readers_of_one_run_and_a_late_one() -> None:
    stream = agent_of(*replies(), tools=[double]).run_stream("?")
    with stream:
        first = list(stream)
        text = list(stream.stream_text(delta=True))
        late = list(stream)
    assert isinstance(first[-1], AgentRunResult)
    assert first[-1].result.output == stream.output == "It is 20."
    assert "".join(text) == "Let me see.It is 20."
    kinds = [event.kind for event in first if "delta" not in event.kind]
    assert [event.kind for event in late if "delta" not in event.kind] == kinds
    assert [event for event in late if isinstance(event, FunctionToolResult)] == [
        event for event in first if isinstance(event, FunctionToolResult)
    ]


class City(BaseModel):
    """A city."""

    name: str
    population: int


def test_a_typed_output_and_a_second_attempt() -> None:
    half, whole = '{"name": "Bern"}', '{"name": "Bern", "population": 2}'
    model = ScriptedModel(calls(("double", '{"n": 1}')), half, whole)
    agent = nbstream.Agent(model, tools=[double], output_type=City)
    stream = agent.run_stream("Which?")
    values = list(stream.stream_output(debounce_by=None))
    assert values[-1] == stream.get_output() == City(name="Bern", population=2)
    feedback = model.requests[2].messages[-1]
    assert feedback.role == "user"
    assert "population: Field required" in feedback.text


def test_an_output_that_stays_wrong_is_an_error() -> None:
    with pytest.raises(OutputError, match="population"):
        agent_of(*['{"name": "Bern"}'] * 3, output_type=City, output_retries=2).run_sync("?")


def test_validators_change_the_output_or_ask_again() -> None:
    agent = agent_of("a", "bb")

    @agent.output_validator
    async def long(ctx: RunContext[int], output: str) -> str:
        if len(output) < ctx.deps:
            raise nbstream.ModelRetry("Longer.")
        return output

    @agent.output_validator
    def upper(output: str) -> str:
        return output.upper()

    stream = agent.run_stream("?", deps=2)
    assert stream.get_output() == stream.output == "BB"
    assert stream.result is not None
    assert stream.result.output == "BB"


def test_an_empty_reply_is_no_output() -> None:
    assert agent_of(Message("assistant"), "Here.").run_sync("?").output == "Here."


def test_a_history_goes_on() -> None:
    model = ScriptedModel("Blue.", "Red.")
    agent = nbstream.Agent(model, system="Brief.")
    first = agent.run_sync("A colour?")
    second = agent.run_sync("Another?", message_history=first.all_messages())
    assert [one.text for one in second.all_messages()] == [
        *("Brief.", "A colour?", "Blue.", "Another?", "Red.")
    ]
    assert [one.text for one in second.new_messages()] == ["Another?", "Red."]
    assert second.new_messages_json().startswith(b'[{"role": "user"')


def test_instructions_from_functions() -> None:
    model = ScriptedModel("Hi.")
    agent: nbstream.Agent[str, str] = nbstream.Agent(model, instructions="Be kind.")

    @agent.instructions
    async def who(ctx: RunContext[str]) -> str:
        return f"It is {ctx.deps}."

    agent.run_sync("hi", deps="Ada")
    assert model.requests[0].messages[0].text == "Be kind.\n\nIt is Ada."


def test_a_message_that_is_added_comes_with_the_next_request() -> None:
    model = ScriptedModel(calls(("interject", "{}")), "So.", "And that.")

    def interject() -> str:
        stream.say("Also this.")
        return "ok"

    agent = nbstream.Agent(model, tools=[interject])

    @agent.output_validator
    def look(output: str) -> str:
        if output == "So.":
            stream.say("And that?")
        return output

    stream = agent.run_stream("?")
    assert stream.get_output() == "And that."
    roles = [message.role for message in stream.messages]
    assert roles == ["assistant", "tool", "user", "assistant", "user", "assistant"]
    assert model.requests[1].messages[-1].text == "Also this."
    assert model.requests[2].messages[-1].text == "And that?"
    with pytest.raises(UsageError):
        stream.say("Too late.")


def test_the_result_can_be_awaited() -> None:
    async def main() -> str:
        async with nbstream.Agent(ScriptedModel("Blue.")).run_stream("A colour?") as stream:
            return str((await stream.get_result()).output)

    assert run_async(main()) == "Blue."


def names(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


def test_what_blocks_can_be_awaited_under_the_same_name() -> None:
    # Python's futures, threads and the kernel's interrupt are not for coroutines.
    blocking = {"result", "to_df", "interrupt", "lend_thread", "wait_for_events", "replay_message"}
    assert names(Stream) - names(AsyncStream) == blocking
    assert names(AgentStream) - names(AsyncAgentStream) == blocking - {"result"}


def test_what_is_said_may_have_files_as_a_prompt_has() -> None:
    model = ScriptedModel("Blue.", "A dot.")
    stream = nbstream.Agent(model).run_stream("A colour?")
    dot = nbstream.messages.FilePart("image/gif", b"GIF89a")
    stream.say(["And this?", dot])
    stream.until_done()
    said = model.requests[0].messages[-1]
    assert (said.role, said.text, said.files) == ("user", "And this?", [dot])
    with pytest.raises(UsageError):
        nbstream.Agent(ScriptedModel("Blue.")).run_stream("hi").say(3)


def test_a_message_is_taken_or_refused_but_never_lost() -> None:
    said, message = SaidMessages(), nbstream.user_message("Wait.")
    assert said.add([message])
    assert said.close() is message, "the run goes on"
    assert said.take() == [message]
    assert said.close() is None
    assert not said.add([message])


def test_the_nodes_of_a_run_can_be_driven() -> None:
    async def main() -> list[str]:
        names = []
        async with agent_of(*replies(), tools=[double]).iter("?", deps=5) as run:
            node = run.next_node
            while not isinstance(node, nbstream.End):
                names.append(type(node).__name__)
                assert run.ctx.deps == 5
                assert run.ctx.state.requests == names.count("ModelRequestNode") - isinstance(
                    node, nbstream.ModelRequestNode
                )
                node = await run.next(node)
            assert node.data is run.result
        return names

    steps = ["ModelRequestNode", "CallToolsNode"]
    assert run_async(main()) == ["UserPromptNode", *steps * 3]


def test_a_stepwise_run_waits_between_its_nodes() -> None:
    model = ScriptedModel(*replies())
    with nbstream.Agent(model, tools=[double]).iter("?") as run:
        first = next(run)
        assert next(run) is run.next_node
        assert not model.requests
        with pytest.raises(UsageError, match="ModelRequestNode"):
            run.step(nbstream.UserPromptNode("?"))
        assert first is not run.next_node
        next(run)
        assert len(model.requests) == 1
    assert run.result is None
    assert run.stream.finish_reason == "cancelled"


def test_a_stepwise_run_can_be_cancelled_and_its_messages_kept() -> None:
    with nbstream.Agent(ScriptedModel(*replies()), tools=[double]).iter("?") as run:
        while not isinstance(next(run), nbstream.CallToolsNode):
            pass
        run.cancel()
    assert run.stream.finish_reason == "cancelled"
    assert json.loads(run.new_messages_json())[0]["role"] == "user"
    assert run.all_messages_json() == run.new_messages_json()


def test_the_events_of_one_node() -> None:
    kinds: list[list[str]] = []

    async def main() -> None:
        async with agent_of(*replies(), tools=[double]).iter("?") as run:
            async for node in run:
                if isinstance(node, (nbstream.ModelRequestNode, nbstream.CallToolsNode)):
                    async with node.stream(run.ctx) as events:
                        kinds.append([event.kind async for event in events])
        assert run.result is not None
        assert run.result.output == "It is 20."

    run_async(main())
    firsts = [*["stream_start", "function_tool_call"] * 2, "stream_start", "final_result"]
    assert [row[0] for row in kinds] == firsts
    stream = agent_of(*replies(), tools=[double]).run_stream("?")
    assert [kind for row in kinds for kind in row] == [one.kind for one in stream]


def test_a_run_that_fails_raises_in_every_form() -> None:
    for form in FORMS:
        with pytest.raises(ZeroDivisionError):
            finished(form, agent_of(ZeroDivisionError("x")))


def test_the_final_event_names_no_tool() -> None:
    events = list(agent_of("Hello.").run_stream_events("hi"))
    assert [one for one in events if isinstance(one, FinalResult)] == [FinalResult()]


def test_an_unknown_keyword_names_the_right_one() -> None:
    with pytest.raises(UsageError, match="temp="):
        agent_of("Hello.", temp=0)
    with pytest.raises(UsageError, match="empty"):
        agent_of("Hello.").run_sync("")


def test_a_prompt_may_have_files() -> None:
    model = ScriptedModel("A dot.")
    nbstream.Agent(model).run_sync(
        ["What is it?", nbstream.file_part(b"%PDF-1.4 x", "application/pdf")]
    )
    assert len(model.requests[0].messages[0].parts) == 2


def test_replies_keep_their_calls() -> None:
    result = agent_of(*replies(), tools=[double]).run_sync("?")
    assert [call.args for call in result.tool_calls] == [{"n": 2}, {"n": 3}, {"n": 10}]
    assert isinstance(result.tool_calls[0], ToolCallPart)
    assert result.message.text == "It is 20."


def test_a_list_of_output_types() -> None:
    agent: nbstream.Agent[Any, Any] = agent_of("[1, 2]", output_type=[City, list[int]])
    assert agent.run_sync("?").output == [1, 2]
