"""The Images API's answer as events: drafts while it streams, or all at once.

Source: https://platform.openai.com/docs/api-reference/images-streaming and
/images/object. Knows both framings, for servers that imitate OpenAI's answer in
one piece also when they were asked to stream.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message import Usage
from nbstream.core.sse import SSEDecoder
from nbstream.errors import IncompleteResponseError, ProviderError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.json_fields import count_of, rows_of
from nbstream.protocols.json_object import parse_row
from nbstream.protocols.media_files import decoded, media_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbstream.core.sse import ServerSentEvent

_TOLD = ("revised_prompt", "size", "quality", "background", "output_format")


class OpenAIImagesDecoder:
    """See ``Decoder``. A draft and the picture it becomes share their index."""

    def __init__(self, model: str | None = None) -> None:
        self._model = model
        self._sse: SSEDecoder | None = None
        self._whole: list[bytes] = []
        self._begun = False
        self._drafted = False
        self._done = 0
        self._usage: Usage | None = None
        self._metadata: dict[str, Any] = {}

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        """Take more of the body in."""
        if self._sse is not None:
            yield from self._events(self._sse.feed(data))
        elif self._whole or data.lstrip()[:1] == b"{":
            self._whole.append(data)
        elif data.strip():
            self._sse = SSEDecoder()
            yield from self._events(self._sse.feed(data))

    def close(self) -> Iterator[ev.Event]:
        """The body has ended.

        Raises:
            IncompleteResponseError: a picture was begun and not finished, or none came.
        """
        if self._whole:
            yield from self._all(parse_row(b"".join(self._whole)))
        elif self._sse is not None:
            yield from self._events(self._sse.close())
        if self._drafted or not self._done:
            raise IncompleteResponseError(
                "The connection ended before the picture was finished.",
                remedy="A draft may have come; run it again for the whole picture.",
            )
        yield ev.StreamEnd("stop", self._usage, self._metadata)

    def _events(self, rows: Iterable[ServerSentEvent]) -> Iterator[ev.Event]:
        for name, data in rows:
            if data.strip() == b"[DONE]":
                continue
            row = parse_row(data)
            kind = str(row.get("type") or name.decode(errors="replace"))
            if row.get("error") or kind == "error":
                raise error_in_stream(row)
            if kind.endswith((".partial_image", ".completed")):
                yield from self._begin()
                yield self._picture(row, partial=kind.endswith(".partial_image"))

    def _all(self, row: dict[str, Any]) -> Iterator[ev.Event]:
        if row.get("error"):
            raise error_in_stream(row)
        yield from self._begin()
        about = {name: row[name] for name in _TOLD if row.get(name)}
        for picture in rows_of(row.get("data")):
            yield self._picture({**about, **picture}, partial=False)
        self._count(row)
        if not self._done:
            raise ProviderError("The provider answered without a picture.")

    def _begin(self) -> Iterator[ev.Event]:
        if not self._begun:
            self._begun = True
            yield ev.StreamStart(model=self._model)

    def _picture(self, row: dict[str, Any], *, partial: bool) -> ev.FileEvent:
        about = {name: row[name] for name in _TOLD if row.get(name)}
        kind = f"image/{row.get('output_format') or 'png'}"
        text, url = row.get("b64_json"), row.get("url")
        data = decoded(text) if text or not isinstance(url, str) else None
        index = self._done
        self._drafted = partial
        if not partial:
            self._done += 1
            self._count(row)
        metadata = {"openai_images": about} if about else {}
        if data is None:
            return ev.FileEvent(index, kind, url=url, partial=partial, provider_metadata=metadata)
        found = media_type(data, kind)
        return ev.FileEvent(index, found, data, partial=partial, provider_metadata=metadata)

    def _count(self, row: dict[str, Any]) -> None:
        raw = row.get("usage")
        if isinstance(raw, dict):
            before = self._usage or Usage()
            self._usage = Usage(
                before.input_tokens + count_of(raw, "input_tokens"),
                before.output_tokens + count_of(raw, "output_tokens"),
            )
            self._metadata["usage"] = raw
