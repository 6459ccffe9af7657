"""``NodeStream``: the events of one node of a run, read while it is carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from nbstream.core.events import TextDelta
from nbstream.streams.async_wait import wait_until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from nbstream.agent.nodes import Node
    from nbstream.core.events import Event


class NodeStream:
    """The events of ``node``, with ``for`` or ``async for``, in ``with`` or ``async with``."""

    def __init__(self, ctx: Any, node: Node) -> None:
        self._agent_run = ctx.run
        self._run = ctx.run._run
        self._node = node

    def __enter__(self) -> Self:
        self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()

    async def __aenter__(self) -> Self:
        self._begin()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reader.close()

    def _begin(self) -> None:
        self._reader = self._run.log.reader()
        self._reader.take()  # those of earlier nodes
        self._agent_run.release(self._node)

    def __iter__(self) -> Iterator[Event]:
        with self._run.attached():
            while True:
                self._run.block_until(self._is_ready)
                past = self._agent_run.is_past(self._node)
                yield from self._reader.take()
                if past:
                    break
        self._run.raise_failure()

    async def __aiter__(self) -> AsyncIterator[Event]:
        while True:
            await wait_until(self._run.log, self._is_ready)
            past = self._agent_run.is_past(self._node)
            for event in self._reader.take():
                yield event
            if past:
                break
        self._run.raise_failure()

    def _is_ready(self) -> bool:
        return bool(self._reader.is_ready or self._agent_run.is_past(self._node))

    async def stream_text(self, *, delta: bool = False) -> AsyncIterator[str]:
        """The text of the node's reply: all of it so far, or what is new."""
        text = ""
        async for event in self:
            if isinstance(event, TextDelta):
                text += event.chunk
                yield event.chunk if delta else text
