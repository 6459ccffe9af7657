"""Makes the JSON that asks a provider for a tool that it runs, from fixed and optional fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def with_settings(fixed: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Merge ``fixed`` with the settings that are not None; tuples and sets become lists."""
    given = {name: value for name, value in settings.items() if value is not None}
    return {**fixed, **{name: _plain(value) for name, value in given.items()}}


def _plain(value: Any) -> Any:
    """Convert a tuple or set to a list, which JSON has."""
    return list(value) if isinstance(value, (tuple, set, frozenset)) else value
