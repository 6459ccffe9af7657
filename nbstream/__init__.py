"""nbstream: a model's answer, live in a notebook cell, and a Python value in the next.

    stream = nbstream.stream("local", "Why is the sky blue?")
    for piece in stream.text_stream:
        print(piece, end="")

In a notebook, ``%load_ext nbstream`` and then ``%%llm``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from nbstream import errors, events, providers
from nbstream.core.message import (
    Message,
    assistant_message,
    system_message,
    tool_message,
    user_message,
)
from nbstream.core.tool_spec import ToolSpec
from nbstream.providers import get_model
from nbstream.request import stream
from nbstream.streams import AsyncStream, Stream
from nbstream.streams.draw_hook import set_show as _set_show
from nbstream.transport.timeouts import Timeouts

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from nbstream import testing
    from nbstream.files import file_part
    from nbstream.generation import Generated, Generation, ImageParams, VideoParams, generate
    from nbstream.recording import replay
    from nbstream.widget import StreamWidget

__version__ = "0.1.0"

__all__ = [
    "AsyncStream",
    "Generated",
    "Generation",
    "ImageParams",
    "Message",
    "Stream",
    "StreamWidget",
    "Timeouts",
    "ToolSpec",
    "VideoParams",
    "assistant_message",
    "errors",
    "events",
    "file_part",
    "generate",
    "get_model",
    "load_ipython_extension",
    "providers",
    "replay",
    "replay_message",
    "stream",
    "system_message",
    "testing",
    "tool_message",
    "unload_ipython_extension",
    "user_message",
]


# Where the rest is, imported when it is first asked for: loading must be quick.
_LATER = {
    "Generated": "nbstream.generation",
    "Generation": "nbstream.generation",
    "ImageParams": "nbstream.generation",
    "VideoParams": "nbstream.generation",
    "generate": "nbstream.generation",
    "file_part": "nbstream.files",
    "replay": "nbstream.recording",
    "StreamWidget": "nbstream.widget",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(importlib.import_module(_LATER[name]), name)
    if name == "testing":
        return importlib.import_module("nbstream.testing")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _show(shown: Stream) -> None:
    from nbstream.widget.show import show

    show(shown)


_set_show(_show)

replay_message = Stream.replay_message


def load_ipython_extension(shell: InteractiveShell) -> None:
    """``%load_ext nbstream``: register the magics."""
    from nbstream.magics import load

    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """``%unload_ext nbstream``: take the magics away."""
    from nbstream.magics import unload

    unload(shell)
