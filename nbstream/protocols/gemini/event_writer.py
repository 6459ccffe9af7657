"""Collects the events of one Gemini response: makes those of text, and numbers all parts.

The code for calls, results and files appends its own events to ``EventWriter.out``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.events import TextDelta
from nbstream.protocols.gemini.open_parts import OpenText

if TYPE_CHECKING:
    from nbstream.core import events as ev


class EventWriter:
    """Appends events to ``out``, which the decoder empties.

    ``used_tools``: the tools that Google ran. ``latest``: by tool, the
    id of its last call.
    """

    def __init__(self) -> None:
        self.out: list[ev.Event] = []
        self.response_id = ""
        self.used_tools: set[str] = set()
        self.latest: dict[str, str] = {}
        self._next = 0
        self._open: OpenText | None = None
        self._texts: list[OpenText] = []

    def text(self, chunk: str) -> None:
        """Add answer text. The most frequent call, so it is kept short."""
        text = self._open
        if text is None or text.thought:
            if not chunk:
                return
            text = self._begin_text(thought=False)
        text.chunks.append(chunk)
        self.out.append(TextDelta(text.index, chunk))

    def text_with_fields(self, chunk: str, extras: dict[str, Any], *, thought: bool) -> None:
        """Add text or thinking whose part has other fields too, such as a signature."""
        if not chunk and not extras:
            return
        text = self._open
        if text is None or text.thought is not thought:
            text = self._begin_text(thought=thought)
        if chunk:
            self.out.append(text.append(chunk))
        if extras:
            text.sign(extras, is_text=bool(chunk))

    def texts(self) -> list[tuple[int, str]]:
        """The index and text of each text part so far."""
        return [(text.index, text.text) for text in self._texts]

    def index(self) -> int:
        """The index of a new part. Ends the open text part."""
        self._end_text()
        index = self._next
        self._next += 1
        return index

    def call_id(self, given: str, index: int) -> str:
        """The id of the call at ``index``; a unique one if the model sent none, as many do."""
        return given or "_".join(filter(None, ("call", self.response_id, str(index))))

    def close(self, cited: set[int]) -> None:
        """End the open text part; repeat the end of the ``cited`` texts, with their citations."""
        for text in self._texts:
            if text.index in cited and text is not self._open:
                self.out += text.end()
        self._end_text()

    def _begin_text(self, *, thought: bool) -> OpenText:
        """End the open text part and begin another one."""
        text = OpenText(self.index(), thought=thought)
        if not thought:
            self._texts.append(text)
        self._open = text
        self.out.append(text.begin())
        return text

    def _end_text(self) -> None:
        text, self._open = self._open, None
        if text is not None:
            self.out += text.end()
