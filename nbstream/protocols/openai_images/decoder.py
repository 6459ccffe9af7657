"""Decodes responses of OpenAI's Images API to events: a stream of drafts, or one JSON object.

Servers that imitate OpenAI's may send one object although a stream was requested.

Source: https://platform.openai.com/docs/api-reference/images-streaming and /images/object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message import Usage
from nbstream.errors import IncompleteResponseError, ProviderError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.framing import Frames
from nbstream.protocols.json_fields import count_of, dicts_of
from nbstream.protocols.json_object import parse_json_object
from nbstream.protocols.media_files import decode_base64, media_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbstream.core.sse import ServerSentEvent

_METADATA_FIELDS = ("revised_prompt", "size", "quality", "background", "output_format")


class OpenAIImagesDecoder:
    """Decodes one response; see ``Decoder``. A draft has the same index as the finished image."""

    def __init__(self, model: str | None = None) -> None:
        self._model = model
        self._frames = Frames()
        self._begun = False
        self._drafted = False
        self._done = 0
        self._usage: Usage | None = None
        self._metadata: dict[str, Any] = {}

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        """Decode more bytes of the body."""
        return self._events(self._frames.feed(data))

    def close(self) -> Iterator[ev.Event]:
        """Signal the end of the body.

        Raises:
            IncompleteResponseError: an image was not finished, or there was none.
        """
        yield from self._events(self._frames.close())
        if self._drafted or not self._done:
            if not self._begun:
                self._frames.check()
            raise IncompleteResponseError(
                "The connection ended before the picture was finished.",
                remedy="A draft may be there. Run it again for the finished picture.",
            )
        yield ev.StreamEnd("stop", self._usage, self._metadata)

    def _events(self, rows: Iterable[ServerSentEvent]) -> Iterator[ev.Event]:
        for name, data in rows:
            if data.strip() == b"[DONE]":
                continue
            row = parse_json_object(data)
            kind = str(row.get("type") or name.decode(errors="replace"))
            if row.get("error") or kind == "error":
                raise error_in_stream(row)
            if kind.endswith((".partial_image", ".completed")):
                yield from self._begin()
                yield self._picture(row, partial=kind.endswith(".partial_image"))
            elif not kind and not self._begun:
                yield from self._all(row)

    def _all(self, row: dict[str, Any]) -> Iterator[ev.Event]:
        yield from self._begin()
        about = {name: row[name] for name in _METADATA_FIELDS if row.get(name)}
        for picture in dicts_of(row.get("data")):
            yield self._picture({**about, **picture}, partial=False)
        self._count(row)
        if not self._done:
            raise ProviderError("The provider answered without a picture.")

    def _begin(self) -> Iterator[ev.Event]:
        if not self._begun:
            self._begun = True
            yield ev.StreamStart(model=self._model)

    def _picture(self, row: dict[str, Any], *, partial: bool) -> ev.FileEvent:
        about = {name: row[name] for name in _METADATA_FIELDS if row.get(name)}
        kind = f"image/{row.get('output_format') or 'png'}"
        text, url = row.get("b64_json"), row.get("url")
        data = decode_base64(text) if text or not isinstance(url, str) else None
        index = self._done
        self._drafted = partial
        if not partial:
            self._done += 1
            self._count(row)
        metadata = {"openai_images": about} if about else {}
        if data is None:
            return ev.FileEvent(index, kind, url=url, partial=partial, provider_metadata=metadata)
        kind = media_type(data, kind)
        return ev.FileEvent(index, kind, data, partial=partial, provider_metadata=metadata)

    def _count(self, row: dict[str, Any]) -> None:
        raw = row.get("usage")
        if isinstance(raw, dict):
            before = self._usage or Usage()
            self._usage = Usage(
                before.input_tokens + count_of(raw, "input_tokens"),
                before.output_tokens + count_of(raw, "output_tokens"),
            )
            self._metadata["usage"] = raw
