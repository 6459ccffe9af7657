"""``trace()``: turns tracing on, for the whole process, until it is stopped."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Self

from nbstream.errors import UsageError
from nbstream.streams.observer import get_observer, set_observer

if TYPE_CHECKING:
    from nbstream.streams.observer import Observer

VARIABLE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
"""OpenTelemetry's own variable, which instrumentations of other libraries read too."""

_WITH_CONTENT = frozenset({"true", "1", "span_only", "span_and_event"})


class Tracing:
    """What ``trace()`` returns. ``stop()`` ends it, and so does the end of a ``with`` block."""

    def __init__(self, observer: Observer, *, content: bool) -> None:
        self._observer = observer
        self.content = content
        """Whether prompts, answers, arguments and results are in the spans."""

    @property
    def is_on(self) -> bool:
        """Whether it goes on: not stopped, and no later ``trace()`` has replaced it."""
        return get_observer() is self._observer

    def stop(self) -> None:
        """Make no spans for what begins from now on. Without effect if it is off."""
        if self.is_on:
            set_observer(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        content = "with" if self.content else "without"
        return f"<Tracing {'on' if self.is_on else 'off'}, {content} content>"


def trace(
    *, content: bool | None = None, tracer_provider: Any = None, meter_provider: Any = None
) -> Tracing:
    """Make a span of each request, each run of an agent and each tool call from now on.

    They follow OpenTelemetry's conventions for generative AI, and go where the process sends its
    spans: install and configure ``opentelemetry-sdk`` or a distribution of it for that. Until then
    they go nowhere. A second call replaces the first, so a cell with it can run again.

    Args:
        content: Whether spans have prompts, answers, and the arguments and results of tools. None
            (default): what the environment variable
            ``OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`` says, else no.
        tracer_provider: Where spans go. None (default): to the process's own.
        meter_provider: Where metrics go. None (default): to the process's own.

    Raises:
        UsageError: ``opentelemetry-api`` is not installed, or ``content`` is not true or false.

    >>> tracing = nbstream.trace()
    >>> nbstream.stream(ScriptedModel("Hello."), "hi").get_final_text()
    'Hello.'
    >>> tracing.stop()
    """
    if content is not None and not isinstance(content, bool):
        raise UsageError(f"content= takes True or False, not {type(content).__name__}.")
    try:
        from nbstream.tracing.tracer import Tracer
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "opentelemetry":
            raise
        raise UsageError(
            "Tracing needs the package opentelemetry-api, which is not installed.",
            remedy="pip install 'nbstream[otel]'",
        ) from None
    found = os.environ.get(VARIABLE, "").lower() in _WITH_CONTENT if content is None else content
    observer = Tracer(tracer_provider, meter_provider, content=found).begin
    set_observer(observer)
    return Tracing(observer, content=found)
