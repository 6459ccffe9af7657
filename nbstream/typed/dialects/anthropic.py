"""Adapts a JSON schema to Anthropic's structured outputs: ``output_config.format``.

Anthropic sets the same limits for tools with ``strict``, whose schemas are sent as given.

Source: https://platform.claude.com/docs/en/build-with-claude/structured-outputs, "JSON
Schema limitations". A tool's ``input_schema`` without ``strict`` accepts any JSON Schema.
"""

from __future__ import annotations

from nbstream.typed.dialects.rewriting import (
    COMMON_KEYWORDS,
    Schema,
    is_map,
    move_to_description,
    one_of_as_any_of,
    recursive,
    rewrite,
    tuple_as_list,
    unsupported,
    wrap_reference,
)

_KEYWORDS = COMMON_KEYWORDS | {"allOf", "const", "default"}
_FORMATS = frozenset(
    "date-time time date duration email hostname uri ipv4 ipv6 uuid".split()  # noqa: SIM905
)
_WHERE = "Anthropic's schema for structured outputs"
_AS_TOOL = "Ask for it as a tool's input instead, or as JSON in the prompt."


def anthropic(schema: Schema) -> Schema:
    """Adapt a JSON schema to what Anthropic accepts for a structured output or strict tool.

    Raises:
        UsageError: the type is recursive, or contains a dict with free keys or ``Any``.
    """
    if recursive(schema):
        raise unsupported(schema, "is recursive", _WHERE, _AS_TOOL)

    def change(row: Schema) -> Schema:
        row = tuple_as_list(wrap_reference(one_of_as_any_of(row)))
        if is_map(row):
            raise unsupported(schema, "contains a dict with free keys", _WHERE, _AS_TOOL)
        if not row.keys() & {"type", "anyOf", "allOf", "$ref", "enum", "const"}:
            raise unsupported(schema, "contains a value of any type", _WHERE, _AS_TOOL)
        if row.get("type") == "object":
            row["additionalProperties"] = False
        keep = _KEYWORDS | {"minItems"} if row.get("minItems") in (0, 1) else _KEYWORDS
        return move_to_description(row, keep, _FORMATS)

    return rewrite(schema, change)
