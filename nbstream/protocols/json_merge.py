"""Sets and merges the fields of a request's JSON body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def put(body: dict[str, Any], path: str, value: Any) -> None:
    """Set the field of ``body`` at a dotted ``path``.

    >>> body = {}
    >>> put(body, "text.verbosity", "low")
    >>> body
    {'text': {'verbosity': 'low'}}
    """
    *parents, last = path.split(".")
    for name in parents:
        body = body.setdefault(name, {})
    body[last] = value


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Deep-merge two JSON objects; the fields of ``over`` replace those of ``base``.

    Lists are replaced as a whole, and so are objects whose ``type`` differs: they
    have other fields.

    >>> merge({"text": {"format": 1}}, {"text": {"verbosity": "low"}})
    {'text': {'format': 1, 'verbosity': 'low'}}
    >>> merge({"choice": {"type": "tool", "name": "f"}}, {"choice": {"type": "any"}})
    {'choice': {'type': 'any'}}
    """
    found = dict(base)
    for name, value in over.items():
        old: Any = found.get(name)
        found[name] = merge(old, value) if _can_merge(old, value) else value
    return found


def _can_merge(old: Any, new: Any) -> bool:
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return False
    return "type" not in new or new["type"] == old.get("type", new["type"])
