"""What a library's file has, and how the file of an object's library is found.

A library's file has ``reader``, and of these what the library needs:

reader(item, thing)    the ``Reader`` for the stream ``thing``, chosen by its first item
final(thing)           the library's own value of the whole answer; it may be awaitable
output(thing, raw)     awaitable: the value of the library's own output type, once it is whole
STARTED, start         classes of what is started with a prompt; starts one
READ_OTHERWISE, iterable  classes that are not iterated themselves; what to iterate instead
check(thing)           raises UsageError for what cannot be read here, with what to pass instead
is_blocking(thing)     whether to read an object that has sync and async methods as a sync one
read_between(item, replies)  the events of an item between texts
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Protocol

from nbstream.core.events import Event, StreamStart
from nbstream.core.events.lifecycle import with_provider
from nbstream.errors import UsageError
from nbstream.protocols.tag_reader import Tags
from nbstream.protocols.thinking_tags import ThinkingTags
from nbstream.providers.table import PROVIDERS, is_custom

if TYPE_CHECKING:
    from collections.abc import Iterable


class Reader(Protocol):
    """Reads the items of one stream. It is used on one thread."""

    def read(self, item: Any) -> Iterable[Event]:
        """The events that an item amounts to."""
        ...

    def close(self) -> Iterable[Event]:
        """The events of the end, once there are no more items."""
        ...


LIBRARIES = {
    "anthropic": "anthropic",
    "openai": "openai",
    "pydantic_ai": "pydantic_ai",
    "langchain_core": "langchain",
    "litellm": "litellm",
    "google": "genai",
    "chatlas": "chatlas",
    "ai": "vercel_ai",
}
"""The file here that reads a library's objects, by the first word of their class's module."""

KNOWN = (
    "Anthropic's or OpenAI's SDK, PydanticAI, LangChain, LiteLLM, google-genai, chatlas "
    "or Vercel's ai"
)
"""The libraries by their names, for errors."""


def library_of(thing: Any) -> Any:
    """The file of this package for the library that an object is of; None if there is none."""
    for cls in type(thing).__mro__:
        if cls.__module__.startswith("nbstream.sources."):
            return importlib.import_module(cls.__module__)
        name = LIBRARIES.get(cls.__module__.partition(".")[0])
        if name is not None:
            try:
                return importlib.import_module(f"nbstream.sources.{name}")
            except ModuleNotFoundError:
                return None
    return None


def class_names(thing: Any) -> set[str]:
    """The names of an object's class and of those it extends."""
    return {cls.__name__.partition("[")[0] for cls in type(thing).__mro__}


def reader_for(item: Any, thing: Any) -> Reader:
    """The reader of a stream whose first item is ``item``, given by ``thing``.

    Raises:
        UsageError: nothing here reads such items.
    """
    from nbstream.sources import langchain, text

    # Dicts and tuples do not say whose they are.
    plain = langchain if isinstance(item, (dict, tuple)) else None
    for library in (text, plain, library_of(item)):
        found: Reader | None = library.reader(item, thing) if library is not None else None
        if found is not None:
            return found
    raise unknown(item)


def unknown(item: Any) -> UsageError:
    """The error for an item that nothing here reads."""
    kind = type(item)
    return UsageError(
        f"The stream gives objects of type {kind.__module__}.{kind.__qualname__}, which"
        " from_stream() does not know.",
        remedy=f"It reads streams of {KNOWN}. Of others give it an iterator of texts: "
        "(piece.text for piece in stream).",
    )


class ProviderReader:
    """Feeds a provider's own events to nbstream's decoder of the protocol."""

    def __init__(self, protocol: Any, provider: str, thing: Any) -> None:
        self._provider = provider
        address = address_of(thing)
        self._custom = bool(address) and is_custom(provider, address)
        decoder = protocol.decoder()
        if self._custom or provider not in PROVIDERS or PROVIDERS[provider].thinking_tags:
            decoder = ThinkingTags(decoder, Tags())
        self._decoder = decoder

    def feed(self, data: bytes) -> Iterable[Event]:
        """The events of more bytes of the body, named after the provider."""
        return [self._named(event) for event in self._decoder.feed(data)]

    def close(self) -> Iterable[Event]:
        """The events of the body's end."""
        return [self._named(event) for event in self._decoder.close()]

    def _named(self, event: Event) -> Event:
        if not isinstance(event, StreamStart):
            return event
        return with_provider(event, event.provider or self._provider, custom_address=self._custom)


def as_json(item: Any, *, leave_out: frozenset[str] = frozenset()) -> str:
    """A pydantic object as the JSON that it was read from."""
    found: str = item.model_dump_json(
        exclude_unset=True, by_alias=True, warnings=False, exclude=set(leave_out) or None
    )
    return found


def address_of(thing: Any) -> str:
    """The address that an SDK's stream came from; empty if it does not say."""
    for place in (thing, getattr(thing, "_raw_stream", None), getattr(thing, "_response", None)):
        response: Any = getattr(place, "response", place)
        try:
            return str(response.url)
        except (AttributeError, RuntimeError):
            continue
    return ""
