"""Events of an agent's run: calls of its tools, their results, and what users send themselves.

They add nothing to a message: calls and results are parts of the messages too. A late reader
gets them all the same, after the message that they belong to, except those that are not ``kept``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from nbstream.core.events.base import Event
from nbstream.core.wrong_names import WrongNames

if TYPE_CHECKING:
    from nbstream.core.parts import ToolCallPart, ToolResultPart


@dataclass(frozen=True, slots=True)
class RunEvent(Event):
    """The base class of the events that only an agent's run has.

    >>> agent = nbstream.Agent(ScriptedModel("Hello."))
    >>> events = [*agent.run_stream_events("hi")]
    >>> [event.kind for event in events if isinstance(event, nbstream.events.RunEvent)]
    ['final_result', 'agent_run_result']
    """

    kept: ClassVar[bool] = True
    """Whether a late reader gets it."""

    def __init_subclass__(cls) -> None:
        """Let the three tags of a class be its ``kind``."""
        if "kind" in vars(cls):
            cls.type = cls.event_kind = cls.kind


class CallEvent(RunEvent, WrongNames):
    """Base class of the events that carry a call."""

    __slots__ = ()
    tool_call: ToolCallPart

    @property
    def part(self) -> ToolCallPart:
        """``tool_call``, in PydanticAI's word."""
        return self.tool_call

    @property
    def tool_call_id(self) -> str:
        """The id of the call."""
        return self.tool_call.tool_call_id


@dataclass(frozen=True, slots=True)
class FunctionToolCall(CallEvent):
    """A call is about to be executed. Its arguments are the model's, not validated yet.

    >>> call = nbstream.messages.ToolCallPart("call_1", "weather", '{"city": "Bern"}')
    >>> nbstream.events.FunctionToolCall(call).part.args_as_json_str()
    '{"city": "Bern"}'
    """

    kind: ClassVar[str] = "function_tool_call"
    tool_call: ToolCallPart


class _Valued(RunEvent):
    """Holds what a tool returned. Not a field, so not compared or saved."""

    __slots__ = ("_value",)
    _value: Any


@dataclass(frozen=True, slots=True)
class FunctionToolResult(_Valued):
    """A call has ended: with a result, an error, or a refusal.

    ``result`` is what the model gets, ``value`` what the tool returned. ``elapsed`` is the time in
    seconds that the tool took, and ``began`` the time from the first call of the same reply to the
    start of this one. ``traceback`` is the whole traceback of an exception that the tool raised,
    else empty. ``is_retry``: the model is asked to correct the call.

    >>> part = nbstream.messages.ToolResultPart("call_1", {"degrees": 21}, "weather")
    >>> nbstream.events.FunctionToolResult(part).result.content
    {'degrees': 21}
    """

    kind: ClassVar[str] = "function_tool_result"
    result: ToolResultPart
    elapsed: float = field(default=0.0, compare=False)
    traceback: str = field(default="", compare=False, repr=False)
    began: float = field(default=0.0, compare=False, repr=False)
    is_retry: bool = field(default=False, compare=False, repr=False)

    @property
    def value(self) -> Any:
        """What the tool returned, the object itself; None if it raised or the event was saved."""
        return getattr(self, "_value", None)

    @property
    def part(self) -> ToolResultPart:
        """``result``, in PydanticAI's newer word."""
        return self.result

    @property
    def content(self) -> Any:
        """The content of the result, in PydanticAI's word."""
        return self.result.result

    @property
    def tool_call_id(self) -> str:
        """The id of the call."""
        return self.result.tool_call_id


@dataclass(frozen=True, slots=True)
class FunctionToolProgress(RunEvent):
    """A value that a tool has yielded before its result, such as a status line.

    >>> nbstream.events.FunctionToolProgress("call_1", "search", "2 of 5 pages").content
    '2 of 5 pages'
    """

    kept: ClassVar[bool] = False
    kind: ClassVar[str] = "function_tool_progress"
    tool_call_id: str
    tool_name: str
    content: Any


@dataclass(frozen=True, slots=True)
class FinalResult(RunEvent):
    """The last reply was accepted as the run's output.

    ``tool_name`` and ``tool_call_id`` are PydanticAI's, and None: outputs come as text.

    >>> nbstream.events.FinalResult().tool_name is None
    True
    """

    kind: ClassVar[str] = "final_result"
    tool_name: str | None = None
    tool_call_id: str | None = None


@dataclass(frozen=True, slots=True)
class CustomEvent(RunEvent):
    """An event of the user's own, which a tool has sent with ``ctx.emit(data)``.

    >>> nbstream.events.CustomEvent({"rows": 3}, "loaded").data
    {'rows': 3}
    """

    kept: ClassVar[bool] = False
    kind: ClassVar[str] = "custom"
    data: Any
    name: str = ""
    tool_call_id: str = ""


@dataclass(frozen=True, slots=True)
class NestedEvent(RunEvent):
    """An event of the run of another agent, which is a tool of this one.

    >>> inner = nbstream.events.TextDelta(0, "Hi")
    >>> nbstream.events.NestedEvent("call_1", "helper", inner).event.chunk
    'Hi'
    """

    kept: ClassVar[bool] = False
    kind: ClassVar[str] = "nested"
    tool_call_id: str
    agent_name: str
    event: Event


set_value = _Valued.__dict__["_value"].__set__
