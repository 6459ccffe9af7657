"""Joins the halves of a character that a server sent in two deltas, for every protocol.

Some servers cut text by UTF-16 code units. The decoders pass their events through
``SurrogatePairs`` from the first half on; most responses have none.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.surrogates import ends_in_high_half, has_half, paired

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class SurrogatePairs:
    """Holds back the first half of a pair until its part goes on.

    ``active``: whether any half has come. ``parse_json_object`` sets it.
    """

    def __init__(self) -> None:
        self.active = False
        self._held: dict[int, ev.PartDelta] = {}  # a delta with only a first half, by its part

    def join(self, events: Iterable[ev.Event]) -> Iterator[ev.Event]:
        """The events without halves: pairs are joined, and U+FFFD replaces a single half."""
        for event in events:
            if isinstance(event, ev.PartDelta):
                yield from self._delta(event)
                continue
            if isinstance(event, ev.PartEnd):
                yield from self._release(event.index)
            elif isinstance(event, ev.StreamEnd):
                yield from self.flush()
            elif isinstance(event, ev.Retry):
                self._held.clear()
            yield event if isinstance(event, ev.StreamStart) else with_pairs(event)

    def flush(self) -> Iterator[ev.Event]:
        """The deltas for the halves that are held back. Call it before an error is raised."""
        for index in tuple(self._held):
            yield from self._release(index)

    def _delta(self, event: ev.PartDelta) -> Iterator[ev.Event]:
        index, chunk = event.index, event.chunk
        held = self._held.pop(index, None)
        if held is None and not has_half(chunk):
            if chunk:
                yield event
            return
        text = (held.chunk if held else "") + chunk
        if ends_in_high_half(text):
            self._held[index] = type(event)(index, text[-1])
            text = text[:-1]
        if text:
            yield type(event)(index, paired(text))

    def _release(self, index: int) -> Iterator[ev.Event]:
        held = self._held.pop(index, None)
        if held is not None:
            yield type(held)(index, paired(held.chunk))


def with_pairs(value: Any) -> Any:
    """``value`` with its strings, also nested ones, paired; the same object if none has a half.

    Raises:
        RecursionError: ``value`` is nested too deep.
    """
    if isinstance(value, str):
        return paired(value)
    if isinstance(value, dict):
        rows = {with_pairs(key): with_pairs(one) for key, one in value.items()}
        same = all(map(_same, rows.items(), value.items()))
        return value if same else rows
    if isinstance(value, (list, tuple)):
        items = [with_pairs(one) for one in value]
        return value if all(map(_is, items, value)) else type(value)(items)
    if is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for field in fields(value):
            if field.init:
                before = getattr(value, field.name)
                after = with_pairs(before)
                if after is not before:
                    changed[field.name] = after
        return replace(value, **changed) if changed else value
    return value


def _is(one: Any, other: Any) -> bool:
    return one is other


def _same(one: tuple[Any, Any], other: tuple[Any, Any]) -> bool:
    return one[0] is other[0] and one[1] is other[1]
