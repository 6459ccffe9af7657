"""Downloads the files of a response that gives only their addresses, for ``generate()``.

``Downloading`` wraps the source of a model's events. Such addresses are valid for a short time,
so the result must hold the bytes. The transport decides which hosts get the key.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from nbstream.core.events import FileEvent
from nbstream.transport.clocks import Clock
from nbstream.transport.timeouts import Timeouts

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from nbstream.core.events import Event
    from nbstream.request.model_source import ModelSource


def _is_remote(event: Event) -> bool:
    """Whether the event brings a file that has an address and no bytes."""
    if not isinstance(event, FileEvent) or event.partial or event.data is not None:
        return False
    # Not a file id, and not an address in a provider's own store (gs://).
    return (event.url or "").startswith(("https://", "http://"))


@dataclass(frozen=True, slots=True)
class Downloading:
    """A source that gives a model's events, with the bytes of each finished file."""

    source: ModelSource = field(repr=False)

    async def __call__(self) -> AsyncGenerator[Iterable[Event], None]:
        clock = Clock(self.source.timeout or Timeouts())
        async with aclosing(self.source(clock)) as batches:
            async for batch in batches:
                for event in batch:
                    yield [await self._fetch(event, clock) if _is_remote(event) else event]

    async def _fetch(self, event: Event, clock: Clock) -> Event:
        """The event with the bytes of its file."""
        assert isinstance(event, FileEvent)
        from nbstream.transport.buffered import RequestOptions, download

        source = self.source
        endpoint = await asyncio.to_thread(source.model.endpoint)
        headers = endpoint.signed(source.model.protocol)
        forked = clock.fork()
        options = RequestOptions(
            source.client, source.timeout, forked, source.model.name, endpoint.api_key
        )
        found = await download(event.url or "", headers, endpoint.base_url, options)
        clock.join(forked)
        kind = found.media_type_like(event.media_type)
        return replace(event, media_type=kind, data=found.data, url=None)
