"""One JSON object of a stream: bytes in, a dict out.

Knows JSON as servers really write it, not only as the standard has it. Refuses
to know what an object means.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic_core import from_json

from nbstream.errors import ProtocolError
from nbstream.errors.parsing import error_in_stream

_SHOWN = 200
"""How many bytes of what is no JSON an error quotes."""


def parse_row(data: bytes, name: bytes = b"") -> dict[str, Any]:
    """The object that ``data`` is. ``name`` is the event's, if it has one.

    Raises:
        ProtocolError: it is none.
        ProviderError: it is none, but the server's words for what went wrong.
    """
    try:
        # Values are hardly ever the same twice; keeping them would hold on to the last 16,384.
        row = from_json(data, cache_strings="keys")
    except ValueError:
        row = _parse_leniently(data)
    if type(row) is not dict:
        shown = data[:_SHOWN].decode(errors="replace")
        if name == b"error":
            raise error_in_stream(shown)
        if type(row) is list and row and type(row[0]) is dict and row[0].get("error"):
            raise error_in_stream(row)  # Google's habit
        raise ProtocolError(f"The server sent something that is no JSON object: {shown}")
    return row


def _parse_leniently(data: bytes) -> Any:
    """JSON with bytes that are no UTF-8, control characters or half of a surrogate pair.

    Each such byte or half becomes U+FFFD, as in the WHATWG's UTF-8 decoder,
    which the standard for event streams asks for.
    """
    try:
        row = json.loads(data.decode(errors="replace"), strict=False)
        return from_json(json.dumps(_without_surrogates(row)))  # as strict as ever in depth
    except (ValueError, RecursionError):
        return None


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(one) for one in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(one) for key, one in value.items()}
    return value
