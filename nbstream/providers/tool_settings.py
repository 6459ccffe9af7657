"""Building the values in ``nbstream.providers.<name>.tools``.

Knows that a setting that was not given is not sent. Refuses to know any tool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def row(fixed: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """``fixed`` and those ``settings`` that were given; sequences become lists."""
    given = {name: value for name, value in settings.items() if value is not None}
    return {**fixed, **{name: _plain(value) for name, value in given.items()}}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, (tuple, set, frozenset)) else value
