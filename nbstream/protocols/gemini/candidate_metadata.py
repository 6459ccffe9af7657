"""Merges the metadata of a Gemini candidate across chunks, and finds the tool uses in it.

Tools for search and reading pages often leave no parts, only metadata at the end. Google does
not accept that metadata in requests. Citations are in ``grounding``.

Sources: https://ai.google.dev/gemini-api/docs/google-search ("webSearchQueries") and
https://ai.google.dev/gemini-api/docs/url-context ("urlMetadata")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.json_fields import dict_of, list_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.protocols.json_fields import Json

ToolUse = tuple[str, dict[str, Any], Any]
"""A tool's name, its arguments and its result."""

_LISTS_IN_PIECES = {
    "citationMetadata": ("citations", "citationSources"),
    "logprobsResult": ("chosenCandidates", "topCandidates"),
}
"""Lists, by field, of which each chunk only has new rows; other fields are complete."""


def merge_field(metadata: Json, name: str, value: Any) -> None:
    """Merge the field ``name`` of a chunk into ``metadata``."""
    before = metadata.get(name)
    if isinstance(before, dict) and isinstance(value, dict):
        # Grounding may come in several chunks, and an empty one may follow.
        extended = _extended_lists(before, value, _LISTS_IN_PIECES.get(name, ()))
        metadata[name] = {**before, **value, **extended}
    elif value or before is None:
        metadata[name] = value


def _extended_lists(before: Json, value: Json, fields: tuple[str, ...]) -> Json:
    """The lists that both chunks have, extended in place so that a chunk's cost does not grow."""
    extended: Json = {}
    for field in fields:
        rows, more = before.get(field), value.get(field)
        if isinstance(rows, list) and isinstance(more, list):
            # Some servers repeat the rows of earlier chunks.
            rows += more[len(rows) :] if more[: len(rows)] == rows else more
            extended[field] = rows
    return extended


def tool_uses(metadata: dict[str, Any]) -> Iterator[ToolUse]:
    """The uses of tools that a candidate's metadata reports."""
    grounding = dict_of(metadata.get("groundingMetadata"))
    searches = [grounding.get(name) for name in ("webSearchQueries", "imageSearchQueries")]
    if queries := [query for search in searches for query in texts_of(search)]:
        yield "google_search", {"queries": queries}, grounding.get("groundingChunks") or []
    if queries := texts_of(grounding.get("retrievalQueries")):
        yield "file_search", {"queries": queries}, grounding.get("groundingChunks") or []
    context = dict_of(metadata.get("urlContextMetadata"))
    if rows := list_of(context.get("urlMetadata")):
        urls = texts_of([dict_of(row).get("retrievedUrl") for row in rows])
        yield "url_context", {"urls": urls}, rows
