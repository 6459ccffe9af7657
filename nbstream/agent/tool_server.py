"""``ToolServer``: the base class of what gives an agent tools when a run begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbstream.agent.tools import FunctionTool


class ToolServer:
    """MCP servers are tool servers. ``Agent(tools=[server])`` lists its tools for each run.

    ``name`` tells in errors which one it is.
    """

    name: str

    async def tools_of_run(self) -> list[FunctionTool]:
        """The tools; called on nbstream's event loop.

        Raises:
            NBStreamError: they cannot be listed. The run fails with it.
        """
        raise NotImplementedError
