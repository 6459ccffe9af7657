"""Events of an agent's run: calls of its tools, their results, approvals, and the run's result.

They add nothing to a message: calls and results are parts of the messages too. A late reader
gets them all the same, after the message that they belong to, except those that are not ``kept``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from nbstream.core.events.base import Event
from nbstream.core.wrong_names import WrongNames

if TYPE_CHECKING:
    from collections.abc import Callable

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


class _OfCall(RunEvent, WrongNames):
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
class FunctionToolCall(_OfCall):
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


class _Answerable(_OfCall):
    """Holds the function that takes the answer. Not a field, so not compared or saved."""

    __slots__ = ("_answer",)
    _answer: Callable[[Any], None]

    def _reply(self, given: Approval | Answer) -> None:
        try:
            answer = self._answer
        except AttributeError:
            raise LookupError(
                "No run waits for this event: answer with the stream's methods."
            ) from None
        answer(given)


@dataclass(frozen=True, slots=True)
class ApprovalRequest(_Answerable):
    """A call waits for a person's approval.

    ``approve()`` and ``deny()`` answer it, from any thread, at once or later. The stream has
    the same methods, for an event that was saved or sent.

    >>> call = nbstream.messages.ToolCallPart("call_1", "delete", '{"path": "a.txt"}')
    >>> nbstream.events.ApprovalRequest(call).part.args
    {'path': 'a.txt'}
    """

    kind: ClassVar[str] = "approval_request"
    tool_call: ToolCallPart

    def approve(self, args: dict[str, Any] | None = None, *, always: bool = False) -> None:
        """Let the call be executed, with other arguments if ``args`` is given.

        ``always``: approve the later calls of this tool in this run, too.

        Raises:
            LookupError: the event is a copy that no run waits for.
        """
        self._reply(Approval(granted=True, args=args, always=always))

    def deny(self, reason: str = "") -> None:
        """Refuse the call. The model gets the ``reason``.

        Raises:
            LookupError: the event is a copy that no run waits for.
        """
        self._reply(Approval(granted=False, reason=reason))

    @property
    def request_id(self) -> str:
        """The id by which the stream's methods answer it: that of the call."""
        return self.tool_call.tool_call_id


@dataclass(frozen=True, slots=True)
class InputRequest(_Answerable):
    """A tool asks the user for a value, with ``ctx.ask``.

    ``answer()`` and ``decline()`` answer it, from any thread, at once or later. The stream has
    the same methods, for an event that was saved or sent. ``schema`` is the JSON schema of the
    value, ``question`` what the tool says about it.

    >>> call = nbstream.messages.ToolCallPart("call_1", "book", "{}")
    >>> nbstream.events.InputRequest(call, "call_1/1", "Which seat?", {"type": "string"}).question
    'Which seat?'
    """

    kind: ClassVar[str] = "input_request"
    type: ClassVar[str] = "input_request"
    event_kind: ClassVar[str] = "input_request"
    tool_call: ToolCallPart
    request_id: str
    question: str = ""
    schema: dict[str, Any] = field(default_factory=dict)

    def answer(self, value: Any) -> None:
        """Give the tool a value: of the type that it asked for, or as JSON values.

        Raises:
            UsageError: the value is not valid; the tool goes on waiting.
            LookupError: the event is a copy that no run waits for.
        """
        self._reply(Answer(given=True, value=value))

    def decline(self, reason: str = "") -> None:
        """Give no answer: ``ctx.ask`` raises ``DeclinedError`` with the ``reason``.

        Raises:
            LookupError: the event is a copy that no run waits for.
        """
        self._reply(Answer(given=False, reason=reason))


@dataclass(frozen=True, slots=True)
class RequestAnswered(_OfCall):
    """An ``ApprovalRequest`` or an ``InputRequest`` has its answer; later ones do not count.

    ``accepted`` is false if a call was denied, or a question declined, for the ``reason``.
    ``args`` are the arguments in the place of the model's. ``content`` is what a tool was
    answered, as JSON.

    >>> call = nbstream.messages.ToolCallPart("call_1", "delete", '{"path": "a.txt"}')
    >>> nbstream.events.RequestAnswered(call, "call_1", accepted=False, reason="Mine.").reason
    'Mine.'
    """

    kind: ClassVar[str] = "request_answered"
    type: ClassVar[str] = "request_answered"
    event_kind: ClassVar[str] = "request_answered"
    tool_call: ToolCallPart
    request_id: str
    accepted: bool = True
    args: dict[str, Any] | None = None
    reason: str = ""
    content: Any = None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to an ``InputRequest``; see its methods."""

    given: bool
    value: Any = None
    reason: str = ""
    was_asked: bool = field(default=True, kw_only=True)
    """False if there was no way to ask the user, as in a headless run."""


@dataclass(frozen=True, slots=True)
class Approval:
    """The answer to an ``ApprovalRequest``; see its methods."""

    granted: bool
    args: dict[str, Any] | None = None
    reason: str = ""
    always: bool = field(default=False, kw_only=True)
    was_asked: bool = field(default=True, kw_only=True)
    """False if there was no way to ask the user, as in a headless run."""


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
set_answer = _Answerable.__dict__["_answer"].__set__
