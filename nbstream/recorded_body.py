"""``replay()``: streams a recorded response body again, without a network.

If no protocol is named, it is recognised here by the fields of the body's first events.
``nbstream.protocols`` decodes the body.
"""

from __future__ import annotations

import asyncio
import importlib
import time
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from nbstream.errors import UsageError
from nbstream.protocols.formats import format_of
from nbstream.protocols.structured import ToolCallAsText
from nbstream.protocols.tag_reader import Tags
from nbstream.protocols.thinking_tags import ThinkingTags
from nbstream.request.output_type import spec_of
from nbstream.streams.run import Run
from nbstream.streams.stream import Stream

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable
    from os import PathLike

    from nbstream.core.events import Event
    from nbstream.protocols import Decoder, WireProtocol

T = TypeVar("T")

# The class of each protocol; its module is imported at its first use.
_PROTOCOLS = {
    "anthropic": "Anthropic",
    "openai_responses": "OpenAIResponses",
    "openai_chat": "OpenAIChat",
    "gemini": "Gemini",
}


@overload
def replay(
    recording: str | PathLike[str] | bytes,
    protocol: str | None = None,
    speed: float | None = None,
    *,
    output_type: None = None,
    thinking_tags: bool | tuple[str, str] = False,
) -> Stream[str]: ...
@overload
def replay(
    recording: str | PathLike[str] | bytes,
    protocol: str | None = None,
    speed: float | None = None,
    *,
    output_type: type[T],
    thinking_tags: bool | tuple[str, str] = False,
) -> Stream[T]: ...
@overload
def replay(
    recording: str | PathLike[str] | bytes,
    protocol: str | None = None,
    speed: float | None = None,
    *,
    output_type: Any,
    thinking_tags: bool | tuple[str, str] = False,
) -> Stream[Any]: ...
def replay(
    recording: str | PathLike[str] | bytes,
    protocol: str | None = None,
    speed: float | None = None,
    *,
    output_type: Any = None,
    thinking_tags: bool | tuple[str, str] = False,
) -> Stream[Any]:
    """A recorded response body, or the file that holds it, as a stream.

    ``recording`` is bytes or a path. ``protocol`` is ``anthropic``, ``openai_responses``,
    ``openai_chat`` or ``gemini``, with ``_`` or ``-``; None (the default) finds it in the first
    events. ``speed`` is in events per second; None (the default) plays everything at once.
    ``output_type`` is as in ``stream()``; without it (the default) the output is the text.
    ``thinking_tags`` too; by default thinking that came as text stays text.

    The stream raises what a live stream of these bytes would raise.

    >>> body = b'{"choices": [{"message": {"content": "Hi."}, "finish_reason": "stop"}]}'
    >>> nbstream.replay(body, "openai_chat").get_final_text()
    'Hi.'

    Raises:
        UsageError: the file or the protocol does not exist, ``speed`` is not above 0, the bytes
            do not show their protocol, ``output_type`` has no JSON schema, or
            ``thinking_tags`` is no pair of tags.
    """
    pace: Any = speed
    if pace is not None and not (isinstance(pace, int | float) and pace > 0):
        raise UsageError(f"speed= is a number of events per second, above 0, not {speed!r}.")
    body, name = _body_of(recording)
    wire = protocol_named(protocol or _guess(body))
    spec = None if output_type in (None, str) else spec_of(output_type)
    tags = Tags.of(thinking_tags)

    def source() -> AsyncGenerator[Iterable[Event], None]:
        decoder: Decoder = wire.decoder()
        if tags is not None:
            decoder = ThinkingTags(decoder, tags)
        return _play(ToolCallAsText(decoder, spec.tool) if spec else decoder, body, speed)

    return Stream(Run(source, model=f"replay/{name}", output_type=output_type))


def _body_of(recording: Any) -> tuple[bytes, str]:
    """The bytes, and a name for them."""
    if isinstance(recording, bytes | bytearray | memoryview):
        return bytes(recording), "recording"
    try:
        path = Path(recording)
    except TypeError:
        kind = type(recording).__name__
        raise UsageError(f"A recording is bytes or the path of a file, not a {kind}.") from None
    try:
        return path.read_bytes(), path.name
    except OSError as error:
        raise UsageError(f"The recording {path} cannot be read: {error.strerror}.") from None


def protocol_named(name: str) -> WireProtocol:
    """The protocol of that name, written with ``_`` or ``-``.

    Raises:
        UsageError: there is none.
    """
    name = str(name).replace("-", "_")
    if name not in _PROTOCOLS:
        known = ", ".join(_PROTOCOLS)
        raise UsageError(f"There is no protocol called {name!r}.", remedy=f"Known: {known}.")
    module = importlib.import_module(f"nbstream.protocols.{name}")
    wire: WireProtocol = getattr(module, _PROTOCOLS[name])()
    return wire


async def _play(
    decoder: Decoder, body: bytes, speed: float | None
) -> AsyncGenerator[Iterable[Event], None]:
    """Decode the body, and yield its events, ``speed`` of them a second; all at once if None."""
    if speed is None:
        yield decoder.feed(body)
        yield decoder.close()
        return
    begun = time.monotonic()
    for number, event in enumerate(chain(decoder.feed(body), decoder.close())):
        # By a schedule, because each sleep takes somewhat longer than asked for.
        await asyncio.sleep(max(0.0, begun + number / speed - time.monotonic()))
        yield (event,)


def _guess(body: bytes) -> str:
    """The protocol of the body, by the first event that shows it."""
    if (name := format_of(body)) is not None:
        return name
    raise UsageError(
        "The recording does not show which protocol it is in.",
        remedy=f"Pass protocol=, one of {', '.join(_PROTOCOLS)}.",
    )
