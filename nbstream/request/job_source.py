"""``JobSource``: runs a long job at a provider, such as a video, and gives its events.

The job is started, polled, its files are downloaded, and it is cancelled if the stream is
cancelled before the job is done.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from nbstream.core.events import FileEvent, Progress, Retry, StreamEnd, StreamStart
from nbstream.errors import ProviderError, ResponseTimeoutError, StreamError, UsageError
from nbstream.request.extras import Extras
from nbstream.transport.clocks import Clock
from nbstream.transport.retries import RETRIES, retry_delay
from nbstream.transport.timeouts import Timeouts

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence

    from nbstream.core.events import Event
    from nbstream.core.message import Message
    from nbstream.protocols.base import Request
    from nbstream.protocols.jobs import JobFile, JobProtocol
    from nbstream.providers import Model
    from nbstream.providers.model import Endpoint
    from nbstream.streams.http_exchange import Exchange

T = TypeVar("T")

_CANCEL_TIMEOUT = 1.0  # seconds for the request that cancels a job


@dataclass(frozen=True, slots=True)
class JobSource:
    """One job. Calling it starts the job and gives the events in batches.

    Each poll gives a ``Progress`` event. A poll that failed is repeated, at most
    ``retries`` times in a row; so is the start, where the provider said that it did not
    accept the job. ``interval`` is the seconds between polls; None is the protocol's own.
    """

    model: Model
    messages: Sequence[Message]
    params: dict[str, Any]
    exchange: Exchange
    retries: int = RETRIES
    timeout: Timeouts | None = None
    client: Any = field(default=None, repr=False)
    interval: float | None = None
    extras: Extras = field(default_factory=Extras)

    async def __call__(self) -> AsyncGenerator[Iterable[Event], None]:
        job = self.model.job
        if job is None:
            raise UsageError(
                f"{self.model} does not work as a job.", remedy="Call stream() instead."
            )
        endpoint = await asyncio.to_thread(self.model.endpoint)
        self.exchange.secrets = (*endpoint.secrets, *self.extras.secrets)
        clock = Clock(self.timeout or Timeouts(), is_job=True)
        client = _JobClient(self, job, endpoint, clock)
        request = job.create(self.model.name, self.messages, self.params)
        attempt = 1
        while True:
            try:
                row = await client.create(request)
                break
            except ProviderError as error:
                attempt += 1
                wait = retry_delay(error, attempt, self.retries)
                if wait is None or not clock.allows(wait):
                    raise
                self.exchange.describe(error)
                retry = Retry(attempt, error.text, wait)
            yield [retry]
            await clock.sleep(retry.wait)
        job_id, state = job.job_id(row), job.state(row)
        try:
            yield [StreamStart(job_id, self.model.name, self.model.provider)]
            while not state.done:
                yield [Progress(state.status, state.fraction)]
                await clock.sleep(job.interval if self.interval is None else self.interval)
                state = job.state(await client.poll(job_id))
            yield [Progress(state.status, 1.0)]
            for index, file in enumerate(state.files):
                yield [await client.download(index, file)]
            yield [StreamEnd("stop", state.usage, state.metadata)]
        except ResponseTimeoutError as error:
            error.text += f" The job is {job_id}."
            raise
        except (asyncio.CancelledError, GeneratorExit):
            # Only if the caller ended it. After a failure the job can still be found by its id.
            if not state.done:
                await client.cancel(job_id)
            raise


class _JobClient:
    """The requests of one job to one endpoint."""

    def __init__(
        self, source: JobSource, job: JobProtocol, endpoint: Endpoint, clock: Clock
    ) -> None:
        from nbstream.transport.buffered import RequestOptions

        self._source, self._job, self._endpoint, self._clock = source, job, endpoint, clock
        self._headers = source.extras.added_to(endpoint.signed(job))
        self._options = RequestOptions(
            source.client, source.timeout, clock, source.model.name, endpoint.api_key
        )

    def _url(self, path: str) -> str:
        return self._endpoint.url(path, self._source.extras.query)

    async def create(self, request: Request) -> dict[str, Any]:
        """Start the job; returns the body of the response."""
        from nbstream.transport.buffered import post_json

        headers = {**request.headers, **self._headers}
        url = self._url(request.path)
        row, response = await post_json(url, headers, request.body, self._options)
        self._source.exchange.set_response(response)
        return row

    async def poll(self, job_id: str) -> dict[str, Any]:
        """The state of the job: the body of the provider's response."""
        from nbstream.transport.buffered import get_json

        url = self._url(self._job.path(job_id))
        row, _ = await self._with_retries(lambda: get_json(url, self._headers, self._options))
        return row

    async def download(self, index: int, file: JobFile) -> FileEvent:
        """Download a file of the finished job."""
        from nbstream.transport import buffered

        if file.data is not None or not file.url:
            return FileEvent(index, file.media_type, file.data)
        url = self._url(file.url) if file.url.startswith("/") else file.url
        own = self._endpoint.base_url
        found = await self._with_retries(
            lambda: buffered.download(url, self._headers, own, self._options)
        )
        return FileEvent(index, found.media_type_like(file.media_type), found.data)

    async def cancel(self, job_id: str) -> None:
        """Ask the provider to cancel. Waits for the response a second at most and ignores it."""
        from nbstream.transport.buffered import get_json

        if (request := self._job.cancel(job_id)) is None:
            return
        method, path = request
        url = self._url(path)
        with contextlib.suppress(StreamError, UsageError, TimeoutError):
            async with asyncio.timeout(_CANCEL_TIMEOUT):
                await get_json(url, self._headers, self._options, method)

    async def _with_retries(self, send: Callable[[], Awaitable[T]]) -> T:
        """Send a request; repeat it after failures that may pass."""
        attempt = 1
        while True:
            try:
                return await send()
            except StreamError as error:
                attempt += 1
                wait = retry_delay(error, attempt, self._source.retries)
                # An error without an HTTP status means that the job failed, not the poll.
                if wait is None or not self._clock.allows(wait):
                    raise
                if isinstance(error, ProviderError) and error.status is None:
                    raise
            await self._clock.sleep(wait)
