"""Checks the tools of a request, and helps the wire formats to write them to its body."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbstream.core.shown import shown
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
"""The characters of a function's name. Servers of Chat Completions differ; most allow any."""


def check_tools(
    tools: Sequence[Tool], choice: ToolChoice, protocol: str, provider: str | None
) -> None:
    """Check that ``protocol`` can express the tools; ``provider`` is None if it is unknown.

    Raises:
        UsageError: a provider's tool belongs to another provider, ``protocol`` does not allow
            a tool's name, two tools have the same name, or the choice names an unknown tool.
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
    if choice == "required" and not tools:
        raise UsageError(
            "tool_choice='required' needs at least one tool, and none is given.",
            remedy="Pass tools=, or leave tool_choice= out.",
        )
    if choice not in MODES and choice not in names:
        known = ", ".join([*MODES, *names])
        raise UsageError(f"tool_choice={shown(choice)} names no tool.", remedy=f"Known: {known}.")


def _check_name(name: str, protocol: str) -> None:
    """Raise if the protocol does not allow this name of a tool."""
    pattern, allowed = _NAMES.get(protocol, (None, ""))
    if pattern and not pattern.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be a tool's name: {PROTOCOL_TITLES[protocol]} allows {allowed}.",
            remedy="Rename the function, or wrap it in one with another name.",
        )


def _check_owner(tool: ProviderTool, protocol: str, provider: str | None) -> None:
    """Raise if the tool belongs to another protocol or provider than the model."""
    if tool.protocol != protocol:
        raise UsageError(
            f"The tool {tool.name!r} belongs to"
            f" {PROTOCOL_TITLES.get(tool.protocol, tool.protocol)};"
            f" this model uses {PROTOCOL_TITLES.get(protocol, protocol)}.",
            remedy="Use a model of the tool's provider, or remove it from tools=.",
        )
    if tool.provider and provider and tool.provider != provider:
        raise UsageError(
            f"The tool {tool.name!r} is run by {tool.provider}; this model is {provider}'s.",
            remedy=f"Use {tool.provider}/<model>, or remove it from tools=.",
        )


def fields(
    tools: Sequence[Tool],
    choice: ToolChoice,
    own: Callable[[ToolSpec], dict[str, Any]],
    chosen: Callable[[str], str | dict[str, Any]],
) -> dict[str, Any]:
    """The request's fields ``tools`` and ``tool_choice``; empty without tools.

    ``own`` writes a tool of the user, ``chosen`` a mode or a tool's name. Without tools no
    provider accepts a choice: "tool_choice may only be specified while providing tools"
    (Anthropic; OpenAI says the same).
    """
    if not tools:
        return {}
    request_fields: dict[str, Any] = {"tools": rows(tools, own)}
    if choice is not None:
        value = dict(choice) if isinstance(choice, Mapping) else chosen(choice)
        request_fields["tool_choice"] = value
    return request_fields


def rows(tools: Sequence[Tool], own: Callable[[ToolSpec], dict[str, Any]]) -> list[dict[str, Any]]:
    """Each tool as written in the request; ``own`` writes a tool of the user."""
    return [own(tool) if isinstance(tool, ToolSpec) else dict(tool.row) for tool in tools]


def needs(tools: Sequence[Tool]) -> list[str]:
    """Other values that the provider's tools require in the request, without duplicates."""
    all_needs = (need for tool in tools if isinstance(tool, ProviderTool) for need in tool.needs)
    return list(dict.fromkeys(all_needs))


def named(tools: Sequence[Tool], name: str) -> Tool:
    """The tool of that name. ``check_tools`` has checked that it exists."""
    return next(tool for tool in tools if tool.name == name)
