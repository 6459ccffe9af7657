"""Writes the fields ``tools`` and ``tool_choice`` of a request to Anthropic's Messages API.

A parameter may have written a part of ``tool_choice`` already; ``complete_choice`` adds its type.

Source: https://platform.claude.com/docs/en/agents-and-tools/tool-use/implement-tool-use
and the page of each server tool.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbstream.protocols.tools import check_tools, fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.tool_spec import Tool, ToolChoice, ToolSpec

_CHOICES = {"auto": "auto", "none": "none", "required": "any"}


def tool_fields(tools: Sequence[Tool], choice: ToolChoice) -> dict[str, Any]:
    """The request's fields ``tools`` and ``tool_choice``; see ``nbstream.protocols.tools``.

    Raises:
        UsageError: for the reasons listed in ``check_tools``.
    """
    check_tools(tools, choice, "anthropic", None)
    return fields(tools, choice, _user_tool, _choice)


def complete_choice(body: dict[str, Any]) -> None:
    """Add the type to a ``tool_choice`` that only has ``disable_parallel_tool_use``.

    That field belongs to a choice; the choice "none" has no such field.
    """
    choice = body.get("tool_choice")
    if not isinstance(choice, Mapping):
        return
    complete = {"type": "auto", **choice}
    if complete["type"] == "none":
        complete.pop("disable_parallel_tool_use", None)
    body["tool_choice"] = complete


def _user_tool(tool: ToolSpec) -> dict[str, Any]:
    """One of the user's tools, as an entry of ``tools``."""
    row: dict[str, Any] = {"name": tool.name, "input_schema": dict(tool.parameters)}
    if tool.description:
        row["description"] = tool.description
    if tool.strict is not None:
        row["strict"] = tool.strict
    return {**row, **tool.extra}


def _choice(choice: str) -> dict[str, Any]:
    """The value of ``tool_choice`` for a mode or a tool's name."""
    if choice in _CHOICES:
        return {"type": _CHOICES[choice]}
    return {"type": "tool", "name": choice}
