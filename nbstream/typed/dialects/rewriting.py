"""What every dialect does to a schema: walk it, and say in words what it has no keyword for.

Knows where schemas stand inside schemas. Refuses to know any provider.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

Schema = dict[str, Any]

KEPT = frozenset(
    [
        *("$defs", "$ref", "type", "title", "description", "enum", "anyOf"),
        *("properties", "required", "additionalProperties", "items"),
    ]
)
"""Keywords that every dialect of JSON Schema has here."""

_NAMED = ("properties", "$defs", "patternProperties")
_LISTED = ("anyOf", "oneOf", "allOf", "prefixItems")
_SINGLE = ("items", "additionalProperties", "propertyNames", "contains", "not")


def rewrite(schema: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """A copy in which each schema, the inner ones first, is what ``change`` makes of it."""
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
    """The schemas directly inside, definitions left out."""
    for key in _NAMED:
        if key != "$defs":
            yield from schema.get(key, {}).values()
    for key in _LISTED:
        yield from schema.get(key, ())
    for key in _SINGLE:
        if isinstance(row := schema.get(key), dict):
            yield row


def in_words(schema: Schema, keep: Collection[str], formats: Collection[str] = ()) -> Schema:
    """Keywords that are not in ``keep`` become part of the description.

    So does a ``format`` that is none of ``formats``.
    """
    takes = schema.get("format") in formats
    kept = {
        name: row for name, row in schema.items() if (takes if name == "format" else name in keep)
    }
    rest = [f"{name}: {_plain(row)}" for name, row in schema.items() if name not in kept]
    if rest:
        said = kept.get("description")
        kept["description"] = (f"{said}\n" if said else "") + f"({', '.join(rest)})"
    return kept


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def one_of_as_any_of(schema: Schema) -> Schema:
    """Choices under the one name for them that all providers take, without the discriminator."""
    schema.pop("discriminator", None)
    if "oneOf" in schema:
        schema["anyOf"] = schema.pop("oneOf")
    if len(schema.get("allOf", ())) == 1:
        (only,) = schema.pop("allOf")
        schema = {**only, **schema}
    return schema


def lone_reference(schema: Schema) -> Schema:
    """A reference with anything beside it, as a choice of one; providers refuse the former."""
    if "$ref" in schema and len(schema) > 1:
        beside = {name: row for name, row in schema.items() if name != "$ref"}
        if set(beside) <= {"default"}:
            return {"$ref": schema["$ref"]}
        return {**beside, "anyOf": [{"$ref": schema["$ref"]}]}
    return schema


def tuple_as_list(schema: Schema) -> Schema:
    """A tuple as a list of its length, in which each place may be any of its types."""
    rows = schema.pop("prefixItems", None)
    if rows is None:
        return schema
    kinds = [row for at, row in enumerate(rows) if row not in rows[:at]]
    schema["items"] = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    if len(kinds) > 1:
        order = ", ".join(str(row.get("type", "value")) for row in rows)
        said = schema.get("description")
        schema["description"] = (f"{said}\n" if said else "") + f"(in this order: {order})"
    return schema


def is_map(schema: Schema) -> bool:
    """Whether it is an object with keys of the model's own choice."""
    if schema.get("type") != "object":
        return False
    free = schema.get("additionalProperties", "properties" not in schema)
    return free is not False or bool(schema.get("patternProperties"))


def recursive(schema: Schema, *, follow: Callable[[Schema], Iterator[Schema]] = children) -> bool:
    """Whether a definition holds itself, going from schema to schema as ``follow`` does."""
    definitions: dict[str, Schema] = schema.get("$defs", {})
    edges = {name: set(_references(row, follow)) for name, row in definitions.items()}
    # A root that is itself a definition is a copy of it and adds no way round.
    while leaves := [name for name, to in edges.items() if not to & set(edges)]:
        for name in leaves:
            del edges[name]
    return bool(edges)


def _references(schema: Schema, follow: Callable[[Schema], Iterator[Schema]]) -> Iterator[str]:
    if "$ref" in schema:
        yield schema["$ref"].rsplit("/", 1)[-1]
    for row in follow(schema):
        yield from _references(row, follow)


def cannot(schema: Schema, what: str, where: str, remedy: str) -> UsageError:
    """The error for a type that a dialect has no words for."""
    name = schema.get("title", "The type")
    return UsageError(f"{name} {what}; {where} cannot express that.", remedy=remedy)
