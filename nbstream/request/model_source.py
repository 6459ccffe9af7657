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
from nbstream.errors import (
    IncompleteResponseError,
    ResponseTimeoutError,
    StreamError,
    TransportError,
)
from nbstream.protocols.base import ResumableDecoder
from nbstream.protocols.structured import ToolCallAsText
from nbstream.protocols.thinking_tags import ThinkingTags
from nbstream.providers.table import is_custom
from nbstream.request.extras import Extras
from nbstream.request.reading import Reading
from nbstream.transport.clocks import Clock
from nbstream.transport.retries import MAX_DELAY, backoff, retry_delay
from nbstream.transport.timeouts import Timeouts

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Sequence

    from nbstream.core.events import Event
    from nbstream.core.message import Message
    from nbstream.core.output_spec import OutputSpec
    from nbstream.core.tool_spec import Tool, ToolChoice
    from nbstream.protocols.base import Decoder, Request
    from nbstream.protocols.tag_reader import Tags
    from nbstream.providers import Model
    from nbstream.providers.model import Endpoint
    from nbstream.streams.http_exchange import Exchange


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

    async def __call__(self, clock: Clock | None = None) -> AsyncGenerator[Iterable[Event], None]:
        """Give the events. ``clock`` is that of an answer which takes more requests than this."""
        clock = clock or Clock(self.timeout or Timeouts())
        # In a thread: the local provider starts its server here, and the event
        # loop of all streams must not block.
        endpoint = await asyncio.to_thread(self.model.endpoint)
        self.exchange.secrets = (*endpoint.secrets, *self.extras.secrets)
        attempt = 1
        while True:
            begun = False
            try:
                async with aclosing(self._attempt(endpoint, clock)) as batches:
                    async for batch in batches:
                        begun = True
                        yield batch
                return
            except StreamError as error:
                attempt += 1
                wait = retry_delay(error, attempt, self.retries)
                if begun or wait is None or not clock.allows(wait):
                    raise
                self.exchange.describe(error)
                retry = Retry(attempt, error.text, wait)
            yield [retry]
            await clock.sleep(retry.wait)

    def request(self, endpoint: Endpoint) -> Request:
        """The request as the protocol writes it."""
        return self.model.protocol.request(
            endpoint.model or self.model.name,
            self.messages,
            self.params,
            tools=self.tools,
            tool_choice=self.tool_choice,
            output=self.output,
        )

    def headers(self, request: Request, endpoint: Endpoint) -> dict[str, str]:
        """All headers of ``request``, with the key and the user's own."""
        return self.extras.added_to({**request.headers, **endpoint.signed(self.model.protocol)})

    def decoder(self) -> tuple[Decoder, Decoder]:
        """The protocol's decoder for one response, and what reads the answer through it."""
        raw = decoder = self.model.protocol.decoder()
        if self.thinking_tags is not None:
            decoder = ThinkingTags(decoder, self.thinking_tags)
        if self.output is not None:
            decoder = ToolCallAsText(decoder, self.output.tool)
        return raw, decoder

    async def _attempt(
        self, endpoint: Endpoint, clock: Clock
    ) -> AsyncGenerator[Iterable[Event], None]:
        """Send the request once, and decode its response."""
        protocol = self.model.protocol
        name = endpoint.model or self.model.name
        request = self.request(endpoint)
        headers = self.headers(request, endpoint)
        raw, decoder = self.decoder()
        reading, begun, start = Reading(decoder), False, b""
        rest = raw if request.resumable and isinstance(raw, ResumableDecoder) else None
        sent = _Sent(endpoint, request, headers, name, rest)
        try:
            async with aclosing(self._body(sent, clock, reading)) as body:
                async for data in body:
                    events, failure = await reading.feed(data)
                    start = start or bytes(data[:_LOOKED_AT])
                    if reading.has_ended:
                        clock.answer_ended()
                    elif reading.is_real:
                        clock.event_came()
                    if events:
                        yield events if begun else self._named(events, endpoint)
                        begun = True
                    if failure is not None:
                        raise failure
        except ResponseTimeoutError:
            if not reading.has_ended:  # otherwise only the end of the body is missing
                raise
        events, failure = await reading.close()
        if events:
            yield events if begun else self._named(events, endpoint)
        elif isinstance(failure, IncompleteResponseError) and not begun:
            from nbstream.protocols.formats import other_format_error  # slow to import

            failure = other_format_error(start, protocol.name) or failure
        if failure is not None:
            raise failure

    async def _body(
        self, sent: _Sent, clock: Clock, reading: Reading
    ) -> AsyncGenerator[bytes, None]:
        """The bytes of the response; of all its responses if it is resumed after a break."""
        from nbstream.transport.streamed import open_stream

        path: str | None = None
        breaks = 0  # in a row
        while True:
            problem: StreamError | None = None
            try:
                async with open_stream(
                    sent.endpoint.url(path or sent.request.path, self.extras.query),
                    sent.headers,
                    None if path else sent.request.body,
                    content=None if path else sent.request.content,
                    method="GET" if path else "POST",
                    client=self.client,
                    timeout=self.timeout,
                    clock=clock,
                    events=True,
                    model=sent.name,
                    secret=sent.endpoint.api_key,
                ) as answer:
                    self.exchange.set_response(answer.response)
                    async for data in answer.body:
                        yield data
                        breaks = 0 if reading.is_real else breaks
            except ResponseTimeoutError:
                raise
            except StreamError as error:
                if not isinstance(error, TransportError) and not (path and error.retryable):
                    raise
                problem = error
            may_resume = sent.rest is not None and not reading.has_ended and breaks < self.retries
            path = sent.rest.resume() if sent.rest is not None and may_resume else None
            if path is None:
                if problem is not None:
                    raise problem
                return
            breaks += 1
            await clock.sleep(backoff(breaks, MAX_DELAY))

    def _named(self, events: list[Event], endpoint: Endpoint) -> list[Event]:
        """The first events of an answer; ``StreamStart`` with the provider's name."""
        provider = self.model.provider
        custom = is_custom(provider, endpoint.base_url)
        return [
            with_provider(event, event.provider or provider, custom_address=custom)
            if isinstance(event, StreamStart)
            else event
            for event in events
        ]


@dataclass(frozen=True, slots=True)
class _Sent:
    """A request and where it goes; ``rest`` continues the answer if its connection breaks."""

    endpoint: Endpoint
    request: Request
    headers: dict[str, str]
    name: str
    rest: ResumableDecoder | None


_LOOKED_AT = 4096  # bytes of a body that show its format
