"""The words below a static answer: model, time, tokens, how it ended, and the error if it failed.

Plain strings; the renderers add the markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.display.status import status

if TYPE_CHECKING:
    from nbstream.streams import Stream

_ENDS = {
    "length": "cut off at the token limit",
    "content_filter": "cut off by the provider's content filter",
}


def footer(stream: Stream) -> list[str]:
    """The footer's text: model, seconds, tokens, and how the answer ended if not normally."""
    words = [stream.model, f"{stream.elapsed:.1f} s"]
    if usage := stream.usage:
        words.append(f"{usage.input_tokens:,} in · {usage.output_tokens:,} out")
    if end := ending(stream):
        words.append(end)
    return [word for word in words if word]


def ending(stream: Stream) -> str | None:
    """The words for how the answer ended, or that it has not; None for a normal end."""
    if not stream.is_complete:
        return "not finished when this was written"
    word = status(stream)
    return _ENDS.get(stream.finish_reason or "") if word == "done" else word


def failure(stream: Stream) -> tuple[str, str] | None:
    """The error as a title and a text that includes the remedy; None without an error."""
    error = stream.error
    return None if error is None else (type(error).__name__, str(error))
