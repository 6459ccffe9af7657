"""What ``from_stream()`` asks of an object: whether and how it is read, and how it is closed."""

from __future__ import annotations

import contextlib
import inspect
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from nbstream.core.hidden import SECRET_NAME
from nbstream.core.redact import secrets_in_address, secrets_in_headers
from nbstream.errors import NBStreamError
from nbstream.sources.readers import class_names, library_of
from nbstream.sources.refusals import not_readable, refusal
from nbstream.streams.state import StreamState

if TYPE_CHECKING:
    from nbstream.core.redact import Secret

_MOST_LINKS = 8
"""How many errors, each the cause of the one before, are looked at."""


def check_iterable(thing: Any, iterable: Any) -> None:
    """Check what was awaited or entered.

    Raises:
        UsageError: it gives no pieces.
    """
    names = ("__aiter__", "__iter__")
    gives = any(hasattr(type(iterable), name) for name in names)
    if not gives or refusal(thing) is not None:
        raise not_readable(thing)


def is_stream_like(thing: Any) -> bool:
    """Whether ``from_stream()`` may be able to read an object."""
    if isinstance(thing, (str, bytes, dict, StreamState)):
        return isinstance(thing, StreamState)
    names = ("__aiter__", "__iter__", "__await__", "__aenter__", "__enter__")
    is_one = any(hasattr(type(thing), name) for name in names)
    return is_one or is_read_otherwise(thing) or start_of(thing) is not None


def start_of(thing: Any) -> Any:
    """The function of the library's file that starts an object with a prompt, if it has one."""
    library = library_of(thing)
    started = getattr(library, "STARTED", ())
    return library.start if class_names(thing) & set(started) else None


def is_blocking(thing: Any) -> bool:
    """Whether an object that has the methods of both kinds is to be read blocking."""
    find = getattr(library_of(thing), "is_blocking", None)
    return bool(find(thing)) if find is not None else False


def is_read_otherwise(thing: Any) -> bool:
    """Whether a function of the library's file gives the items of an object."""
    names = getattr(library_of(thing), "READ_OTHERWISE", ())
    return bool(class_names(thing) & set(names))


def iterable_of(thing: Any) -> Any:
    """What gives the items, where the object itself does not; None if it does."""
    library = library_of(thing)
    find = getattr(library, "iterable", None)
    return find(thing) if find is not None else None


def final_of(thing: Any) -> Any:
    """What the library made of the whole answer, perhaps awaitable; None if it makes nothing."""
    find = getattr(library_of(thing), "final", None)
    return find(thing) if find is not None else None


def secrets_of(error: BaseException) -> tuple[Secret, ...]:
    """The keys of the request that an error of a library holds, as ``httpx``'s do."""
    found: list[Secret] = []
    link: BaseException | None = error
    for _ in range(_MOST_LINKS):
        if link is None:
            break
        for place in ("request", "response.request"):
            with contextlib.suppress(Exception):  # such as of a response without a request
                request = attrgetter(place)(link)
                headers = {name: str(one) for name, one in request.headers.items()}
                keys = {name: one for name, one in headers.items() if SECRET_NAME.search(name)}
                found += secrets_in_headers(keys)
                found += secrets_in_address(str(request.url))
        link = link.__cause__ or link.__context__
    return tuple(dict.fromkeys(found))


async def aclose(iterable: Any) -> None:
    """Close an asynchronous iterator."""
    for name in ("aclose", "close"):
        if (close := getattr(iterable, name, None)) is not None:
            with contextlib.suppress(NBStreamError, RuntimeError):
                found = close()
                if inspect.isawaitable(found):
                    await found
            return


def close(thing: Any) -> None:
    """Close what is read blocking, such as its connection. From any thread."""
    with contextlib.suppress(Exception):
        thing.close()
