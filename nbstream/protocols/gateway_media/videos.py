"""The protocol for the Vercel AI Gateway's video endpoint: JSON request, event stream response.

The gateway polls the provider and keeps the response open. A video may come as a URL; this
package does not download it (no I/O).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.errors import IncompleteResponseError, ProviderError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.framing import Frames
from nbstream.protocols.gateway_media import wire
from nbstream.protocols.json_fields import dicts_of
from nbstream.protocols.json_object import parse_json_object
from nbstream.protocols.media_files import decode_base64, media_type
from nbstream.protocols.media_protocol import MediaProtocol, pictures_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nbstream.core.message import Message
    from nbstream.core.sse import ServerSentEvent
    from nbstream.protocols.base import Request


@dataclass(frozen=True, slots=True)
class GatewayVideos(MediaProtocol):
    """Builds video requests and makes their decoders; see ``WireProtocol``.

    ``model`` becomes the model of the answer's message.
    """

    name = "gateway_videos"
    makes = "video"

    model: str | None = None

    def auth(self, api_key: str) -> dict[str, str]:
        """The headers with the bearer token and its kind."""
        return wire.auth(api_key)

    def build(self, model: str, messages: Sequence[Message], params: dict[str, Any]) -> Request:
        """Build a request for videos; an image becomes the first frame."""
        body = wire.body(messages)
        for picture in pictures_of(messages, 1, model):
            body["image"] = wire.file(picture)
        return wire.request("video", model, body | params, "text/event-stream")

    def decoder(self) -> GatewayVideosDecoder:
        """A new decoder."""
        return GatewayVideosDecoder(self.model)


class GatewayVideosDecoder:
    """Decodes one response; see ``Decoder``.

    One event has the whole result. The comments before it keep the connection open.
    """

    def __init__(self, model: str | None) -> None:
        self._model = model
        self._frames = Frames()
        self._done = False

    def feed(self, data: bytes) -> Iterator[ev.Event]:
        """Decode more bytes of the body."""
        return self._events(self._frames.feed(data))

    def close(self) -> Iterator[ev.Event]:
        """Signal the end of the body."""
        yield from self._events(self._frames.close())
        if not self._done:
            self._frames.check()
            raise IncompleteResponseError("The connection ended before the video arrived.")

    def _events(self, rows: Iterable[ServerSentEvent]) -> Iterator[ev.Event]:
        for _, data in rows:
            if self._done or data.strip() == b"[DONE]":
                continue
            row = parse_json_object(data)
            if row.get("type") == "error" or row.get("error"):
                raise error_in_stream({**row, "status": row.get("statusCode")})
            if isinstance(row.get("videos"), list):
                yield from self._result(row)

    def _result(self, row: dict[str, Any]) -> Iterator[ev.Event]:
        self._done = True
        yield ev.StreamStart(model=self._model)
        videos = dicts_of(row["videos"])
        if not videos:
            raise ProviderError("The provider finished without a video.")
        for index, video in enumerate(videos):
            kind = str(video.get("mediaType") or "video/mp4")
            if isinstance(url := video.get("url"), str) and url:
                yield ev.FileEvent(index, kind, url=url)
            else:
                data = decode_base64(video.get("data"))
                yield ev.FileEvent(index, media_type(data, kind), data)
        yield ev.StreamEnd("stop", None, wire.response_metadata(row))
