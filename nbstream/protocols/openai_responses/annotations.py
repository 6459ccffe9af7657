"""Annotations of answer text, as citations and back.

Knows the four kinds that the API reference lists (url_citation, file_citation,
container_file_citation, file_path) by their fields, so that a fifth reads as
well as it can. Refuses to know which text they stand in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.message import Citation
from nbstream.protocols.openai_responses.names import KEY

if TYPE_CHECKING:
    from nbstream.protocols.json_fields import Json


def citation(annotation: Json) -> Citation:
    """The citation that an annotation amounts to; the annotation itself goes with it."""
    return Citation(
        url=_text(annotation.get("url")),
        title=_text(annotation.get("title")) or _text(annotation.get("filename")),
        cited_text=_text(annotation.get("quote")),
        start=_place(annotation.get("start_index")),
        end=_place(annotation.get("end_index")),
        provider_metadata={KEY: annotation},
    )


def annotation(citation: Citation) -> Json | None:
    """The annotation that ``citation`` was made of; None if another protocol made it."""
    kept = citation.provider_metadata.get(KEY)
    return kept if isinstance(kept, dict) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _place(value: Any) -> int | None:
    return value if type(value) is int else None
