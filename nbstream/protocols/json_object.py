"""Parses one JSON object of a response, or raises the error that the server sent instead.

It tolerates invalid UTF-8, control characters and unpaired surrogates.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from nbstream.core.json.large import LARGE, is_large, parse_large
from nbstream.errors import ProtocolError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.surrogate_pairs import with_pairs

if TYPE_CHECKING:
    from nbstream.protocols.surrogate_pairs import SurrogatePairs

_SHOWN = 200
"""How many bytes of invalid data an error quotes."""


_DEPTH = "recursion limit"
"""What pydantic's parser says of JSON that is nested too deep."""


class TooDeepError(ProtocolError):
    """The JSON is nested deeper than pydantic's parser accepts. It need not be incomplete."""


def parse_json_object(
    data: bytes, name: bytes = b"", pairs: SurrogatePairs | None = None
) -> dict[str, Any]:
    """The JSON object in ``data``; empty for null. ``name`` is that of its event, if it has one.

    Halves of surrogate pairs become U+FFFD. With ``pairs`` they stay in the object's values,
    and ``pairs`` is activated to join them.

    Raises:
        TooDeepError: it is nested more than 200 levels deep.
        ProtocolError: ``data`` is not a JSON object.
        ProviderError: ``data`` is not an object but an error message of the server.
    """
    try:
        if len(data) > LARGE and is_large(data):  # nearly all data is small: that costs no call
            row = parse_large(data)
        else:
            # Caching values would hold the last 16,384 of them in memory; values rarely repeat.
            row = from_json(data, cache_strings="keys")
    except (ValueError, RecursionError) as error:
        if isinstance(error, RecursionError) or _DEPTH in str(error):
            raise _too_deep(data) from None
        row = _parse_leniently(data, pairs)
    if type(row) is not dict:
        if data.strip() == b"null":  # some servers send it to keep the connection open
            return {}
        shown = data[:_SHOWN].decode(errors="replace")
        if name == b"error":
            raise error_in_stream(shown)
        if type(row) is list and row and type(row[0]) is dict and row[0].get("error"):
            raise error_in_stream(row)  # Google sends errors in a list
        raise ProtocolError(f"The server sent something that is not a JSON object: {shown}")
    return row


def _too_deep(data: bytes) -> TooDeepError:
    shown = data[:_SHOWN].decode(errors="replace")
    return TooDeepError(f"The server sent JSON that is nested too deep: {shown}")


def _parse_leniently(data: bytes, pairs: SurrogatePairs | None) -> Any:
    """Parse JSON with invalid UTF-8, control characters or unpaired surrogates.

    Each invalid byte becomes U+FFFD. The standard for event streams requires the WHATWG's
    UTF-8 decoder, which does the same.
    """
    try:
        row = json.loads(_decoded(data), strict=False)
        paired = with_pairs(row)
        from_json(json.dumps(paired))  # raises if it is nested deeper than from_json accepts
    except RecursionError:
        raise _too_deep(data) from None
    except ValueError as error:
        if _DEPTH in str(error):
            raise _too_deep(data) from None
        return None
    if pairs is None or paired is row:
        return paired
    pairs.active = True
    return row


def _decoded(data: bytes) -> str:
    """``data`` as text that may contain surrogates."""
    try:
        return data.decode("utf-8", "surrogatepass")  # some servers encode each half
    except UnicodeDecodeError:
        return data.decode(errors="replace")
