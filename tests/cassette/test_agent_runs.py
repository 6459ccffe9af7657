"""Agents' runs through ``NBSTREAM_CASSETTE``: approvals, questions and nested agents replay."""

from pathlib import Path
from typing import Any

import pytest

import nbstream
from nbstream import errors
from nbstream.events import ApprovalRequest, InputRequest
from nbstream.messages import ToolCallPart
from nbstream.testing import ScriptedModel
from tests.agent.scripts import agent_of, calls, results

ROOMS = {"left": 3}


@nbstream.tool(requires_approval=True)
def book(room: str) -> str:
    """Book a room."""
    return f"{room} is booked, {ROOMS['left']} are left."


async def seat(ctx: nbstream.RunContext[Any]) -> str:
    """Ask for a seat."""
    return f"seat {await ctx.ask(int, 'Which seat?')}"


def run(*, answers: bool, seat_number: int = 7) -> nbstream.AgentStream[Any]:
    """The run, as far as it goes; its models answer only if ``answers``."""
    inner: list[Any] = ["It is near."] if answers else []
    guide = agent_of(*inner, name="guide")
    same = tuple(ToolCallPart("c9", "book", f'{{"room": "{room}"}}') for room in "AB")
    outer: list[Any] = [
        calls(("book", '{"room": "A"}'), ("seat", "{}"), ("guide", '{"prompt": "Where?"}')),
        nbstream.assistant_message(*same),
        "All is booked.",
    ]
    model = ScriptedModel(*(outer if answers else []))
    agent = nbstream.Agent(model, tools=[book, seat, guide], approve="wait")
    stream = agent.run_stream("Plan my day.")
    for event in stream:
        if isinstance(event, ApprovalRequest):
            if event.part.args["room"] == "B":
                event.deny("Too many.")
            else:
                event.approve({"room": "C"})
        if isinstance(event, InputRequest):
            event.answer(seat_number)
    return stream


def test_a_run_with_people_and_agents_in_it_replays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "day.nbstream"
    monkeypatch.setenv("NBSTREAM_CASSETTE", str(path))
    first = run(answers=True)
    assert results(first) == [
        "C is booked, 3 are left.",
        "seat 7",
        "It is near.",
        "C is booked, 3 are left.",
        "The user denied this call. Too many.",
    ]
    stored = path.read_text()

    monkeypatch.delenv("NBSTREAM_CASSETTE")  # the same process would go on recording
    with nbstream.recording(path, "none"):
        again = run(answers=False)  # models that have nothing to say: all comes from the file
    assert again.get_output() == "All is booked."
    assert again.all_messages() == first.all_messages()
    assert again.tool_calls[2].messages == first.tool_calls[2].messages
    assert path.read_text() == stored

    with nbstream.recording(path, "none"), pytest.raises(errors.NotRecordedError) as failure:
        run(answers=False, seat_number=8)
    text = str(failure.value)
    assert 'recorded "seat 7", now "seat 8"' in text
    assert path.read_text() == stored
