"""Writes the fields ``tools`` and ``toolConfig`` of a generateContent request to Gemini.

Source: https://ai.google.dev/api/caching#Tool and #ToolConfig.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbstream.core.tool_spec import ProviderTool, ToolSpec
from nbstream.errors import UsageError
from nbstream.protocols.tools import check_tools, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.tool_spec import Tool, ToolChoice

_MODES = {"auto": "AUTO", "none": "NONE", "required": "ANY"}


def tool_fields(model: str, tools: Sequence[Tool], choice: ToolChoice) -> dict[str, Any]:
    """The fields ``tools`` and ``toolConfig``, where they are needed.

    Raises:
        UsageError: as in ``check_tools``; or the choice is one of Google's own tools,
            which cannot be forced; or ``model`` cannot have Google's tools and the
            user's in one request.
    """
    check_tools(tools, choice, "gemini", None)
    own = [tool for tool in tools if isinstance(tool, ToolSpec)]
    theirs = [tool for tool in tools if isinstance(tool, ProviderTool)]
    rows: list[dict[str, Any]] = [dict(tool.row) for tool in theirs]
    if own:
        rows.append({"functionDeclarations": [_user_tool(tool) for tool in own]})
    config = _config(tools, choice) if tools else {}
    if own and theirs:
        _check_mixed(model, theirs)
        # Required by https://ai.google.dev/gemini-api/docs/tool-combination.
        config = {"includeServerSideToolInvocations": True, **config}
    fields: dict[str, Any] = {"tools": rows} if rows else {}
    return {**fields, "toolConfig": config} if config else fields


def _user_tool(tool: ToolSpec) -> dict[str, Any]:
    """One of the user's tools, as a function declaration."""
    row: dict[str, Any] = {"name": tool.name}
    if tool.description:
        row["description"] = tool.description
    if not _is_empty(tool.parameters):
        # This field takes plain JSON Schema; `parameters` takes a dialect of Google's own.
        row["parametersJsonSchema"] = dict(tool.parameters)
    return {**row, **tool.extra}


def _is_empty(schema: Mapping[str, Any]) -> bool:
    """Whether a schema allows no arguments. Such a function is declared without a schema."""
    fields = {name for name, value in schema.items() if value not in ({}, [], False, None)}
    return fields <= {"type", "title", "description", "$schema"}


def _config(tools: Sequence[Tool], choice: ToolChoice) -> dict[str, Any]:
    """The field ``toolConfig`` for the choice of a tool."""
    if choice is None:
        return {}
    if isinstance(choice, Mapping):
        return dict(choice)
    if choice in _MODES:
        return {"functionCallingConfig": {"mode": _MODES[choice]}}
    if isinstance(named(tools, choice), ProviderTool):
        raise UsageError(
            f"Gemini cannot be made to use its own tool {choice!r}.",
            remedy="Ask for it in the prompt, and leave tool_choice= out.",
        )
    return {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": [choice]}}


def _check_mixed(model: str, theirs: Sequence[ProviderTool]) -> None:
    """Refuse Google's tools together with the user's, for models before Gemini 3."""
    # "Built-in tools and Function Calling cannot be combined in the same request" (HTTP 400).
    if re.search(r"gemini-[12]\b", model):
        raise UsageError(
            f"{model} cannot have {theirs[0].name} and tools of yours in one request.",
            remedy="Give it one or the other, or ask a Gemini 3 model.",
        )
