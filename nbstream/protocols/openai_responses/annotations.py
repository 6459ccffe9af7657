"""Converts annotations of text in the Responses API to citations.

Also gives back the annotation that a citation was made of.

The API reference lists four kinds (url_citation, file_citation, container_file_citation,
file_path). All are read by the same fields, so that a new kind is read as well as possible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.message import Citation
from nbstream.protocols.openai_responses.metadata_key import KEY

if TYPE_CHECKING:
    from nbstream.protocols.json_fields import Json


def citation(annotation: Json) -> Citation:
    """The citation for an annotation, with the annotation in its metadata."""
    return Citation(
        url=_text(annotation.get("url")),
        title=_text(annotation.get("title")) or _text(annotation.get("filename")),
        cited_text=_text(annotation.get("quote")),
        start=_offset(annotation.get("start_index")),
        # The citation of a file has one position, and no span.
        end=_offset(annotation.get("end_index", annotation.get("index"))),
        provider_metadata={KEY: annotation},
    )


def annotation(citation: Citation) -> Json | None:
    """The annotation that ``citation`` came from; None if it came from another protocol."""
    original = citation.provider_metadata.get(KEY)
    return original if isinstance(original, dict) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _offset(value: Any) -> int | None:
    return value if type(value) is int else None
