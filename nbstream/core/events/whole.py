"""Events of parts that come in one piece: results of the provider's own tools, and files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from nbstream.core.events.base import PartStart
from nbstream.core.file_part import FilePart

if TYPE_CHECKING:
    from nbstream.core.parts import BuiltinToolResultPart


@dataclass(frozen=True, slots=True)
class BuiltinToolResult(PartStart):
    """The result of a tool that the provider ran: a whole part in one event.

    No ``PartEnd`` follows it.

    >>> part = nbstream.messages.BuiltinToolResultPart("ws_1", "web_search", "Found.")
    >>> stream = nbstream.Stream.replay_message(nbstream.assistant_message(part))
    >>> found = [event for event in stream if isinstance(event, nbstream.events.BuiltinToolResult)]
    >>> [event.result.result for event in found]
    ['Found.']
    """

    kind: ClassVar[str] = "builtin_tool_result"
    __match_args__ = ("result", "index")
    result: BuiltinToolResultPart

    @property
    def part(self) -> BuiltinToolResultPart:
        return self.result


@dataclass(frozen=True, slots=True)
class FileEvent(PartStart):
    """A file, such as an image: a whole part in one event.

    While ``partial``, another event with the same index will replace it.
    ``data`` or ``url`` is given. No ``PartEnd`` follows it.

    >>> part = nbstream.messages.FilePart("image/png", b"...")
    >>> stream = nbstream.Stream.replay_message(nbstream.assistant_message(part))
    >>> found = [event for event in stream if isinstance(event, nbstream.events.FileEvent)]
    >>> [event.media_type for event in found]
    ['image/png']
    """

    kind: ClassVar[str] = "file"
    type: ClassVar[str] = "file"
    media_type: str
    data: bytes | None = field(default=None, repr=False)
    url: str | None = None
    filename: str | None = None
    partial: bool = False
    provider_metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def part(self) -> FilePart:
        whole = self.data, self.url, self.filename, self.provider_metadata
        return FilePart(self.media_type, *whole)
