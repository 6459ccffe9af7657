"""What stands around a content, put together from all chunks.

Knows which fields each chunk says anew and which it brings more of. Refuses to
know what any of them means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbstream.protocols.json_fields import Json

_PIECEMEAL = {
    "citationMetadata": ("citations", "citationSources"),
    "logprobsResult": ("chosenCandidates", "topCandidates"),
}
"""Lists of which a chunk has its own rows only, by the field they stand in."""


def keep(kept: Json, name: str, value: Any) -> None:
    """Take a chunk's field in, beside what earlier chunks have said under its name."""
    before = kept.get(name)
    if isinstance(before, dict) and isinstance(value, dict):
        # Grounding may come in several chunks, and an empty one after the full one.
        kept[name] = {**before, **value, **_grown(before, value, _PIECEMEAL.get(name, ()))}
    elif value or before is None:
        kept[name] = value


def _grown(before: Json, value: Json, fields: tuple[str, ...]) -> Json:
    """The lists that both chunks have: the one grows by the other, so that its cost stays flat."""
    grown: Json = {}
    for field in fields:
        rows, more = before.get(field), value.get(field)
        if isinstance(rows, list) and isinstance(more, list):
            # A server that repeats itself says all of it again.
            rows += more[len(rows) :] if more[: len(rows)] == rows else more
            grown[field] = rows
    return grown
