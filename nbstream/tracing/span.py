"""``OperationSpan``: a span that is current while its operation works, and that tells how it ended.

A fault in here is logged and goes no further: tracing never breaks an answer.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from opentelemetry import context
from opentelemetry.trace import SpanKind, Status, StatusCode, set_span_in_context

from nbstream.streams.user_job import InterruptedCallError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opentelemetry.trace import Tracer

    from nbstream.core.events import Event
    from nbstream.streams.http_exchange import Exchange
    from nbstream.tracing.metrics import Metrics

_log = logging.getLogger("nbstream")

_STOPS = (asyncio.CancelledError, GeneratorExit, InterruptedCallError)
"""How an operation ends that was stopped."""

_LONGEST = 1000  # characters of an error's text


class OperationSpan:
    """The base class: one operation, begun now. Subclasses add what is special to theirs."""

    def __init__(
        self,
        subject: str,
        attributes: Mapping[str, Any],
        exchange: Exchange,
        tracer: Tracer,
        metrics: Metrics,
        *,
        content: bool,
        kind: SpanKind = SpanKind.INTERNAL,
    ) -> None:
        self.exchange = exchange
        self.metrics = metrics
        given = {**attributes, "gen_ai.conversation.id": exchange.conversation}
        self.attributes = {name: self._clean(one) for name, one in given.items() if one is not None}
        name = self._clean(f"{attributes['gen_ai.operation.name']} {subject}".rstrip())
        self.span = tracer.start_span(name, kind=kind, attributes=self.attributes)
        self.content = content and self.span.is_recording()
        """Whether the span gets what people, models and tools wrote."""
        self._began = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._began

    @contextmanager
    def active(self) -> Iterator[None]:
        """Makes it the current span, whose children are the spans that begin inside ``with``."""
        token = context.attach(set_span_in_context(self.span))
        try:
            yield
        finally:
            context.detach(token)

    def set(self, attributes: Mapping[str, Any]) -> None:
        """Set attributes, without those that are None, and without keys in their texts."""
        for name, value in attributes.items():
            if value is not None:
                self.attributes[name] = found = self._clean(value)
                self.span.set_attribute(name, found)

    def _clean(self, value: Any) -> Any:
        """A value without the keys of the request."""
        return self.exchange.redact(value) if isinstance(value, str) else value

    def saw(self, event: Event) -> None:
        """An event of the operation came."""
        try:
            self.note(event)
        except Exception:  # noqa: BLE001 - see the top
            _log.exception("an event could not be traced")

    def returned(self, value: Any) -> None:
        """A tool returned a value."""

    def end(self, error: BaseException | None) -> None:
        """End the span: well, with ``error``, or stopped."""
        stopped = isinstance(error, _STOPS)
        try:
            failure = None if stopped else self.failure(error)
            if failure is not None:
                self._fail(failure)
            elif stopped:
                self.set({"nbstream.cancelled": True})
            self.finish(stopped=stopped)
        except Exception:  # noqa: BLE001 - see the top
            _log.exception("the end of an operation could not be traced")
        finally:
            self.span.end()

    def _fail(self, failure: BaseException) -> None:
        self.set({"error.type": type(failure).__qualname__})
        text = self.exchange.redact(str(failure))[:_LONGEST] if self.content else None
        self.span.set_status(Status(StatusCode.ERROR, text))

    # What the subclasses add.

    def note(self, event: Event) -> None:
        """Take from an event what the span tells."""

    def failure(self, error: BaseException | None) -> BaseException | None:
        """What the operation failed with."""
        return error

    def finish(self, *, stopped: bool) -> None:
        """Set the attributes of the end, and record the metrics."""
