"""Reads the fields of a content block, and shows a block in an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbstream.errors import UsageError
from nbstream.request.json_values import json_value

Block = Mapping[str, Any]

_MAX_SHOWN = 60  # characters


class BlockError(UsageError):
    """A block cannot be read."""


def shown(value: Any) -> str:
    """A value for an error message, with long strings shortened."""
    if isinstance(value, str):
        return repr(value if len(value) <= _MAX_SHOWN else f"{value[:_MAX_SHOWN]}...")
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key!r}: {shown(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(shown(one) for one in value) + "]"
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    return f"an object of type {type(value).__name__}"


def field_of(block: Block, name: str, kind: Any = str) -> Any:
    """The block's field, which must be a str, or a dict if ``kind`` is ``Mapping``."""
    value = block.get(name)
    if isinstance(value, kind):
        return value
    word = "a str" if kind is str else "a dict"
    raise BlockError(f'The block needs {word} under "{name}":', remedy=f'Add "{name}".')


def rest_of(block: Block, place: str, *known: str) -> dict[str, Any]:
    """The fields that are not ``known``, as metadata for Anthropic."""
    more = {
        name: json_value(value, place)
        for name, value in block.items()
        if name not in known and value is not None
    }
    return {"anthropic": more} if more else {}
