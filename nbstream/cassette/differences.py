"""Says in a few lines how a request differs from the nearest recorded one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.cassette.entry import Entry
    from nbstream.cassette.request import RequestJSON

_SHOWN = 3  # differences
_WIDTH = 48  # characters of a value
_BEFORE = 12  # characters of a long text that are shown before the first difference
_MISSING = object()


def nearest(request: RequestJSON, entries: list[Entry]) -> Entry | None:
    """The recorded request with the fewest differences; the latest of several."""
    if not entries:
        return None
    flat = dict(_flat(request))
    return min(reversed(entries), key=lambda one: _distance(flat, dict(_flat(one.request))))


def differences(request: RequestJSON, recorded: RequestJSON) -> list[str]:
    """A line for each of the first differences, and one that counts the others."""
    now, then = dict(_flat(request)), dict(_flat(recorded))
    paths = _differing(now, then)
    rows = []
    for path in paths[:_SHOWN]:
        old, new = then.get(path, _MISSING), now.get(path, _MISSING)
        before, after = _pair(old, new)
        rows.append(f"{_named(path, now, then)}: recorded {before}, now {after}")
    if (more := len(paths) - _SHOWN) > 0:
        rows[-1] += f"; {more} more difference{'' if more == 1 else 's'}"
    return rows


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """All simple values inside ``value``, each with its place, such as ``messages[0].text``."""
    if isinstance(value, dict) and value:
        for name, one in value.items():
            # A parameter is known by its own name.
            yield from _flat(one, name if not path or path == "params" else f"{path}.{name}")
    elif isinstance(value, list) and value:
        for number, one in enumerate(value):
            yield from _flat(one, f"{path}[{number}]")
    elif path != "params":
        yield path, value


def _differing(now: dict[str, Any], then: dict[str, Any]) -> list[str]:
    """The places that differ, in the order of the request."""
    both = dict.fromkeys([*now, *then])
    return [path for path in both if now.get(path, _MISSING) != then.get(path, _MISSING)]


def _distance(now: dict[str, Any], then: dict[str, Any]) -> float:
    """How far apart two requests are: the differing places; texts that begin alike count less."""
    total = 0.0
    for path in _differing(now, then):
        old, new = then.get(path), now.get(path)
        if isinstance(old, str) and isinstance(new, str):
            same = _common(old, new) / max(len(old), len(new), 1)
            total += 1 - same / 2
        else:
            total += 1
    return total


def _common(one: str, other: str) -> int:
    """How many characters two texts have in common at their start and at their end."""
    start = _prefix(one, other)
    return start + _prefix(one[start:][::-1], other[start:][::-1])


def _prefix(one: str, other: str) -> int:
    for at, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return at
    return min(len(one), len(other))


def _pair(old: Any, new: Any) -> tuple[str, str]:
    """Two values, as short texts in which the difference can be seen."""
    if isinstance(old, str) and isinstance(new, str):
        start = max(0, _prefix(old, new) - _BEFORE)
        if max(len(old), len(new)) > _WIDTH:
            return _cut(old, start), _cut(new, start)
    return _short(old), _short(new)


def _cut(text: str, start: int) -> str:
    end = "…" if len(text) > start + _WIDTH else ""
    return json.dumps(
        ("…" if start else "") + text[start : start + _WIDTH] + end, ensure_ascii=False
    )


def _short(value: Any) -> str:
    if value is _MISSING:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDTH + 2 else f"{text[:_WIDTH]}…"


def _named(path: str, now: dict[str, Any], then: dict[str, Any]) -> str:
    """The place; a tool's result with the tool's name."""
    if "parts[" not in path:
        return path
    part = path[: path.index("]", path.index("parts[")) + 1]
    name = now.get(f"{part}.tool_name", then.get(f"{part}.tool_name"))
    return f"{path} (tool {name})" if name else path
