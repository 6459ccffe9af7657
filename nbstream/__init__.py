"""nbstream: a model's answer, live in a notebook cell, and a Python value in the next.

    stream = nbstream.stream("local", "Why is the sky blue?")
    for piece in stream.text_stream:
        print(piece, end="")

In a notebook, run ``%load_ext nbstream``, then begin a cell with ``%%llm``. Everything public is
here or in ``nbstream.messages``, ``events``, ``errors``, ``output``, ``providers``, ``streams``
and ``testing``. Names that are slow to import are loaded at their first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from nbstream import errors, events, messages, providers
from nbstream.core.tool_spec import ToolSpec
from nbstream.errors import NBStreamError
from nbstream.messages import (
    Message,
    assistant_message,
    file_part,
    system_message,
    tool_message,
    user_message,
)
from nbstream.providers import Model, get_model, register_model
from nbstream.request import stream
from nbstream.streams import AsyncStream, Stream
from nbstream.streams.draw_hook import set_forms as _set_forms
from nbstream.streams.draw_hook import set_show as _set_show
from nbstream.transport.timeouts import Timeouts

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from nbstream import output, testing
    from nbstream.generation import Generated, Generation, ImageParams, VideoParams, generate
    from nbstream.recording import replay
    from nbstream.values import describe, describer
    from nbstream.widget import StreamWidget

__version__ = "0.1.0"  # the only place: pyproject.toml reads it from here

__all__ = [
    "AsyncStream",
    "Generated",
    "Generation",
    "ImageParams",
    "Message",
    "Model",
    "NBStreamError",
    "Stream",
    "StreamWidget",
    "Timeouts",
    "ToolSpec",
    "VideoParams",
    "assistant_message",
    "describe",
    "describer",
    "errors",
    "events",
    "file_part",
    "generate",
    "get_model",
    "load_ipython_extension",
    "messages",
    "output",
    "providers",
    "register_model",
    "replay",
    "replay_message",
    "stream",
    "system_message",
    "testing",
    "tool_message",
    "unload_ipython_extension",
    "user_message",
]

# Where the names are that are imported at their first use, so that `import nbstream` stays quick.
_LATER = {
    "describe": "nbstream.values",
    "describer": "nbstream.values",
    "Generated": "nbstream.generation",
    "Generation": "nbstream.generation",
    "ImageParams": "nbstream.generation",
    "VideoParams": "nbstream.generation",
    "generate": "nbstream.generation",
    "replay": "nbstream.recording",
    "StreamWidget": "nbstream.widget",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(importlib.import_module(_LATER[name]), name)
    if name in ("output", "testing"):
        return importlib.import_module(f"nbstream.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


def _show(shown: Stream) -> None:
    """Draw a stream that is the last line of a cell; the runtime itself knows no widget."""
    from nbstream.widget.show import show

    show(shown)


def _forms(stream: Stream) -> dict[str, str]:
    """A stream's static forms; the code that draws them is imported only when it is needed."""
    from nbstream.display import bundle

    return bundle(stream)


_set_show(_show)
_set_forms(_forms)

replay_message = Stream.replay_message


def load_ipython_extension(shell: InteractiveShell) -> None:
    """``%load_ext nbstream``: register the magics.

    >>> from IPython.core.interactiveshell import InteractiveShell
    >>> shell = InteractiveShell()
    >>> shell.run_line_magic("load_ext", "nbstream")
    >>> "llm" in shell.magics_manager.magics["cell"]
    True
    """
    from nbstream.magics import load

    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """``%unload_ext nbstream``: remove the magics.

    >>> from IPython.core.interactiveshell import InteractiveShell
    >>> shell = InteractiveShell()
    >>> shell.run_line_magic("load_ext", "nbstream")
    >>> shell.run_line_magic("unload_ext", "nbstream")
    >>> "llm" in shell.magics_manager.magics["cell"]
    False
    """
    from nbstream.magics import unload

    unload(shell)
