"""Writes errors as JSON-ready dicts, and makes errors of them again."""

from __future__ import annotations

from typing import Any

import nbstream.errors as known
from nbstream.errors.output import OutputError
from nbstream.errors.types import NBStreamError, StreamError

_FIELDS = ("remedy", "provider", "status", "request_id")


def error_to_dict(error: NBStreamError) -> dict[str, Any]:
    """An error as its class's name, its text and what else it says."""
    fields = {name: getattr(error, name, None) for name in _FIELDS}
    fields = {name: one for name, one in fields.items() if one is not None}
    return {"class": type(error).__name__, "text": error.text, **fields}


def error_from_dict(row: dict[str, Any]) -> StreamError:
    """The error that ``error_to_dict`` wrote; of the class ``StreamError`` if it was none."""
    kind = getattr(known, str(row.get("class")), StreamError)
    # An OutputError needs the answer and the type that it is of.
    if not (isinstance(kind, type) and issubclass(kind, StreamError)) or kind is OutputError:
        kind = StreamError
    return kind(str(row.get("text", "")), **{name: row.get(name) for name in _FIELDS})
