"""Writes errors as JSON-ready dicts, and makes errors of them again."""

from __future__ import annotations

from typing import Any

import nbstream.errors as known
from nbstream.errors.output import OutputError
from nbstream.errors.types import NBStreamError, StreamError

_FIELDS = {"remedy": str, "provider": str, "status": int, "request_id": str}


def error_to_dict(error: NBStreamError) -> dict[str, Any]:
    """An error as its class's name, its text and what else it says."""
    fields = {name: getattr(error, name, None) for name in _FIELDS}
    fields = {name: one for name, one in fields.items() if one is not None}
    return {"class": type(error).__name__, "text": error.text, **fields}


def error_from_dict(row: Any) -> StreamError:
    """The error that ``error_to_dict`` wrote; of the class ``StreamError`` if it was none.

    Never raises. The row may come from anywhere: what is of a wrong type in it is left out.
    """
    row = row if isinstance(row, dict) else {"text": row}
    kind = getattr(known, str(row.get("class")), StreamError)
    # An OutputError needs the answer and the type that it is of.
    if not (isinstance(kind, type) and issubclass(kind, StreamError)) or kind is OutputError:
        kind = StreamError
    fields: dict[str, Any] = {
        name: row[name] for name, allowed in _FIELDS.items() if type(row.get(name)) is allowed
    }
    return kind(str(row.get("text") or "It failed, and does not say why."), **fields)
