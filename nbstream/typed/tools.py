"""Describes a tool for a model: its name, description and parameters' JSON schema.

The tool is given as a function, a type or a schema.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import (
    PydanticInvalidForJsonSchema,
    PydanticSchemaGenerationError,
    PydanticUserError,
    TypeAdapter,
)

from nbstream.errors import UsageError
from nbstream.typed.docstring import parse_docstring
from nbstream.typed.output import REMEDY, name_of, output_type
from nbstream.typed.schema import BriefSchema, schema_for, schema_name


class ToolSchema(NamedTuple):
    """A tool's name, description and parameters, as a protocol writes them into a request.

    ``parameters`` is the JSON schema of an object.
    """

    name: str
    description: str
    parameters: dict[str, Any]


def tool_schema(tool: Any) -> ToolSchema:
    """Describe ``tool`` for a model. Does not call it.

    Args:
        tool: a function (its name, the summary and the parameters of its docstring, its
            type hints); a pydantic model, dataclass or typed dict (its name, docstring and
            fields); or a dict with ``name``, optionally ``description``, and a schema under
            ``parameters``, ``input_schema`` or ``inputSchema``. The dict may be nested under
            ``function``.

    Raises:
        UsageError: ``tool`` is none of these, or a parameter has no JSON schema or cannot be
            passed by keyword.

    >>> def add(a: int, b: int = 0) -> int:
    ...     '''Add two numbers.'''
    >>> tool_schema(add).description
    'Add two numbers.'
    """
    if isinstance(tool, ToolSchema):
        return tool
    if isinstance(tool, Mapping):
        return _of_mapping(tool)
    if isinstance(tool, type):
        return _of_type(tool)
    if callable(tool):
        return _of_function(tool)
    remedy = "Use a function, a pydantic model, or a dict with a name and a schema."
    if isinstance(tool, str) and tool.isidentifier():
        remedy = f"Pass the function itself: {tool}, without quotes."
    raise UsageError(f"{tool!r} cannot be a tool.", remedy=remedy)


def _of_mapping(tool: Mapping[str, Any]) -> ToolSchema:
    """Read the description of a tool that is given as a dict."""
    inner = tool.get("function")
    definition = inner if isinstance(inner, Mapping) else tool
    keys = ("parameters", "input_schema", "inputSchema", "parametersJsonSchema")
    schema = next(
        (definition[key] for key in keys if isinstance(definition.get(key), Mapping)), None
    )
    name = definition.get("name")
    if not isinstance(name, str):
        raise UsageError(
            "A tool's schema has no name.",
            remedy='Give {"name": ..., "description": ..., "parameters": {...}}.',
        )
    empty = {"type": "object", "properties": {}}
    return ToolSchema(name, str(definition.get("description") or ""), dict(schema or empty))


def _of_type(tool: type[Any]) -> ToolSchema:
    """Describe a tool whose arguments are the fields of a type."""
    if output_type(tool).wrapped:
        raise UsageError(
            f"{name_of(tool)} has no fields, so it cannot be a tool's arguments.", remedy=REMEDY
        )
    schema = schema_for(tool)
    schema.pop("title", None)
    docstring = schema.pop("description", "")
    summary, parameters = parse_docstring(docstring)
    _describe(schema, parameters)
    return ToolSchema(schema_name(tool), summary, schema)


def _of_function(tool: Any) -> ToolSchema:
    """Describe a function by its signature and docstring."""
    name = getattr(tool, "__name__", None) or type(tool).__name__
    _check_names(name, tool)
    try:
        schema = TypeAdapter(tool).json_schema(schema_generator=BriefSchema)
    except (PydanticInvalidForJsonSchema, PydanticUserError, NameError, TypeError) as error:
        reason = str(error).split("\n", 1)[0]
        remedy = f"Change the type hints of its parameters. {REMEDY}"
        if isinstance(error, PydanticSchemaGenerationError):
            found = re.search(r"<class '(?:[\w.]*\.)?(\w+)'>|$", reason)
            kind = f"a {found[1]}" if found and found[1] else "a value of this type"
            reason = f"a model cannot write {kind}, only JSON."
            remedy = "Take a text, a number or a list, and let the function find the object."
        raise UsageError(f"{name}() cannot be a tool: {reason}", remedy=remedy) from None
    schema.pop("title", None)
    summary, parameters = parse_docstring(inspect.getdoc(tool))
    _describe(schema, parameters)
    return ToolSchema(name, summary, schema)


def _check_names(name: str, tool: Any) -> None:
    """Raise if a parameter cannot be passed by keyword: models pass arguments by name."""
    for parameter in inspect.signature(tool).parameters.values():
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL):
            raise UsageError(
                f"{name}() cannot be a tool: {parameter.name!r} cannot be passed by keyword.",
                remedy="Make it a keyword parameter, for example a list.",
            )


def _describe(schema: dict[str, Any], parameters: dict[str, str]) -> None:
    """Add the parameters' descriptions from the docstring to the schema."""
    for name, row in schema.get("properties", {}).items():
        if row.get("title") == name.replace("_", " ").title():
            del row["title"]  # pydantic before 2.12 derives one from the parameter's name
        if parameters.get(name) and "description" not in row:
            row["description"] = parameters[name]
