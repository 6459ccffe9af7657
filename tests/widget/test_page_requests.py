"""What the page gets of calls that wait for approval."""

import json

import nbstream
from nbstream.events import ApprovalRequest
from nbstream.messages import ToolCallPart
from nbstream.widget import wire_requests
from tests.agent.scripts import agent_of


@nbstream.tool(requires_approval=True)
def save(text: str = "") -> str:
    """Save a text."""
    return text


def test_arguments_are_shown_whole_or_say_that_there_are_more() -> None:
    long = json.dumps({"text": "x" * 200_000})
    given = ("", "  {}  ", '{"text": "a"}', long)
    parts = [ToolCallPart(f"c{at}", "save", args) for at, args in enumerate(given)]
    agent = agent_of(nbstream.assistant_message(*parts), "Done.", tools=[save], approve="wait")
    waiting = []
    for event in (stream := agent.run_stream("Save.")):
        if isinstance(event, ApprovalRequest):
            waiting.append(event)
        if len(waiting) == len(given):
            rows = wire_requests.rows(stream)
            for one in waiting:
                one.deny()
            waiting.clear()
    assert [row["args"] for row in rows[:3]] == ["{}", "{}", '{"text": "a"}']
    assert rows[3]["args"] == long[:100_000] + "\n… 100,012 more characters"
