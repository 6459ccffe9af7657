"""Tools of Google's that leave no parts behind, only metadata at the answer's end.

Sources: https://ai.google.dev/gemini-api/docs/google-search ("webSearchQueries")
and https://ai.google.dev/gemini-api/docs/url-context ("urlMetadata"). Knows what
such metadata says of a call and of its result. Refuses to know citations: those
are ``grounding``'s; and to send any of it back, for Google does not take it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.json_fields import dict_of, list_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Use = tuple[str, dict[str, Any], Any]
"""A tool's name, its arguments and its result."""


def uses(metadata: dict[str, Any]) -> Iterator[Use]:
    """The uses of tools that a candidate's metadata tells of."""
    grounding = dict_of(metadata.get("groundingMetadata"))
    searched = [grounding.get(name) for name in ("webSearchQueries", "imageSearchQueries")]
    if queries := [query for one in searched for query in texts_of(one)]:
        yield "google_search", {"queries": queries}, grounding.get("groundingChunks") or []
    if queries := texts_of(grounding.get("retrievalQueries")):
        yield "file_search", {"queries": queries}, grounding.get("groundingChunks") or []
    context = dict_of(metadata.get("urlContextMetadata"))
    if rows := list_of(context.get("urlMetadata")):
        urls = texts_of([dict_of(row).get("retrievedUrl") for row in rows])
        yield "url_context", {"urls": urls}, rows
