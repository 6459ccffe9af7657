"""``RunContext``: what a tool, an output validator or an event handler is told about its run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from nbstream.core.events import CustomEvent
from nbstream.errors import UsageError
from nbstream.errors.arguments import checked_keywords
from nbstream.streams.loop import on_private_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from nbstream.agent.questions import Questions
    from nbstream.agent.state import AgentState
    from nbstream.core.events import Event
    from nbstream.core.message import Message, Usage
    from nbstream.streams.user_code import UserCode

DepsT = TypeVar("DepsT")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RunContext(Generic[DepsT]):
    """The state of a run, for the function that a run calls.

    Attributes:
        deps: What the run was given as ``deps=``.
        model: The model, as ``provider/model``.
        prompt: The text of the prompt.
        tool_name: The tool that is called; None if the function is no tool.
        tool_call_id: The id of the call; None if the function is no tool.
        retry: How many calls of this tool failed in a row before this one.
        approved: Whether a person approved this call.

    >>> def greet(ctx: nbstream.RunContext[str]) -> str:
    ...     return f"Hello, {ctx.deps}."
    >>> call = nbstream.messages.ToolCallPart("call_1", "greet", "{}")
    >>> model = ScriptedModel(nbstream.assistant_message(call), "Done.")
    >>> result = nbstream.Agent(model, tools=[greet]).run_sync("Greet.", deps="Ada")
    >>> result.new_messages()[2].parts[0].result
    'Hello, Ada.'
    """

    deps: DepsT
    state: AgentState = field(repr=False)
    model: str = ""
    prompt: str = ""
    tool_name: str | None = None
    tool_call_id: str | None = None
    retry: int = 0
    approved: bool = False
    send: Callable[[Event], None] | None = field(default=None, repr=False)
    user_code: UserCode | None = field(default=None, repr=False)
    questions: Questions | None = field(default=None, repr=False)

    @property
    def messages(self) -> list[Message]:
        """The conversation so far, as the next request sends it."""
        return list(self.state.messages)

    @property
    def usage(self) -> Usage:
        """The tokens of this run so far."""
        return self.state.usage

    @property
    def run_step(self) -> int:
        """The number of the current request, from 1."""
        return self.state.requests

    @checked_keywords
    def emit(self, data: Any, name: str = "") -> None:
        """Send a ``CustomEvent`` with ``data``, a JSON value, to the readers of the run."""
        if self.send is not None:
            self.send(CustomEvent(data, name, self.tool_call_id or ""))

    @overload
    def ask(self, kind: type[T], question: str = "") -> Coroutine[Any, Any, T]: ...
    @overload
    def ask(self, kind: Any, question: str = "") -> Coroutine[Any, Any, Any]: ...
    @checked_keywords
    def ask(self, kind: Any, question: str = "") -> Coroutine[Any, Any, Any]:
        """Ask the user for a value, and wait until they answer.

        A notebook draws a form in the cell, a terminal asks field by field, and code answers the
        ``InputRequest`` event. The time limit of the tool does not count the wait.

        Args:
            kind: The type of the value: a pydantic model, a dataclass, a TypedDict, an enum,
                ``bool``, ``str``, a list, ...
            question: What the user reads above the form.

        Returns:
            The value, validated.

        Raises:
            DeclinedError: the user declined; or the run is headless, so that it cannot ask.
            UsageError: the type has no JSON schema, or no tool is running.

        >>> async def book(ctx: nbstream.RunContext) -> str:
        ...     seat = await ctx.ask(str, "Which seat?")
        ...     return f"{seat} is booked."
        >>> call = nbstream.messages.ToolCallPart("call_1", "book", "{}")
        >>> model = ScriptedModel(nbstream.assistant_message(call), "Done.")
        >>> stream = nbstream.Agent(model, tools=[book], approve="wait").run_stream("Book it.")
        >>> stream.answer("call_1", "12 A")
        >>> stream.get_output(), stream.messages[1].parts[0].result
        ('Done.', '12 A is booked.')
        """
        return self._questions().ask(kind, question)

    @overload
    def ask_sync(self, kind: type[T], question: str = "") -> T: ...
    @overload
    def ask_sync(self, kind: Any, question: str = "") -> Any: ...
    @checked_keywords
    def ask_sync(self, kind: Any, question: str = "") -> Any:
        """``ask`` for a tool that is not async: blocks until the user answers.

        >>> def book(ctx: nbstream.RunContext) -> str:
        ...     return f"{ctx.ask_sync(str, 'Which seat?')} is booked."
        >>> call = nbstream.messages.ToolCallPart("call_1", "book", "{}")
        >>> model = ScriptedModel(nbstream.assistant_message(call), "Done.")
        >>> stream = nbstream.Agent(model, tools=[book], approve="wait").run_stream("Book it.")
        >>> stream.answer("call_1", "12 A")
        >>> stream.get_output(), stream.messages[1].parts[0].result
        ('Done.', '12 A is booked.')
        """
        questions = self._questions()
        if on_private_loop():
            raise UsageError(
                "ask_sync() would block all streams here.", remedy="Use await ctx.ask(...)."
            )
        return questions.ask_sync(kind, question)

    def _questions(self) -> Questions:
        if self.questions is None:
            raise UsageError("Only a tool can ask, while the agent runs it.")
        return self.questions
