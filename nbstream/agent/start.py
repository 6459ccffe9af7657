"""Makes the stream of an agent's run: a new one, or one that was saved while it waited."""

from __future__ import annotations

import inspect
import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from nbstream.agent.approvals import Approvals, check_approve
from nbstream.agent.caller import Caller
from nbstream.agent.context import RunContext
from nbstream.agent.limits import StepLimits, UsageLimits
from nbstream.agent.output_check import OutputCheck
from nbstream.agent.requests import Requests
from nbstream.agent.runtime import Runtime
from nbstream.agent.source import AgentSource
from nbstream.agent.state import AgentState
from nbstream.agent.stream import AgentStream
from nbstream.core.message import system_message
from nbstream.errors import UsageError
from nbstream.request.messages import messages_from
from nbstream.request.plan import Plan
from nbstream.streams.observer import AgentRun, observed
from nbstream.streams.run import Run
from nbstream.streams.user_code import UserCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbstream.agent.settings import Settings
    from nbstream.agent.toolset import Toolset


def new_state(settings: Settings, prompt: Any, history: Any) -> AgentState:
    """The state of a run that begins with ``prompt``, after ``history``.

    Raises:
        UsageError: there is nothing to send.
    """
    if hasattr(history, "all_messages"):  # a result, or a run's stream
        history = history.all_messages()
    earlier = messages_from(history, None) if history else []
    asked = messages_from(prompt, None) if prompt is not None else []
    if not earlier and not asked:
        raise UsageError("The prompt is empty.", remedy="Pass a text.")
    if settings.system:
        texts = [one for one in settings.system if isinstance(one, str)]
        rest = earlier[1:] if earlier and earlier[0].role == "system" else earlier
        earlier = [system_message("\n\n".join(texts)), *rest]
    messages = [*earlier, *asked]
    return AgentState(messages, new_from=len(earlier), log_from=len(messages))


def saved_state(saved: str | bytes | Mapping[str, Any], toolset: Toolset) -> AgentState:
    """The state that ``AgentStream.run_to_json`` wrote, for an agent with these tools.

    Raises:
        UsageError: it is none, or waits for a tool that is not among them.
    """
    try:
        row = json.loads(saved) if isinstance(saved, (str, bytes)) else dict(saved)
        state = AgentState.from_dict(row)
        calls = state.messages[-1].tool_calls
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise UsageError(
            f"This is not a saved run: {type(error).__name__}: {error}.",
            remedy="Pass what stream.run_to_json() returned.",
        ) from None
    if not calls:
        raise UsageError("The saved run waits for nothing.")
    for at, call in enumerate(calls):
        known = toolset.servers or call.tool_name in toolset.functions  # a server may have it
        if at not in state.results and not known:
            raise UsageError(
                f"The saved run waits for the tool {call.tool_name!r}, which this agent lacks.",
                remedy="Resume with an agent that has the tools of the first one.",
            )
    return state


def start(
    settings: Settings,
    state: AgentState,
    *,
    deps: Any = None,
    usage_limits: UsageLimits | None = None,
    approve: Any = None,
    handler: Callable[..., Any] | None = None,
    user_code: UserCode | None = None,
    resumed: bool = False,
    stepwise: bool = False,
) -> AgentStream[Any]:
    """The stream of a run in ``state``. This does not start it.

    Raises:
        NBStreamError: as ``nbstream.stream``.
    """
    keywords = {**settings.params, "tools": settings.toolset.specs}
    plan = Plan(settings.model, settings.output_type, keywords, json_calls=True)
    given = settings.approve if approve is None else check_approve(approve)
    prompt = state.messages[state.new_from : state.log_from]
    text = "\n".join(one.text for one in prompt)
    observing = AgentRun(
        settings.name,
        plan.model.provider,
        plan.model.name,
        state.messages[: state.log_from],
        plan.exchange,
        None if plan.output_type is None else "json",
    )
    run = Run(
        observed(lambda: source(), lambda: observing),  # noqa: PLW0108 - it is made below
        model=str(plan.model),
        exchange=plan.exchange,
        output_type=plan.output_type,
        strict_output=plan.enforced,
        history=state.messages[: state.log_from],
        new_from=state.new_from,
    )
    run.user_code = user_code or UserCode(run.log)
    requests = Requests(waits=given == "wait")
    runtime = Runtime(
        agent_name=settings.name,
        plan=plan,
        toolset=settings.toolset,
        caller=Caller(run.user_code),
        approvals=Approvals(given, requests, state),
        requests=requests,
        output=OutputCheck(plan.output_type, settings.validators, strict=plan.enforced),
        limits=_limits(settings, usage_limits),
        state=state,
        context=RunContext(deps, state, str(plan.model), text, user_code=run.user_code),
        prompt=prompt,
        system=settings.system,
        retries=settings.retries,
        output_retries=settings.output_retries,
        handler=_check_handler(handler),
    )
    source = AgentSource(runtime, resumed=resumed, stepwise=stepwise)
    source.bind(run)
    stream: AgentStream[Any] = AgentStream(run, source)
    source.stream = stream
    return stream


def _check_handler(handler: Any) -> Any:
    """A handler of events, checked before the run begins.

    Raises:
        UsageError: it does not take the context and the events.
    """
    if handler is None:
        return None
    try:
        inspect.signature(handler).bind(None, None)
    except TypeError:  # not callable, or other parameters
        raise UsageError(
            f"event_stream_handler= takes an async function of the context and the events, not "
            f"{handler!r}.",
            remedy="Write async def watch(ctx, events): and in it async for event in events: ...",
        ) from None
    except ValueError:  # a builtin that does not tell
        pass
    return handler


def _limits(settings: Settings, given: UsageLimits | None) -> UsageLimits:
    """The limits of a run: those that were given, and the agent's cap on steps."""
    limits = given or UsageLimits()
    if not isinstance(limits, UsageLimits):
        raise UsageError(
            f"usage_limits= takes a UsageLimits, not {given!r}.",
            remedy="Write usage_limits=nbstream.UsageLimits(request_limit=10).",
        )
    if limits.request_limit is not None:
        return limits
    if isinstance(limits, StepLimits):
        return replace(limits, request_limit=settings.max_steps)
    return StepLimits(**{**asdict(limits), "request_limit": settings.max_steps})
