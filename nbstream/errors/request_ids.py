"""Finds the provider's id of a request in the body of an error, if no header has it.

Fields, among others: Anthropic and DashScope ``request_id``; Google's ``google.rpc.RequestInfo``
and AWS ``requestId``, as a field or in a list of details. Sentences: OpenAI's "include the request
ID ... in your message", and the pages of Azure and CloudFront.
"""

from __future__ import annotations

import re
from typing import Any

from nbstream.core.http_response import request_id_in as from_headers

__all__ = ["from_headers", "in_json", "in_text"]

_NAMES = {
    *("requestid", "xrequestid", "reqid", "apimrequestid", "xamznrequestid", "xmsrequestid"),
    *("clientrequestid", "traceid"),
}
_ID = re.compile(r"[\w.:/+=-]{4,200}")
_DEEPEST, _MOST = 6, 50  # levels; fields or rows of one level
_SENTENCE = re.compile(
    r"request[ _-]?id[\"']?\s*(?:is|:|=|>|\s)\s*[\"'(`]*(?=[\w-]*\d)([\w-]{8,100})", re.IGNORECASE
)
_LONGEST = 20_000  # characters of a body that are searched


def in_json(value: Any, depth: int = 0) -> str | None:
    """The id in a parsed body: the outermost field that is named as one."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        rows = value[:_MOST]
    elif isinstance(value, dict):
        rows = list(value.values())[:_MOST]
        for name, one in value.items():
            plain = re.sub(r"[^a-z]", "", str(name).lower())
            if plain in _NAMES and isinstance(one, str) and _ID.fullmatch(one):
                return one
    else:
        return None
    return next((found for row in rows if (found := in_json(row, depth + 1))), None)


def in_text(text: str) -> str | None:
    """The id in a sentence or a page."""
    found = _SENTENCE.search(text[:_LONGEST])
    return found[1] if found else None
