"""Makes the content of a tool's result from the value that the tool returned.

Text, JSON values, files, images, tables, and types with a describer.
"""

from __future__ import annotations

from typing import Any

from nbstream.core.events import AgentRunResult
from nbstream.core.message import FilePart, Message, TextPart, as_json
from nbstream.core.parts import parts_in
from nbstream.files import file_part
from nbstream.files.pictures import png_of
from nbstream.streams import Stream
from nbstream.values.description import MAX_TEXT, describe
from nbstream.values.registry import described
from nbstream.values.tables import table


class ResultError(Exception):
    """Ends a call with an error; ``content`` is what the model gets of it."""

    def __init__(self, content: Any) -> None:
        super().__init__(content)
        self.content = content


_PLAIN = (str, bool, int, float)


def content_of(value: Any) -> Any:
    """The content for the model: text, another JSON value, or a list of text and file parts.

    A text of more than 50,000 characters is cut, with a note of how much is missing.

    Raises:
        ValueError: the value contains itself, an int is too long for JSON, or an image could not
            be drawn.

    >>> content_of({"degrees": 21})
    {'degrees': 21}
    """
    if isinstance(value, AgentRunResult):
        return content_of(value.output)
    if value is None or isinstance(value, _PLAIN):
        return _cut(value) if isinstance(value, str) else _short(value)
    if isinstance(value, (list, tuple)) and any(_is_rich(one) for one in value):
        return [part for one in value for part in _parts(one)]
    if _is_rich(value):
        parts = _parts(value)
        texts = [part.text for part in parts if isinstance(part, TextPart)]
        return "\n".join(texts) if len(texts) == len(parts) else parts
    return _short(as_json(value))


def _is_rich(value: Any) -> bool:
    """Whether a value is described in parts, and not as JSON."""
    return isinstance(value, (FilePart, TextPart, bytes, bytearray, Message, Stream)) or (
        not isinstance(value, (*_PLAIN, dict, list)) and _has_form(value)
    )


def _has_form(value: Any) -> bool:
    return described(value) is not None or table(value) is not None or png_of(value) is not None


def _parts(value: Any) -> list[TextPart | FilePart]:
    if found := parts_in(value):
        return found
    if isinstance(value, (bytes, bytearray)):
        return [file_part(bytes(value))]
    return describe(value)


def _short(value: Any) -> Any:
    """A JSON value; as text, cut, if it is too long for a model."""
    import json

    text = json.dumps(value, ensure_ascii=False)
    return value if len(text) <= MAX_TEXT else _cut(text)


def _cut(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[:MAX_TEXT]}\n[cut: {len(text) - MAX_TEXT:,} of {len(text):,} characters]"
