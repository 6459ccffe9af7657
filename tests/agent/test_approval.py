"""Calls that need a person's approval: answered at once, later, by a rule, in another process."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field

import nbstream
from nbstream.errors import UsageError
from nbstream.events import ApprovalRequest, FunctionToolResult
from nbstream.testing import ScriptedModel
from tests.agent.scripts import agent_of, calls, results
from tests.harness.background import run_async

done: list[str] = []


@pytest.fixture(autouse=True)
def _empty() -> None:
    done.clear()


@nbstream.tool(requires_approval=True)
def remove(ctx: nbstream.RunContext[Any], name: str) -> str:
    """Remove a file."""
    assert ctx.approved
    done.append(name)
    return f"{name} is gone."


def look() -> str:
    """Look."""
    done.append("look")
    return "a, b"


def two(**settings: Any) -> nbstream.Agent[Any, Any]:
    """An agent whose model wants to remove a file, look, and remove another."""
    rows = ("remove", '{"name": "a"}'), ("look", "{}"), ("remove", '{"name": "b"}')
    return agent_of(calls(*rows), "Done.", tools=[remove, look], **settings)


def test_events_are_answered_at_once() -> None:
    for event in two(approve="wait").run_stream_events("Clean up."):
        if isinstance(event, ApprovalRequest):
            if event.part.args["name"] == "a":
                event.approve()
            else:
                event.deny("b is mine.")
        if isinstance(event, nbstream.events.AgentRunResult):
            last = event.result
    assert results(last) == [
        "a is gone.",
        "a, b",
        "The user denied this call. b is mine.",
    ]
    assert done in (["a", "look"], ["look", "a"])


def test_a_run_waits_and_others_may_answer_from_another_thread() -> None:
    stream = two(approve="wait").run_stream("Clean up.")
    stream.on(
        ApprovalRequest,
        lambda event: threading.Timer(0.05, event.approve, kwargs={"always": True}).start(),
    )
    assert stream.get_output() == "Done."
    assert sorted(done) == ["a", "b", "look"]


def test_arguments_can_be_changed() -> None:
    stream = two(approve="wait").run_stream("Clean up.")
    stream.approve("c1", {"name": "other"})
    stream.approve("c3", {"name": 3})
    first, _, third = results(finished(stream))
    assert first == "other is gone."
    assert "name: Input should be a valid string" in third


def finished(stream: Any) -> Any:
    stream.until_done()
    return stream


@pytest.mark.parametrize(
    ("approve", "removed"),
    [
        ("allow", ["a", "b"]),
        ("deny", []),
        (lambda call: call.args["name"] == "a", ["a"]),
        (lambda ctx, call: {"name": call.args["name"] + str(ctx.deps)}, ["a5", "b5"]),
        (lambda _: "Not today.", []),
    ],
)
def test_rules_and_functions(approve: Any, removed: list[str]) -> None:
    found = two(approve=approve).run_sync("Clean up.", deps=5)
    assert sorted(name for name in done if name != "look") == removed
    assert found.output == "Done."


def test_an_async_function_approves() -> None:
    async def ask(call: nbstream.messages.ToolCallPart) -> bool:
        return bool(call.args["name"] == "b")

    result = run_async(two().run("Clean up.", approve=ask))
    assert results(result)[2] == "b is gone."


def test_headless_the_model_is_told_that_the_user_cannot_be_asked() -> None:
    """The tests have no terminal."""
    answers: list[nbstream.events.RequestAnswered] = []
    stream = two().run_stream("Clean up.")
    stream.on(nbstream.events.RequestAnswered, answers.append)
    stream.until_done()
    first, second, third = results(stream)
    told = "This call needs the user's approval, and there is no way to ask the user here."
    assert first == third == f"{told} It was not executed."
    assert second == "a, b"
    assert [(one.accepted, one.reason) for one in answers] == [(False, first)] * 2
    assert stream.html.count(">denied<") == 2


def test_a_person_at_a_terminal_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("nbstream.agent.requests.is_headless", lambda: False)
    answers = iter(["y", "It is mine."])

    def say(question: str) -> str:
        asked.append(question)
        return next(answers)

    monkeypatch.setattr("builtins.input", say)
    found = results(two().run_sync("Clean up."))
    assert len(asked) == 2
    assert done in (["a", "look"], ["look", "a"], ["b", "look"], ["look", "b"])
    assert any("It is mine." in one for one in found)


def test_a_wrong_rule_is_refused() -> None:
    with pytest.raises(UsageError, match="approve="):
        two(approve="maybe")


def test_a_copy_of_the_event_cannot_be_answered() -> None:
    event = ApprovalRequest(nbstream.messages.ToolCallPart("c1", "remove", "{}"))
    with pytest.raises(LookupError):
        event.approve()


def saved(agent: nbstream.Agent[Any, Any]) -> str:
    """The run, saved while it waits for both approvals and the other tool has ended."""
    with agent.run_stream("Clean up.") as stream:
        for event in stream:
            if isinstance(event, FunctionToolResult):
                break
        while len(stream.waiting) < 2:
            pass
        return stream.run_to_json()


def test_a_stored_run_ends_as_the_undisturbed_one_does() -> None:
    def reply() -> ScriptedModel:
        rows = ("remove", '{"name": "a"}'), ("look", "{}"), ("remove", '{"name": "b"}')
        return ScriptedModel(calls(*rows), "Done.")

    def agent(model: ScriptedModel) -> nbstream.Agent[Any, Any]:
        return nbstream.Agent(model, tools=[remove, look], system="Brief.", approve="wait")

    undisturbed = agent(reply()).run_stream("Clean up.")
    undisturbed.approve("c1")
    undisturbed.deny("c3")
    undisturbed.until_done()
    done.clear()

    text = saved(agent(reply()))
    assert done == ["look"]
    second = ScriptedModel("Done.")
    stream = agent(second).resume(text)
    for event in stream:
        if isinstance(event, ApprovalRequest):
            if event.tool_call_id == "c1":
                event.approve()
            else:
                event.deny()
    assert done == ["look", "a"]
    assert stream.get_output() == "Done."
    assert stream.all_messages() == undisturbed.all_messages()
    assert stream.new_messages() == undisturbed.new_messages()
    assert stream.messages == undisturbed.messages
    assert stream.usage == undisturbed.usage
    assert stream.result == undisturbed.result


OTHER_PROCESS = """
import sys, nbstream
from nbstream.testing import ScriptedModel

@nbstream.tool(requires_approval=True)
def remove(name: str) -> str:
    return f"{name} is gone."

def look() -> str:
    raise AssertionError("it has run already")

agent = nbstream.Agent(ScriptedModel("Done."), tools=[remove, look], approve="allow")
result = agent.resume(sys.stdin.read()).get_result()
print(result.output, [part.result for part in result.new_messages()[2].parts])
"""


def test_a_run_goes_on_in_another_process() -> None:
    found = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESS],
        input=saved(two(approve="wait")),
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ},
    )
    assert found.stdout.strip() == "Done. ['a is gone.', 'a, b', 'b is gone.']"


@pytest.mark.parametrize("wrong", ["", "[]", "{}", '{"version": 9}', "null", 3])
def test_what_is_no_saved_run_is_refused(wrong: Any) -> None:
    with pytest.raises(UsageError, match="not a saved run"):
        two().resume(wrong)


def test_a_run_that_does_not_wait_is_not_saved() -> None:
    with pytest.raises(UsageError, match="does not wait"):
        two().run_stream("Clean up.").run_to_json()


def test_a_saved_run_is_json_without_secrets() -> None:
    row = json.loads(saved(two(approve="wait")))
    assert row["version"] == 1
    assert row["messages"][0]["role"] == "user"
    assert [*row["results"]] == ["1"]


def test_a_terminal_shows_all_that_a_call_would_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tag = chr(0xE0041)
    args = '{"name": "b",' + "\n" * 90 + ' "name": "a\x9b2K\u202e\u200b' + tag + '\ufe01\u3164"}'
    agent = agent_of(calls(("remove", args)), "Done.", tools=[remove])
    monkeypatch.setattr("nbstream.agent.requests.is_headless", lambda: False)
    monkeypatch.setattr("builtins.input", lambda _: "n")
    agent.run_sync("Remove.")
    shown = "a⟨U+009B⟩2K⟨U+202E⟩⟨U+200B⟩⟨U+E0041⟩⟨U+FE01⟩⟨U+3164⟩"
    told = f'The model wants to call remove({{"name": "{shown}"}})'
    assert capsys.readouterr().out.strip() == told
    assert done == []


def test_a_question_in_a_terminal_has_no_control_characters(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def pick(ctx: nbstream.RunContext[Any]) -> str:
        kind = Annotated[int, Field(title="Seat\x1b[8m", description="x")]
        return str(await ctx.ask(kind, "Which\x1b[2J one?\nSay."))

    prompts: list[str] = []
    monkeypatch.setattr("nbstream.agent.requests.is_headless", lambda: False)

    def say(prompt: str) -> str:
        prompts.append(prompt)
        return "3"

    monkeypatch.setattr("builtins.input", say)
    stream = agent_of(calls(("pick", "{}")), "Done.", tools=[pick]).run_stream("go")
    assert stream.get_output() == "Done."
    assert results(stream) == ["3"]
    asked = capsys.readouterr().out + "".join(prompts)
    assert "Which⟨U+001B⟩[2J one?\nSay." in asked
    assert "\x1b" not in asked


@pytest.mark.parametrize(
    "change",
    [
        {"approvals": {"c1": {"granted": "no", "args": None, "reason": ""}}},
        {"approvals": {"c1": {"granted": True, "args": ["a"], "reason": ""}}},
        {"approvals": {"c1": {"granted": True, "all": True}}},
        {"approvals": {"c1": ["granted"]}},
        {"answers": {"c1/1": {"given": 1, "value": None, "reason": ""}}},
        {"always": "remove"},
        {"log_from": 99},
        {"new_from": -5},
        {"roles": ("root", "assistant")},
        {"roles": ("user", "user")},
        {"roles": (["user"], "assistant")},
    ],
)
def test_a_saved_run_that_was_changed_is_refused(change: dict[str, Any]) -> None:
    agent = two(approve="wait")
    with agent.run_stream("Clean up.") as stream:
        for event in stream:
            if isinstance(event, FunctionToolResult):
                break
        saved = json.loads(stream.run_to_json())
    done.clear()
    for message, role in zip(saved["messages"], change.get("roles", ()), strict=False):
        message["role"] = role
    with pytest.raises(UsageError, match="This is not a saved run"):
        agent.resume(saved | change)
    assert done == []
