"""Chunks that are the last one again but for their text.

Most servers repeat the id, the model and everything else in each chunk. As long as that
stays the same, byte for byte, reading it again would find nothing new; what is left to
read of a chunk is its text. Refuses to know what any field does.
"""

from __future__ import annotations

import re
from typing import Any

from pydantic_core import from_json

_CONTENT = re.compile(rb'"content"\s*:\s*("(?:[^"\\]|\\.)*")', re.DOTALL)
_PROBE = "?"
_PADDING = b',"obfuscation":"'
"""Where OpenAI fills a chunk up, at its end, with letters that mean nothing."""

_TRIES = 8
"""So many chunks in a row without a likeness, and none is looked for any more."""

_LONG = 4096
"""Bytes of a chunk that is more than a few words; reading it costs what its text costs."""


class Alike:
    """The last chunk as what stands before and after its text."""

    def __init__(self) -> None:
        self._before = self._after = b""
        self._padded = False
        self._tries = _TRIES

    def text(self, data: bytes) -> str | None:
        """The text of a chunk that differs from the last only in that; None of any other."""
        before, after = self._before, self._after
        if not before or not data.startswith(before):
            return None
        if self._padded:
            data = _without_padding(data)
        if not data.endswith(after):
            return None
        # With its quotes it must be one string, so that nothing else can hide in it.
        try:
            text = from_json(data[len(before) - 1 : 1 - len(after)], cache_strings="none")
        except ValueError:
            return None
        self._tries = _TRIES
        return text if type(text) is str else None

    def learn(self, data: bytes, chunk: dict[str, Any]) -> None:
        """Remember a chunk that was read in full, if all it does anew is to add text."""
        self._before, self._padded = b"", _PADDING in data
        if not self._tries or len(data) > _LONG or not _only_adds_text(chunk):
            return
        self._tries -= 1
        if self._padded:
            data, chunk = _without_padding(data), {**chunk}
            chunk.pop("obfuscation", None)
        if found := _CONTENT.search(data):
            before, after = data[: found.start(1) + 1], data[found.end(1) - 1 :]
            # Another field may be called the same: see what becomes of the chunk.
            if _read(before + _PROBE.encode() + after) == _with_text(chunk, _PROBE):
                self._before, self._after = before, after


def _without_padding(data: bytes) -> bytes:
    at = data.rfind(_PADDING)
    letters = data[at + len(_PADDING) : -2]
    return data[:at] + b"}" if data.endswith(b'"}') and letters.isalnum() else data


def _only_adds_text(chunk: dict[str, Any]) -> bool:
    """Whether reading the same chunk once more would add its text and change nothing else."""
    match chunk.get("choices"):
        case [{"delta": {"content": str(text), **others}} as choice]:
            idle = not any(value for name, value in others.items() if name != "role")
            return bool(text) and idle and not (choice.get("logprobs") or choice.get("index"))
    return False


def _with_text(chunk: dict[str, Any], text: str) -> dict[str, Any]:
    choice = chunk["choices"][0]
    delta = {**choice["delta"], "content": text}
    return {**chunk, "choices": [{**choice, "delta": delta}]}


def _read(data: bytes) -> Any:
    try:
        return from_json(data)
    except ValueError:
        return None
