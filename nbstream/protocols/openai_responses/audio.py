"""Converts spoken answers of the Responses API to events: the transcript is text, then a file.

Their events name no output item. Source: "response.audio" in
https://platform.openai.com/docs/api-reference/responses-streaming
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from nbstream.core import events as ev
from nbstream.protocols.json_fields import Json, text_of
from nbstream.protocols.media_files import media_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.protocols.openai_responses.item import ResponseState

_PCM = "audio/pcm"
"""The audio format that has no header to tell it by: 16 bit, 24 kHz, mono."""


class Audio:
    """The audio of one response and its transcript."""

    def __init__(self, state: ResponseState) -> None:
        self._state = state
        self._pieces: list[bytes] = []
        self._text: int | None = None

    def delta(self, event: Json) -> Iterator[ev.Event]:
        """Keep a piece of the audio."""
        try:
            self._pieces.append(base64.b64decode(text_of(event.get("delta"))))
        except ValueError:
            self._state.keep_unknown(event)
        return iter(())

    def transcript(self, event: Json) -> Iterator[ev.Event]:
        """Add a piece of the transcript."""
        if chunk := text_of(event.get("delta")):
            if self._text is None:
                self._text = self._state.next_index()
                yield ev.TextStart(self._text)
            yield ev.TextDelta(self._text, chunk)

    def end_transcript(self) -> Iterator[ev.Event]:
        """End the transcript, if it is open."""
        if self._text is not None:
            yield ev.TextEnd(self._text)
            self._text = None

    def end(self) -> Iterator[ev.Event]:
        """The file of the audio so far."""
        data, self._pieces = b"".join(self._pieces), []
        if data:
            yield ev.FileEvent(self._state.next_index(), media_type(data, _PCM), data)
