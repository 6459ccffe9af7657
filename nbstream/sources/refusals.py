"""Says why an object cannot be read as a stream, and what to pass in its place."""

from __future__ import annotations

import errno
import functools
import inspect
from typing import TYPE_CHECKING, Any

from nbstream.errors import UsageError
from nbstream.sources.readers import KNOWN, class_names, library_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_STREAMING = (
    "Ask for a stream: stream=True with OpenAI's and Anthropic's SDK and LiteLLM, .stream() of "
    "LangChain, .run_stream() of PydanticAI, .generate_content_stream() of google-genai."
)
_ASK = (
    "Pass the stream of an answer, such as client.messages.stream(...), "
    "client.responses.create(..., stream=True) or model.stream(prompt)."
)
_CLIENTS = {"BaseClient", "Client", "AsyncClient"}
"""Classes of clients. They can be entered, which would close them at the end."""
_ONCE = (
    "A source can be read once. Make a new one, and give it to from_stream() or StreamWidget() "
    "before anything else reads it."
)
_ELSEWHERE = (
    "Read nbstream's stream in its place, which has any number of readers: that of a widget is "
    "widget.stream. In a `with` block of the library wait for the end before you leave the block, "
    "with `await widget.stream` or widget.stream.wait(), or pass what `with` would enter."
)
_ONE_LOOP = (
    "An asynchronous client works on one event loop: that of the notebook, that of one "
    "asyncio.run(), or without a loop nbstream's own. Make another client here, or pass a stream "
    "of a blocking one."
)
_OTHER_LOOP = ("different event loop", "different loop", "Event loop is closed")
"""What asyncio says of an object of another loop."""
_CLOSED = {"StreamClosed", "ClosedResourceError"}
"""What HTTP clients raise for a connection that the user has closed."""
_BUSY = ("already executing", "already running")
"""How Python's errors end for a generator that two read at a time."""


def refusal(thing: Any) -> UsageError | None:
    """The error for what is clearly no stream; None for what may be one."""
    name = type(thing).__name__
    if isinstance(thing, type):
        return UsageError(
            f"{thing.__name__} is a class, which gives nothing to read.",
            remedy="Pass a stream: an object, not its class.",
        )
    if inspect.isroutine(thing) or isinstance(thing, functools.partial):
        called = getattr(thing, "__name__", "")
        called = called if called.isidentifier() else ""  # that of a lambda is none
        return UsageError(
            f"{called or 'This'} is a function that was not called.",
            remedy=f"Pass what it returns: {called or 'f'}(...).",
        )
    if isinstance(thing, (str, bytes)):
        return UsageError(
            f"An object of type {name} is no stream.",
            remedy="Pass an iterator of texts, such as [text].",
        )
    if class_names(thing) & _CLIENTS:
        return UsageError(f"An object of type {name} was not asked anything.", remedy=_ASK)
    if _is_plain_model(thing) or "AgentRunResult" in class_names(thing):
        if "Runnable" in class_names(thing):
            return UsageError(f"An object of type {name} was not asked anything.", remedy=_ASK)
        return UsageError(
            f"An object of type {name} is a whole answer, not a stream.", remedy=_STREAMING
        )
    if _is_spent(thing):
        return UsageError(
            f"The {name} has nothing to read: it was read or closed before.", remedy=_ONCE
        )
    return None


def not_readable(thing: Any) -> UsageError:
    """The error for an object that gives no pieces."""
    what = "None" if thing is None else f"An object of type {type(thing).__name__}"
    return refusal(thing) or UsageError(
        f"{what} is no stream.",
        remedy=f"Pass a stream of {KNOWN}, or an iterator of texts.",
    )


def spent(thing: Any) -> UsageError | None:
    """The error for an object that gave nothing; None if it may have an empty answer."""
    library = library_of(thing)
    if library is None or type(thing).__module__ == library.__name__:
        return None
    return UsageError(
        f"The {type(thing).__name__} has nothing to read: it was read or closed before.",
        remedy=_ONCE,
    )


def explained(error: BaseException) -> BaseException:
    """What to do about an error of a source that was used in two places; others as they are."""
    if any(_is_disturbance(one) for one in _chain(error)):
        text = f"The source was read or closed elsewhere while its stream was read ({error!r})."
        told = UsageError(text, remedy=_ELSEWHERE)
    elif isinstance(error, RuntimeError) and any(one in str(error) for one in _OTHER_LOOP):
        text = f"The source belongs to another event loop ({error!r})."
        told = UsageError(text, remedy=_ONE_LOOP)
    else:
        return error
    told.__cause__ = error
    return told


def _is_plain_model(thing: Any) -> bool:
    """Whether a pydantic object only iterates over its own fields."""
    for cls in type(thing).__mro__:
        if any(name in vars(cls) for name in ("__aiter__", "__await__", "__aenter__", "__next__")):
            return False
        if "__iter__" in vars(cls):
            return cls.__module__.partition(".")[0] == "pydantic"
    return False


def _is_spent(thing: Any) -> bool:
    """Whether a generator or a coroutine is through."""
    if inspect.isgenerator(thing):
        return inspect.getgeneratorstate(thing) == inspect.GEN_CLOSED
    if inspect.isasyncgen(thing):
        return thing.ag_frame is None
    return inspect.iscoroutine(thing) and inspect.getcoroutinestate(thing) == inspect.CORO_CLOSED


def _is_disturbance(error: BaseException) -> bool:
    if isinstance(error, (ValueError, RuntimeError)) and str(error).endswith(_BUSY):
        return True
    if isinstance(error, OSError) and error.errno == errno.EBADF:
        return True
    return bool(class_names(error) & _CLOSED)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what caused it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
