"""``Link``: opens the connection to a server when it is needed, and sends requests over it.

All its coroutines run on nbstream's event loop.
"""

from __future__ import annotations

import asyncio
import atexit
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from nbstream.agent.results import ResultError
from nbstream.errors import MCPError
from nbstream.mcp import catalog
from nbstream.mcp.connection import Connection
from nbstream.mcp.elicitation import Elicitation
from nbstream.mcp.failures import failure_of
from nbstream.mcp.tools import MOST_TOOLS, call_tool, tools_of
from nbstream.streams.loop import private_loop, submit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from nbstream.agent.context import RunContext
    from nbstream.agent.server_tool import ServerTool
    from nbstream.core.message import FilePart, Message
    from nbstream.mcp.options import Options

_MOST_PAGES = 100
_AT_EXIT = 8.0  # seconds; the package gives a program six until it kills it

_open: WeakSet[Link] = WeakSet()


class Link:
    """The way to one server."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._elicitation = Elicitation()
        self._connection: Connection | None = None
        self._loop: Any = None

    async def open(self) -> Any:
        """The package's client; connects if there is no connection.

        Raises:
            MCPError, UsageError: it could not connect.
        """
        if self._loop is not private_loop():  # the process was forked
            self._connection = None
        if self._connection is None or not self._connection.is_open:
            self._loop = private_loop()
            self._connection = Connection(self.options, self.options.open(), self._elicitation)
            _open.add(self)
        connection = self._connection
        try:
            async with asyncio.timeout(self.options.timeout):
                return await connection.client()
        except Exception as error:  # noqa: BLE001 - the package raises many
            await connection.close()
            raise failure_of(error, self.options, connection) from None

    async def close(self) -> None:
        """End the connection; of a program, also its process. The next use opens it again."""
        connection, self._connection = self._connection, None
        if connection is not None and self._loop is private_loop():
            await connection.close()

    async def ask(self, request: Callable[[Any], Awaitable[Any]], *, limited: bool = True) -> Any:
        """What ``request`` returns for the client.

        Raises:
            MCPError, UsageError: there is no connection, or the request failed.
        """
        client = await self.open()
        connection = self._connection
        try:
            async with asyncio.timeout(self.options.timeout if limited else None):
                return await request(client)
        except ResultError:
            raise
        except Exception as error:  # noqa: BLE001 - the package raises many
            failure = failure_of(error, self.options, connection)
            if isinstance(failure, MCPError) and failure.closed and connection is not None:
                await connection.close()
            raise failure from None

    # What can be asked.

    async def tools(self) -> list[ServerTool]:
        """The tools that the model gets."""
        rows = await self._pages("list_tools", "tools")
        return tools_of(rows, self.options, self.call)

    async def call(
        self, name: str, arguments: dict[str, Any], ctx: RunContext[Any] | None = None
    ) -> Any:
        """Call a tool by the server's name for it. Its own time limit counts for a run."""
        if ctx is None:
            return await self.ask(lambda client: call_tool(client, name, arguments, None))
        with self._elicitation.during(ctx):
            return await self.ask(
                lambda client: call_tool(client, name, arguments, ctx), limited=False
            )

    async def call_by_user(self, name: str, arguments: Mapping[str, Any] | None) -> Any:
        """What a tool returns that the user calls, outside a run.

        Raises:
            MCPError: it failed.
        """
        try:
            return await self.call(name, dict(arguments or {}))
        except ResultError as failed:
            raise MCPError(f"The tool {name!r} of {self.options.name} failed: {failed}") from None

    async def resources(self) -> list[catalog.Resource]:
        """The resources, and the templates of resources."""
        client = await self.open()
        if client.server_capabilities.resources is None:
            return []
        rows = await self._pages("list_resources", "resources")
        with suppress(MCPError):  # many servers have no templates, and some say so by an error
            rows += await self._pages("list_resource_templates", "resource_templates")
        return [catalog.resource_of(row) for row in rows]

    async def read(self, uri: str) -> str | FilePart | list[str | FilePart]:
        """The contents of a resource."""
        return catalog.contents_of(await self.ask(lambda client: client.read_resource(uri)))

    async def prompts(self) -> list[catalog.Prompt]:
        """The prompts."""
        client = await self.open()
        if client.server_capabilities.prompts is None:
            return []
        return [catalog.prompt_of(row) for row in await self._pages("list_prompts", "prompts")]

    async def prompt(self, name: str, arguments: Mapping[str, Any]) -> list[Message]:
        """The messages of a prompt; its arguments are sent as texts."""
        texts = {key: str(value) for key, value in arguments.items()}
        found = await self.ask(lambda client: client.get_prompt(name, texts or None))
        return catalog.messages_of(found)

    async def _pages(self, method: str, field: str) -> list[Any]:
        """All rows of a list, page by page."""
        rows: list[Any] = []

        async def read(client: Any) -> None:
            cursor: str | None = None
            for _ in range(_MOST_PAGES):
                page = await getattr(client, method)(cursor=cursor)
                rows.extend(getattr(page, field))
                cursor = page.next_cursor
                if cursor is None or len(rows) > MOST_TOOLS:
                    return

        await self.ask(read)
        if len(rows) > MOST_TOOLS:
            raise MCPError(
                f"{self.options.name} lists more than {MOST_TOOLS:,} {field}.",
                remedy="Ask those who run the server for a smaller set.",
            )
        return rows


def close_soon(link: Link) -> None:
    """Close it from any thread, without waiting: nobody holds its server any more."""
    with suppress(RuntimeError):
        submit(link.close())


def _close_all() -> None:
    """Close all connections before the process ends, so that no program outlives it."""
    waiting = [submit(link.close()) for link in list(_open) if link._connection is not None]
    for future in waiting:
        with suppress(Exception):
            future.result(_AT_EXIT)


atexit.register(_close_all)
