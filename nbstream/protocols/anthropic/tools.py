"""Tools and the choice among them, as the Messages API has them.

Source: https://platform.claude.com/docs/en/agents-and-tools/tool-use/implement-tool-use
and the page of each server tool. Refuses to know what any tool does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbstream.protocols.tools import check_tools, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.tools import Tool, ToolChoice, ToolSpec

_CHOICES = {"auto": "auto", "none": "none", "required": "any"}


def tool_fields(tools: Sequence[Tool], choice: ToolChoice) -> dict[str, Any]:
    """The fields ``tools`` and ``tool_choice``, where there is something to say.

    Raises:
        UsageError: as ``check_tools``.
    """
    check_tools(tools, choice, "anthropic", None)
    fields: dict[str, Any] = {"tools": rows(tools, _own)} if tools else {}
    # "tool_choice may only be specified while providing tools"
    if choice is not None and tools:
        fields["tool_choice"] = _choice(choice)
    return fields


def _own(tool: ToolSpec) -> dict[str, Any]:
    row: dict[str, Any] = {"name": tool.name, "input_schema": dict(tool.parameters)}
    if tool.description:
        row["description"] = tool.description
    if tool.strict is not None:
        row["strict"] = tool.strict
    return {**row, **tool.extra}


def _choice(choice: str | Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(choice, Mapping):
        return dict(choice)
    if choice in _CHOICES:
        return {"type": _CHOICES[choice]}
    return {"type": "tool", "name": choice}
