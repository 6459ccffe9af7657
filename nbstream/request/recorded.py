"""Puts a cassette between a run and the source of its events: replays the answer, or records it."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any

from nbstream.cassette.entry import COMPLETE, FAILED, INTERRUPTED, events_line, last_line
from nbstream.core.codec import event_to_dict
from nbstream.core.redact import redact
from nbstream.errors import AuthenticationError, NotRecordedError, StreamError, TransportError
from nbstream.providers.key_sources import known_keys, secret_variables

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    from nbstream.cassette import Cassette
    from nbstream.cassette.entry import Entry
    from nbstream.core.events import Event
    from nbstream.streams.http_exchange import Exchange

    Rows = list[tuple[float, list[dict[str, Any]]]]

_NOT_ANSWERS = (TransportError, AuthenticationError)
"""Failures that say nothing of the request; they are not replayed."""


def without_keys(request: dict[str, Any], exchange: Exchange) -> dict[str, Any]:
    """The request with ``[key]`` in place of API keys.

    An answer that repeats a key is replayed without it, and has to be the same in the next request.
    """
    text = json.dumps(request)
    found: dict[str, Any] = request
    if (hidden := redact(text, _secrets(exchange))) != text:
        found = json.loads(hidden)
    return found


def _secrets(exchange: Exchange) -> list[str]:
    """All keys: a prompt, or what a tool returns, may have that of another provider."""
    return [*exchange.secrets, *known_keys(), *secret_variables()]


class Recorded:
    """A source whose answer comes from a cassette, or goes into it while it arrives.

    ``is_new``: the answer is the source's also if the cassette has one to the same request.
    """

    def __init__(
        self,
        source: Any,
        cassette: Cassette,
        request: dict[str, Any],
        exchange: Exchange,
        *,
        is_new: bool = False,
    ) -> None:
        self._source, self._cassette = source, cassette
        self._request, self._exchange = without_keys(request, exchange), exchange
        self._is_new = is_new

    async def __call__(self) -> AsyncGenerator[Iterable[Event], None]:
        # In a thread: the file may be large, and the event loop of all streams must not block.
        find = self._cassette.find
        entry = None if self._is_new else await asyncio.to_thread(find, self._request)
        batches = self._record() if entry is None else self._replay(entry)
        async with aclosing(batches):
            async for batch in batches:
                yield batch

    async def _replay(self, entry: Entry) -> AsyncGenerator[Iterable[Event], None]:
        """Give the recorded events, at the cassette's pace."""
        try:
            batches = await asyncio.to_thread(entry.events)
        except (ValueError, KeyError, TypeError):
            raise NotRecordedError(
                f"The answer from line {entry.line} of {self._cassette.name} on is damaged.",
                remedy="Record it again: mode='all'.",
            ) from None
        self._exchange.answers_replayed += 1
        begun, pace = time.monotonic(), self._cassette.pace
        for at, events in batches:
            # By a schedule, because each sleep takes somewhat longer than asked for.
            wait = 0.0 if pace is None else begun + at / pace - time.monotonic()
            await asyncio.sleep(max(0.0, wait))
            yield events
        if (error := entry.failure()) is not None:
            raise error

    async def _record(self) -> AsyncGenerator[Iterable[Event], None]:
        """Give the source's events, and append them to the cassette once they have ended."""
        self._exchange.answers_sent += 1
        begun = time.monotonic()
        rows: Rows = []
        try:
            async with aclosing(self._source()) as batches:
                async for batch in batches:
                    events, failure = _collected(batch)
                    if events:
                        kept = [event_to_dict(event) for event in events]
                        rows.append((time.monotonic() - begun, kept))
                        yield events
                    if failure is not None:
                        raise failure  # noqa: TRY301 - handled as what the source raises
        except _NOT_ANSWERS:
            self._save_rest(rows, begun)
            raise
        except StreamError as error:
            self._exchange.describe(error)
            self._save(rows, begun, FAILED, error)
            raise
        except BaseException:
            self._save_rest(rows, begun)
            raise
        await asyncio.to_thread(self._save, rows, begun, COMPLETE, None)

    def _save_rest(self, rows: Rows, begun: float) -> None:
        """Keep what had come of an answer that broke off, marked as such."""
        if rows:
            with suppress(StreamError):  # what broke it off is what the user must see
                self._save(rows, begun, INTERRUPTED, None)

    def _save(self, rows: Rows, begun: float, end: str, error: StreamError | None) -> None:
        secrets = _secrets(self._exchange)

        def hide(text: str) -> str:
            return redact(text, secrets)

        _hide_keys_in_pieces(rows, hide)
        took, count = time.monotonic() - begun, sum(len(events) for _, events in rows)

        def lines(entry_id: str) -> list[str]:
            middle = [events_line(entry_id, at, events) for at, events in rows]
            return [*middle, last_line(entry_id, took, end, count, error)]

        request = without_keys(self._request, self._exchange)
        self._cassette.add(request, lines, hide, whole=end == COMPLETE)


def _hide_keys_in_pieces(rows: Rows, redact: Callable[[str], str]) -> None:
    """Remove keys that an answer repeats over several deltas; the cassette does it within a line.

    The first delta of such a part becomes the whole.
    """
    parts: list[list[dict[str, Any]]] = []
    open_parts: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for event in (event for _, events in rows for event in events):
        place = event.get("message_index", 0), event.get("index", -1)
        if "chunk" not in event:
            open_parts.pop(place, None)
            continue
        if place not in open_parts:
            parts.append(open_parts.setdefault(place, []))
        open_parts[place].append(event)
    for deltas in parts:
        text = "".join(delta["chunk"] for delta in deltas)
        if (hidden := redact(text)) != text:
            for delta in deltas:
                delta["chunk"] = ""
            deltas[0]["chunk"] = hidden


def _collected(batch: Iterable[Event]) -> tuple[list[Event], Exception | None]:
    """All events of a batch, and the error that it raised after them."""
    events: list[Event] = []
    try:
        for event in batch:
            events.append(event)  # noqa: PERF402 - the batch may fail after some events
    except Exception as error:  # noqa: BLE001 - raised again by the caller
        return events, error
    return events, None
