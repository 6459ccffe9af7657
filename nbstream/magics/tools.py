"""``-T`` and ``--agent``: finds tools and agents by their names in the user's namespace."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from nbstream.agent import Agent, FunctionTool
from nbstream.agent.tool_server import ToolServer
from nbstream.agent.toolset import Toolset
from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KERNEL = "kernel"
"""The tool that runs Python in this kernel."""

_NOT_WITH_AGENT = {
    "model": "-m",
    "schema": "--schema",
    "tools": "-T",
}


def tools_of(words: Sequence[str], names: Mapping[str, Any]) -> list[Any]:
    """The tools that follow ``-T``: functions, agents, MCP servers, lists of them, or ``kernel``.

    Raises:
        UsageError: a name is unknown, or its value cannot be a tool.
    """
    found: list[Any] = []
    for word in words:
        if word == KERNEL:
            from nbstream.magics.kernel_tool import kernel_tool

            found.append(kernel_tool())
            continue
        value = _value("-T", word, names)
        rows = value if isinstance(value, (list, tuple)) else [value]
        found += [_tool(word, one) for one in rows]
    try:
        Toolset(found)
    except UsageError as error:
        raise UsageError(f"-T {words[-1]}: {error.text}", remedy=error.remedy) from None
    return found


def _tool(word: str, value: Any) -> Any:
    """A value as a tool."""
    if isinstance(value, (FunctionTool, Agent, ToolServer)) or hasattr(value, "as_tool"):
        return value
    if isinstance(value, type) or not callable(value):
        kind = "a class" if isinstance(value, type) else f"of type {type(value).__name__}"
        raise UsageError(
            f"-T {word} is {kind}, and a tool is a function, an agent or an MCP server.",
            remedy="Name a function with type hints and a docstring.",
        )
    try:
        return FunctionTool(value)
    except UsageError as error:
        raise UsageError(f"-T {word}: {error.text}", remedy=error.remedy) from None


def agent_of(word: str, names: Mapping[str, Any]) -> Agent[Any, Any]:
    """The agent that follows ``--agent``.

    Raises:
        UsageError: a name is unknown, or its value is no agent.
    """
    value = _value("--agent", word, names)
    if not isinstance(value, Agent):
        raise UsageError(
            f"--agent {word} is of type {type(value).__name__}, not an agent.",
            remedy="Make one with nbstream.Agent(...), or pass functions with -T.",
        )
    return value


def _value(option: str, word: str, names: Mapping[str, Any]) -> Any:
    """The value of a name, or of a dotted one."""
    if word.endswith(")"):
        name = word.partition("(")[0]
        raise UsageError(
            f"{option} {word} is a call, and the model makes the calls.",
            remedy=f"Write the name alone: {option} {name}.",
        )
    first, *rest = word.split(".")
    if first not in names:
        known = [name for name, value in names.items() if not name.startswith("_")]
        near = difflib.get_close_matches(first, known, n=1)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise UsageError(
            f"{option} {word} is not defined here.",
            remedy=f"{hint}Run the cell that defines it first.",
        )
    value = names[first]
    for name in rest:
        try:
            value = getattr(value, name)
        except AttributeError:
            raise UsageError(f"{option} {word}: there is no {name!r}.") from None
    return value


def check_alone(options: Any) -> None:
    """Refuse options that cannot be used with ``--agent``: the agent has settings of its own.

    Raises:
        UsageError: there is one.
    """
    given = [name for field, name in _NOT_WITH_AGENT.items() if getattr(options, field)]
    given += [f"{one}=" for one in options.parameters]
    if given:
        raise UsageError(
            f"--agent {options.agent} has its own settings, so {given[0]} cannot stand beside it.",
            remedy="Leave it out, or set it where the agent is made.",
        )
