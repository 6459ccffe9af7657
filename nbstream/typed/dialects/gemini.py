"""Adapts a JSON schema to Gemini's two dialects: JSON Schema and OpenAPI 3.0, each a subset.

``responseJsonSchema`` and ``parametersJsonSchema`` take the first, ``responseSchema`` and
``parameters`` the second. Both write properties in the order of ``propertyOrdering``.

Source: https://ai.google.dev/api/generate-content (GenerationConfig) and
https://ai.google.dev/api/caching (Schema).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.typed.dialects.rewriting import (
    COMMON_KEYWORDS,
    Schema,
    children,
    is_map,
    move_to_description,
    one_of_as_any_of,
    recursive,
    rewrite,
    tuple_as_list,
    unsupported,
    wrap_reference,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOTH = {"minimum", "maximum", "minItems", "maxItems", "propertyOrdering"}
_KEYWORDS = COMMON_KEYWORDS | _BOTH | {"prefixItems"}
_OPENAPI_KEYWORDS = (
    COMMON_KEYWORDS - {"$defs", "$ref", "additionalProperties"}
    | _BOTH
    | {"minLength", "maxLength", "pattern", "nullable"}
)
_FORMATS = frozenset({"date-time", "date", "time"})
_NO_LOOP = "Give the recursive field a default, or ask for JSON in the prompt."
_NO_MAP = "Use a list of objects with a key and a value."


def gemini(schema: Schema) -> Schema:
    """Adapt a JSON schema to Gemini's ``responseJsonSchema``.

    Raises:
        UsageError: the type is recursive through required fields.
    """
    if recursive(schema, follow=_required):
        raise unsupported(schema, "is recursive through a required field", "Gemini", _NO_LOOP)

    def change(row: Schema) -> Schema:
        row = _ordered(_constant(wrap_reference(one_of_as_any_of(row))))
        return move_to_description(row, _KEYWORDS, _FORMATS)

    return rewrite(schema, change)


def gemini_openapi(schema: Schema) -> Schema:
    """Adapt a JSON schema to ``responseSchema``: no references, type names in upper case.

    Raises:
        UsageError: the type is recursive, or contains a dict with free keys.
    """
    if recursive(schema):
        raise unsupported(schema, "is recursive", "Gemini's OpenAPI schema", _NO_LOOP)
    definitions: dict[str, Schema] = schema.get("$defs", {})

    def change(row: Schema) -> Schema:
        if "$ref" in row:
            inlined = rewrite(definitions[row.pop("$ref").rsplit("/", 1)[-1]], change)
            return {**inlined, **move_to_description(row, _OPENAPI_KEYWORDS)}
        if is_map(row):
            raise unsupported(
                schema, "contains a dict with free keys", "Gemini's OpenAPI schema", _NO_MAP
            )
        row.pop("additionalProperties", None)
        row = _nullable(tuple_as_list(_constant(one_of_as_any_of(row))))
        if any(not isinstance(value, str) for value in row.get("enum", ())):
            row["one of"] = row.pop("enum")  # only strings may be enumerated
        if isinstance(kind := row.get("type"), str):
            row["type"] = kind.upper()
        return move_to_description(_ordered(row), _OPENAPI_KEYWORDS, _FORMATS)

    return rewrite({name: row for name, row in schema.items() if name != "$defs"}, change)


def _required(schema: Schema) -> Iterator[Schema]:
    """The schemas directly inside, except those of optional properties."""
    required = schema.get("required", ())
    properties = schema.get("properties", {})
    optional = [row for name, row in properties.items() if name not in required]
    return (row for row in children(schema) if not any(row is other for other in optional))


def _ordered(schema: Schema) -> Schema:
    """Add ``propertyOrdering`` to an object's schema."""
    if "properties" in schema:
        schema["propertyOrdering"] = list(schema["properties"])
    return schema


def _constant(schema: Schema) -> Schema:
    """Replace ``const`` by an enum of one value, or by a keyword for the description."""
    if "const" not in schema:
        return schema
    value: Any = schema.pop("const")
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        schema["enum"] = [value]
    elif value is not None:
        schema["always"] = value
    return schema


def _nullable(schema: Schema) -> Schema:
    """Replace an ``anyOf`` that contains null by the other types with ``nullable``."""
    rows = schema.get("anyOf")
    if not rows:
        return schema
    rest = [row for row in rows if row.get("type") != "NULL"]
    if len(rest) == len(rows):
        return schema
    beside = {name: row for name, row in schema.items() if name != "anyOf"}
    only = rest[0] if len(rest) == 1 else {"anyOf": rest}
    return {**only, **beside, "nullable": True}
