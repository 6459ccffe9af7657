"""``Connection``: an open connection to one server, held by a task on nbstream's event loop.

The task enters and leaves the package's context managers, so that no caller's cancellation can
end them half way. Callers use the client from their own tasks.
"""

from __future__ import annotations

import asyncio
import contextvars
from typing import TYPE_CHECKING, Any

from nbstream.mcp.failures import failure_of, timed_out
from nbstream.mcp.schemas import is_quick_to_check
from nbstream.mcp.transports import load

if TYPE_CHECKING:
    from nbstream.mcp.elicitation import Elicitation
    from nbstream.mcp.options import Options


class Connection:
    """A connection that is opened once and closed once."""

    def __init__(self, options: Options, transport: Any, elicitation: Elicitation) -> None:
        self._options = options
        self.transport = transport
        self._elicitation = elicitation
        self._closing = asyncio.Event()
        self._ready: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        # Not in the context of the cell that opens the connection: the task outlives it.
        self._task = asyncio.get_running_loop().create_task(
            self._hold(), context=contextvars.Context()
        )
        self.unreadable = 0
        """How many lines or messages could not be read."""

    async def client(self) -> Any:
        """The package's client, once the connection is open.

        Raises:
            Exception: it could not be opened.
        """
        return await asyncio.shield(self._ready)

    @property
    def is_open(self) -> bool:
        """Whether it can be used, or will be."""
        return not self._task.done() and not self._closing.is_set()

    async def close(self) -> None:
        """Close it, and wait until a program has ended."""
        self._closing.set()
        if not self._ready.done():
            self._task.cancel()
        await asyncio.wait({self._task})

    async def _hold(self) -> None:
        """Open the connection, hold it open, and close it."""
        try:
            await asyncio.to_thread(load)  # takes a second, in which streams go on
            from mcp import Client

            client = Client(
                self.transport(),
                elicitation_callback=self._elicitation.answer,
                message_handler=self._on_message,
                cache=None,
            )
            async with client:
                _check_quick_outputs_only(client.session)
                self._ready.set_result(client)
                await self._closing.wait()
        except asyncio.CancelledError:
            self._fail(timed_out(self._options))
            raise
        except BaseException as error:  # noqa: BLE001 - the waiting call gets it
            self._fail(failure_of(error, self._options, self))

    def _fail(self, error: Exception) -> None:
        if not self._ready.done():
            self._ready.set_exception(error)
            self._ready.exception()  # retrieved: asyncio would log it if no caller waits

    async def _on_message(self, message: Any) -> None:
        """Count what could not be read; notifications need no reaction."""
        if isinstance(message, Exception):
            self.unreadable += 1


def _check_quick_outputs_only(session: Any) -> None:
    """Let the package check a result only if that takes a short time, whatever the schema is."""
    check = session.validate_tool_result

    async def validate_tool_result(name: str, result: Any) -> None:
        if name not in session._tool_output_schemas:
            await session.list_tools()
        if is_quick_to_check(session._tool_output_schemas.get(name)):
            await check(name, result)

    session.validate_tool_result = validate_tool_result
