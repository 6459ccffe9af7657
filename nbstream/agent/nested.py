"""Makes an agent a tool of another: its events are nested in those of the outer run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.agent.context import RunContext  # noqa: TC001 - read by get_type_hints
from nbstream.agent.start import new_state, start
from nbstream.agent.tools import FunctionTool
from nbstream.core.events import NestedEvent

if TYPE_CHECKING:
    from nbstream.agent.agent import Agent


def agent_tool(agent: Agent[Any, Any], name: str, description: str | None) -> FunctionTool:
    """The tool that runs ``agent`` with a prompt; its result is the agent's output."""

    async def ask(ctx: RunContext[Any], prompt: str) -> Any:
        settings = agent._settings
        state = new_state(settings, prompt, None)
        stream = start(settings, state, deps=ctx.deps, user_code=ctx.user_code)
        if ctx.questions is not None and ctx.tool_call_id is not None:
            stream._source.runtime.requests.join(
                ctx.questions.requests, ctx.questions.name, ctx.tool_call_id
            )
        async with stream as inner:
            async for event in inner:
                if ctx.send is not None:
                    ctx.send(NestedEvent(ctx.tool_call_id or "", agent.name, event))
            return await inner.get_output()

    text = description or f"Ask the agent {agent.name}, and get its answer."
    made = FunctionTool(ask, name=name, description=text)
    made.is_ours = True
    return made
