"""Tools in a request: the checks and fields that all wire formats share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbstream.core.tool_spec import ProviderTool, Tool, ToolChoice, ToolSpec
from nbstream.errors import UsageError
from nbstream.protocols.parameters import PROTOCOL_TITLES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MODES = ("auto", "none", "required")

_NAMES = {
    "anthropic": (re.compile(r"[a-zA-Z0-9_-]+"), "letters from a to z, digits, _ and -"),
    "openai_responses": (re.compile(r"[a-zA-Z0-9_-]+"), "letters from a to z, digits, _ and -"),
    "gemini": (re.compile(r"[a-zA-Z_][\w.:-]*", re.ASCII), "letters from a to z, digits, _ . : -"),
}
"""What a function's name may hold. Most servers of Chat Completions take any name."""


def check_tools(
    tools: Sequence[Tool], choice: ToolChoice, protocol: str, provider: str | None
) -> None:
    """Check that a request to ``provider`` (None: any) by ``protocol`` can have these tools.

    Raises:
        UsageError: a tool belongs to another provider, a name has characters that
            ``protocol`` does not take, two tools have one name, or the choice names
            a tool that is not there.
    """
    for tool in tools:
        if isinstance(tool, ProviderTool):
            _check_owner(tool, protocol, provider)
        else:
            _check_name(tool.name, protocol)
    names = Counter(tool.name for tool in tools)
    if twice := [name for name, count in names.items() if count > 1]:
        raise UsageError(f"There are two tools called {twice[0]!r}.", remedy="Rename one of them.")
    if isinstance(choice, Mapping) or choice in (None, "auto", "none"):
        return
    if not isinstance(choice, str):
        raise UsageError(
            f"tool_choice= takes one of {', '.join(MODES)} or a tool's name, not {choice!r:.60}."
        )
    if choice == "required" and not tools:
        raise UsageError("tool_choice='required' needs a tool, and there is none.")
    if choice not in MODES and choice not in names:
        known = ", ".join([*MODES, *names])
        raise UsageError(f"tool_choice={choice!r} names no tool.", remedy=f"Known: {known}.")


def _check_name(name: str, protocol: str) -> None:
    pattern, allowed = _NAMES.get(protocol, (None, ""))
    if pattern and not pattern.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be a tool's name: {PROTOCOL_TITLES[protocol]} takes {allowed}.",
            remedy="Rename the function, or write one around it.",
        )


def _check_owner(tool: ProviderTool, protocol: str, provider: str | None) -> None:
    if tool.protocol != protocol:
        titles = PROTOCOL_TITLES
        raise UsageError(
            f"The tool {tool.name!r} belongs to {titles.get(tool.protocol, tool.protocol)};"
            f" this model speaks {titles.get(protocol, protocol)}.",
            remedy="Give it to a model of its own provider, or take it out of tools=.",
        )
    if tool.provider and provider and tool.provider != provider:
        raise UsageError(
            f"The tool {tool.name!r} is run by {tool.provider}; this model is {provider}'s.",
            remedy=f"Ask {tool.provider}/<model>, or take it out of tools=.",
        )


def fields(
    tools: Sequence[Tool],
    choice: ToolChoice,
    own: Callable[[ToolSpec], dict[str, Any]],
    chosen: Callable[[str], str | dict[str, Any]],
) -> dict[str, Any]:
    """The fields ``tools`` and ``tool_choice``, where they are needed.

    ``own`` writes a tool of the user's, ``chosen`` a mode or a tool's name. Without
    tools there is no choice: "tool_choice may only be specified while providing tools"
    (Anthropic; OpenAI has the same rule).
    """
    if not tools:
        return {}
    found: dict[str, Any] = {"tools": rows(tools, own)}
    if choice is not None:
        found["tool_choice"] = dict(choice) if isinstance(choice, Mapping) else chosen(choice)
    return found


def rows(tools: Sequence[Tool], own: Callable[[ToolSpec], dict[str, Any]]) -> list[dict[str, Any]]:
    """The field ``tools``: ``own`` writes the user's tools, the provider's are rows already."""
    return [own(tool) if isinstance(tool, ToolSpec) else dict(tool.row) for tool in tools]


def needs(tools: Sequence[Tool]) -> list[str]:
    """The betas or ``include`` values that the provider's tools need, each once."""
    found = (need for tool in tools if isinstance(tool, ProviderTool) for need in tool.needs)
    return list(dict.fromkeys(found))


def named(tools: Sequence[Tool], name: str) -> Tool:
    """The tool of that name. ``check_tools`` has made sure that there is one."""
    return next(tool for tool in tools if tool.name == name)
