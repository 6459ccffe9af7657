"""Converts ``executed_tools``, the calls that Groq runs for its compound models, to events.

Each call is reported twice: first without its output, then with it.

Source: https://console.groq.com/docs/compound
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message import BuiltinToolCallPart, BuiltinToolResultPart

if TYPE_CHECKING:
    from nbstream.protocols.openai_chat.part_writer import PartWriter

_CALL_FIELDS = ("index", "type", "name", "arguments")


class ServerTools:
    """Tracks the calls in a response that the server runs itself."""

    def __init__(self, writer: PartWriter) -> None:
        self._writer = writer
        self._open: dict[int, tuple[int, BuiltinToolCallPart]] = {}
        self._count = 0

    def add(self, rows: list[Any]) -> list[ev.Event]:
        """Add one ``executed_tools`` list."""
        events: list[ev.Event] = []
        for place, row in enumerate(rows):
            if isinstance(row, dict):
                index = row.get("index")
                events += self._add(row, index if isinstance(index, int) else place)
        return events

    def _add(self, row: dict[str, Any], key: int) -> list[ev.Event]:
        """Begin the call of a row if it is new, and end it if the row has its output."""
        events = [] if key in self._open else self._begin(row, key)
        result = {name: value for name, value in row.items() if name not in _CALL_FIELDS}
        if result.get("output") is not None:
            events += self._end(key, result)
        return events

    def _begin(self, row: dict[str, Any], key: int) -> list[ev.Event]:
        """The events that begin a call, with its arguments."""
        name = str(row.get("name") or row.get("type") or "tool")
        arguments = row.get("arguments")
        text = arguments if isinstance(arguments, str) else ""
        call = BuiltinToolCallPart(f"executed_{self._count}", name, text)
        self._count += 1
        events = self._writer.begin(
            lambda index: ev.BuiltinToolStart(index, call.tool_call_id, call.tool_name)
        )
        start = events[-1]
        assert isinstance(start, ev.BuiltinToolStart)
        self._open[key] = start.index, call
        return [*events, ev.BuiltinToolDelta(start.index, text)] if text else events

    def _end(self, key: int, result: dict[str, Any]) -> list[ev.Event]:
        """The events that end a call and give its result."""
        index, call = self._open.pop(key)
        part = BuiltinToolResultPart(call.tool_call_id, call.tool_name, result)
        events = self._writer.begin(lambda at: ev.BuiltinToolResult(at, part))
        return [ev.BuiltinToolEnd(index, call), *events]

    def finish(self) -> list[ev.Event]:
        """At the end of the response: end the calls that have no output."""
        unfinished, self._open = self._open, {}
        return [ev.BuiltinToolEnd(index, call) for index, call in unfinished.values()]
