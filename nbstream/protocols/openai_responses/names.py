"""The few words that every file of this protocol shares.

Knows how this protocol signs what it keeps in ``provider_metadata`` and how to
read a field that should be text. Refuses to know what the fields mean.
"""

from __future__ import annotations

import json
from typing import Any

KEY = "openai_responses"
"""Under it stands, in ``provider_metadata``, what is sent back on the next turn."""

Json = dict[str, Any]


def text_of(value: Any) -> str:
    """``value`` if it is text, else an empty string: servers send null for nothing."""
    return value if isinstance(value, str) else ""


def dict_of(value: Any) -> Json:
    """``value`` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def rows_of(value: Any) -> list[Json]:
    """The objects of a list; nothing if ``value`` is no list."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def json_text(value: Any) -> str:
    """A value as JSON text, text in any script kept readable."""
    return json.dumps(value, ensure_ascii=False)


def without(row: Json, *names: str) -> Json:
    """``row`` less some of its fields."""
    return {name: value for name, value in row.items() if name not in names}
