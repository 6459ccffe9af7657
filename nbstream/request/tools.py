"""Converts ``tools=`` to ``Tool`` values: functions, pydantic models, dicts, built-in tools.

A dict may have the form of any provider's documentation. Tools are not called here.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from nbstream.core.tool_spec import ProviderTool, Tool, ToolSpec
from nbstream.errors import UsageError
from nbstream.request.json_values import json_value

_FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType)

# Each provider's name for the schema in a dict, and the other known fields.
_SCHEMAS = ("parameters", "input_schema", "inputSchema", "parametersJsonSchema")
_KNOWN = {*_SCHEMAS, "type", "name", "description", "strict", "function"}


def as_tools(given: Iterable[Any] | None, protocol: str) -> tuple[Tool, ...]:
    """Each of ``given`` as a tool. The result is a copy; None gives no tools.

    A mapping without a schema (``{"type": "web_search_20250305", ...}``) is a
    built-in tool of the provider and is sent unchanged.

    Raises:
        UsageError: one of them cannot be a tool.
    """
    if given is None:
        return ()
    single = isinstance(given, (str, bytes, Mapping, ToolSpec, ProviderTool)) or callable(given)
    if single or not isinstance(given, Iterable):
        raise UsageError(
            f"tools= takes a list of tools, not one {type(given).__name__}.",
            remedy="Write tools=[...], with brackets.",
        )
    return tuple(_copy(_as_tool(one, protocol)) for one in given)


def _copy(tool: Tool) -> Tool:
    """A copy of the tool that later changes by the caller do not reach."""
    place = f"The tool {tool.name!r}"
    if isinstance(tool, ProviderTool):
        return replace(tool, row=json_value(tool.row, place))
    extra = json_value(tool.extra, place)
    return replace(tool, parameters=json_value(tool.parameters, place), extra=extra)


def _as_tool(given: Any, protocol: str) -> Tool:
    """One value of ``tools=`` as a tool."""
    if isinstance(given, (ToolSpec, ProviderTool)):
        return given
    spec = getattr(given, "spec", None)  # of a function that nbstream.tool made a tool
    if isinstance(spec, ToolSpec):
        return spec
    from nbstream.typed.tools import tool_schema  # slow to import, and few streams have tools

    if not isinstance(given, Mapping):
        return ToolSpec(*tool_schema(_function(given)))
    inner = given.get("function")
    row = inner if isinstance(inner, Mapping) else given
    schemas = [row[field] for field in _SCHEMAS if field in row]
    if not schemas and not _is_function(given, row):
        return ProviderTool(str(row.get("name") or _default_name(given)), protocol, dict(given))
    if not all(isinstance(schema, Mapping) for schema in schemas):
        raise UsageError(
            f"The parameters of the tool {row.get('name')!r} are not a dict.",
            remedy='Pass a JSON schema, such as {"type": "object", "properties": {...}}.',
        )
    extra = {field: value for field, value in given.items() if field not in _KNOWN}
    return ToolSpec(*tool_schema(given), strict=row.get("strict"), extra=extra)


def _function(given: Any) -> Any:
    """The function that ``given`` wraps, as ``functools.cache`` does, or ``given`` itself.

    Raises:
        UsageError: it is a lambda or another object without a function's name and hints.
    """
    if getattr(given, "__name__", "") == (lambda: None).__name__:
        raise UsageError(
            "A lambda cannot be a tool, because it has no name.",
            remedy="Define a function with type hints and a docstring.",
        )
    if not callable(given) or isinstance(given, (type, *_FUNCTIONS)):
        return given
    inner = inspect.unwrap(given)
    if isinstance(inner, _FUNCTIONS):
        return inner
    raise UsageError(
        f"An object of type {type(given).__name__} cannot be a tool.",
        remedy="Wrap it in a function: the model reads its name, type hints and docstring.",
    )


def _is_function(given: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether a dict without a schema is a function without arguments."""
    kind = given.get("type")
    return kind == "function" or (kind is None and "name" in row)


def _default_name(given: Mapping[str, Any]) -> str:
    """A name for a built-in tool that has none: its type, or its only field (Gemini)."""
    return str(given.get("type") or next(iter(given), "tool"))
