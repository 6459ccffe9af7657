"""What an agent's run asks a person: the events, and the answers to them.

A new kind is an event here; "Adding a kind of request to a person" in CONTRIBUTING has the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from nbstream.core.events.agent import CallEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.core.parts import ToolCallPart


class _Answerable(CallEvent):
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
class RequestAnswered(CallEvent):
    """An ``ApprovalRequest`` or an ``InputRequest`` has its answer; later ones do not count.

    ``accepted`` is false if a call was denied, or a question declined, for the ``reason``.
    ``args`` are the arguments in the place of the model's. ``content`` is what a tool was
    answered, as JSON.

    >>> call = nbstream.messages.ToolCallPart("call_1", "delete", '{"path": "a.txt"}')
    >>> nbstream.events.RequestAnswered(call, "call_1", accepted=False, reason="Mine.").reason
    'Mine.'
    """

    kind: ClassVar[str] = "request_answered"
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


set_answer = _Answerable.__dict__["_answer"].__set__
