"""``NestedRuns``: the runs of agents that are tools, each in the format of the run around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nbstream.core.events import NestedEvent
    from nbstream.core.parts import ToolResultPart
    from nbstream.encoders import Encoder

Row = dict[str, Any]


class NestedRuns:
    """Encodes the run inside each call. ``make`` makes an encoder for the call of an id.

    What a call's run gives are a front end's rows of a whole run of its own, from the first to the
    last, so that its client can read them as one.
    """

    def __init__(self, make: Callable[[str], Encoder]) -> None:
        self._make = make
        self._open: dict[str, tuple[str, str, Encoder]] = {}

    def feed(self, event: NestedEvent, known: str | None) -> Iterator[Row]:
        """The rows of an event; ``known`` is the id that its call has for the front end."""
        if event.tool_call_id in self._open:
            known, name, encoder = self._open[event.tool_call_id]
        else:
            known, name = known or event.tool_call_id, event.agent_name
            encoder = self._make(known)
            self._open[event.tool_call_id] = known, name, encoder
            yield from (_row(known, name, row) for row in encoder.begin())
        yield from (_row(known, name, row) for row in encoder.feed(event.event))

    def end(self, result: ToolResultPart) -> Iterator[Row]:
        """The last rows of the run inside a call, which has its result now."""
        if result.tool_call_id not in self._open:
            return
        known, name, encoder = self._open.pop(result.tool_call_id)
        error = (result.output or "The tool failed.") if result.is_error else None
        last = encoder.end(Message("assistant", (), None, "stop"), None, error)
        yield from (_row(known, name, row) for row in last)


def _row(known: str, name: str, row: Row) -> Row:
    return {"toolCallId": known, "agent": name, "event": row}
