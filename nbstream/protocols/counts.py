"""Keeps the latest token counts that a response told, for every protocol.

Servers tell them at the start, at the end or in each chunk. Some send zeros, nulls or fewer
fields at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.core.message import Usage
    from nbstream.protocols.json_fields import Json


class Counts:
    """The counts of one response as the server writes them. Calling it converts them.

    ``together``: counts that add up, so that a zero among them is meant if another is not zero.
    """

    __slots__ = ("_convert", "_names", "_together", "raw")

    def __init__(
        self, convert: Callable[[Json], Usage], together: frozenset[str] = frozenset()
    ) -> None:
        self.raw: Json = {}
        self._names: tuple[str, ...] = ()  # of all counts, if none is an object
        self._convert = convert
        self._together = together

    def __call__(self) -> Usage | None:
        """The counts as ``Usage``; None before the server told any."""
        raw = self.raw
        has_any = any(isinstance(count, (int, float)) for count in raw.values())
        return self._convert(raw) if has_any else None

    def update(self, value: Any) -> None:
        """Add what the server told now: a count replaces an earlier one unless it is empty."""
        if type(value) is not dict:
            return
        names = tuple(value)
        if names == self._names and all(value.values()):
            self.raw = value  # the fast path: some servers send all counts in each chunk
            return
        together = self._together & value.keys()
        meant = {name: value[name] for name in together if value[name] is not None}
        self.raw = raw = _merged(self.raw, value) | (meant if any(meant.values()) else {})
        is_flat = len(raw) == len(names) and dict not in map(type, raw.values())
        self._names = names if is_flat else ()


def _merged(old: Json, new: Json) -> Json:
    merged = {**old}
    for name, value in new.items():
        before = old.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            merged[name] = _merged(before, value)
        elif value or not before:
            merged[name] = value
    return merged
