"""Fields of a content block, and how an error shows one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbstream.errors import UsageError
from nbstream.request.json_values import json_value

Block = Mapping[str, Any]

_LONGEST = 60  # characters of a text that an error shows


class BlockError(UsageError):
    """A block cannot be read."""


def shown(value: Any) -> str:
    """A value as an error shows it: long texts are cut."""
    if isinstance(value, str):
        return repr(value if len(value) <= _LONGEST else f"{value[:_LONGEST]}...")
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key!r}: {shown(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(shown(one) for one in value) + "]"
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    return f"an object of type {type(value).__name__}"


def field_of(block: Block, name: str, kind: Any = str) -> Any:
    """The block's field, which must be a text, or an object if ``kind`` is ``Mapping``."""
    value = block.get(name)
    if isinstance(value, kind):
        return value
    word = "a text" if kind is str else "an object"
    raise BlockError(f'It needs {word} under "{name}":', remedy=f'Give "{name}".')


def rest_of(block: Block, place: str, *known: str) -> dict[str, Any]:
    """Metadata of the fields that are not ``known``."""
    more = {
        name: json_value(value, place)
        for name, value in block.items()
        if name not in known and value is not None
    }
    return {"anthropic": more} if more else {}
