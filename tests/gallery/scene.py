"""Scenes: how one is made of a recording, of events or of messages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream import replay
from nbstream.core import events as ev
from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Message,
    ToolCallPart,
    Usage,
)
from nbstream.errors import NBStreamError
from nbstream.streams.replay import script_of
from tests.recordings import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Script = list[ev.Event | BaseException]
USAGE = Usage(input_tokens=1412, output_tokens=287, cache_read_tokens=1024, reasoning_tokens=31)
END = ev.StreamEnd("stop", USAGE)


@dataclass(frozen=True)
class Scene:
    """One case; its pictures have its name in scenes.py."""

    script: Callable[[], Script]
    cut: float = 0.5
    """The share of the events after which the streaming picture is taken."""
    ends: bool = True
    """False: there is no picture of it finished."""
    streams: bool = True
    """False: there is no picture of it streaming."""
    output_type: Any = None
    provider: str = "test"
    available: bool = True
    """False: the recording is not there."""


def recorded(
    name: str, protocol: str, cut: float = 0.5, *, streams: bool = True, output_type: Any = None
) -> Scene:
    """A scene that plays the recording whose name ends so."""
    found = sorted(FOLDER.glob(f"{protocol}/*{name}.sse"))
    path = found[0] if found else None

    def script() -> Script:
        assert path is not None
        stream = replay(path.read_bytes(), protocol.replace("-", "_"))
        events: Script = []
        try:
            events += stream
        except NBStreamError as error:
            events.append(error)
        return events

    return Scene(
        script,
        cut,
        streams=streams,
        output_type=output_type,
        provider=protocol,
        available=path is not None,
    )


def scripted(*events: ev.Event | BaseException, cut: float = 0.5, **options: Any) -> Scene:
    """A scene of these events, with a start and, unless an error stands there, an end."""
    script: Script = [ev.StreamStart(model="gallery"), *events]
    if not isinstance(script[-1], (ev.StreamEnd, BaseException)):
        script.append(END)
    return Scene(lambda: script, cut, **options)


def run_of(items: Sequence[Message | ev.Event | BaseException], **options: Any) -> Scene:
    """A scene of several messages."""
    return Scene(lambda: script_of(items, 7), **options)


def text(index: int, content: str, size: int = 12) -> list[ev.Event]:
    """The events of a text part."""
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    return [
        ev.TextStart(index),
        *(ev.TextDelta(index, piece) for piece in pieces),
        ev.TextEnd(index),
    ]


def thinking(index: int, content: str, size: int = 12) -> list[ev.Event]:
    """The events of a thinking part."""
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    return [
        ev.ThinkingStart(index),
        *(ev.ThinkingDelta(index, piece) for piece in pieces),
        ev.ThinkingEnd(index),
    ]


def call(index: int, name: str, args: dict[str, Any]) -> list[ev.Event]:
    """The events of a call of one of the user's tools."""
    whole = json.dumps(args)
    pieces = [whole[at : at + 8] for at in range(0, len(whole), 8)]
    part = ToolCallPart(f"call_{index}", name, whole)
    return [
        ev.ToolStart(index, part.tool_call_id, name),
        *(ev.ToolDelta(index, piece) for piece in pieces),
        ev.ToolEnd(index, part),
    ]


def builtin(index: int, name: str, args: dict[str, Any], result: Any = None) -> list[ev.Event]:
    """The events of a provider's tool and its result."""
    part = BuiltinToolCallPart(f"b{index}", name, json.dumps(args))
    events: list[ev.Event] = [
        ev.BuiltinToolStart(index, part.tool_call_id, name),
        ev.BuiltinToolDelta(index, part.args_json),
        ev.BuiltinToolEnd(index, part),
    ]
    if result is not None:
        found = BuiltinToolResultPart(part.tool_call_id, name, result)
        events.append(ev.BuiltinToolResult(index + 1, found))
    return events


def picture(width: int, height: int, grain: int = 1) -> bytes:
    """A picture of a light at sea, as PNG; a larger grain makes it coarse."""
    from io import BytesIO

    from PIL import Image, ImageDraw

    w, h = width // grain, height // grain
    image = Image.new("RGB", (w, h), (34, 48, 90))
    draw = ImageDraw.Draw(image)
    for y in range(h):
        share = y / h
        draw.line(
            (0, y, w, y), (34 + int(190 * share), 48 + int(110 * share), 90 + int(40 * share))
        )
    draw.rectangle((0, h * 0.73, w, h), (38, 52, 79))
    draw.polygon([(w * 0.7, h * 0.27), (0, h * 0.07), (0, h * 0.4)], (150, 130, 140))
    draw.rectangle((w * 0.69, h * 0.3, w * 0.76, h * 0.77), (233, 228, 220))
    draw.rectangle((w * 0.69, h * 0.43, w * 0.76, h * 0.53), (169, 70, 60))
    draw.rectangle((w * 0.7, h * 0.24, w * 0.75, h * 0.3), (255, 242, 184))
    draw.rectangle((w * 0.69, h * 0.21, w * 0.76, h * 0.24), (38, 33, 31))
    out = BytesIO()
    image.resize((width, height), Image.Resampling.BICUBIC).save(out, "PNG")
    return out.getvalue()
