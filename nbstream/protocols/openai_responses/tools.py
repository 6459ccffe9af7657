"""Writes the fields ``tools`` and ``tool_choice`` of a Responses API request.

Source: https://platform.openai.com/docs/api-reference/responses/create (``tools``,
``tool_choice``, ``include``). Results of the provider's tools are read in ``tool_results``.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nbstream.core.tool_spec import ProviderTool
from nbstream.protocols.tools import MODES, check_tools, fields, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.tool_spec import Tool, ToolChoice, ToolSpec
    from nbstream.protocols.json_fields import Json


def tool_fields(tools: Sequence[Tool], choice: ToolChoice) -> Json:
    """The request's fields ``tools`` and ``tool_choice``; see ``nbstream.protocols.tools``.

    Raises:
        UsageError: for the reasons listed in ``check_tools``.
    """
    check_tools(tools, choice, "openai_responses", None)
    return fields(tools, choice, _user_tool, partial(_choice, tools))


def _user_tool(tool: ToolSpec) -> Json:
    """One of the user's tools, as an entry of ``tools``."""
    # The default of `strict` is true here, which refuses or rewrites schemas with optional fields.
    row: Json = {
        "type": "function",
        "name": tool.name,
        "parameters": dict(tool.parameters),
        "strict": bool(tool.strict),
        **tool.extra,
    }
    return {**row, "description": tool.description} if tool.description else row


def _choice(tools: Sequence[Tool], choice: str) -> str | Json:
    """The value of ``tool_choice`` for a mode or a tool's name."""
    if choice in MODES:
        return choice
    tool = named(tools, choice)
    if not isinstance(tool, ProviderTool):
        return {"type": "function", "name": choice}
    row = dict(tool.row)
    # "ToolChoiceTypes" have a type and nothing else; an MCP server is named by its label.
    known = {"type": row["type"]}
    return {**known, "server_label": row["server_label"]} if "server_label" in row else known
