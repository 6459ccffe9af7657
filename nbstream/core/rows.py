"""Rows: JSON objects in one line, as they go to other processes and come from them."""

from __future__ import annotations

import json
import math
from typing import Any


def row_from_json(text: str | bytes) -> dict[str, Any]:
    """The JSON object in a line. The line may come from anywhere.

    Raises:
        ValueError: there is none.
    """
    try:
        row: Any = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if not isinstance(row, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - one error for all that is wrong
    return row


def row_to_json(row: Any) -> str:
    """A row as JSON that every parser reads.

    It is ASCII, because half a surrogate pair, which models do send, has no UTF-8. NaN and the
    infinities, which models write too and JSON does not have, are null.

    >>> row_to_json({"degrees": float("nan")})
    '{"degrees": null}'
    """
    try:
        return json.dumps(row, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(row))


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(one) for one in value]
    return value
