"""What a model is told of a tool: its name, what it is for, its arguments.

Knows how to read that off a function, a pydantic model or any type with fields,
or a schema as it is. Refuses to call anything.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import PydanticInvalidForJsonSchema, PydanticUserError, TypeAdapter

from nbstream.errors import UsageError
from nbstream.typed.docstring import read
from nbstream.typed.output import REMEDY, name_of, output_type
from nbstream.typed.schema import BriefSchema, schema_for, schema_name


class ToolSchema(NamedTuple):
    """A tool as every provider describes one. ``parameters`` is a JSON schema of an object."""

    name: str
    description: str
    parameters: dict[str, Any]


def tool_schema(tool: Any) -> ToolSchema:
    """What to tell a model of ``tool``.

    A function: its name, its docstring up to the parameters, its type hints, and
    what the docstring says of each. A model or dataclass: its name, docstring
    and fields. A dict: with ``name``, optionally ``description``, and the schema
    under ``parameters``, ``input_schema`` or ``inputSchema``, or all of that
    under ``function``.

    Raises:
        UsageError: a parameter's type cannot be a JSON schema, a parameter
            cannot be given by name, or it is none of the three.
    """
    if isinstance(tool, ToolSchema):
        return tool
    if isinstance(tool, Mapping):
        return _of_mapping(tool)
    if isinstance(tool, type):
        return _of_type(tool)
    if callable(tool):
        return _of_function(tool)
    raise UsageError(
        f"{tool!r} cannot be a tool.", remedy="Use a function, a pydantic model, or a schema."
    )


def _of_mapping(tool: Mapping[str, Any]) -> ToolSchema:
    inner = tool.get("function")
    row = inner if isinstance(inner, Mapping) else tool
    keys = ("parameters", "input_schema", "inputSchema", "parametersJsonSchema")
    schema = next((row[key] for key in keys if isinstance(row.get(key), Mapping)), None)
    name = row.get("name")
    if not isinstance(name, str):
        raise UsageError(
            "A tool's schema has no name.",
            remedy='Give {"name": ..., "description": ..., "parameters": {...}}.',
        )
    empty = {"type": "object", "properties": {}}
    return ToolSchema(name, str(row.get("description") or ""), dict(schema or empty))


def _of_type(tool: type[Any]) -> ToolSchema:
    if output_type(tool).wrapped:
        raise UsageError(
            f"{name_of(tool)} has no fields, so it cannot be a tool's arguments.", remedy=REMEDY
        )
    schema = schema_for(tool)
    schema.pop("title", None)
    said = schema.pop("description", "")
    summary, parameters = read(said)
    _describe(schema, parameters)
    return ToolSchema(schema_name(tool), summary, schema)


def _of_function(tool: Any) -> ToolSchema:
    name = getattr(tool, "__name__", None) or type(tool).__name__
    _check_names(name, tool)
    try:
        schema = TypeAdapter(tool).json_schema(schema_generator=BriefSchema)
    except (PydanticInvalidForJsonSchema, PydanticUserError, NameError, TypeError) as error:
        words = str(error).split("\n", 1)[0]
        raise UsageError(
            f"{name}() cannot be a tool: {words}",
            remedy=f"Change the type hints of its parameters. {REMEDY}",
        ) from error
    schema.pop("title", None)
    summary, parameters = read(inspect.getdoc(tool))
    _describe(schema, parameters)
    return ToolSchema(name, summary, schema)


def _check_names(name: str, tool: Any) -> None:
    """Models name the arguments they give."""
    for parameter in inspect.signature(tool).parameters.values():
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL):
            raise UsageError(
                f"{name}() cannot be a tool: {parameter.name!r} cannot be given by name.",
                remedy="Make it a parameter with a name, such as a list.",
            )


def _describe(schema: dict[str, Any], parameters: dict[str, str]) -> None:
    for name, row in schema.get("properties", {}).items():
        if row.get("title") == name.replace("_", " ").title():
            del row["title"]  # before 2.12 pydantic makes one of a parameter's name
        if parameters.get(name) and "description" not in row:
            row["description"] = parameters[name]
