"""nbstream: a model's answer, live in a notebook cell, and a Python value in the next.

    stream = nbstream.stream("local", "Why is the sky blue?")
    for piece in stream.text_stream:
        print(piece, end="")

In a notebook, run ``%load_ext nbstream``, then begin a cell with ``%%llm``. Everything public is
here or in ``nbstream.messages``, ``events``, ``errors``, ``output``, ``providers``, ``streams``,
``mcp`` and ``testing``. Names that are slow to import are loaded at their first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from nbstream import errors, events, messages, providers
from nbstream.core.events import AgentRunResult
from nbstream.core.tool_spec import ToolSpec
from nbstream.errors import ModelRetry, NBStreamError
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
from nbstream.streams.draw_hook import set_adapter as _set_adapter
from nbstream.streams.draw_hook import set_forms as _set_forms
from nbstream.streams.draw_hook import set_show as _set_show
from nbstream.streams.draw_hook import set_widget as _set_widget
from nbstream.streams.progress_hook import set_progress as _set_progress
from nbstream.transport.timeouts import Timeouts

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from nbstream import mcp, output, testing
    from nbstream.agent import (
        Agent,
        AgentRun,
        AgentStream,
        AsyncAgentStream,
        CallToolsNode,
        End,
        FunctionTool,
        ModelRequestNode,
        RunContext,
        UsageLimits,
        UserPromptNode,
        tool,
    )
    from nbstream.cassette import recording
    from nbstream.generation import Generated, Generation, ImageParams, VideoParams, generate
    from nbstream.many import MapResult, PromptMap
    from nbstream.many import map as map  # noqa: A004 - users write nbstream.map
    from nbstream.recorded_body import replay
    from nbstream.redis_streams import Publication, from_redis, to_redis
    from nbstream.sources import from_stream
    from nbstream.sources.url import from_url
    from nbstream.streams.progress_hook import Drawing
    from nbstream.tracing import trace
    from nbstream.values import describe, describer
    from nbstream.widget import StreamWidget

__version__ = "0.1.0"  # the only place: pyproject.toml reads it from here

__all__ = [
    "Agent",
    "AgentRun",
    "AgentRunResult",
    "AgentStream",
    "AsyncAgentStream",
    "AsyncStream",
    "CallToolsNode",
    "End",
    "FunctionTool",
    "Generated",
    "Generation",
    "ImageParams",
    "MapResult",
    "Message",
    "Model",
    "ModelRequestNode",
    "ModelRetry",
    "NBStreamError",
    "PromptMap",
    "Publication",
    "RunContext",
    "Stream",
    "StreamWidget",
    "Timeouts",
    "ToolSpec",
    "UsageLimits",
    "UserPromptNode",
    "VideoParams",
    "assistant_message",
    "describe",
    "describer",
    "errors",
    "events",
    "file_part",
    "from_redis",
    "from_stream",
    "from_url",
    "generate",
    "get_model",
    "load_ipython_extension",
    "mcp",
    "messages",
    "output",
    "providers",
    "recording",
    "register_model",
    "replay",
    "replay_message",
    "stream",
    "system_message",
    "testing",
    "to_redis",
    "tool",
    "tool_message",
    "trace",
    "unload_ipython_extension",
    "user_message",
]

# Where the names are that are imported at their first use, so that `import nbstream` stays quick.
_LATER = {
    "Agent": "nbstream.agent",
    "AgentRun": "nbstream.agent",
    "AgentStream": "nbstream.agent",
    "AsyncAgentStream": "nbstream.agent",
    "CallToolsNode": "nbstream.agent",
    "End": "nbstream.agent",
    "FunctionTool": "nbstream.agent",
    "ModelRequestNode": "nbstream.agent",
    "RunContext": "nbstream.agent",
    "UsageLimits": "nbstream.agent",
    "UserPromptNode": "nbstream.agent",
    "tool": "nbstream.agent",
    "Publication": "nbstream.redis_streams",
    "from_redis": "nbstream.redis_streams",
    "to_redis": "nbstream.redis_streams",
    "describe": "nbstream.values",
    "describer": "nbstream.values",
    "Generated": "nbstream.generation",
    "Generation": "nbstream.generation",
    "ImageParams": "nbstream.generation",
    "VideoParams": "nbstream.generation",
    "generate": "nbstream.generation",
    "MapResult": "nbstream.many",
    "PromptMap": "nbstream.many",
    "map": "nbstream.many",
    "from_stream": "nbstream.sources",
    "from_url": "nbstream.sources.url",
    "recording": "nbstream.cassette",
    "replay": "nbstream.recorded_body",
    "trace": "nbstream.tracing",
    "StreamWidget": "nbstream.widget",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(importlib.import_module(_LATER[name]), name)
    if name in ("mcp", "output", "testing"):
        return importlib.import_module(f"nbstream.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    # Not in __all__: `from nbstream import *` must not take Python's own `map` away.
    return sorted([*__all__, "map", "__version__"])


def _show(shown: Stream) -> None:
    """Draw a stream that is the last line of a cell; the runtime itself knows no widget."""
    from nbstream.widget.show import show

    show(shown)


def _forms(stream: Stream, shown: bool) -> dict[str, str]:
    """A stream's static forms; the code that draws them is imported only when it is needed."""
    from nbstream.display import bundle
    from nbstream.display.figures import close_figures

    if shown:
        close_figures(stream.call_records)
    return bundle(stream)


def _widget(stream: Stream) -> object:
    """The widget of a stream, for hosts that draw it themselves."""
    from nbstream.widget import StreamWidget

    return StreamWidget(stream)


def _draw_map(job: PromptMap[Any]) -> Drawing | None:
    """Draw the progress of a map that starts."""
    from nbstream.progress.draw import draw

    return draw(job)


def _show_map(job: PromptMap[Any]) -> None:
    """Draw a map that is the last line of a cell."""
    from nbstream.progress.draw import show

    show(job)


def _adapt(thing: object) -> Stream:
    """Another library's stream as ours."""
    from nbstream.sources import from_stream

    return from_stream(thing)


_set_adapter(_adapt)
_set_show(_show)
_set_forms(_forms)
_set_widget(_widget)
_set_progress(_draw_map, _show_map)

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
