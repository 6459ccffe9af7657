"""Tools of Google's that leave no parts behind, only metadata at the answer's end.

Sources: https://ai.google.dev/gemini-api/docs/google-search ("webSearchQueries")
and https://ai.google.dev/gemini-api/docs/url-context ("urlMetadata"). Knows what
such metadata says of a call and of its result. Refuses to know citations: those
are ``grounding``'s; and to send any of it back, for Google does not take it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Use = tuple[str, dict[str, Any], Any]
"""A tool's name, its arguments and its result."""


def uses(metadata: dict[str, Any]) -> Iterator[Use]:
    """The uses of tools that a candidate's metadata tells of."""
    grounding = _dict(metadata.get("groundingMetadata"))
    if queries := _texts(grounding.get("webSearchQueries")):
        yield "google_search", {"queries": queries}, grounding.get("groundingChunks") or []
    if queries := _texts(grounding.get("retrievalQueries")):
        yield "file_search", {"queries": queries}, grounding.get("groundingChunks") or []
    context = _dict(metadata.get("urlContextMetadata"))
    rows = context.get("urlMetadata")
    if isinstance(rows, list) and rows:
        urls = _texts([_dict(row).get("retrievedUrl") for row in rows])
        yield "url_context", {"urls": urls}, rows


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
