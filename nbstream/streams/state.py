"""``StreamState``: a stream's text, usage, error and other state so far. Nothing here waits."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from nbstream.core.message import Usage
from nbstream.errors import NBStreamError, UsageError
from nbstream.streams.stream_changes import StreamChanges

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import TypeVar as TypeVarWithDefault

    from nbstream.core.call_record import CallRecord
    from nbstream.core.events import Retry
    from nbstream.core.http_response import Response
    from nbstream.core.message import (
        Citation,
        FilePart,
        FinishReason,
        ToolCallPart,
    )
    from nbstream.streams.output import Output
    from nbstream.typed import OutputState

    OutputT = TypeVarWithDefault("OutputT", default=Any)
else:
    OutputT = TypeVar("OutputT")  # before Python 3.13 only type checkers know of defaults

_SUMMARY_LENGTH = 100  # characters of an error in a stream's repr


class StreamState(StreamChanges, Generic[OutputT]):
    """The state so far: growing while the model answers, final afterwards."""

    @property
    def text(self) -> str:
        """The answer's text so far. Readable after a failure or a cancellation, too.

        An unpaired surrogate from a provider is U+FFFD here. One from a source of your
        own, such as a ``ScriptedModel``, is kept, and is U+FFFD where it is shown or saved.
        """
        return self._run.log.transcript.text

    @property
    def thinking(self) -> str:
        """The model's thinking so far."""
        return self._run.log.transcript.thinking

    @property
    def output(self) -> OutputT:
        """The output so far: a value of the ``output_type``, or the text if there is none.

        A value grows: fields that have not arrived are unset, and it is None before
        anything has. In a long answer it may lack the last characters of the text so far
        (at most one in 4,096). When the answer is whole, it is the whole value, validated.
        After a failure or a cancellation, it stays partial.

        Raises:
            OutputError: the answer is whole and not of the type. The text is in the
                error's ``raw``, the best value in its ``partial``.

        >>> stream = nbstream.stream(ScriptedModel("[1, 2]"), "Count.", output_type=list[int])
        >>> stream.until_done()
        >>> stream.output
        [1, 2]
        """
        if self._run.result is not None:
            return cast("OutputT", self._run.result.output)
        typed = self._run.output
        return cast("OutputT", self.text if typed is None else typed.value())

    @property
    def output_state(self) -> OutputState[OutputT]:
        """The output so far, and which values in it are pending, growing or whole.

        Raises nothing if the answer is not of the type: ``problems`` has what is wrong.

        Raises:
            UsageError: there is no ``output_type``.

        >>> stream = nbstream.stream(ScriptedModel("[1, 2"), "Count.", output_type=list[int])
        >>> stream.wait()
        True
        >>> stream.output_state.of(0), stream.output_state.of(1)
        ('whole', 'growing')
        """
        return self._typed_output("output_state").state()

    @property
    def is_text(self) -> bool:
        """Whether the output is the text, because there is no ``output_type``."""
        return self._run.output is None and self._run.result is None

    @property
    def _output_kind(self) -> Any:
        """The output type; None without one."""
        return None if self._run.output is None else self._run.output.of

    def _typed_output(self, name: str) -> Output[OutputT]:
        """The parser of the output; ``name`` needs it."""
        if self._run.output is None:
            raise UsageError(
                f"{name} is for a stream with an output type, and this one has a text.",
                remedy="Pass output_type= to the call that made the stream, or use `.text`.",
            )
        return self._run.output

    @property
    def repairs(self) -> tuple[str, ...]:
        """What was corrected to read the model's text as a value, such as a code fence."""
        return self._run.output.repairs if self._run.output else ()

    @property
    def tool_calls(self) -> list[ToolCallPart]:
        """The tool calls so far, in order."""
        return self.message.tool_calls

    @property
    def files(self) -> list[FilePart]:
        """The files so far, in order."""
        return self.message.files

    @property
    def citations(self) -> list[Citation]:
        """The citations so far, in order."""
        return self.message.citations

    @property
    def usage(self) -> Usage:
        """The provider's token count, summed over the messages; zero until one has come.

        ``bool(usage)`` is False while nothing has been counted.

        It may also be called, as PydanticAI writes it: ``stream.usage()``.
        """
        return self._run.log.transcript.usage or Usage()

    @property
    def cost(self) -> Decimal | None:
        """The price of the counted tokens of all messages in US dollars; None if not known.

        See ``Message.cost``.
        """
        costs = [one.cost for one in self.messages if one.usage is not None]
        known = [cost for cost in costs if cost is not None]
        return sum(known, start=Decimal()) if known and len(known) == len(costs) else None

    @property
    def time_to_first_token(self) -> float | None:
        """Seconds from the start until the first part of the answer began; None before that."""
        return self._run.time_to_first_token

    def thinking_time(self, message_index: int, index: int) -> float | None:
        """Seconds that a thinking part of a message took, with those directly before it.

        Up to now if it has not ended; None if there is no such part, or its message came whole.

        >>> part = nbstream.messages.ThinkingPart("Hm.")
        >>> stream = nbstream.Stream.replay_message(nbstream.assistant_message(part, "Blue."))
        >>> stream.until_done()
        >>> round(stream.thinking_time(0, 0)), stream.thinking_time(0, 1)
        (0, None)
        """
        now = self._run.ended_at or time.monotonic()
        return self._run.log.transcript.thinking_time(message_index, index, now)

    @property
    def retries(self) -> Mapping[int, Retry]:
        """Why each message was asked for again, the last time, by its index in ``messages``.

        Empty if no request was repeated.

        >>> nbstream.replay_message("Blue.").retries
        {}
        """
        return dict(self._run.log.transcript.retries)

    @property
    def call_records(self) -> dict[tuple[int, str], CallRecord]:
        """What has happened to the calls of an agent's tools, by message and id.

        It is what the views show besides the messages; ``tool_calls`` of an agent's run is for
        users.

        >>> nbstream.stream(ScriptedModel("Hello."), "hi").call_records
        {}
        """
        with self._run.log.locked() as transcript:
            return transcript.call_records()

    @property
    def finish_reason(self) -> FinishReason | None:
        """Why the answer ended; None while it has not."""
        return self._run.log.transcript.finish_reason

    @property
    def response(self) -> Response | None:
        """The HTTP response's status and headers. None until it has come, or without HTTP.

        In ``with`` and ``async with`` it is there from the beginning.
        """
        return self._run.exchange.response

    @property
    def raw(self) -> Any:
        """What the library of a ``from_stream()`` made of the whole answer, once it has ended.

        For a stream of ``anthropic`` it is that library's ``Message``. None before, of a library
        that makes nothing, and of nbstream's own streams.
        """
        return self._run.raw

    @property
    def is_replayed(self) -> bool:
        """Whether the answer came from a cassette and nothing was sent; see ``recording()``."""
        return self._run.exchange.is_replayed

    @property
    def request_id(self) -> str | None:
        """The provider's id of the request, which its support asks for. None if it sent none."""
        return self.response.request_id if self.response else None

    @property
    def provider_metadata(self) -> dict[str, Any]:
        """Other data from the provider; complete at the end."""
        return self.message.provider_metadata

    @property
    def error(self) -> BaseException | None:
        """The error that ended the stream. None if it goes on, is whole or was cancelled."""
        return self._run.log.error

    @property
    def model(self) -> str:
        """The model, as ``provider/model``."""
        return self._run.model

    @property
    def elapsed(self) -> float:
        """Seconds since the start, up to the end if it has ended. 0.0 before the start."""
        return self._run.elapsed

    @property
    def is_started(self) -> bool:
        """Whether it was started."""
        return self._run.started

    @property
    def is_complete(self) -> bool:
        """Whether it has ended: whole, failed or cancelled."""
        return self._run.log.finished

    @property
    def has_parts(self) -> bool:
        """Whether any part of the answer has begun."""
        return self._run.log.transcript.has_parts

    @property
    def is_read(self) -> bool:
        """Whether code is reading it or waiting for it now. Handlers do not count."""
        return self._run.uses.any_that_wait

    @property
    def is_interrupted(self) -> bool:
        """Whether an interrupt (Ctrl-C, or the kernel's) cancelled it."""
        return self._run.interrupted

    def __str__(self) -> str:
        """The text so far, for ``print``; the repr while there is none."""
        return self.text or repr(self)

    def __repr__(self) -> str:
        if not self.is_complete:
            state = "streaming" if self.is_started else "not started"
        elif self.error is not None:
            state = f"failed with {_summary(self.error)}"
        else:
            state = self.finish_reason or "error"
        name = " ".join(filter(None, (type(self).__name__, self.model)))
        return f"<{name}: {state}, {len(self.text)} characters>"


def _summary(error: BaseException) -> str:
    """The error's class and the beginning of its text, in one line."""
    text = " ".join((error.text if isinstance(error, NBStreamError) else str(error)).split())
    if len(text) > _SUMMARY_LENGTH:
        text = f"{text[:_SUMMARY_LENGTH]}…"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
