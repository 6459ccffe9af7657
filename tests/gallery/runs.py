"""Scenes of agents' runs: three tools at once, one that fails, one that is an agent itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from nbstream.core import events as ev
from nbstream.core.message import Message, ToolCallPart, ToolResultPart, Usage
from tests.gallery.scene import text, thinking

if TYPE_CHECKING:
    from tests.gallery.scene import Script


@dataclass
class Passage:
    """A crossing from one harbour to another."""

    start: str
    harbour: str
    leaves: str
    miles: float
    wind: Literal["calm", "fresh", "gale"]
    advice: str


TRACE = """Traceback (most recent call last):
  File "<ipython-input-7>", line 9, in tides
    return TABLES[harbour]
           ~~~~~~^^^^^^^^^
KeyError: 'Dover Marina'
"""
THOUGHT = (
    "I need the wind, the tide and the traffic in the Strait. They do not depend on each "
    "other, so I can ask for all three at once."
)
CLEAR = "Keep clear of the **north-east lane** before 10:00: fourteen tankers pass until then."
ADVICE = {
    "start": "Dover",
    "harbour": "Calais",
    "leaves": "2026-05-04T09:40",
    "miles": 21.5,
    "wind": "fresh",
    "advice": "Leave on the ebb and cross the lanes at a right angle.",
}


def _call(name: str, call_id: str, **args: Any) -> ToolCallPart:
    return ToolCallPart(call_id, name, json.dumps(args))


def _call_events(index: int, call: ToolCallPart, message: int = 0) -> list[ev.Event]:
    """The events of a call in a reply, in pieces."""
    args = call.args_json
    pieces = [args[at : at + 8] for at in range(0, len(args), 8)]
    return [
        ev.ToolStart(index, call.tool_call_id, call.tool_name, message_index=message),
        *(ev.ToolDelta(index, one, message_index=message) for one in pieces),
        ev.ToolEnd(index, call, message_index=message),
    ]


def _result(
    call: ToolCallPart, content: Any, elapsed: float, began: float = 0.0, **more: Any
) -> ev.FunctionToolResult:
    error = bool(more.pop("is_error", False))
    part = ToolResultPart(call.tool_call_id, content, call.tool_name, error)
    return ev.FunctionToolResult(part, elapsed, began=began, **more)


def _nested(call: ToolCallPart) -> list[ev.Event]:
    """The run of the agent that is a tool."""
    inner = _call("ships", "n1", lane="north-east", hours=3)
    found = _result(inner, {"tankers": 14, "ferries": 22}, 1.9)
    events: list[ev.Event] = [
        ev.StreamStart(model="gallery"),
        *text(0, "I look at the lanes first."),
        *_call_events(1, inner),
        ev.StreamEnd("tool_call", Usage(210, 31)),
        ev.FunctionToolCall(inner),
        ev.FunctionToolProgress("n1", "ships", "reading 36 positions"),
        found,
        ev.MessageEvent(Message("tool", (found.result,)), message_index=1),
        ev.StreamStart(model="gallery", message_index=2),
        *_moved(text(0, CLEAR), 2),
        ev.StreamEnd("stop", Usage(260, 24), message_index=2),
    ]
    return [ev.NestedEvent(call.tool_call_id, "traffic", one) for one in events]


def _moved(events: list[ev.Event], message: int) -> list[ev.Event]:
    from nbstream.core.events.lifecycle import moved

    return [moved(one, message) for one in events]


def passage() -> Script:
    """A run of two steps that call tools, and a typed answer."""
    wind = _call("wind", "w1", area="Dover", day="2026-05-04")
    tide = _call("tides", "t1", harbour="Dover Marina")
    lanes = _call("traffic", "a1", prompt="Which lanes are busy tomorrow morning?")
    again = _call("tides", "t2", harbour="Dover")
    blows = _result(wind, {"force": 5, "from": "south-west", "gusts": [22, 25, 27]}, 2.4)
    failed = _result(tide, "KeyError: 'Dover Marina'", 0.3, 0.1, is_error=True, traceback=TRACE)
    clear = _result(lanes, CLEAR, 4.2, 0.1)
    ebbs = _result(again, "High water 08:50, ebb from 09:10", 0.4)
    nested = _nested(lanes)
    return [
        ev.StreamStart(model="gallery"),
        *thinking(0, THOUGHT),
        *text(1, "I ask for the wind, the tide and the traffic."),
        *_call_events(2, wind),
        *_call_events(3, tide),
        *_call_events(4, lanes),
        ev.StreamEnd("tool_call", Usage(640, 118)),
        *(ev.FunctionToolCall(one) for one in (wind, tide, lanes)),
        failed,
        *nested[:3],
        ev.FunctionToolProgress("w1", "wind", "asking the buoy at South Goodwin"),
        ev.CustomEvent({"buoy": "South Goodwin", "readings": 144}, "loaded", "w1"),
        *nested[3 : len(nested) // 2],
        ev.FunctionToolProgress("w1", "wind", "3 of 6 hours"),
        *nested[len(nested) // 2 :],
        blows,
        clear,
        ev.MessageEvent(
            Message("tool", (blows.result, failed.result, clear.result)), message_index=1
        ),
        ev.StreamStart(model="gallery", message_index=2),
        *_moved(text(0, "The tables know the harbour as Dover."), 2),
        *_moved(_call_events(1, again), 2),
        ev.StreamEnd("tool_call", Usage(920, 41), message_index=2),
        ev.FunctionToolCall(again, message_index=2),
        ev.FunctionToolResult(ebbs.result, ebbs.elapsed, message_index=2),
        ev.MessageEvent(Message("tool", (ebbs.result,)), message_index=3),
        ev.StreamStart(model="gallery", message_index=4),
        *_moved(text(0, json.dumps(ADVICE)), 4),
        ev.StreamEnd("stop", Usage(1010, 96), message_index=4),
    ]
