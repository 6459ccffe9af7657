"""Makes what the browser gets of a typed answer: its schema at the start, a report at the end.

In between the browser parses the text itself, so that a delta costs no extra traffic.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.streams.output_report import end_of, schema_of

if TYPE_CHECKING:
    from nbstream.streams import Stream

Wire = dict[str, Any]

MAX_SCHEMA = 100_000
"""Characters. Of a larger schema only the title is sent: the fields then appear as they come."""

MAX_PROBLEMS, MAX_TEXT = 100, 300

_USED = frozenset(
    (
        *("title", "description", "type", "enum", "const", "format", "default", "$ref"),
        *("required", "properties", "additionalProperties", "items", "prefixItems"),
        *("anyOf", "oneOf", "allOf", "discriminator", "$defs", "x-wrapped"),
    )
)
"""The keywords of JSON schema that the page reads."""


def schema(stream: Stream) -> Wire | None:
    """The JSON schema of the output type; None if the answer is a text."""
    found = schema_of(stream)
    if found is None:
        return None
    row: Wire = _used(found)
    return row if len(json.dumps(row, default=str)) <= MAX_SCHEMA else {"title": row.get("title")}


def _used(row: Any) -> Any:
    """A schema without the keywords that the page does not read."""
    if isinstance(row, list):
        return [_used(one) for one in row]
    if not isinstance(row, dict):
        return row
    found = {}
    for name, value in row.items():
        if name in ("properties", "$defs") and isinstance(value, dict):
            found[name] = {key: _used(one) for key, one in value.items()}
        elif name in ("enum", "const", "default", "discriminator"):
            found[name] = value
        elif name in _USED:
            found[name] = _used(value)
    return found


def report(stream: Stream, *, wait: bool = True) -> Wire | None:
    """What the page shows of the end; None before the end. See ``end_of``."""
    end = end_of(stream, wait=wait)
    if end is None:
        return None
    row: Wire = {
        "problems": [[list(one.path), one.text[:MAX_TEXT]] for one in end.problems[:MAX_PROBLEMS]],
        "notes": [note[:MAX_TEXT] for note in end.notes],
        "failure": end.failure[:MAX_TEXT],
    }
    # The browser reads only JSON, so it gets what Python has read instead.
    return row | ({"json": end.json} if end.corrected else {})
