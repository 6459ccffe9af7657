"""``ModelSource``: sends a request to a model, with retries, and decodes the response to events.

The protocol owns the wire format, and the transport opens the connection.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbstream.core.events import Retry, StreamStart
from nbstream.core.events.lifecycle import with_provider
from nbstream.errors import IncompleteResponseError, ProtocolError, StreamError
from nbstream.protocols.formats import other_format_error
from nbstream.protocols.structured import ToolCallAsText
from nbstream.protocols.thinking_tags import ThinkingTags
from nbstream.request.extras import Extras
from nbstream.transport.retries import retry_delay

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Sequence

    from nbstream.core.events import Event
    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool, ToolChoice
    from nbstream.protocols.base import Decoder
    from nbstream.protocols.tag_reader import Tags
    from nbstream.providers import Model
    from nbstream.providers.model import Endpoint
    from nbstream.streams.http_exchange import Exchange
    from nbstream.transport.timeouts import Timeouts


@dataclass(frozen=True, slots=True)
class ModelSource:
    """One request to one model. Calling it sends the request and gives the events in batches.

    A failure before the first event is retried if that is safe, at most ``retries`` times.
    Each retry is a ``Retry`` event. After the first event nothing is retried, because a
    reader may have seen the beginning of the answer.
    """

    model: Model
    messages: Sequence[Message]
    params: dict[str, Any]
    exchange: Exchange
    retries: int
    timeout: Timeouts | None = None
    client: Any = field(default=None, repr=False)
    tools: Sequence[Tool] = ()
    tool_choice: ToolChoice = None
    output: OutputSpec | None = None
    extras: Extras = field(default_factory=Extras)
    thinking_tags: Tags | None = None

    async def __call__(self) -> AsyncGenerator[Iterable[Event], None]:
        # In a thread: the local provider starts its server here, and the event
        # loop of all streams must not block.
        endpoint = await asyncio.to_thread(self.model.endpoint)
        self.exchange.secrets = (*endpoint.secrets, *self.extras.secrets)
        attempt = 1
        while True:
            begun = False
            try:
                async with aclosing(self._attempt(endpoint)) as batches:
                    async for batch in batches:
                        begun = True
                        yield batch
                return
            except StreamError as error:
                attempt += 1
                wait = retry_delay(error, attempt, self.retries)
                if begun or wait is None:
                    raise
                self.exchange.describe(error)
                retry = Retry(attempt, error.text, wait)
            yield [retry]
            await asyncio.sleep(retry.wait)

    async def _attempt(self, endpoint: Endpoint) -> AsyncGenerator[Iterable[Event], None]:
        """Send the request once, and decode its response."""
        from nbstream.transport.streamed import open_stream

        protocol = self.model.protocol
        name = endpoint.model or self.model.name
        request = protocol.request(
            name,
            self.messages,
            self.params,
            tools=self.tools,
            tool_choice=self.tool_choice,
            output=self.output,
        )
        headers = self.extras.added_to({**request.headers, **endpoint.signed(protocol)})
        decoder: Decoder = protocol.decoder()
        if self.thinking_tags is not None:
            decoder = ThinkingTags(decoder, self.thinking_tags)
        if self.output is not None:
            decoder = ToolCallAsText(decoder, self.output.tool)
        begun, start = False, b""
        async with open_stream(
            endpoint.url(request.path, self.extras.query),
            headers,
            request.body,
            content=request.content,
            client=self.client,
            timeout=self.timeout,
            model=name,
            secret=endpoint.api_key,
        ) as answer:
            self.exchange.set_response(answer.response)
            async for data in answer.body:
                batch: Iterable[Event] = decoder.feed(data)
                if begun:
                    yield batch
                    continue
                start = start or bytes(data[:_LOOKED_AT])
                events, failure = self._first(batch)
                if begun := bool(events):
                    yield events
                if failure is not None:
                    raise failure
        if begun:
            yield decoder.close()
            return
        events, failure = self._first(decoder.close())
        if events:
            yield events
        if isinstance(failure, IncompleteResponseError) and not events:
            failure = _without_events(start) or other_format_error(start, protocol.name) or failure
        if failure is not None:
            raise failure

    def _first(self, batch: Iterable[Event]) -> tuple[list[Event], StreamError | None]:
        """All events of the batch, ``StreamStart`` with the provider's name, and its failure."""
        events: list[Event] = []
        try:
            for event in batch:
                if isinstance(event, StreamStart) and event.provider is None:
                    event = with_provider(event, self.model.provider)  # noqa: PLW2901
                events.append(event)
        except StreamError as error:
            return events, error
        return events, None


def _without_events(start: bytes) -> StreamError | None:
    """The error for a body that began with ``start`` and had no event; None if it was cut off."""
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        return IncompleteResponseError(
            "The server sent an empty response.",
            remedy="Run it again. If that does not help, check the address (base_url).",
        )
    line = text.splitlines()[0]
    if text[:1] in _JSON or any(line.startswith(one) or one.startswith(line) for one in _FIELDS):
        return None
    shown = start[:_SHOWN].decode(errors="replace")
    return ProtocolError(f"The server sent something that is no stream of events: {shown}")


_LOOKED_AT = 4096  # bytes of a body that tell its format
_SHOWN = 200  # bytes of a body that an error quotes
_JSON = (b"{", b"[")
_FIELDS = (b":", b"data:", b"event:", b"id:", b"retry:")  # how a line of an event stream begins
