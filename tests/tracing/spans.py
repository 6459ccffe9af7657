"""Collects the spans and metrics of a test in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import nbstream
from tests.harness.patience import until


class Collected:
    """What was traced."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self._reader = InMemoryMetricReader()
        self.spans_to = TracerProvider()
        self.spans_to.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.metrics_to = MeterProvider([self._reader])

    def spans(self, count: int) -> list[ReadableSpan]:
        """The spans in the order in which they began, once there are so many."""
        until(lambda: len(self._exporter.get_finished_spans()) >= count)
        found = self._exporter.get_finished_spans()
        assert len(found) == count, [one.name for one in found]
        return sorted(found, key=lambda one: one.start_time or 0)

    def span(self) -> ReadableSpan:
        """The only span."""
        return self.spans(1)[0]

    def metrics(self) -> dict[str, list[Any]]:
        """The data points by the names of their metrics."""
        data: Any = self._reader.get_metrics_data()
        if data is None:
            return {}
        rows = [one for row in data.resource_metrics for one in row.scope_metrics]
        return {one.name: [*one.data.data_points] for row in rows for one in row.metrics}


@contextmanager
def traced(*, content: bool | None = False) -> Iterator[Collected]:
    """Traces what begins inside ``with``."""
    found = Collected()
    tracing = nbstream.trace(
        content=content, tracer_provider=found.spans_to, meter_provider=found.metrics_to
    )
    try:
        yield found
    finally:
        tracing.stop()


def parent_of(span: ReadableSpan, spans: list[ReadableSpan]) -> str | None:
    """The name of a span's parent."""
    if span.parent is None:
        return None
    return next(one.name for one in spans if one.context.span_id == span.parent.span_id)
