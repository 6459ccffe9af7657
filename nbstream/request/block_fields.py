"""Fields of a content block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbstream.errors import UsageError
from nbstream.request.json_values import plain

Block = Mapping[str, Any]


class BlockError(UsageError):
    """A block cannot be read."""


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
        name: plain(value, place)
        for name, value in block.items()
        if name not in known and value is not None
    }
    return {"anthropic": more} if more else {}
