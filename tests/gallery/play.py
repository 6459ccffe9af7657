"""Plays a scene in a kernel: to its end, or up to the point where it is held.

from tests.gallery.play import play
play("search", "streaming")     # the last line of a cell draws it
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Literal

from nbstream.display import bundle
from nbstream.streams import replay as scripts
from nbstream.streams import stream_from_source

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from nbstream.core.events import Event
    from nbstream.streams import Stream

State = Literal["streaming", "finished", "saved"]


class Html:
    """The static HTML of a finished stream, as a saved notebook shows it."""

    def __init__(self, html: str) -> None:
        self._html = html

    def _repr_html_(self) -> str:
        return self._html


def play(name: str, state: State) -> Stream[Any] | Html:
    """The scene as a stream, or as the static HTML that a saved notebook keeps of it."""
    stream = stream_of(name, held=state == "streaming")
    if state != "saved":
        return stream
    stream.wait()
    return Html(bundle(stream)["text/html"])


def stream_of(name: str, *, held: bool) -> Stream[Any]:
    """The scene as a stream. If `held`, it stops in the middle and does not end."""
    from tests.gallery.scenes import SCENES

    scene = SCENES[name]
    script = scene.script()
    if held:
        script = script[: max(1, round(len(script) * scene.cut))]

    async def source() -> AsyncGenerator[Iterable[Event], None]:
        async for batch in scripts.play(script, 0):
            yield batch
            await asyncio.sleep(0)
        if held:
            await asyncio.Event().wait()

    model = f"{scene.provider}/{name}"
    return stream_from_source(source, model=model, output_type=scene.output_type)
