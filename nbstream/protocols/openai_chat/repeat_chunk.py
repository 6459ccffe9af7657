"""Fast path of the Chat Completions decoder: parses only the text of a chunk.

It is for chunks that differ from the previous one only in their text.
Most servers repeat the id, the model and everything else in each chunk. While the bytes before
and after the text stay the same, only the text has to be parsed.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic_core import from_json

_CONTENT = re.compile(rb'"content"\s*:\s*("(?:[^"\\]|\\.)*")', re.DOTALL)
_PROBE = "?"
_PADDING = b',"obfuscation":"'
"""Random padding at the end of OpenAI's chunks, which hides the length of the text."""

_TRIES = 8
"""Give up after this many chunks without a match."""

_LONG = 4096
"""In chunks of more bytes the text dominates the cost, so they are not remembered."""


class RepeatChunk:
    """Remembers the bytes before and after the text of the last chunk."""

    def __init__(self) -> None:
        self._before = self._after = b""
        self._padded = False
        self._tries = _TRIES

    def text(self, data: bytes) -> str | None:
        """The text of a chunk that differs from the last one only in its text; else None."""
        before, after = self._before, self._after
        if not before or not data.startswith(before):
            return None
        if self._padded:
            data = _without_padding(data)
        if not data.endswith(after):
            return None
        # The text with its quotes must be exactly one JSON string, with no other field in it.
        try:
            text = from_json(data[len(before) - 1 : 1 - len(after)], cache_strings="none")
        except ValueError:
            return None
        self._tries = _TRIES
        return text if type(text) is str else None

    def learn(self, data: bytes, chunk: dict[str, Any]) -> None:
        """Remember a chunk that was parsed in full, if its only effect is to add text."""
        self._before, self._padded = b"", _PADDING in data
        if not self._tries or len(data) > _LONG or not _only_adds_text(chunk):
            return
        self._tries -= 1
        if self._padded:
            data, chunk = _without_padding(data), {**chunk}
            chunk.pop("obfuscation", None)
        if match := _CONTENT.search(data):
            before, after = data[: match.start(1) + 1], data[match.end(1) - 1 :]
            # The match may be another field called "content", so check with a replaced text.
            if _read(before + _PROBE.encode() + after) == _with_text(chunk, _PROBE):
                self._before, self._after = before, after


def _without_padding(data: bytes) -> bytes:
    at = data.rfind(_PADDING)
    letters = data[at + len(_PADDING) : -2]
    return data[:at] + b"}" if data.endswith(b'"}') and letters.isalnum() else data


def _only_adds_text(chunk: dict[str, Any]) -> bool:
    """Whether handling the same chunk again would only add its text."""
    match chunk.get("choices"):
        case [{"delta": {"content": str(text), **others}} as choice]:
            no_others = not any(value for name, value in others.items() if name != "role")
            return bool(text) and no_others and not (choice.get("logprobs") or choice.get("index"))
    return False


def _with_text(chunk: dict[str, Any], text: str) -> dict[str, Any]:
    choice = chunk["choices"][0]
    delta = {**choice["delta"], "content": text}
    return {**chunk, "choices": [{**choice, "delta": delta}]}


def _read(data: bytes) -> Any:
    """``data`` as JSON; None if it is not."""
    try:
        return from_json(data)
    except ValueError:
        return None
