"""``MCPServer``, whose methods block, and ``AsyncMCPServer``, the same for ``await``."""

from __future__ import annotations

import asyncio
import weakref
from typing import TYPE_CHECKING, Any, Self, TypeVar

from nbstream.agent.tool_server import ToolServer
from nbstream.errors import UsageError
from nbstream.errors.arguments import checked_keywords
from nbstream.errors.tracebacks import TRACEBACK_END
from nbstream.mcp.link import Link, close_soon
from nbstream.streams.loop import on_private_loop, submit

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    from nbstream.agent.tools import FunctionTool
    from nbstream.core.message import FilePart, Message
    from nbstream.mcp.catalog import Prompt, Resource

T = TypeVar("T")


class _Server(ToolServer):
    """What both forms share: the tools of a run, and the name."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.name = link.options.name

    async def tools_of_run(self) -> list[FunctionTool]:
        """The tools, for a run that begins."""
        return [*await self._link.tools()]

    def __repr__(self) -> str:
        return f"<MCPServer {self.name}>"


class AsyncMCPServer(_Server):
    """A server with awaitable methods: what ``async with server`` gives.

    The methods are those of ``MCPServer``, and raise the same errors.

    >>> async def greeting():
    ...     async with nbstream.mcp.stdio("python", "server.py") as server:
    ...         return await server.read("memo://greeting")
    """

    def __init__(self, link: Link, owner: MCPServer) -> None:
        super().__init__(link)
        self._owner = owner  # kept: the connection is closed when nothing refers to it

    async def tools(self) -> list[FunctionTool]:
        """The tools that a model gets, as it gets them."""
        with TRACEBACK_END:
            return await _awaited(self.tools_of_run())

    @checked_keywords
    async def call(self, name: str, arguments: Mapping[str, Any] | None = None) -> Any:
        """Call a tool yourself; see ``MCPServer.call``."""
        with TRACEBACK_END:
            return await _awaited(self._link.call_by_user(name, arguments))

    async def resources(self) -> list[Resource]:
        """The resources, and the templates of resources."""
        with TRACEBACK_END:
            return await _awaited(self._link.resources())

    @checked_keywords
    async def read(self, uri: str) -> str | FilePart | list[str | FilePart]:
        """The contents of a resource: a text or a file; a list if there are several."""
        with TRACEBACK_END:
            return await _awaited(self._link.read(uri))

    async def prompts(self) -> list[Prompt]:
        """The prompts that the server has prepared."""
        with TRACEBACK_END:
            return await _awaited(self._link.prompts())

    async def prompt(self, name: str, /, **arguments: Any) -> list[Message]:
        """The messages of a prompt."""
        with TRACEBACK_END:
            return await _awaited(self._link.prompt(name, arguments))

    async def close(self) -> None:
        """End the connection, and the program that ``stdio`` started."""
        await _awaited(self._link.close())


class MCPServer(_Server):
    """A server: its tools for ``Agent(tools=[server])``, its resources and its prompts.

    It is connected at its first use, and stays so until ``close()``, until the end of ``with`` or
    ``async with``, or until nothing refers to it any more; then a program that ``stdio`` started
    has ended, with its children. The next use connects again. The methods block, also in a cell
    and inside a running loop; in ``async with`` they are awaited.

    >>> server = nbstream.mcp.stdio("python", "server.py", requires_approval=["delete"])
    >>> agent = nbstream.Agent(ScriptedModel("Hello."), tools=[server])
    """

    def __init__(self, link: Link) -> None:
        super().__init__(link)
        self._finalizer = weakref.finalize(self, close_soon, link)
        self._finalizer.atexit = False  # all links are closed then, and waited for

    def tools(self) -> list[FunctionTool]:
        """The tools that a model gets, as it gets them.

        ``nbstream.stream(tools=server.tools())`` describes them to a model without an agent.

        Raises:
            MCPError: the server cannot be reached or failed.
        """
        with TRACEBACK_END:
            return _blocked(self.tools_of_run())

    @checked_keywords
    def call(self, name: str, arguments: Mapping[str, Any] | None = None) -> Any:
        """Call a tool yourself, by the server's name for it.

        Returns:
            As a model gets it: a JSON value, a text, or a list of text and file parts.

        Raises:
            MCPError: the tool or the server failed.
        """
        with TRACEBACK_END:
            return _blocked(self._link.call_by_user(name, arguments))

    def resources(self) -> list[Resource]:
        """The resources, and the templates of resources.

        Raises:
            MCPError: the server cannot be reached or failed.
        """
        with TRACEBACK_END:
            return _blocked(self._link.resources())

    @checked_keywords
    def read(self, uri: str) -> str | FilePart | list[str | FilePart]:
        """The contents of a resource: a text or a file; a list if there are several.

        Raises:
            MCPError: there is no such resource, or the server failed.
        """
        with TRACEBACK_END:
            return _blocked(self._link.read(uri))

    def prompts(self) -> list[Prompt]:
        """The prompts that the server has prepared.

        Raises:
            MCPError: the server cannot be reached or failed.
        """
        with TRACEBACK_END:
            return _blocked(self._link.prompts())

    def prompt(self, name: str, /, **arguments: Any) -> list[Message]:
        """The messages of a prompt, for ``nbstream.stream`` or ``message_history=``.

        Raises:
            MCPError: there is no such prompt, an argument is missing, or the server failed.
        """
        with TRACEBACK_END:
            return _blocked(self._link.prompt(name, arguments))

    def close(self) -> None:
        """End the connection, and the program that ``stdio`` started."""
        _blocked(self._link.close())

    def __enter__(self) -> Self:
        with TRACEBACK_END:
            _blocked(self._link.open())
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> AsyncMCPServer:
        with TRACEBACK_END:
            await _awaited(self._link.open())
        return AsyncMCPServer(self._link, self)

    async def __aexit__(self, *_: object) -> None:
        await _awaited(self._link.close())


def _blocked(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that runs on nbstream's event loop. Blocks; an interrupt ends it."""
    if on_private_loop():
        coroutine.close()
        raise UsageError(
            "This would block all streams.", remedy="Use `async with server` and await it."
        )
    future = submit(coroutine)
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


async def _awaited(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that runs on nbstream's event loop."""
    if on_private_loop():
        return await coroutine
    return await asyncio.wrap_future(submit(coroutine))
