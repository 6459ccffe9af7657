"""Tells one observer, such as a tracer, of requests, agents' runs and tool calls as they happen.

``set_observer`` sets it. Without one nothing is wrapped, so nothing costs anything. The runtime
calls the functions below; it does not know what the observer does.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from nbstream.core.events import Event
    from nbstream.core.message import Message
    from nbstream.core.parts import ToolCallPart
    from nbstream.core.tool_spec import Tool
    from nbstream.streams.http_exchange import Exchange
    from nbstream.streams.source import Source


@dataclass(frozen=True, slots=True)
class Request:
    """One request to a model, with its retries.

    ``output`` is what was asked for: ``json``, ``image``, ``video``; None is a text.
    ``is_streamed``: the answer comes in pieces.
    """

    provider: str
    model: str
    protocol: str
    messages: Sequence[Message] = field(repr=False)
    exchange: Exchange
    params: Mapping[str, Any] = field(default_factory=dict)
    tools: Sequence[Tool] = ()
    output: str | None = None
    is_streamed: bool = True


@dataclass(frozen=True, slots=True)
class AgentRun:
    """One run of an agent: its requests and its tool calls."""

    agent: str
    provider: str
    model: str
    messages: Sequence[Message] = field(repr=False)
    exchange: Exchange
    output: str | None = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a user's function, once its arguments are valid and it is approved."""

    call: ToolCallPart
    arguments: str
    """As JSON; they are not the model's if a person has changed them."""
    description: str
    exchange: Exchange


Operation = Request | AgentRun | ToolCall


class Observation(Protocol):
    """What an observer makes of one operation. Used on one task. It raises nothing."""

    def active(self) -> AbstractContextManager[None]:
        """Makes it the current one for the code inside ``with``, and for what that starts."""
        ...

    def saw(self, event: Event) -> None:
        """An event of the operation came."""
        ...

    def returned(self, value: Any) -> None:
        """A tool returned a value."""
        ...

    def end(self, error: BaseException | None) -> None:
        """It is over: well, or because of an error, a cancellation among them."""
        ...


Observer = Callable[[Operation], Observation]
"""Called when an operation begins."""

_observer: Observer | None = None


def set_observer(observer: Observer | None) -> None:
    """Set what is told of the operations that begin from now on; None for nothing."""
    global _observer  # noqa: PLW0603 - one a process, as tracing itself
    _observer = observer


def get_observer() -> Observer | None:
    """What ``set_observer`` set."""
    return _observer


def observed(source: Source, operation: Callable[[], Operation]) -> Source:
    """``source``, whose events the observer sees; ``source`` itself if there is no observer."""
    observer = _observer
    if observer is None:
        return source
    return lambda: _observed(source, observer(operation()))


async def _observed(source: Source, seen: Observation) -> AsyncGenerator[Iterable[Event], None]:
    failed: list[BaseException] = []
    error: BaseException | None = None
    try:
        async with aclosing(source()) as batches:
            while True:
                with seen.active():  # not around `yield`: the consumer's code is not part of it
                    batch = await anext(batches, None)
                if batch is None:
                    return
                yield _events(batch, seen, failed)
    except BaseException as raised:
        error = raised
        raise
    finally:
        seen.end(failed[0] if failed else error)


def _events(
    batch: Iterable[Event], seen: Observation, failed: list[BaseException]
) -> Iterator[Event]:
    """The events of a batch, which may fail after some of them."""
    try:
        for event in batch:
            seen.saw(event)
            yield event
    except GeneratorExit:
        raise
    except BaseException as error:
        failed.append(error)
        raise


@contextmanager
def observed_call(operation: Callable[[], ToolCall]) -> Iterator[Callable[[Any], None]]:
    """The call of a tool, around which ``with`` stands; gives what takes the value it returned."""
    observer = _observer
    if observer is None:
        yield _ignore
        return
    seen = observer(operation())
    error: BaseException | None = None
    try:
        with seen.active():
            yield seen.returned
    except BaseException as raised:
        error = raised
        raise
    finally:
        seen.end(error)


def _ignore(_: Any) -> None:
    """Stands for an observer that does not exist."""
