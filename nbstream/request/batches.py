"""Sends requests to a provider's batch interface, polls it, and reads what it answered."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbstream.core.events import StreamStart
from nbstream.core.events.lifecycle import with_provider
from nbstream.errors import ProviderError, StreamError, TransportError, UsageError
from nbstream.protocols.anthropic.batches import AnthropicBatches
from nbstream.protocols.batches import NOT_SENT, BatchAnswer, BatchState, answers, id_of
from nbstream.protocols.openai_batches import OpenAIBatches
from nbstream.request.reading import Reading
from nbstream.transport.body import encode_json
from nbstream.transport.buffered import RequestOptions, download, get_json, post_json
from nbstream.transport.retries import MAX_DELAY, backoff, retry_delay

__all__ = ["AnswerSource", "BatchAnswer", "BatchClient", "BatchState", "UnsentRequest"]

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence

    from nbstream.core.events import Event
    from nbstream.protocols.base import Request
    from nbstream.protocols.batches import BatchProtocol
    from nbstream.providers import Model
    from nbstream.providers.model import Endpoint
    from nbstream.request.model_source import ModelSource

_PROTOCOLS: dict[str, BatchProtocol] = {
    "anthropic": AnthropicBatches(),
    "openai": OpenAIBatches("/v1/responses"),
    "openai-chat": OpenAIBatches("/v1/chat/completions"),
}
_MAX_RESULTS = 4 * 1024**3  # bytes of a file of results
_BETAS = "anthropic-beta"
_ROOM = 1_000  # bytes that are left free below the provider's limit


def batch_protocol(model: Model) -> BatchProtocol:
    """The batch interface of the model's provider.

    Raises:
        UsageError: it has none that is known here.
    """
    found = _PROTOCOLS.get(model.provider)
    if found is None or model.job is not None or model.source is not None:
        raise UsageError(
            f"batch=True does not work with {model}: nbstream knows the batch interfaces of"
            " Anthropic and OpenAI.",
            remedy="Write anthropic/…, openai/… or openai-chat/…, or leave out batch=.",
        )
    return found


@dataclass(frozen=True, slots=True)
class UnsentRequest:
    """One request of a batch: its body, and the headers that it needs."""

    body: bytes = field(repr=False)
    headers: dict[str, str] = field(repr=False)


class BatchClient:
    """The requests to one provider's batch interface.

    ``source`` is any request of the map: its model, HTTP client and headers are those of all.
    """

    def __init__(self, source: ModelSource, retries: int) -> None:
        self._source, self._retries = source, retries
        self._protocol = batch_protocol(source.model)
        self._endpoint: Endpoint | None = None

    def open(self) -> Endpoint:
        """The provider's address and key. Blocks for a moment.

        Raises:
            NBStreamError: there is no key.
        """
        if self._endpoint is None:
            self._endpoint = self._source.model.endpoint()
            self._source.exchange.secrets = (
                *self._endpoint.secrets,
                *self._source.extras.secrets,
            )
        return self._endpoint

    def write(self, source: ModelSource) -> UnsentRequest:
        """The request of one prompt.

        Raises:
            UsageError: it cannot be written, or is larger than a batch may be.
        """
        request = source.request(self.open())
        fields = {name: one for name, one in request.body.items() if name not in NOT_SENT}
        body = encode_json(fields)
        if len(body) > self._protocol.max_bytes - _ROOM:
            limit = self._protocol.max_bytes // 1_000_000
            raise UsageError(f"The prompt is larger than a batch may be: {limit} MB.")
        return UnsentRequest(body, request.headers)

    def batches(self, requests: Sequence[UnsentRequest]) -> list[list[bytes]]:
        """The lines of the requests, in as many batches as the provider's limits need.

        In each batch the custom ids count from 0.
        """
        found: list[list[bytes]] = []
        size = 0
        limit = self._protocol.max_bytes - _ROOM
        for one in requests:
            number = len(found[-1]) if found else 0
            line = self._protocol.line(custom_id(number), one.body)
            if not found or number >= self._protocol.max_requests or size + len(line) > limit:
                found.append([])
                line, size = self._protocol.line(custom_id(0), one.body), 0
            found[-1].append(line)
            size += len(line) + 1
        return found

    async def create(self, lines: Sequence[bytes], requests: Iterable[UnsentRequest]) -> str:
        """Start a batch; returns its id. Sent again only if the provider did not accept it."""
        file_id, headers = "", _headers_of(requests)
        if (upload := self._protocol.upload(lines)) is not None:
            file_id = id_of(await self._post(upload, headers))
        return id_of(await self._post(self._protocol.create(lines, file_id), headers))

    async def state(self, batch_id: str) -> BatchState:
        """The state of a batch."""
        url, headers = self._url(self._protocol.path(batch_id)), self._headers()
        row, _ = await self._repeated(lambda: get_json(url, headers, self._options()))
        return self._protocol.state(row)

    async def answers(self, state: BatchState) -> dict[str, BatchAnswer]:
        """What came of each request of a batch that has ended, by its custom id.

        Raises:
            NotFoundError: the provider keeps the results no longer; Anthropic does for 29 days.
        """
        found: dict[str, BatchAnswer] = {}
        own = self.open().base_url
        for path in state.files:
            url, headers = self._url(path), self._headers()

            def load(url: str = url, headers: dict[str, str] = headers) -> Awaitable[Any]:
                return download(url, headers, own, self._options(), _MAX_RESULTS)

            file = await self._repeated(load)
            found |= await asyncio.to_thread(self._read, file.data)
        return found

    def _read(self, data: bytes) -> dict[str, BatchAnswer]:
        return dict(answers(self._protocol, data))

    async def cancel(self, batch_id: str) -> None:
        """Cancel a batch. What was answered before keeps its answer, and its price."""
        await post_json(
            self._url(self._protocol.cancel(batch_id)), self._headers(), {}, self._options()
        )

    def describe(self, error: StreamError) -> None:
        """Give the error its remedy, and remove keys from it."""
        self._source.exchange.describe(error)

    async def _post(self, request: Request, headers: dict[str, str]) -> dict[str, Any]:
        url, own = self._url(request.path), {**self._headers(), **headers, **request.headers}
        attempt = 1
        while True:
            try:
                row, _ = await post_json(url, own, request.body, self._options(), request.content)
                return row
            except ProviderError as error:
                attempt += 1
                wait = retry_delay(error, attempt, self._retries)
                if wait is None:
                    raise
            await asyncio.sleep(wait)

    async def _repeated(self, send: Callable[[], Awaitable[Any]]) -> Any:
        """Send a request that changes nothing; repeat it after failures that may pass."""
        failures = 0
        while True:
            try:
                return await send()
            except StreamError as error:
                failures += 1
                passes = error.retryable or isinstance(error, TransportError)
                if not passes or failures > self._retries:
                    raise
                wait = error.wait
            await asyncio.sleep(backoff(failures, MAX_DELAY) if wait is None else wait)

    def _url(self, path: str) -> str:
        return self.open().url(path, self._source.extras.query)

    def _headers(self) -> dict[str, str]:
        signed = self.open().signed(self._source.model.protocol)
        return self._source.extras.added_to({**self._protocol.headers, **signed})

    def _options(self) -> RequestOptions:
        source = self._source
        key = self.open().api_key
        return RequestOptions(source.client, source.timeout, None, source.model.name, key)


def _headers_of(requests: Iterable[UnsentRequest]) -> dict[str, str]:
    """The headers that any of the requests needs; betas are a list, and are added up."""
    found: dict[str, str] = {}
    betas: dict[str, None] = {}
    for one in requests:
        found |= one.headers
        given = one.headers.get(_BETAS, "").split(",")
        betas |= dict.fromkeys(beta.strip() for beta in given if beta.strip())
    return found | ({_BETAS: ",".join(betas)} if betas else {})


def custom_id(number: int) -> str:
    """The name of a request in its batch."""
    return f"prompt-{number}"


@dataclass(frozen=True, slots=True)
class AnswerSource:
    """Gives the events of an answer that came with a batch."""

    source: ModelSource
    answer: BatchAnswer

    async def __call__(self) -> AsyncGenerator[Iterable[Event], None]:
        if self.answer.error is not None:
            raise self.answer.error
        _, decoder = self.source.decoder()
        reading = Reading(decoder)
        events, failure = await reading.feed(self.answer.body)
        if failure is None:
            more, failure = await reading.close()
            events = [*events, *more]
        if events:
            yield [self._named(event) for event in events]
        if failure is not None:
            raise failure

    def _named(self, event: Event) -> Event:
        """``StreamStart`` with the provider's name, and no list price: a batch costs less."""
        if not isinstance(event, StreamStart):
            return event
        provider = event.provider or self.source.model.provider
        return with_provider(event, provider, custom_address=True)
