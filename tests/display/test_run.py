"""An agent's run as HTML, Markdown and text, and in a terminal."""

import json
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

import nbstream
from nbstream import events as ev
from nbstream.core.message import FilePart, ToolCallPart, assistant_message
from nbstream.display import html, markdown, plain
from nbstream.display.terminal import TerminalDrawing
from nbstream.display.terminal_run import RunLines
from nbstream.testing import ScriptedModel, stream_from_events
from tests.agent.scripts import agent_of, calls
from tests.gallery.play import stream_of

HOSTILE = '<img src=x onerror="alert(1)">\u202e'
PNG = bytes.fromhex("89504e470d0a1a0a")


def passage() -> Any:
    """The gallery's run: three calls at once, of which one fails and one is an agent."""
    stream = stream_of("agent", held=False)
    stream.until_done()
    return stream


def in_order(text: str, *words: str) -> bool:
    places = [text.find(word) for word in words]
    return -1 not in places and places == sorted(places)


@pytest.mark.parametrize("draw", [html, markdown, plain])
def test_each_form_tells_the_same_story(draw: Any) -> None:
    text = re.sub(r"<[^>]*>", "", draw(passage())).lower()
    assert in_order(text, "step 1", "i ask for", "3 of 6 hours", "tides", "which lanes")
    inner = text[text.rindex("which lanes") :]
    assert in_order(inner, "step 1", "ships", "reading 36 positions", "answer", "keep clear")
    assert in_order(text[text.rindex("step 2") :], "as dover.", "high water", "answer", "passage")
    for words in ("south-west", "2.4 s", "dover marina", "tankers"):
        assert words in text
    assert "3 steps · 4 tool calls, 1 failed" in text


def test_a_call_without_a_result_waits_only_in_an_answer_that_is_whole() -> None:
    call = ToolCallPart("c1", "weather", '{"city": "Oslo"}')
    begun = [ev.ToolStart(0, "c1", "weather"), ev.ToolDelta(0, call.args_json), ev.ToolEnd(0, call)]
    for end, state in (
        (ev.StreamEnd("tool_call"), "waiting for a result"),
        (ev.StreamEnd("cancelled"), "stopped"),
    ):
        stream = stream_from_events([*begun, end])
        stream.wait()
        assert f">{state}</span>" in html(stream)


@pytest.mark.parametrize("draw", [html, markdown, plain])
def test_a_run_stopped_in_a_call_ends_with_the_call(draw: Any) -> None:
    """The reply that would have come next is no step, and no answer."""
    started = threading.Event()

    def wait() -> str:
        started.set()
        time.sleep(0.2)
        return "late"

    stream = agent_of(calls(("wait", "{}")), "Well.", tools=[wait]).run_stream("Wait.")
    stream.start()
    assert started.wait(5)
    stream.cancel()
    stream.wait()
    text = re.sub(r"<[^>]*>", "", draw(stream)).lower()
    assert "1 step · 1 tool call" in text
    assert "stopped" in text
    assert "answer" not in text


def test_a_time_that_says_nothing_is_left_out() -> None:
    stream = nbstream.stream(ScriptedModel("Blue."), "Which?")
    stream.until_done()
    assert "0.0 s" not in plain(stream)


def test_in_html_nested_runs_and_tracebacks_are_folded() -> None:
    found = html(passage())
    cards = found.split("<details")
    (traffic,) = [card for card in cards if ">traffic<" in card]
    assert "Which lanes" in traffic
    assert "<strong>north-east lane</strong>" in found
    assert found.count("Keep clear of") == 1  # the result of an agent is its answer
    (trace,) = [card for card in cards if ">Traceback<" in card]
    assert "File &quot;&lt;ipython" in trace or 'File "&lt;ipython' in trace
    assert " open" not in found.split("<strong>Answer")[0]


def test_in_html_calls_at_once_have_bars_of_their_times() -> None:
    """As in the live view: js/tests/run.test.ts."""
    bars = re.findall(
        r">([a-z]+)</span> (?:(?!</summary>).)*?margin:.25em 0 0 ([\d.]+)%;width:([\d.]+)%",
        html(passage()),
    )
    found = {name: (float(begin), float(width)) for name, begin, width in bars}
    # In seconds: wind from 0 to 2.4, tides from 0.1 to 0.4, traffic from 0.1 to 4.3. The second
    # call of tides is alone in its reply, and so is the one of the nested run.
    assert len(bars) == len(found) == 3
    assert found == {"wind": (0.0, 55.8), "tides": (2.3, 7.0), "traffic": (2.3, 97.7)}


def test_what_a_tool_says_cannot_be_markup() -> None:
    def look(ctx: nbstream.RunContext[None]) -> Iterator[Any]:
        ctx.emit({HOSTILE: HOSTILE}, HOSTILE)
        yield HOSTILE
        raise RuntimeError(HOSTILE)

    inner = agent_of(calls(("look", "{}"), text=HOSTILE), HOSTILE, tools=[look], name="helper")
    outer = agent_of(calls(("helper", json.dumps({"prompt": HOSTILE}))), "ok", tools=[inner])
    stream = outer.run_stream("?")
    stream.until_done()
    for draw in (html, markdown, plain):
        shown = draw(stream)
        assert "\u202e" not in shown
        if draw is html:
            assert "<img" not in shown
    assert "onerror" in html(stream)  # it is there, as text


def test_calls_with_the_same_id_have_each_their_own_result() -> None:
    def double(n: int) -> int:
        return 2 * n

    replies = [assistant_message(ToolCallPart("call_0", "double", f'{{"n": {n}}}')) for n in (4, 8)]
    model = ScriptedModel(*replies, "Done.")
    stream = nbstream.Agent(model, tools=[double]).run_stream("?")
    stream.until_done()
    assert [(call.args["n"], call.result) for call in stream.tool_calls] == [(4, 8), (8, 16)]
    first, second = html(stream).split("<details")[1:3]
    assert ">8<" in first
    assert ">16<" not in first
    assert ">16<" in second


def test_files_that_a_tool_returned_are_in_its_card() -> None:
    def chart() -> list[Any]:
        return ["A chart.", FilePart("image/png", PNG, filename="chart.png")]

    stream = agent_of(calls(("chart", "{}")), "Done.", tools=[chart]).run_stream("?")
    stream.until_done()
    card = html(stream).split("<details")[1]
    assert "data:image/png;base64" in card
    assert "A chart." in card
    assert "[image/png" not in card  # it is seen


def test_in_a_terminal_a_run_is_told_as_it_goes(capsys: pytest.CaptureFixture[str]) -> None:
    TerminalDrawing(stream_of("agent", held=False)).finish()
    text = capsys.readouterr().out
    assert in_order(
        text,
        "[tool call: traffic(",
        "[failed: tides, 0.3 s: KeyError",
        "asking the buoy",
        "traffic | I look at the lanes",
        "traffic | [tool call: ships(",
        "[result: wind, 2.4 s] ",
        '[tool call: tides({"harbour": "Dover"})',
        "[3 steps · 4 tool calls, 1 failed",
    )
    assert text.count("asking the buoy") == 1
    assert text.count("[result: wind") == 1


def test_in_a_terminal_a_retry_inside_a_call_drops_its_unfinished_line() -> None:
    lines: list[str] = []
    run = RunLines(lines.append)
    inner = [
        ev.TextDelta(0, "It is"),
        ev.Retry(2, "Cut off."),
        ev.TextDelta(0, "Blue."),
        ev.TextEnd(0),
    ]
    for event in inner:
        run.add(ev.NestedEvent("c1", "helper", event))
    assert lines == ["helper | Blue."]


def test_in_a_terminal_a_flood_of_reports_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    def flood() -> Iterator[str]:
        for at in range(5_000):
            yield f"line {at}"

    TerminalDrawing(
        agent_of(calls(("flood", "{}")), "Done.", tools=[flood]).run_stream("?")
    ).finish()
    text = capsys.readouterr().out
    assert len(text) < 3_000
    assert "more lines" in text


@pytest.mark.parametrize("draw", [html, markdown, plain])
def test_arguments_that_a_person_has_changed_are_told(draw: Any) -> None:
    ran: list[str] = []

    @nbstream.tool(requires_approval=True)
    def delete(path: str) -> str:
        ran.append(path)
        return f"{path} is gone."

    call = ToolCallPart("c1", "delete", '{"path": "all.txt"}')
    agent = nbstream.Agent(ScriptedModel(assistant_message(call), "Done."), tools=[delete])
    run = agent.run_stream("Clean up.", approve="wait")
    for event in run:
        if isinstance(event, nbstream.events.ApprovalRequest):
            event.approve({"path": "one.txt"})
    assert ran == ["one.txt"]
    assert run.tool_calls[0].executed_args == {"path": "one.txt"}
    text = re.sub(r"<[^>]*>", "", draw(run)).replace("&quot;", '"')
    assert '"path": "one.txt"' in text
    assert "arguments changed before approval" in text
    assert "all.txt" not in text
