"""``RunState``: what is known of a run so far, and what its end raises. Nothing here waits."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from nbstream.core.log import Log
from nbstream.errors import CancelledStreamError, UsageError
from nbstream.errors.tracebacks import as_raised_first
from nbstream.streams.handlers import Handlers
from nbstream.streams.message_parser import MessageParser
from nbstream.streams.output import Output
from nbstream.streams.uses import Uses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.events import AgentRunResult
    from nbstream.core.message import Message
    from nbstream.streams.http_exchange import Exchange
    from nbstream.streams.served import Served
    from nbstream.streams.user_code import UserCode


class RunState:
    """The log of a run, what belongs to it, and its times."""

    def __init__(
        self,
        *,
        model: str,
        exchange: Exchange,
        output_type: Any,
        strict_output: bool,
        history: Sequence[Message],
        new_from: int | None,
    ) -> None:
        self.log = Log()
        self.history = tuple(history)
        """The conversation that the run continues."""
        self.new_from = len(self.history) if new_from is None else new_from
        """Where the messages begin in it that belong to the run, such as its prompt."""
        self.user_code: UserCode | None = None
        """Where the run calls the user's functions, if it does."""
        self.output: Output[Any] | None = None
        self.exchange = exchange
        if output_type is not None and output_type is not str:  # a text is there anyway
            describe = self.exchange.describe
            self.output = Output(self.log, output_type, describe, strict=strict_output)
            self.log.transcript.parse_output = MessageParser(output_type, strict=strict_output)
        self.result: AgentRunResult | None = None
        """The result of an agent's run, once it has one."""
        self.handlers = Handlers(self.log)
        self.uses = Uses(self.log, self.handlers)
        self.raw: Any = None
        """What another library made of the whole answer, if it gave the events."""
        self.served: Served | None = None
        """The events as they go out over HTTP, if they do."""
        self.model = model
        self.started_at: float | None = None
        self.first_part_at: float | None = None
        self.ended_at: float | None = None
        self.interrupted = False
        self.opened = False
        """Whether the HTTP headers have come or, of a source without HTTP, the first event."""

    @property
    def started(self) -> bool:
        """Whether the request was sent, or is about to be."""
        return self.started_at is not None

    @property
    def cancelled(self) -> bool:
        """Whether it ended because it was cancelled."""
        return self.log.transcript.finish_reason == "cancelled"

    @property
    def elapsed(self) -> float:
        """Seconds since the start, up to the end if that was reached."""
        if self.started_at is None:
            return 0.0
        return (self.ended_at or time.monotonic()) - self.started_at

    @property
    def time_to_first_token(self) -> float | None:
        """Seconds from the start to the first part; None if none has come."""
        if self.started_at is None or self.first_part_at is None:
            return None
        return self.first_part_at - self.started_at

    @property
    def opened_or_ended(self) -> bool:
        """Whether a ``with`` block may begin: an answer has begun, or the run has ended."""
        return self.opened or self.log.finished

    def raise_unless_opened(self) -> None:
        """Raise what ended the run, if it ended before its answer began."""
        if not self.opened:
            self.raise_failure()

    def final_message(self) -> Message:
        """The message, once the run has ended well.

        Raises:
            CancelledStreamError: it was cancelled.
        """
        message = self.log.message()
        if self.cancelled:
            error = CancelledStreamError("The stream was cancelled before its end.")
            self.exchange.describe(error)
            error.message = message
            raise error
        return message

    def __reduce__(self) -> tuple[Any, ...]:
        # Of all objects that hold a run: streams, their iterators and generations.
        raise UsageError(
            "A stream cannot be pickled or copied: it is bound to its connection.",
            remedy="Keep stream.message, or stream.all_messages() for the whole conversation.",
        )

    def raise_failure(self) -> None:
        """Raise what ended the stream early, if anything did."""
        error = self.log.error
        if error is None:
            return
        # All readers raise the same error object, each with its own traceback.
        raise as_raised_first(error)
