"""The state of a stream, readable at any time from any thread. Nothing here waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from nbstream.core.events import Event
from nbstream.errors import NBStreamError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import TypeVar as TypeVarWithDefault

    from nbstream.core.http_response import Response
    from nbstream.core.log import Reader
    from nbstream.core.message import (
        Citation,
        FilePart,
        FinishReason,
        Message,
        ToolCallPart,
        Usage,
    )
    from nbstream.streams.run import Run

    OutputT = TypeVarWithDefault("OutputT", default=Any)
else:
    OutputT = TypeVar("OutputT")  # before Python 3.13 only type checkers know of defaults

E = TypeVar("E", bound=Event)

_SUMMARY_LENGTH = 100  # characters of an error in a stream's repr


class StreamState(Generic[OutputT]):
    """The state so far: growing while the model answers, final afterwards."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @property
    def message(self) -> Message:
        """The message so far, as a value that later events do not change."""
        return self._run.log.message()

    @property
    def current_message_snapshot(self) -> Message:
        """The message so far; another name for ``message``."""
        return self.message

    @property
    def text(self) -> str:
        """The answer's text so far.

        Of what a provider sends, half a surrogate pair is U+FFFD here already. What
        a source of one's own says, such as a ``ScriptedModel``, is kept as it is;
        what is shown, printed or saved of it has U+FFFD.
        """
        return self._run.log.transcript.text

    @property
    def thinking(self) -> str:
        """The model's thinking so far."""
        return self._run.log.transcript.thinking

    @property
    def output(self) -> OutputT:
        """What was asked for, so far: the text, or a value of the ``output_type``.

        Such a value grows: what has not arrived is unset; None before anything
        has. Of more than 4,096 characters it may lag behind by a 4,096th. Once the
        answer has ended it is the whole value, validated. Of an answer that was
        cancelled or broke off it stays what had come.

        Raises:
            OutputError: the answer has ended and is none of the type; the text is in
                its ``raw``, the best value in its ``partial``.
        """
        typed = self._run.output
        return cast("OutputT", self.text if typed is None else typed.value())

    @property
    def repairs(self) -> tuple[str, ...]:
        """What was done to find the value in the model's text, such as removing a code fence."""
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
    def usage(self) -> Usage | None:
        """The provider's token count; None until it has sent one."""
        return self._run.log.transcript.usage

    @property
    def finish_reason(self) -> FinishReason | None:
        """Why the answer ended; None while it has not."""
        return self._run.log.transcript.finish_reason

    @property
    def response(self) -> Response | None:
        """The HTTP response's status and headers; None until there is one."""
        return self._run.exchange.response

    @property
    def request_id(self) -> str | None:
        """The provider's own name for the request, which its support asks for."""
        return self.response.request_id if self.response else None

    @property
    def provider_metadata(self) -> dict[str, Any]:
        """What the provider said that has no name here; complete at the end."""
        return self.message.provider_metadata

    @property
    def error(self) -> BaseException | None:
        """What ended the stream early, if anything did."""
        return self._run.log.error

    @property
    def model(self) -> str:
        """The model's name, as ``provider/model``."""
        return self._run.model

    @property
    def elapsed(self) -> float:
        """Seconds since the request was made, until the end if there was one."""
        return self._run.elapsed

    @property
    def is_started(self) -> bool:
        """Whether the request was made."""
        return self._run.started

    @property
    def is_complete(self) -> bool:
        """Whether nothing more will come, for whatever reason."""
        return self._run.log.finished

    @property
    def has_begun(self) -> bool:
        """Whether anything of the answer has come."""
        return self._run.log.transcript.has_parts

    @property
    def is_interrupted(self) -> bool:
        """Whether it was the kernel's interrupt that ended it."""
        return self._run.interrupted

    def start(self) -> None:
        """Make the request, if it was not made. Returns at once; ``close()`` ends it."""
        self._run.retain()
        self._run.start()

    def on(self, kind: type[E], callback: Callable[[E], object]) -> Callable[[], None]:
        """Call ``callback`` with each event of a class or family of ``nbstream.events``.

        Quick functions only: they run on nbstream's own thread, and all streams
        wait for them. All were called when the stream is finished. Returns the
        function that ends it.

        Raises:
            UsageError: ``kind`` is no class of events, or ``callback`` no function.
        """
        given: Any = kind
        if not (isinstance(given, type) and issubclass(given, Event)):
            raise UsageError(
                f"on() takes a class of nbstream.events, not {kind!r}.",
                remedy="For example: stream.on(nbstream.events.TextDelta, print).",
            )
        if not callable(callback):
            raise UsageError(f"on() calls a function with each event, not a {callback!r}.")
        return self._run.handlers.add(kind, callback)

    def reader(self) -> Reader:
        """A reader of one's own, for those who forward a stream elsewhere."""
        return self._run.log.reader()

    def listen(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback`` (quick, from any thread) after each change; see ``Log.listen``."""
        return self._run.log.listen(callback)

    def __repr__(self) -> str:
        if not self.is_complete:
            state = "streaming" if self.is_started else "not started"
        elif self.error is not None:
            state = f"failed with {_summary(self.error)}"
        else:
            state = self.finish_reason or "error"
        return f"<{type(self).__name__} {self.model}: {state}, {len(self.text)} characters>"


def _summary(error: BaseException) -> str:
    """The error's class and the beginning of its text, in one line."""
    text = " ".join((error.text if isinstance(error, NBStreamError) else str(error)).split())
    if len(text) > _SUMMARY_LENGTH:
        text = f"{text[:_SUMMARY_LENGTH]}…"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
