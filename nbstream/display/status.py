"""The status of a stream in one word, as the static answer and the live view show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from nbstream.streams import Stream

Status = Literal["waiting", "streaming", "done", "stopped", "interrupted", "failed"]


def status(stream: Stream) -> Status:
    """The stream's status at this moment. It is ``waiting`` until the first part begins."""
    if not stream.is_complete:
        return "streaming" if stream.has_parts else "waiting"
    if stream.error is not None:
        return "failed"
    if stream.finish_reason == "cancelled":
        return "interrupted" if stream.is_interrupted else "stopped"
    return "done"
