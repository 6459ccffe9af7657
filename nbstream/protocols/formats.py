"""Recognises the protocol of a body by its first events, and refuses one of another protocol."""

from __future__ import annotations

from itertools import chain, islice
from typing import Any

from pydantic_core import from_json

from nbstream.core.sse import SSEDecoder
from nbstream.errors import ProtocolError

# How each protocol is called in a text, and a provider of it.
_NAMES = {
    "anthropic": ("Anthropic's Messages API", "anthropic"),
    "openai_responses": ("OpenAI's Responses API", "openai"),
    "openai_chat": ("Chat Completions", "openai-chat"),
    "gemini": ("Gemini's API", "google"),
}

_LOOKED_AT = 8  # the first events, which show what protocol a body is in
_SHOWN = 200  # characters of a body that an error quotes


def format_of(body: bytes) -> str | None:
    """The name of the protocol that the body is in; None if its first events do not show it.

    >>> format_of(b'data: {"choices": []}')
    'openai_chat'
    """
    if body.lstrip()[:1] == b"[":
        return "gemini"  # the only one that also comes as a JSON array
    decoder = SSEDecoder()
    events = chain(decoder.feed(body), decoder.close())
    rows = [data for _, data in islice(events, _LOOKED_AT)]
    for data in [*rows, decoder.bare_json()]:
        try:
            row = from_json(data, allow_partial=True)
        except ValueError:
            continue
        if isinstance(row, dict) and (name := _format_of_event(row)):
            return name
    return None


def other_format_error(start: bytes, protocol: str) -> ProtocolError | None:
    """The error for a body without an event of ``protocol``; None if it was only cut off.

    ``start`` is how the body begins.
    """
    if protocol not in _NAMES:
        return None
    is_list = start.lstrip()[:1] == b"["
    found = None if is_list and b'"candidates"' not in start else format_of(start)
    if found == protocol:
        return None
    if found is not None:
        text, provider = _NAMES[found]
        return ProtocolError(
            f"The server answers in the format of {text}, not of {_NAMES[protocol][0]}.",
            remedy=f"Name the model {provider}/<model>, or check the address (base_url).",
        )
    try:
        whole = from_json(start)
    except ValueError:
        return None
    if not isinstance(whole, dict):
        return None
    shown = start.decode(errors="replace").strip()[:_SHOWN]
    return ProtocolError(f"The server sent JSON that is no answer: {shown}")


def _format_of_event(row: dict[str, Any]) -> str | None:
    """The protocol whose format one event has; None if it is not known."""
    kind = row.get("type")
    if isinstance(kind, str):
        if kind.startswith("response."):
            return "openai_responses"
        if kind == "message" or kind.startswith(("message_", "content_block_")):
            return "anthropic"
    if row.get("object") == "response":
        return "openai_responses"
    if "choices" in row:
        return "openai_chat"
    if row.keys() & {"candidates", "promptFeedback", "usageMetadata"}:
        return "gemini"
    return None
