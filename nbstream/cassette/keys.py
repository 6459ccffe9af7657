"""Removes API keys from what a cassette keeps, also where an answer repeats one in pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.redact import SHORTEST, forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HIDDEN = "[key]"


def join_keys(events: Iterable[dict[str, Any]], secrets: Sequence[str]) -> None:
    """Put ``[key]`` into the deltas of ``events`` in place of keys that go over several of them.

    >>> events = [{"kind": "text_delta", "index": 0, "chunk": one} for one in ("my sk-12", "3456")]
    >>> join_keys(events, ["sk-123456"])
    >>> [one["chunk"] for one in events]
    ['my [key]', '']
    """
    parts: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for event in events:
        if isinstance(event.get("chunk"), str):
            place = (event.get("kind"), event.get("message_index"), event.get("index"))
            parts.setdefault(place, []).append(event)
    for deltas in parts.values():
        for secret in secrets:
            if len(secret) >= SHORTEST:
                for form in forms(secret):
                    _hide(deltas, form)


def _hide(deltas: Sequence[dict[str, Any]], secret: str) -> None:
    """Hide one key in the deltas of one part."""
    text = "".join(one["chunk"] for one in deltas)
    end = len(text)
    while (begin := text.rfind(secret, 0, end)) >= 0:
        left, right = begin, begin + len(secret)
        at, mark = 0, _HIDDEN
        for one in deltas:
            chunk, length = one["chunk"], len(one["chunk"])
            first, last = max(left - at, 0), min(right - at, length)
            if first < last:
                one["chunk"] = chunk[:first] + mark + chunk[last:]
                mark = ""
            at += length
        end = begin
