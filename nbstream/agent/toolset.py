"""``Toolset``: the tools of one agent, and for each run those of its servers, too."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from nbstream.agent.tool_server import ToolServer
from nbstream.agent.tools import FunctionTool
from nbstream.core.tool_spec import ProviderTool, ToolSpec
from nbstream.errors import UsageError
from nbstream.request.tools import as_tools

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNKNOWN = "tools_of_a_server"


class Toolset:
    """The tools of one agent: functions that it runs, servers, and tools that the provider runs."""

    def __init__(self, given: Iterable[Any] | None) -> None:
        self.functions: dict[str, FunctionTool] = {}
        self.servers: list[ToolServer] = []
        self.others: list[Any] = []
        if given is None:
            return
        if isinstance(given, (str, bytes, dict, ToolServer)) or callable(given):
            raise UsageError(
                f"tools= takes a list of tools, not one {type(given).__name__}.",
                remedy="Write tools=[...], with brackets.",
            )
        for one in given:
            self.add(one)

    def add(self, given: Any, *, again: bool = False) -> None:
        """Add a tool. ``again``: it may be one that was defined before, in whose place it comes.

        Raises:
            UsageError: it cannot be one, or another has its name.
        """
        if isinstance(given, ToolServer):
            if given not in self.servers:
                self.servers.append(given)
            return
        made = given.as_tool() if hasattr(given, "as_tool") else given
        if not isinstance(made, FunctionTool):
            if isinstance(made, (dict, ProviderTool)) or not callable(made):
                self._add_other(made)
                return
            made = FunctionTool(made)
        earlier = self.functions.get(made.name)
        if earlier is not None and not (again and _is_same_definition(earlier, made)):
            raise UsageError(
                f"Two tools have the name {made.name!r}.", remedy="Give one another name=."
            )
        self.functions[made.name] = made

    def _add_other(self, given: Any) -> None:
        """Add a tool that the provider runs."""
        if any(isinstance(one, ToolSpec) for one in as_tools([given], "")):
            raise UsageError(
                f"The tool {given!r} is a description only, and an agent needs a function to call.",
                remedy="Pass a function, or use nbstream.stream(), which reports the calls.",
            )
        self.others.append(given)

    async def of_run(self) -> Toolset:
        """The tools of a run that begins: these, and those that the servers have now.

        Raises:
            NBStreamError: a server cannot list them.
            UsageError: two tools have one name.
        """
        if not self.servers:
            return self
        found = Toolset(None)
        found.functions, found.others = dict(self.functions), self.others
        owners = dict.fromkeys(self.functions, "your function")
        lists = await asyncio.gather(*(server.tools_of_run() for server in self.servers))
        for server, tools in zip(self.servers, lists, strict=True):
            for tool in tools:
                if tool.name in found.functions:
                    raise UsageError(
                        f"Two tools have the name {tool.name!r}: {owners[tool.name]} and "
                        f"one of {server.name}.",
                        remedy="Give the server a prefix=, or leave its tool out with exclude=.",
                    )
                found.functions[tool.name] = tool
                owners[tool.name] = f"one of {server.name}"
        return found

    @property
    def specs(self) -> list[Any]:
        """What ``tools=`` of a request takes. A server counts as one tool until its are known."""
        unknown = [ToolSpec(_UNKNOWN)] if self.servers else []
        return [*(one.spec for one in self.functions.values()), *unknown, *self.others]


def _is_same_definition(first: FunctionTool, second: FunctionTool) -> bool:
    """Whether both come from one place in the code, such as a cell that was run twice."""
    names = [(one.function.__module__, one.function.__qualname__) for one in (first, second)]
    return names[0] == names[1]
