"""What happens to one call of an agent's tool: its reports, its result, the run inside it.

A transcript has one ``CallBuilder`` for each call, and gives ``CallRecord`` values of them.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbstream.core.parts import ToolCallPart, ToolResultPart
from nbstream.core.wrong_names import WrongNames

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TypeAlias

    from nbstream.core.events import CustomEvent, FunctionToolProgress, FunctionToolResult, Retry
    from nbstream.core.message import Message, Usage
    from nbstream.core.transcript import Transcript

    Report: TypeAlias = FunctionToolProgress | CustomEvent

KEPT_REPORTS = 50
"""How many of a call's reports are kept, the last ones. A tool may report without end."""

MAX_DEPTH = 4
"""How deep runs may be nested in one another. Of deeper ones only the calls are kept."""


@dataclass(frozen=True, slots=True)
class NestedRun:
    """The run of an agent that is a tool of another, so far."""

    agent_name: str
    messages: Sequence[Message]
    call_records: Mapping[tuple[int, str], CallRecord]
    retries: Mapping[int, Retry]
    thinking_times: Mapping[tuple[int, int], float] = field(compare=False)
    usage: Usage | None

    def thinking_time(self, message_index: int, index: int) -> float | None:
        """Seconds that a thinking part took, as of a stream."""
        return self.thinking_times.get((message_index, index))


@dataclass(frozen=True, slots=True)
class CallRecord:
    """What has happened to one call of an agent's tool so far."""

    began_at: float = field(compare=False)
    """When it began, by ``time.monotonic``."""
    result: FunctionToolResult | None = None
    reports: Sequence[Report] = ()
    """The last of what it has reported: status lines, and events of the user's own."""
    report_count: int = 0
    """How many there were."""
    nested: NestedRun | None = None
    args: dict[str, Any] | None = None
    """The arguments that a person has put in the place of the model's; None if none did."""


@dataclass(slots=True)
class CallBuilder:
    """Collects the events of one call."""

    began_at: float
    args: dict[str, Any] | None = None
    result: FunctionToolResult | None = None
    report_count: int = 0
    reports: deque[Report] = field(default_factory=lambda: deque(maxlen=KEPT_REPORTS))
    agent_name: str = ""
    nested: Transcript | None = None

    def report(self, event: Report) -> None:
        """Add a report."""
        self.reports.append(event)
        self.report_count += 1

    def build(self) -> CallRecord:
        """The record so far, as a value."""
        return CallRecord(
            self.began_at,
            self.result,
            tuple(self.reports),
            self.report_count,
            None if self.nested is None else self.nested.as_nested(self.agent_name),
            self.args,
        )


class ExecutedCall(ToolCallPart, WrongNames):
    """A call of a tool in an agent's run: what the model wrote, and what came of it.

    ``tool_calls`` of a run and of its result are a list of these.

    >>> def square(n: int) -> int:
    ...     return n * n
    >>> call = nbstream.messages.ToolCallPart("call_1", "square", '{"n": 12}')
    >>> model = ScriptedModel(nbstream.assistant_message(call), "It is 144.")
    >>> [call] = nbstream.Agent(model, tools=[square]).run_sync("12 squared?").tool_calls
    >>> call.tool_name, call.args, call.result, call.is_error
    ('square', {'n': 12}, 144, False)
    """

    __slots__ = ("_record", "_result_part")
    _record: CallRecord | None
    _result_part: ToolResultPart | None

    @property
    def result_part(self) -> ToolResultPart | None:
        """The result as the model gets it; None while there is none."""
        record = getattr(self, "_record", None)
        if record is not None and record.result is not None:
            part: ToolResultPart = record.result.result
            return part
        return getattr(self, "_result_part", None)

    @property
    def result(self) -> Any:
        """What the model gets: text, another JSON value, or a list of text and file parts."""
        return None if self.result_part is None else self.result_part.result

    @property
    def value(self) -> Any:
        """What the tool returned, the object itself. None if it raised, or the run was saved."""
        event = self._event
        return None if event is None else event.value

    @property
    def is_error(self) -> bool:
        """Whether the tool raised, the call was wrong, or a person denied it."""
        return self.result_part is not None and self.result_part.is_error

    @property
    def elapsed(self) -> float:
        """The time in seconds that the tool took; 0.0 if that is not known."""
        return 0.0 if self._event is None else self._event.elapsed

    @property
    def traceback(self) -> str:
        """The whole traceback of what the tool raised; empty if it raised nothing."""
        return "" if self._event is None else self._event.traceback

    @property
    def executed_args(self) -> dict[str, Any]:
        """The arguments that were approved: the model's, or those that a person has changed."""
        record: CallRecord | None = getattr(self, "_record", None)
        return self.args if record is None or record.args is None else record.args

    @property
    def messages(self) -> list[Message]:
        """The messages of the run of a tool that is an agent; empty for other tools."""
        record = getattr(self, "_record", None)
        return [] if record is None or record.nested is None else list(record.nested.messages)

    @property
    def _event(self) -> FunctionToolResult | None:
        record = getattr(self, "_record", None)
        return None if record is None else record.result

    def __repr__(self) -> str:
        end = "no result" if self.result_part is None else _short(self.result)
        took = f", {self.elapsed:.1f} s" if self._event is not None else ""
        failed = "failed: " if self.is_error else ""
        call = f"{self.tool_name}({_short(self.args_json)})"
        return f"<{type(self).__name__} {call}: {failed}{end}{took}>"


_LENGTH = 60


def _short(value: Any) -> str:
    text = " ".join((value if isinstance(value, str) else repr(value)).split())
    return text if len(text) <= _LENGTH else f"{text[:_LENGTH]}…"


_set_record = ExecutedCall.__dict__["_record"].__set__
_set_result = ExecutedCall.__dict__["_result_part"].__set__


def executed_calls(
    messages: Sequence[Message], records: Mapping[tuple[int, str], CallRecord]
) -> list[ExecutedCall]:
    """All calls of the user's tools in a run, in order; ``records`` is by message and id."""
    found = []
    for index, message in enumerate(messages):
        results = results_after(messages, index) if message.role == "assistant" else {}
        for call in message.tool_calls:
            one = ExecutedCall(
                call.tool_call_id, call.tool_name, call.args_json, call.provider_metadata
            )
            _set_record(one, records.get((index, call.tool_call_id)))
            _set_result(one, next(iter(results.get(call.tool_call_id, ())), None))
            found.append(one)
    return found


def results_after(messages: Sequence[Message], index: int) -> dict[str, list[ToolResultPart]]:
    """The results of the calls of the message at ``index``, by id.

    Some servers give calls of later replies the same ids: their results are not among them.
    """
    found: dict[str, list[ToolResultPart]] = {}
    again: set[str] = set()
    for at, message in enumerate(messages[index:]):
        if at:
            again |= {call.tool_call_id for call in message.tool_calls}
        for part in message.parts:
            if isinstance(part, ToolResultPart) and part.tool_call_id not in again:
                found.setdefault(part.tool_call_id, []).append(part)
    return found


def nested_messages(records: Mapping[tuple[int, str], CallRecord]) -> Iterator[Message]:
    """The messages of all runs inside these calls, at any depth."""
    for record in records.values():
        if record.nested is not None:
            yield from record.nested.messages
            yield from nested_messages(record.nested.call_records)
