"""``RequestSpan``: the span of one request to a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from opentelemetry.trace import SpanKind

from nbstream.core.events import Retry, StreamEnd, StreamStart
from nbstream.core.events.lifecycle import counter_of
from nbstream.core.transcript import Transcript
from nbstream.errors import IncompleteResponseError
from nbstream.tracing import content as as_content
from nbstream.tracing.names import provider_name, request_attributes, usage_attributes
from nbstream.tracing.span import OperationSpan

if TYPE_CHECKING:
    from nbstream.core.events import Event
    from nbstream.core.message import Usage
    from nbstream.streams.observer import Request
    from nbstream.tracing.metrics import Metrics


class RequestSpan(OperationSpan):
    """A request, from its first attempt to the end of its answer."""

    def __init__(self, request: Request, tracer: Any, metrics: Metrics, *, content: bool) -> None:
        attributes = {
            # Google's and media's, which answer in files too, have another word than chats.
            "gen_ai.operation.name": "generate_content"
            if request.protocol == "gemini" or request.output in ("image", "video")
            else "chat",
            "gen_ai.provider.name": provider_name(request.provider),
            "gen_ai.request.model": request.model,
            "gen_ai.request.stream": True if request.is_streamed else None,
            "gen_ai.output.type": request.output,
            **request_attributes(request.params),
        }
        super().__init__(
            request.model,
            attributes,
            request.exchange,
            tracer,
            metrics,
            content=content,
            kind=SpanKind.CLIENT,
        )
        self._request = request
        self._replayed_before = request.exchange.answers_replayed
        self._first: float | None = None
        self._start: StreamStart | None = None
        self._ends: dict[int, StreamEnd] = {}
        self._transcript = Transcript() if self.content else None

    def note(self, event: Event) -> None:
        if isinstance(event, Retry):
            self._retry(event)
        elif self._first is None:
            self._first = self.elapsed
        if isinstance(event, StreamStart):
            self._start = event
            self.set({"gen_ai.response.id": event.id, "gen_ai.response.model": event.model})
        elif isinstance(event, StreamEnd):
            self._ends[event.message_index] = event
        if self._transcript is not None:
            self._transcript.apply(event)

    def _retry(self, event: Retry) -> None:
        """The answer so far is void."""
        self._ends.pop(event.message_index, None)
        attributes: dict[str, Any] = {"nbstream.retry.attempt": event.attempt}
        if self.content:
            attributes["nbstream.retry.reason"] = self.exchange.redact(event.reason)
        self.span.add_event("nbstream.retry", attributes)

    def failure(self, error: BaseException | None) -> BaseException | None:
        if error is None and not self._ends:
            return IncompleteResponseError("The stream ended without its final event.")
        return error

    def finish(self, *, stopped: bool) -> None:
        response = self.exchange.response
        address = urlsplit(response.url) if response is not None else None
        if address is not None and address.hostname:
            port = address.port or (443 if address.scheme == "https" else 80)
            self.set({"server.address": address.hostname, "server.port": port})
        reasons = [end.finish_reason for end in self._ends.values()]
        if stopped and not reasons:
            reasons = ["cancelled"]
        self.set({"gen_ai.response.finish_reasons": reasons or None})
        if self.content:
            self._set_content()
        if self.exchange.answers_replayed > self._replayed_before:
            # Nothing was sent, so it must not count in sums of tokens, costs and times.
            self.set({"nbstream.replayed": True})
            return
        if self._request.is_streamed and self._first is not None:
            self.set({"gen_ai.response.time_to_first_chunk": self._first})
        first = self._first if self._request.is_streamed else None
        self.metrics.request(self.elapsed, first, self.attributes)
        if usage := self._usage():
            self.set(usage_attributes(usage))
            self.metrics.tokens(usage.input_tokens, usage.output_tokens, self.attributes)

    def _usage(self) -> Usage | None:
        """The tokens of all replies; of one that broke off, what was counted by then."""
        counts = [end.usage for end in self._ends.values() if end.usage]
        if not counts and self._start is not None:
            counter = counter_of(self._start)
            latest = counter() if counter is not None else self._start.usage
            counts = [latest] if latest else []
        return sum(counts[1:], counts[0]) if counts else None

    def _set_content(self) -> None:
        assert self._transcript is not None
        self.set(as_content.of_input(self._request.messages))
        replies = [one for one in self._transcript.messages() if one.role == "assistant"]
        self.set(
            {
                "gen_ai.tool.definitions": as_content.of_tools(self._request.tools),
                "gen_ai.output.messages": as_content.of_messages(replies),
            }
        )
