"""Traces and metrics by OpenTelemetry's conventions for generative AI: ``nbstream.trace()``.

An observer of the runtime (``nbstream.streams.observer``); no other part of nbstream knows of it.
OpenTelemetry is imported when ``trace()`` is called, not before.
"""

from nbstream.tracing.switch import Tracing, trace

__all__ = ["Tracing", "trace"]
