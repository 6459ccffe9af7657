"""What a terminal shows of an agent's run, line by line: reports, results, runs inside calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.core.call_record import MAX_DEPTH
from nbstream.core.events import (
    CustomEvent,
    FunctionToolCall,
    FunctionToolProgress,
    FunctionToolResult,
    NestedEvent,
    Retry,
    TextDelta,
    TextEnd,
    ToolEnd,
)
from nbstream.display import run_words, tool_labels
from nbstream.display.plain import part

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.core.events import Event
    from nbstream.core.message import ToolResultPart

_LONGEST = 160  # characters of a line


class RunLines:
    """Makes lines of the events of a run, and of the runs inside it; ``write`` prints one."""

    def __init__(self, write: Callable[[str], None], depth: int = 0) -> None:
        self._write = write
        self._depth = depth
        self._names: dict[tuple[int, str], str] = {}
        self._counts: dict[tuple[int, str], int] = {}
        self._nested: dict[tuple[int, str], RunLines] = {}
        self._printed: set[int] = set()
        self._text = ""

    def add(self, event: Event) -> None:
        """Print what an event of a run tells, if it is one of those that only a run has."""
        match event:
            case FunctionToolCall(tool_call=call):
                self._names[event.message_index, call.tool_call_id] = call.tool_name
            case FunctionToolProgress() | CustomEvent():
                self._report(event)
            case FunctionToolResult(result=result):
                self._end(event, result)
            case NestedEvent() if self._depth < MAX_DEPTH:
                self._inner(event)._add_inside(event.event)

    def has_printed(self, result: ToolResultPart) -> bool:
        """Whether the result was printed when its call ended."""
        return id(result) in self._printed

    def _report(self, event: FunctionToolProgress | CustomEvent) -> None:
        """Print one of the first reports of a call; ``_end`` prints how many more there were."""
        key = event.message_index, event.tool_call_id
        self._counts[key] = count = self._counts.get(key, 0) + 1
        if count <= run_words.REPORTS:
            name = self._names.get(key, "")
            self._write(" - ".join(filter(None, (name, run_words.report(event)))))

    def _end(self, event: FunctionToolResult, result: ToolResultPart) -> None:
        key = event.message_index, event.tool_call_id
        if (more := self._counts.get(key, 0) - run_words.REPORTS) > 0:
            self._write(f"{self._names.get(key, '')} - {more:,} more lines")
        took = f", {event.elapsed:.1f} s" if event.elapsed >= tool_labels.LEAST else ""
        self._write(one_line(part(result, took)))
        self._printed.add(id(result))

    def _inner(self, event: NestedEvent) -> RunLines:
        """The lines of the run inside a call, which begin with its agent's name."""
        key = event.message_index, event.tool_call_id
        if key not in self._nested:
            head = event.agent_name
            self._nested[key] = RunLines(
                lambda line: self._write(f"{head} | {line}"), self._depth + 1
            )
        return self._nested[key]

    def _add_inside(self, event: Event) -> None:
        """Print an event of a run inside a call: its text in whole lines, its calls."""
        match event:
            case TextDelta(chunk):
                *whole, self._text = (self._text + chunk).split("\n")
                for line in whole:
                    self._write(line)
            case TextEnd() if self._text:
                self._write(self._text)
                self._text = ""
            case Retry():
                self._text = ""  # what it was the beginning of is void
            case ToolEnd(tool_call=call):
                self._write(one_line(part(call)))
            case _:
                self.add(event)


def one_line(text: str) -> str:
    """A tool's call or result in a line, cut if it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…]"
