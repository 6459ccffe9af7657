"""Functions that transform and check a JSON schema, shared by the dialects of all providers.

A dialect is what one provider accepts of JSON schema.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

Schema = dict[str, Any]

COMMON_KEYWORDS = frozenset(
    [
        *("$defs", "$ref", "type", "title", "description", "enum", "anyOf"),
        *("properties", "required", "additionalProperties", "items"),
    ]
)
"""Keywords that every dialect supports."""

_NAMED = ("properties", "$defs", "patternProperties")
_LISTED = ("anyOf", "oneOf", "allOf", "prefixItems")
_SINGLE = ("items", "additionalProperties", "propertyNames", "contains", "not")


def rewrite(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """A copy of ``schema`` with ``change`` applied to each schema in it, inner ones first."""
    copy = dict(schema)
    for key in _NAMED:
        if isinstance(rows := copy.get(key), dict):
            copy[key] = {name: rewrite(row, change) for name, row in rows.items()}
    for key in _LISTED:
        if isinstance(rows := copy.get(key), list):
            copy[key] = [rewrite(row, change) for row in rows]
    for key in _SINGLE:
        if isinstance(row := copy.get(key), dict):
            copy[key] = rewrite(row, change)
    return change(copy)


def children(schema: Schema) -> Iterator[Schema]:
    """The schemas directly inside ``schema``, without its definitions."""
    for key in _NAMED:
        if key != "$defs":
            yield from schema.get(key, {}).values()
    for key in _LISTED:
        yield from schema.get(key, ())
    for key in _SINGLE:
        if isinstance(row := schema.get(key), dict):
            yield row


def move_to_description(
    schema: Schema, keep: Collection[str], formats: Collection[str] = ()
) -> Schema:
    """Move keywords that are not in ``keep`` into the description.

    A ``format`` that is not in ``formats`` is moved too.
    """
    takes = schema.get("format") in formats
    kept = {
        name: row for name, row in schema.items() if (takes if name == "format" else name in keep)
    }
    rest = [f"{name}: {_as_text(row)}" for name, row in schema.items() if name not in kept]
    if rest:
        description = kept.get("description")
        kept["description"] = (f"{description}\n" if description else "") + f"({', '.join(rest)})"
    return kept


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def one_of_as_any_of(schema: Schema) -> Schema:
    """Replace ``oneOf`` by ``anyOf``, which all providers support, and drop the discriminator."""
    schema.pop("discriminator", None)
    if "oneOf" in schema:
        schema["anyOf"] = schema.pop("oneOf")
    if len(schema.get("allOf", ())) == 1:
        (only,) = schema.pop("allOf")
        schema = {**only, **schema}
    return schema


def wrap_reference(schema: Schema) -> Schema:
    """Put a ``$ref`` that has other keywords beside it into an ``anyOf``, as providers require."""
    if "$ref" in schema and len(schema) > 1:
        beside = {name: row for name, row in schema.items() if name != "$ref"}
        if set(beside) <= {"default"}:
            return {"$ref": schema["$ref"]}
        return {**beside, "anyOf": [{"$ref": schema["$ref"]}]}
    return schema


def tuple_as_list(schema: Schema) -> Schema:
    """Replace a tuple by a list of fixed length whose items may be any of the tuple's types."""
    rows = schema.pop("prefixItems", None)
    if rows is None:
        return schema
    kinds = [row for at, row in enumerate(rows) if row not in rows[:at]]
    schema["items"] = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    if len(kinds) > 1:
        order = ", ".join(str(row.get("type", "value")) for row in rows)
        description = schema.get("description")
        note = f"(in this order: {order})"
        schema["description"] = f"{description}\n{note}" if description else note
    return schema


def is_map(schema: Schema) -> bool:
    """Whether the schema is an object with arbitrary keys, as of a ``dict``."""
    if schema.get("type") != "object":
        return False
    free = schema.get("additionalProperties", "properties" not in schema)
    return free is not False or bool(schema.get("patternProperties"))


def recursive(schema: Schema, *, follow: Callable[[Schema], Iterator[Schema]] = children) -> bool:
    """Whether a definition in the schema refers to itself, directly or through others.

    ``follow`` gives the inner schemas of a schema.
    """
    definitions: dict[str, Schema] = schema.get("$defs", {})
    edges = {name: set(_references(row, follow)) for name, row in definitions.items()}
    # A root that is itself a definition is a copy of it and adds no cycle.
    while leaves := [name for name, to in edges.items() if not to & set(edges)]:
        for name in leaves:
            del edges[name]
    return bool(edges)


def _references(schema: Schema, follow: Callable[[Schema], Iterator[Schema]]) -> Iterator[str]:
    """The names of the definitions to which the schema and its inner schemas refer."""
    if "$ref" in schema:
        yield schema["$ref"].rsplit("/", 1)[-1]
    for row in follow(schema):
        yield from _references(row, follow)


def unsupported(schema: Schema, what: str, where: str, remedy: str) -> UsageError:
    """The error for a type that a dialect cannot express."""
    name = schema.get("title", "The type")
    return UsageError(f"{name} {what}; {where} cannot express that.", remedy=remedy)
