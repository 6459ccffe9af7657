"""OpenAI's strict mode.

Source: https://platform.openai.com/docs/guides/structured-outputs, "Supported
schemas": every object closed, every property required, no default, no
``allOf`` or ``oneOf``; ``$defs``, ``$ref`` and recursion are allowed.
"""

from __future__ import annotations

from typing import Any

from nbstream.errors import UsageError
from nbstream.typed.dialects.rewriting import (
    KEPT,
    Schema,
    cannot,
    in_words,
    is_map,
    lone_reference,
    one_of_as_any_of,
    rewrite,
    tuple_as_list,
)

_KEPT = KEPT | {
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
    """The schema for ``strict: true``.

    A field with a default must be given by the model; its default stands in the
    description. One that may be null still may.

    Raises:
        UsageError: a dict with free keys, or ``Any``; strict mode has neither.
    """

    def change(row: Schema) -> Schema:
        row = tuple_as_list(lone_reference(one_of_as_any_of(row)))
        if is_map(row):
            raise cannot(schema, "holds a dict with free keys", _WHERE, _NO_MAP)
        if not row.keys() & {"type", "anyOf", "$ref", "enum", "const"}:
            raise cannot(schema, "holds a value of any type", _WHERE, _NO_ANY)
        if row.get("type") == "object":
            row.setdefault("properties", {})
            row["required"] = list(row["properties"])
            row["additionalProperties"] = False
        if row.get("default", "") is None:
            del row["default"]
        return in_words(row, _KEPT, _FORMATS)

    return rewrite(schema, change)


def openai(schema: Schema) -> tuple[Schema, bool]:
    """The schema and the ``strict`` to send with it: True where strict mode can say it.

    Never raises: a schema that is not strict guides the model without binding it.
    """
    try:
        return openai_strict(schema), True
    except UsageError:
        return dict[str, Any](schema), False
