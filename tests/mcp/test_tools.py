"""Tools of MCP servers in an agent's run: what the model gets, and what comes back."""

import gc
import re
import threading
import time
import traceback
from pathlib import Path
from typing import Any

import pytest

import nbstream
from nbstream.errors import MCPError, UsageError
from nbstream.events import ApprovalRequest, FunctionToolProgress, FunctionToolResult
from nbstream.messages import FilePart, TextPart
from nbstream.testing import ScriptedModel
from tests.agent.scripts import calls, results
from tests.harness.background import run_async
from tests.mcp.conftest import HERE, Notes, is_alive

STDIO = ("python", str(HERE / "tool_server.py"))
MCPServer = nbstream.mcp.MCPServer


def run(server: Any, *rows: tuple[str, str], **settings: Any) -> Any:
    """The contents of the results of these calls, in a run of an agent."""
    model = ScriptedModel(calls(*rows), "Done.")
    result = nbstream.Agent(model, tools=[server], **settings).run_sync("?")
    assert result.output == "Done."
    return results(result)


def old(how: str = "", **settings: Any) -> MCPServer:
    """A server of the older protocol."""
    return nbstream.mcp.stdio("python", str(HERE / "old_server.py"), how, **settings)


def test_a_model_gets_the_tools_and_their_results(shared: MCPServer) -> None:
    model = ScriptedModel(
        calls(("add", '{"a": 1, "b": 2}'), ("city", '{"name": "Bern"}'), ("picture", "{}")),
        calls(("embedded", "{}"), ("odd_name_with_spaces", "{}"), ("hidden", "{}"), first=4),
        "Done.",
    )
    result = nbstream.Agent(model, tools=[shared]).run_sync("?")
    *texts, odd, hidden = results(result)
    assert texts[:2] == [3, {"name": "Bern", "population": 2}]
    assert texts[2][0] == TextPart("A pixel:")
    assert isinstance(texts[2][1], FilePart)
    assert texts[2][1].media_type == "image/png"
    assert texts[3] == "See:\nNotes."
    assert odd == "odd"
    assert hidden == "a⟨U+202E⟩b⟨U+001B⟩[0m"
    specs = {spec.name: spec for spec in model.requests[0].params["tools"]}
    assert specs["add"].description.startswith("Add two numbers.")
    assert specs["add"].parameters["required"] == ["a", "b"]
    assert specs["hidden"].description == "Hide⟨U+202E⟩ characters."


def test_errors_of_tools_go_to_the_model(shared: MCPServer) -> None:
    wrong = ("add", '{"a": "one"}'), ("fail", '{"reason": "x"}'), ("add", "[1]")
    stream = nbstream.Agent(ScriptedModel(calls(*wrong), "I see."), tools=[shared]).run_stream("?")
    found = [event.part for event in stream if isinstance(event, FunctionToolResult)]
    assert all(part.is_error for part in found)
    texts = results(stream)
    assert "Input should be a valid integer" in texts[0]
    assert texts[1] == "Error executing tool fail"
    assert texts[2] == "The arguments must be a JSON object."


def test_a_flood_is_cut_with_a_note(shared: MCPServer) -> None:
    (text,) = run(shared, ("flood", "{}"))
    assert text.startswith("xxx")
    assert text.endswith("[cut: 9,951,000 of 10,000,000 characters]")


def test_progress_comes_as_lines(shared: MCPServer) -> None:
    model = ScriptedModel(calls(("steps", '{"count": 3}')), "Done.")
    stream = nbstream.Agent(model, tools=[shared]).run_stream("?")
    lines = [event.content for event in stream if isinstance(event, FunctionToolProgress)]
    assert lines[-1] == "step 3 (3 of 3)"
    assert results(stream) == ["done"]


def test_a_flood_of_progress_is_thinned_out() -> None:
    begun = time.monotonic()
    with old("progress") as server:
        model = ScriptedModel(calls(("echo", '{"text": "hi"}')), "Done.")
        stream = nbstream.Agent(model, tools=[server]).run_stream("?")
        lines = [event.content for event in stream if isinstance(event, FunctionToolProgress)]
    assert 1 <= len(lines) <= 2 + (time.monotonic() - begun) * 10
    assert max(map(len, lines)) < 300
    assert results(stream) == ["hi"]


def test_a_run_goes_on_from_json_and_node_by_node() -> None:
    model = ScriptedModel(calls(("echo", '{"text": "a"}')))
    with old(requires_approval=True) as server:
        agent = nbstream.Agent(model, tools=[server], approve="wait")
        with agent.run_stream("?") as stream:
            next(event for event in stream if isinstance(event, ApprovalRequest))
            saved = stream.run_to_json()
    with old(requires_approval=True) as server:
        agent = nbstream.Agent(ScriptedModel("Done."), tools=[server], approve="allow")
        assert results(agent.resume(saved).get_result()) == ["a"]
        model = ScriptedModel(calls(("echo", '{"text": "b"}')), "Done.")
        with nbstream.Agent(model, tools=[server], approve="allow").iter("?") as run:
            for _ in run:
                pass
        assert results(run) == ["b"]


def test_names_filters_and_prefixes() -> None:
    with old(prefix="old", exclude=["asks"]) as server:
        assert [tool.name for tool in server.tools()] == ["old_echo"]
        assert run(server, ("old_echo", '{"text": "hi"}')) == ["hi"]
    with (
        old(only=["nothing"]) as server,
        pytest.raises(UsageError, match="has no tool 'nothing'") as caught,
    ):
        server.tools()
    assert caught.value.remedy == "It has: asks, echo."


def test_two_tools_of_one_name_are_refused() -> None:
    def echo(text: str) -> str:
        return text

    with old() as server, pytest.raises(UsageError, match="'echo': your function and one of"):
        nbstream.Agent(ScriptedModel("Hi."), tools=[echo, server]).run_sync("?")
    with old("names") as server, pytest.raises(UsageError, match="Two tools have the name 'a_b'"):
        nbstream.Agent(ScriptedModel("Hi."), tools=[server]).run_sync("?")


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("schema", "properties: Input should be a valid dictionary"),
        ("large schema", "has a schema that cannot be used: it has 60,075 characters"),
        ("many", "lists more than 1,000 tools"),
        ("exits", "has ended. It wrote last:\nAPI_KEY is not set."),
        ("garbage", "Its stdout may carry nothing but the protocol"),
    ],
)
def test_a_server_that_cannot_be_used_ends_the_run_with_a_remedy(how: str, says: str) -> None:
    with pytest.raises(MCPError) as caught:
        nbstream.Agent(ScriptedModel("Hi."), tools=[old(how)]).run_sync("?")
    assert says in str(caught.value)
    assert caught.value.remedy
    assert len(str(caught.value).splitlines()) <= 6


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("output", "returned what its own schema forbids"),
        ("evil output", "aaaaaa"),  # its schema's expression would take forever
        ("odd content", "[left out: a file that cannot be read, image/png]"),
        ("no result", "does not follow the protocol"),
        ("prints", "hi"),
    ],
)
def test_what_a_server_returns_is_no_danger(how: str, says: str) -> None:
    with old(how) as server:
        (found,) = run(server, ("echo", '{"text": "hi"}'))
    assert says in str(found)


def test_what_a_server_lists_is_no_danger() -> None:
    with old("hostile") as server:
        named, second = server.tools()
        assert run(server, (named.name, '{"text": "hi"}')) == ["called re⟨U+202E⟩ad⟨U+001B⟩[31m"]
    assert re.fullmatch(r"[\w-]{1,64}", named.name, re.ASCII)
    assert named.name != second.name
    description = named.spec.description
    assert "\U000e0041" not in description
    assert "⟨U+202E⟩ignore" in description
    assert "[cut: " in description
    assert len(description) < 5_000
    # A schema that contains itself goes to the model as it is, and ends.
    assert named.spec.parameters["properties"]["next"] == {"$ref": "#"}


def test_a_server_that_does_not_answer() -> None:
    with pytest.raises(MCPError, match=r"did not answer within 0\.5 seconds"):
        old("silent", timeout=0.5).tools()


@pytest.mark.parametrize("command", ["no-such-program", str(Path(__file__))])
def test_a_program_that_cannot_be_started(command: str) -> None:
    with pytest.raises(MCPError, match="cannot be started"):
        nbstream.mcp.stdio(command).tools()


def test_a_command_in_one_text_says_how_to_write_it() -> None:
    with pytest.raises(UsageError, match="each of its arguments by itself") as caught:
        nbstream.mcp.stdio("python server.py --key sk-123456")
    assert "sk-123456" not in str(caught.value)


@pytest.mark.parametrize("words", [["-c", "print()", "sk-123456"], None, 7, b"server.py"])
def test_arguments_in_one_list_say_how_to_write_them(words: Any) -> None:
    with pytest.raises(UsageError, match="each of its arguments by itself") as caught:
        nbstream.mcp.stdio("python", words)
    assert "*words" in str(caught.value.remedy)
    assert "sk-123456" not in str(caught.value)


def test_a_server_that_dies_is_started_again(notes: Notes) -> None:
    with nbstream.mcp.stdio(*STDIO, env={"NOTES": str(notes.path)}) as server:
        first = notes.pid
        (text,) = run(server, ("die", "{}"))
        assert "has ended. It wrote last:" in text
        assert "I am going." in text
        assert run(server, ("add", '{"a": 1, "b": 2}')) == [3]
        assert notes.pid != first
        last = notes.pid
    assert not is_alive(first)
    assert not is_alive(last)


def test_cancelling_a_run_reaches_the_server_and_no_process_is_left(notes: Notes) -> None:
    server = nbstream.mcp.stdio(*STDIO, env={"NOTES": str(notes.path)})
    stream = nbstream.Agent(ScriptedModel(calls(("hang", "{}"))), tools=[server]).run_stream("?")
    stream.start()
    notes.until(lambda: "hang" in notes.lines)
    stream.cancel()
    notes.until(lambda: "cancelled" in notes.lines)
    assert run(server, ("add", '{"a": 1, "b": 2}')) == [3]
    pid = notes.pid
    del server, stream
    gc.collect()
    notes.until(lambda: not is_alive(pid))


def test_a_call_that_takes_too_long_is_cancelled(notes: Notes) -> None:
    with nbstream.mcp.stdio(*STDIO, env={"NOTES": str(notes.path)}) as server:
        hang = next(tool for tool in server.tools() if tool.name == "hang")
        hang.timeout = 1  # not the server's timeout=, which its start has, too
        assert run(hang, ("hang", "{}")) == ["Timed out after 1 seconds."]
        notes.until(lambda: "cancelled" in notes.lines)


def test_keys_are_nowhere(notes: Notes, capfd: pytest.CaptureFixture[str]) -> None:
    key = "sk-verysecret-0123456789"
    server = nbstream.mcp.stdio(*STDIO, env={"NOTES": str(notes.path), "TELL": key})
    assert key not in repr(server)
    with server:
        assert run(server, ("environment", '{"name": "TELL"}')) == [key]  # the tool's own result
        assert run(server, ("environment", '{"name": "PWD"}')) == ["none"]
        with pytest.raises(MCPError, match=r"I am going\. \[key\]") as caught:
            server.call("die")
    assert key not in str(caught.value)
    trace = caught.value.__traceback__
    while trace is not None and "tests" in trace.tb_frame.f_code.co_filename:
        trace = trace.tb_next
    frames = traceback.TracebackException(MCPError, caught.value, trace, capture_locals=True)
    assert "server.py" in "".join(frames.format())
    assert key not in "".join(frames.format())
    assert key not in "".join(capfd.readouterr())


def test_calls_can_need_an_approval() -> None:
    with old(requires_approval=["echo"]) as server:
        asked = run(server, ("echo", '{"text": "hi"}'), ("asks", "{}"), approve="deny")
        assert asked[0] == "The user denied this call."
        assert "decline" in asked[1]
        assert run(server, ("echo", '{"text": "hi"}'), approve=lambda _: {"text": "ho"}) == ["ho"]


def test_several_runs_use_one_server_at_once(shared: MCPServer) -> None:
    found: list[Any] = []

    def one(a: int) -> None:
        found.extend(run(shared, *[("add", f'{{"a": {a}, "b": {b}}}') for b in range(5)]))

    threads = [threading.Thread(target=one, args=(a,)) for a in (0, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [*range(5), *range(10, 15)]


def test_resources_and_prompts(shared: MCPServer) -> None:
    listed = {one.uri: one for one in shared.resources()}
    assert listed["memo://greeting"].description == "A greeting."
    assert listed["memo://page/{number}"].template
    assert shared.read("memo://greeting") == "Hello."
    assert shared.read("memo://page/3") == "Page 3."
    pixel = shared.read("memo://pixel")
    assert isinstance(pixel, FilePart)
    assert pixel.media_type == "image/png"
    with pytest.raises(MCPError, match="Unknown resource"):
        shared.read("memo://nothing")
    (prompt,) = shared.prompts()
    assert prompt.name == "review"
    assert [(one.name, one.required) for one in prompt.arguments] == [
        ("code", True),
        ("language", False),
    ]
    messages = shared.prompt("review", code="x = 1")
    assert nbstream.stream(ScriptedModel("Fine."), messages).get_final_text() == "Fine."
    assert messages[0].text == "Review this Python code: x = 1"
    with pytest.raises(MCPError):
        shared.prompt("nothing")


def test_the_same_in_a_running_loop() -> None:
    async def main() -> list[Any]:
        blocking = old()
        async with old() as server:
            mine = await server.call("echo", {"text": "hi"})
            agent = nbstream.Agent(
                ScriptedModel(calls(("echo", '{"text": "ho"}')), "Done."), tools=[server]
            )
            found = results(await agent.run("?"))
            names = [tool.name for tool in await server.tools()]
            rest = [await server.resources(), await server.prompts()]
        with blocking:
            return [mine, *found, names, blocking.call("echo", {"text": "he"}), rest]

    assert run_async(main()) == ["hi", "ho", ["echo", "asks"], "he", [[], []]]


def test_wrong_settings_are_refused() -> None:
    for wrong in (
        {"prefix": "a b"},
        {"timeout": 0},
        {"only": 3},
        {"requires_approval": [1]},
        {"env": {"A": 1}},
    ):
        with pytest.raises(UsageError):
            nbstream.mcp.stdio("python", **wrong)
    with pytest.raises(UsageError, match="is not the address"):
        nbstream.mcp.http("mcp.example")
    with pytest.raises(UsageError, match="takes a list of tools"):
        nbstream.Agent(ScriptedModel("Hi."), tools=old())


def test_a_folder_that_looks_like_a_key_hides_no_name() -> None:
    folder = "/tmp/tmp.aB3dEfGhIj1234567890"
    assert str(nbstream.mcp.stdio("python", f"{folder}/server.py")) == "<MCPServer server.py>"
    assert str(nbstream.mcp.stdio("python", f"{folder}/aB3dEf")) == "<MCPServer python>"
