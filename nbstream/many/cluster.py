"""Sends the requests of a map from the workers of a Dask cluster; the client is of ``distributed``.

A worker reports the events of an answer while they come, and returns all of them at its end. If it
is killed, Dask runs the task again on another one, and the answer begins anew.
"""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from nbstream.core.codec import event_from_dict, event_to_dict, message_from_dict, message_to_dict
from nbstream.core.events import Retry
from nbstream.core.shown import shown
from nbstream.errors import ProtocolError, StreamError, UsageError
from nbstream.errors.saved import error_from_dict, error_to_dict
from nbstream.request.stream import stream

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Sequence

    from nbstream.core.events import Event
    from nbstream.core.message import Message

_INTERVAL = 0.25  # seconds between two reports of one answer

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as it goes to a worker. The repr has no key: Dask writes it into its logs."""

    model: Any = field(repr=False)
    messages: Rows = field(repr=False)
    output_type: Any = field(repr=False)
    keywords: dict[str, Any] = field(repr=False)


def answer(request: Request, topic: str, name: str) -> dict[str, Any]:
    """Run on a worker: ask, report the events under ``topic``, and return all of them."""
    from distributed import get_worker

    worker, attempt = get_worker(), uuid.uuid4().hex
    messages = [message_from_dict(one) for one in request.messages]
    rows: Rows = []
    told, due = 0, time.monotonic() + _INTERVAL
    error: dict[str, Any] | None = None
    try:
        for event in stream(
            request.model, messages, output_type=request.output_type, **request.keywords
        ):
            rows.append(event_to_dict(event))
            if time.monotonic() >= due:
                report = {"name": name, "attempt": attempt, "at": told, "rows": rows[told:]}
                worker.log_event(topic, report)
                told, due = len(rows), time.monotonic() + _INTERVAL
    except StreamError as failure:
        error = error_to_dict(failure)
        error |= {"wait": failure.wait, "retryable": failure.retryable}
    return {"attempt": attempt, "rows": rows, "error": error}


class Cluster:
    """The answers that the workers of one client report.

    It does not hold the client: it lives as long as that, and must not keep it from ending.
    """

    def __init__(self) -> None:
        self.topic = f"nbstream-{uuid.uuid4().hex}"
        self.reports: dict[str, asyncio.Queue[dict[str, Any] | None]] = {}
        """Where the reports of each answer go, by its name. Used on the private loop."""
        self._subscribing = threading.Lock()
        self._subscribed = False

    def subscribe(self, client: Any, loop: asyncio.AbstractEventLoop) -> None:
        """Receive what the workers report. The first call blocks for a moment, and all until then.

        What is reported before would be lost.
        """

        def receive(event: tuple[float, dict[str, Any]]) -> None:
            report = event[1]
            loop.call_soon_threadsafe(self._put, str(report["name"]), report)

        with self._subscribing:
            if not self._subscribed:
                client.subscribe_topic(self.topic, receive)
                self._subscribed = True

    def _put(self, name: str, report: dict[str, Any] | None) -> None:
        if (queue := self.reports.get(name)) is not None:
            queue.put_nowait(report)


_clusters: WeakKeyDictionary[Any, Cluster] = WeakKeyDictionary()


def cluster_of(executor: Any, keywords: dict[str, Any]) -> Cluster:
    """The cluster of a client.

    Raises:
        UsageError: ``executor`` is no client that can be used here, or ``client=`` is given.
    """
    if not (hasattr(executor, "submit") and hasattr(executor, "subscribe_topic")):
        raise UsageError(
            f"executor= takes a client of Dask's distributed, not {shown(executor)}.",
            remedy="Write executor=distributed.Client(). Get it by: pip install 'nbstream[dask]'",
        )
    if getattr(executor, "asynchronous", False):
        raise UsageError(
            "executor= takes a client that is not asynchronous.",
            remedy="Make it without asynchronous=True; `await job` works all the same.",
        )
    if keywords.get("client") is not None:
        raise UsageError(
            "client= is an HTTP client of this process, and the workers send the requests.",
            remedy="Leave out client= or executor=.",
        )
    return _clusters.setdefault(executor, Cluster())


def check_sendable(model: Any) -> None:
    """Check that a model, if it is not named, can be sent to the workers.

    Raises:
        UsageError: it cannot.
    """
    if isinstance(model, str):
        return
    from distributed.protocol.pickle import dumps

    try:
        model.__reduce_ex__(4)  # one that refuses says why; Dask would log it at length
        dumps(model)
    except UsageError:
        raise
    except Exception as error:  # noqa: BLE001 - what cannot be pickled raises anything
        raise UsageError(
            f"The workers of executor= cannot have the model {model}: {error}",
            remedy="Name a model, such as anthropic/claude-sonnet-4-5, or leave out executor=.",
        ) from None


@dataclass(slots=True)
class ClusterSource:
    """One request that a worker sends. Calling it gives the events, as they are reported."""

    client: Any
    cluster: Cluster
    request: Request
    _attempt: str = ""
    _given: int = 0
    _attempts: int = 1

    async def __call__(self) -> AsyncGenerator[Iterable[Event], None]:
        loop, cluster, name = asyncio.get_running_loop(), self.cluster, uuid.uuid4().hex
        reports: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        cluster.reports[name] = reports
        future: Any = None
        try:
            # In threads: the client talks to its own loop, and this one must not block.
            await asyncio.to_thread(cluster.subscribe, self.client, loop)
            future = await asyncio.to_thread(
                self.client.submit, answer, self.request, cluster.topic, name, pure=False
            )
            future.add_done_callback(lambda _: loop.call_soon_threadsafe(reports.put_nowait, None))
            while (report := await reports.get()) is not None:
                if events := self._new(report["attempt"], report["at"], report["rows"]):
                    yield events
            found = await asyncio.to_thread(future.result)
            if events := self._new(found["attempt"], 0, found["rows"]):
                yield events
            if found["error"] is not None:
                raise _error(found["error"])
        finally:
            del cluster.reports[name]
            if future is not None and not future.done():
                loop.run_in_executor(None, future.cancel)

    def _new(self, attempt: str, at: int, rows: Sequence[dict[str, Any]]) -> list[Event]:
        """The events of a report that were not given before."""
        events: list[Event] = []
        if attempt != self._attempt:
            if self._given:
                self._attempts += 1
                events.append(Retry(self._attempts, "A worker of the cluster was lost.", 0.0))
            self._attempt, self._given = attempt, 0
        if at <= self._given < at + len(rows):
            try:
                events += [event_from_dict(row) for row in rows[self._given - at :]]
            except ValueError as error:
                raise ProtocolError(
                    f"A worker of the cluster sent an event that is none: {error}",
                    remedy="Install the same version of nbstream on all workers.",
                ) from None
            self._given = at + len(rows)
        return events


def request_of(
    model: Any, conversation: Sequence[Message], output_type: Any, keywords: dict[str, Any]
) -> Request:
    """The request of one prompt, for a worker. The conversation has the instructions."""
    rest = {name: one for name, one in keywords.items() if name != "system" and one is not None}
    return Request(model, [message_to_dict(one) for one in conversation], output_type, rest)


def _error(row: dict[str, Any]) -> StreamError:
    error = error_from_dict(row)
    error.wait, error.retryable = row["wait"], bool(row["retryable"])
    return error
