"""Writes the fields ``tools`` and ``tool_choice`` of a Chat Completions request.

Source: https://platform.openai.com/docs/api-reference/chat/create (``tools``,
``tool_choice``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbstream.protocols.tools import MODES, check_tools, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.tool_spec import Tool, ToolChoice, ToolSpec


def tool_fields(tools: Sequence[Tool], choice: ToolChoice, provider: str | None) -> dict[str, Any]:
    """The fields ``tools`` and ``tool_choice``, where they are needed.

    Raises:
        UsageError: for the reasons listed in ``check_tools``.
    """
    check_tools(tools, choice, "openai_chat", provider)
    fields: dict[str, Any] = {"tools": rows(tools, _user_tool)} if tools else {}
    # OpenAI: "'tool_choice' is only allowed when 'tools' are specified".
    if choice is not None and tools:
        fields["tool_choice"] = _choice(choice)
    return fields


def _user_tool(tool: ToolSpec) -> dict[str, Any]:
    """One of the user's tools, as an entry of ``tools``."""
    function: dict[str, Any] = {"name": tool.name, "parameters": dict(tool.parameters)}
    if tool.description:
        function["description"] = tool.description
    if tool.strict is not None:
        function["strict"] = tool.strict
    return {"type": "function", "function": function, **tool.extra}


def _choice(choice: str | Mapping[str, Any]) -> str | dict[str, Any]:
    """The value of ``tool_choice`` for a mode, a tool's name or an object."""
    if isinstance(choice, Mapping):
        return dict(choice)
    if choice in MODES:
        return choice
    return {"type": "function", "function": {"name": choice}}
