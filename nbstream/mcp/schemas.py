"""Which JSON schemas of a server are sent to a model, and which are used to check values."""

from __future__ import annotations

import json
from typing import Any

from nbstream.mcp.texts import cleaned_json

MOST = 50_000
"""Characters of a schema that a model gets."""

_MOST_CHECKED = 20_000
_MOST_REFERENCES = 30
_SLOW = ('"pattern', '"uniqueItems"', '"$dynamicRef"', '"$recursiveRef"')


def for_model(schema: Any) -> dict[str, Any]:
    """The schema of a tool's arguments, as a model gets it.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(schema, dict) or schema.get("type", "object") != "object":
        raise ValueError("it does not describe an object")
    if not isinstance(schema.get("properties", {}), dict):
        raise ValueError("its properties are no object")  # noqa: TRY004 - not of a caller
    try:
        found: dict[str, Any] = cleaned_json(schema)
        size = len(json.dumps(found))
    except RecursionError:
        raise ValueError("it is too deep") from None
    if size > MOST:
        raise ValueError(f"it has {size:,} characters, more than {MOST:,}")
    return {**found, "type": "object"}


def is_quick_to_check(schema: Any) -> bool:
    """Whether a value can be checked against ``schema`` in a short time.

    A server may send any schema: regular expressions and many references can take forever.
    """
    try:
        text = json.dumps(schema)
    except RecursionError:
        return False
    return (
        len(text) <= _MOST_CHECKED
        and text.count('"$ref"') <= _MOST_REFERENCES
        and not any(word in text for word in _SLOW)
    )
