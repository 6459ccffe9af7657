"""The events of one answer, in order, and the text that is open among them.

Knows which index comes next, and that text of one kind stays one part until
something else begins. Refuses to know the wire.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.gemini.open_parts import GrowingText

if TYPE_CHECKING:
    from nbstream.core import events as ev


class Writer:
    """Leaves events in ``out``, for whoever reads them to take away.

    ``called`` are the tools that Google was seen to execute, ``code_id`` the id
    of its latest program.
    """

    def __init__(self) -> None:
        self.out: list[ev.Event] = []
        self.response_id = ""
        self.called: set[str] = set()
        self.code_id = ""
        self._next = 0
        self._open: GrowingText | None = None
        self._texts: list[GrowingText] = []

    def text(self, chunk: str) -> None:
        """More answer text, the most frequent thing of all."""
        text = self._open
        if text is None or text.thought:
            if not chunk:
                return
            text = self._begin_text(thought=False)
        self.out.append(text.grow(chunk))

    def signed(self, chunk: str, extras: dict[str, Any], *, thought: bool) -> None:
        """More text or thinking, with what stands beside it."""
        if not chunk and not extras:
            return
        text = self._open
        if text is None or text.thought is not thought:
            text = self._begin_text(thought=thought)
        start = text.length
        if chunk:
            self.out.append(text.grow(chunk))
        if extras:
            text.signed.append([start, text.length, extras])

    def texts(self) -> list[tuple[int, str]]:
        """The text parts' indices and texts so far."""
        return [(text.index, "".join(text.chunks)) for text in self._texts]

    def index(self) -> int:
        """The next part's index. The text that was open gives way to it."""
        self._leave_text()
        index = self._next
        self._next += 1
        return index

    def call_id(self, given: str, index: int) -> str:
        """The id of the call at ``index``, or one no other answer has: many models give none."""
        return given or "_".join(filter(None, ("call", self.response_id, str(index))))

    def close(self, cited: set[int]) -> None:
        """End the text that is open, and again the texts that were ``cited`` late."""
        for text in self._texts:
            if text.index in cited and text is not self._open:
                self.out += text.end()
        self._leave_text()

    def _begin_text(self, *, thought: bool) -> GrowingText:
        text = GrowingText(self.index(), thought=thought)
        if not thought:
            self._texts.append(text)
        self._open = text
        self.out.append(text.begin())
        return text

    def _leave_text(self) -> None:
        text, self._open = self._open, None
        if text is not None:
            self.out += text.end()
