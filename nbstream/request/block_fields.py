"""Reads the fields of a content block that a caller gives as a dict; checks their types.

Fields that nbstream does not know become metadata, and are sent to Anthropic only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbstream.errors import UsageError
from nbstream.request.json_values import json_value

Block = Mapping[str, Any]


class BlockError(UsageError):
    """A content block lacks a field, or the field has the wrong type."""


def field_of(block: Block, name: str, kind: Any = str) -> Any:
    """The block's field, which must be a str, or a dict if ``kind`` is ``Mapping``."""
    value = block.get(name)
    if isinstance(value, kind):
        return value
    word = "a string" if kind is str else "a dict"
    raise BlockError(f'The block needs {word} under "{name}":', remedy=f'Add "{name}".')


def rest_of(block: Block, place: str, *known: str) -> dict[str, Any]:
    """The fields that are not ``known``, as metadata for Anthropic."""
    more = {
        name: json_value(value, place)
        for name, value in block.items()
        if name not in known and value is not None
    }
    return {"anthropic": more} if more else {}
