"""``Agent``: a model with tools, which are called in a loop until it has an answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from nbstream.agent.approvals import check_approve
from nbstream.agent.decorators import Decorators
from nbstream.agent.nodes import NodeChecks
from nbstream.agent.run import AgentRun
from nbstream.agent.settings import Settings, as_prompt, as_system, check_count, one_type
from nbstream.agent.start import new_state, saved_state, start
from nbstream.agent.toolset import Toolset
from nbstream.errors.arguments import check_options, checked_keywords
from nbstream.errors.tracebacks import TRACEBACK_END
from nbstream.request.extras import hide
from nbstream.request.keywords import KNOWN, check_names
from nbstream.streams.state import OutputT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from typing_extensions import TypeVar as TypeVarWithDefault

    from nbstream.agent.approvals import Approve
    from nbstream.agent.limits import UsageLimits
    from nbstream.agent.stream import AgentStream
    from nbstream.agent.tools import FunctionTool
    from nbstream.core.events import AgentRunResult
    from nbstream.providers import Model

    DepsT = TypeVarWithDefault("DepsT", default=Any)
else:
    DepsT = TypeVar("DepsT")  # before Python 3.13 only type checkers know of defaults

_OWN = ("name", "output_retries", "max_steps", "approve", "request_retries", "deps_type")
_OPTIONS = ("message_history", "deps", "usage_limits", "approve", "event_stream_handler")
"""The options of a run."""


class Agent(Decorators, NodeChecks, Generic[DepsT, OutputT]):
    """A model that calls your functions until it has an answer.

    >>> def square(n: int) -> int:
    ...     '''The square of a number.'''
    ...     return n * n
    >>> call = nbstream.messages.ToolCallPart("call_1", "square", '{"n": 12}')
    >>> model = ScriptedModel(nbstream.assistant_message(call), "It is 144.")
    >>> agent = nbstream.Agent(model, tools=[square])
    >>> agent.run_sync("What is 12 squared?").output
    'It is 144.'

    Args:
        model: As in ``nbstream.stream``.
        tools: Functions, what ``nbstream.tool`` made of them, other agents, MCP servers
            (``nbstream.mcp``), and the provider's own tools.
        system: The instructions: a text, a function that returns one, or a list of those.
            A function may take the run's context.
        output_type: The type of the answer, as in ``nbstream.stream``, or a list of types, of
            which it is one. Default: a text.
        name: The agent's name. Default: ``agent``.
        retries: How often in a row the model may call a tool wrongly. Default: 1.
        output_retries: How often it may give an answer that is not valid. Default: ``retries``.
        max_steps: The most requests of a run. Default: 50.
        approve: Who approves the calls of tools that require it: a function of the call, or of
            the context and the call, which returns a bool, other arguments or a reason against;
            ``"wait"``, for answers to ``ApprovalRequest`` events; ``"allow"``, ``"deny"``. None
            (default): a terminal asks, and in a notebook ``run`` and ``run_sync`` ask below the
            cell, the other forms wait; a headless run cannot ask, and executes no such call.
        request_retries: ``retries=`` of ``nbstream.stream``.
        deps_type: PydanticAI's; for type checkers.
        **params: The other keywords of ``nbstream.stream``.

    Raises:
        UsageError: a keyword, a tool or a value is not allowed.
    """

    @overload
    def __init__(
        self: Agent[DepsT, str],
        model: str | Model | None = None,
        *,
        output_type: None = None,
        **settings: Any,
    ) -> None: ...
    @overload
    def __init__(
        self, model: str | Model | None = None, *, output_type: type[OutputT], **settings: Any
    ) -> None: ...
    @overload
    def __init__(
        self: Agent[DepsT, Any],
        model: str | Model | None = None,
        *,
        output_type: Any,
        **settings: Any,
    ) -> None: ...
    def __init__(
        self,
        model: str | Model | None = None,
        *,
        tools: Iterable[Any] | None = None,
        system: Any = None,
        output_type: Any = None,
        name: str | None = None,
        retries: int = 1,
        output_retries: int | None = None,
        max_steps: int = 50,
        approve: Approve = None,
        request_retries: int | None = None,
        deps_type: Any = None,  # noqa: ARG002 - for type checkers
        instructions: Any = None,
        system_prompt: Any = None,
        **params: Any,
    ) -> None:
        params = hide(params, KNOWN)
        with TRACEBACK_END:
            check_names(params, "Agent", _OWN, elsewhere=(_OPTIONS, "run()"))
            self._settings = Settings(
                model=model,
                toolset=Toolset(tools),
                system=as_system(system, system_prompt, instructions),
                output_type=one_type(output_type),
                name=name or "agent",
                retries=check_count(retries, "retries="),
                output_retries=check_count(
                    retries if output_retries is None else output_retries, "output_retries="
                ),
                max_steps=check_count(max_steps, "max_steps=", 1),
                approve=check_approve(approve),
                params={**params, "retries": request_retries},
            )

    @property
    def name(self) -> str:
        """The agent's name."""
        return self._settings.name

    @property
    def tools(self) -> list[FunctionTool]:
        """The functions that the model can call."""
        return [*self._settings.toolset.functions.values()]

    @checked_keywords
    def run_stream(
        self,
        prompt: Any = None,
        *,
        message_history: Sequence[Any] | AgentRunResult | None = None,
        deps: Any = None,
        usage_limits: UsageLimits | None = None,
        approve: Approve = None,
        event_stream_handler: Callable[..., Any] | None = None,
    ) -> AgentStream[OutputT]:
        """A run as a stream; it starts when it is first entered, read, awaited or drawn.

        Args:
            prompt: A text, a message, or a list of texts and files. None: go on with the history.
            message_history: The conversation before it: a result, or ``result.all_messages()``.
            deps: What the tools get as ``ctx.deps``.
            usage_limits: Limits of this run.
            approve: As in ``Agent``, for this run.
            event_stream_handler: An async function of the context and the events, as an async
                iterator. The run ends after it has returned, and fails if it raises.

        Raises:
            NBStreamError: as ``nbstream.stream``.

        >>> with nbstream.Agent(ScriptedModel("Hello.")).run_stream("hi") as stream:
        ...     "".join(stream.stream_text(delta=True))
        'Hello.'
        """
        with TRACEBACK_END:
            state = new_state(self._settings, as_prompt(prompt), message_history)
            return start(
                self._settings,
                state,
                deps=deps,
                usage_limits=usage_limits,
                approve=approve,
                handler=event_stream_handler,
            )

    def _checked(self, call: str, prompt: Any, options: dict[str, Any]) -> AgentStream[OutputT]:
        """``run_stream``, of a method with another name."""
        check_options(options, call, _OPTIONS)
        return self.run_stream(prompt, **options)

    def _alone(self, call: str, prompt: Any, options: dict[str, Any]) -> AgentStream[OutputT]:
        """A stream that its caller does not get, so that only a handler can answer its events."""
        stream = self._checked(call, prompt, options)
        if options.get("event_stream_handler") is None:
            stream._source.runtime.requests.nobody_answers()
        return stream

    def run_stream_events(self, prompt: Any = None, **options: Any) -> AgentStream[OutputT]:
        """``run_stream``: iterated, it gives all events of the run, the last is the result.

        >>> events = nbstream.Agent(ScriptedModel("Hello.")).run_stream_events("hi")
        >>> [*events][-1].result.output
        'Hello.'
        """
        with TRACEBACK_END:
            return self._checked("run_stream_events", prompt, options)

    def run_stream_sync(self, prompt: Any = None, **options: Any) -> AgentStream[OutputT]:
        """``run_stream``, in PydanticAI's word for its blocking form: here it is the same.

        >>> with nbstream.Agent(ScriptedModel("Hello.")).run_stream_sync("hi") as stream:
        ...     stream.get_output()
        'Hello.'
        """
        with TRACEBACK_END:
            return self._checked("run_stream_sync", prompt, options)

    async def run(self, prompt: Any = None, **options: Any) -> AgentRunResult:
        """Run until the end, and return the result. The arguments are those of ``run_stream``.

        Raises:
            StreamError: the run failed.
            CancelledStreamError: it was cancelled.

        >>> import asyncio
        >>> asyncio.run(nbstream.Agent(ScriptedModel("Hello.")).run("hi")).output
        'Hello.'
        """
        async with self._alone("run", prompt, options) as stream:
            await stream.get_final_message()
            assert stream.result is not None
            return stream.result

    def run_sync(self, prompt: Any = None, **options: Any) -> AgentRunResult:
        """Run, and block until the end; also in a cell and inside a running loop.

        The arguments are those of ``run_stream``.

        Raises:
            StreamError: the run failed.
            CancelledStreamError: it was cancelled.

        >>> nbstream.Agent(ScriptedModel("Hello.")).run_sync("hi").output
        'Hello.'
        """
        with TRACEBACK_END, self._alone("run_sync", prompt, options) as stream:
            return stream.get_result()

    def iter(self, prompt: Any = None, **options: Any) -> AgentRun:
        """A run that stops before each of its nodes. The arguments are those of ``run_stream``.

        >>> with nbstream.Agent(ScriptedModel("Hello.")).iter("hi") as run:
        ...     names = [type(node).__name__ for node in run]
        >>> names[-1], run.result.output
        ('End', 'Hello.')
        """
        with TRACEBACK_END:
            check_options(options, "iter", _OPTIONS)
            handler = options.pop("event_stream_handler", None)
            history = options.pop("message_history", None)
            state = new_state(self._settings, as_prompt(prompt), history)
            stream = start(self._settings, state, handler=handler, stepwise=True, **options)
            return AgentRun(stream, stream._source)

    def resume(
        self, saved: str | bytes | Mapping[str, Any], **options: Any
    ) -> AgentStream[OutputT]:
        """Go on with a run that was saved while it waited; see ``AgentStream.run_to_json``.

        The agent must have the same tools. The options are ``deps``, ``usage_limits``,
        ``approve`` and ``event_stream_handler``, as in ``run_stream``.

        Raises:
            UsageError: ``saved`` is not a saved run, or waits for a tool that is not here.

        >>> nbstream.Agent(ScriptedModel("Hello.")).resume("{}")
        Traceback (most recent call last):
        nbstream.errors.UsageError: ...
        """
        with TRACEBACK_END:
            check_options(options, "resume", _OPTIONS[1:])
            handler = options.pop("event_stream_handler", None)
            state = saved_state(saved, self._settings.toolset)
            return start(self._settings, state, handler=handler, resumed=True, **options)

    @checked_keywords
    def as_tool(self, name: str | None = None, description: str | None = None) -> FunctionTool:
        """This agent as a tool of another one; ``tools=[agent]`` does the same.

        Its tool takes a prompt and returns the output. A character of the agent's name that a
        tool's name cannot have, such as a blank, becomes ``_``. Its events come as ``NestedEvent``.

        >>> helper = nbstream.Agent(ScriptedModel("Hello."), name="helper")
        >>> helper.as_tool().name
        'helper'
        """
        from nbstream.agent.nested import agent_tool  # it uses agents

        return agent_tool(self, name or re.sub(r"[^A-Za-z0-9_-]", "_", self.name), description)

    def __repr__(self) -> str:
        made = hasattr(self, "_settings")  # a verbose traceback of __init__ asks before
        return f"<Agent {self.name}>" if made else "<Agent>"
