"""The gateway's image endpoint: one JSON object in, one out.

Knows its fields. Refuses to know which models stand behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.message import Usage
from nbstream.errors import ProviderError
from nbstream.protocols.base import Request
from nbstream.protocols.drawing import (
    count,
    decoded,
    media_type,
    pictures_of,
    prompt_of,
    refuse_output,
    refuse_tools,
)
from nbstream.protocols.gateway_media import wire
from nbstream.protocols.whole import WholeDecoder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbstream.core.message import Message
    from nbstream.core.output import OutputSpec
    from nbstream.core.tools import Tool, ToolChoice

_MOST = 16
_KEPT = ("warnings", "providerMetadata")


@dataclass(frozen=True, slots=True)
class GatewayImages:
    """The protocol; see ``WireProtocol``. ``model`` is written on the message."""

    name = "gateway_images"

    model: str | None = None

    def auth(self, api_key: str) -> dict[str, str]:
        """A bearer token and its kind."""
        return wire.auth(api_key)

    def request(
        self,
        model: str,
        messages: Sequence[Message],
        params: dict[str, Any],
        *,
        tools: Sequence[Tool] = (),
        tool_choice: ToolChoice = None,  # noqa: ARG002 - the interface's
        output: OutputSpec | None = None,
    ) -> Request:
        """A request for pictures.

        Raises:
            UsageError: there is no text, a file is no picture, or there are tools.
        """
        refuse_tools(tools, model)
        refuse_output(output, model)
        body: dict[str, Any] = {"prompt": prompt_of(messages), "n": 1, "providerOptions": {}}
        if pictures := pictures_of(messages, _MOST, model):
            body["files"] = [wire.file(picture) for picture in pictures]
        headers = wire.headers("image", model, "application/json")
        return Request("/v3/ai/image-model", {**body, **params}, headers)

    def decoder(self) -> WholeDecoder:
        """A fresh decoder."""
        return WholeDecoder(self._events)

    def _events(self, row: dict[str, Any]) -> Iterator[ev.Event]:
        yield ev.StreamStart(model=self.model)
        pictures = row.get("images")
        index = 0
        for text in pictures if isinstance(pictures, list) else []:
            data = decoded(text)
            yield ev.FileEvent(index, media_type(data, "image/png"), data)
            index += 1
        if not index:
            raise ProviderError("The provider answered without a picture.")
        raw = row.get("usage")
        usage = Usage(count(raw, "inputTokens"), count(raw, "outputTokens")) if raw else None
        yield ev.StreamEnd("stop", usage, {name: row[name] for name in _KEPT if row.get(name)})
