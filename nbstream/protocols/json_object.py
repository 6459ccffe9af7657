"""Parses one JSON object of a response, or raises the error that the server sent instead.

It tolerates invalid UTF-8, control characters and unpaired surrogates.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic_core import from_json

from nbstream.errors import ProtocolError
from nbstream.errors.parsing import error_in_stream

_SHOWN = 200
"""How many bytes of invalid data an error quotes."""


def parse_json_object(data: bytes, name: bytes = b"") -> dict[str, Any]:
    """The JSON object in ``data``. ``name`` is the name of its event, if it has one.

    Raises:
        ProtocolError: ``data`` is not a JSON object.
        ProviderError: ``data`` is not an object but an error message of the server.
    """
    try:
        # Caching values would hold the last 16,384 of them in memory, and values rarely repeat.
        row = from_json(data, cache_strings="keys")
    except ValueError:
        row = _parse_leniently(data)
    if type(row) is not dict:
        shown = data[:_SHOWN].decode(errors="replace")
        if name == b"error":
            raise error_in_stream(shown)
        if type(row) is list and row and type(row[0]) is dict and row[0].get("error"):
            raise error_in_stream(row)  # Google sends errors in a list
        raise ProtocolError(f"The server sent something that is not a JSON object: {shown}")
    return row


def _parse_leniently(data: bytes) -> Any:
    """Parse JSON with invalid UTF-8, control characters or unpaired surrogates.

    Each invalid byte or surrogate becomes U+FFFD. The standard for event streams requires
    the WHATWG's UTF-8 decoder, which does the same.
    """
    try:
        row = json.loads(data.decode(errors="replace"), strict=False)
        return from_json(json.dumps(_without_surrogates(row)))  # keeps from_json's depth limit
    except (ValueError, RecursionError):
        return None


def _without_surrogates(value: Any) -> Any:
    """A JSON value with U+FFFD for each unpaired surrogate in its texts."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value
