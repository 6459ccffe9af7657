"""Adapts a JSON schema to OpenAI's strict mode, for outputs and for tools.

Every object is closed and every property required; there are no defaults, no ``allOf`` or
``oneOf``. ``$defs``, ``$ref`` and recursion are allowed. A schema that
strict mode refuses is sent as it is, with ``strict`` false.

Source: https://platform.openai.com/docs/guides/structured-outputs, "Supported schemas".
"""

from __future__ import annotations

from typing import Any

from nbstream.errors import UsageError
from nbstream.typed.dialects.rewriting import (
    COMMON_KEYWORDS,
    Schema,
    is_map,
    move_to_description,
    one_of_as_any_of,
    rewrite,
    tuple_as_list,
    unsupported,
    wrap_reference,
)

_KEYWORDS = COMMON_KEYWORDS | {
    *("const", "pattern", "multipleOf", "minItems", "maxItems"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
}
_FORMATS = frozenset(
    "date-time time date duration email hostname ipv4 ipv6 uuid".split()  # noqa: SIM905
)
_WHERE = "OpenAI's strict mode"
_NO_MAP = "Use a list of objects with a key and a value, or ask without strict mode."
_NO_ANY = "Name the types it may be, or ask without strict mode."


def openai_strict(schema: Schema) -> Schema:
    """Adapt a JSON schema to ``strict: true``.

    The model must give every field, also one with a default; the description then names the
    default. A nullable field stays nullable.

    Raises:
        UsageError: the type contains a dict with free keys or ``Any``.
    """

    def change(row: Schema) -> Schema:
        row = tuple_as_list(wrap_reference(one_of_as_any_of(row)))
        if is_map(row):
            raise unsupported(schema, "contains a dict with free keys", _WHERE, _NO_MAP)
        if not row.keys() & {"type", "anyOf", "$ref", "enum", "const"}:
            raise unsupported(schema, "contains a value of any type", _WHERE, _NO_ANY)
        if row.get("type") == "object":
            row.setdefault("properties", {})
            row["required"] = list(row["properties"])
            row["additionalProperties"] = False
        if row.get("default", "") is None:
            del row["default"]
        return move_to_description(row, _KEYWORDS, _FORMATS)

    return rewrite(schema, change)


def openai(schema: Schema) -> tuple[Schema, bool]:
    """The schema to send and the value of ``strict`` with it: True if strict mode allows the type.

    Never raises: a schema that is not strict still guides the model.
    """
    try:
        return openai_strict(schema), True
    except UsageError:
        return dict[str, Any](schema), False
