"""What one may give as a tool, as the tool that a protocol can write.

Knows functions, pydantic models, schemas written by hand (ours, and the shapes
of the providers' own documents) and the providers' tools. Refuses to know how a
schema is had from a type: that is ``typed``'s; and to call anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbstream.core.tools import ProviderTool, Tool, ToolSpec
from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

# A schema written by hand, under each provider's name for it, and what stands beside it.
_SCHEMAS = ("parameters", "input_schema", "inputSchema", "parametersJsonSchema")
_KNOWN = {*_SCHEMAS, "type", "name", "description", "strict", "function"}


def as_tools(given: Iterable[Any], protocol: str) -> tuple[Tool, ...]:
    """Each of ``given`` as a tool.

    A mapping without a schema (``{"type": "web_search_20250305", ...}``) is a
    provider's own and goes to ``protocol`` as it is.

    Raises:
        UsageError: one of them cannot be a tool.
    """
    if isinstance(given, (str, bytes, Mapping)) or callable(given):
        raise UsageError("tools= takes a list of tools.", remedy="Write tools=[...] around it.")
    return tuple(_as_tool(one, protocol) for one in given)


def _as_tool(given: Any, protocol: str) -> Tool:
    if isinstance(given, (ToolSpec, ProviderTool)):
        return given
    from nbstream.typed.tools import tool_schema  # dear to import, and few streams have tools

    if not isinstance(given, Mapping):
        return ToolSpec(*tool_schema(given))
    inner = given.get("function")
    row = inner if isinstance(inner, Mapping) else given
    schemas = [row[field] for field in _SCHEMAS if field in row]
    if not schemas and not _is_function(given, row):
        return ProviderTool(str(row.get("name") or _label(given)), protocol, dict(given))
    if not all(isinstance(schema, Mapping) for schema in schemas):
        raise UsageError(f"The parameters of {row.get('name')!r} are a JSON schema, as a dict.")
    extra = {field: value for field, value in given.items() if field not in _KNOWN}
    return ToolSpec(*tool_schema(given), strict=row.get("strict"), extra=extra)


def _is_function(given: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether a dict without a schema is a function without arguments."""
    kind = given.get("type")
    return kind == "function" or (kind is None and "name" in row)


def _label(given: Mapping[str, Any]) -> str:
    """What to call a provider's tool that has no name: its type, or (Gemini) its only field."""
    return str(given.get("type") or next(iter(given), "tool"))
