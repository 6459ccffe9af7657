"""Makes tools for an agent of those that a server lists, and executes their calls."""

from __future__ import annotations

import hashlib
import re
import time
from typing import TYPE_CHECKING, Any

from nbstream.agent.results import ResultError
from nbstream.agent.server_tool import ServerTool
from nbstream.core.events import FunctionToolProgress
from nbstream.core.tool_spec import ToolSpec
from nbstream.errors import MCPError, UsageError
from nbstream.mcp.results import result_of
from nbstream.mcp.schemas import for_model
from nbstream.mcp.texts import cleaned, line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nbstream.agent.context import RunContext
    from nbstream.mcp.options import Options

    Execute = Callable[[str, dict[str, Any], RunContext[Any] | None], Awaitable[Any]]

MOST_TOOLS = 1_000
_MOST_DESCRIPTION = 4_000  # characters
_LONGEST = 64  # characters of a name, by the strictest provider
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9_-]")
_OFTEN = 0.1  # seconds between two lines of progress


def tools_of(rows: list[Any], options: Options, execute: Execute) -> list[ServerTool]:
    """The tools that the model gets, of those that the server lists.

    Raises:
        UsageError: ``only=`` or ``requires_approval=`` names a tool that the server has not.
        MCPError: a tool cannot be described to a model.
    """
    _check_names(rows, options)
    return [_tool(row, options, execute) for row in rows if options.has(row.name)]


def _check_names(rows: list[Any], options: Options) -> None:
    known = {row.name for row in rows}
    approval = options.requires_approval
    wanted = {
        "only=": options.only or frozenset(),
        "requires_approval=": frozenset() if isinstance(approval, bool) else approval,
    }
    for keyword, names in wanted.items():
        for name in sorted(names - known):
            has = ", ".join(line(one, 40) for one in sorted(known)[:20])
            raise UsageError(
                f"{options.name} has no tool {name!r}, which {keyword} names.",
                remedy=f"It has: {has or 'none'}.",
            )


def _tool(row: Any, options: Options, execute: Execute) -> ServerTool:
    try:
        schema = for_model(row.input_schema)
    except ValueError as error:
        raise MCPError(
            f"The tool {line(row.name, 60)!r} of {options.name} has a schema that cannot be "
            f"used: {error}.",
            remedy=f"Leave it out with exclude=[{line(row.name, 60)!r}].",
        ) from None

    async def call(ctx: RunContext[Any], arguments: dict[str, Any]) -> Any:
        return await execute(row.name, arguments, ctx)

    return ServerTool(
        call,
        ToolSpec(
            name_for_model(row.name, options.prefix),
            cleaned(row.description or "", _MOST_DESCRIPTION),
            schema,
        ),
        requires_approval=options.needs_approval(row.name),
        timeout=options.timeout,
    )


def name_for_model(name: str, prefix: str = "") -> str:
    """A name that every provider allows. One that is too long ends with a part of its hash.

    >>> from nbstream.mcp.tools import name_for_model
    >>> name_for_model("files/read.text", "fs")
    'fs_files_read_text'
    """
    whole = _NOT_ALLOWED.sub("_", f"{prefix}_{name}" if prefix else name)
    if len(whole) <= _LONGEST:
        return whole
    end = hashlib.sha256(name.encode(errors="replace")).hexdigest()[:8]
    return f"{whole[: _LONGEST - 9]}_{end}"


async def call_tool(
    client: Any, name: str, arguments: dict[str, Any], ctx: RunContext[Any] | None
) -> Any:
    """The result of a call. Cancelled, it tells the server so.

    Raises:
        ResultError: the tool failed; the content is for the model.
        Exception: as the package.
    """
    found = await client.call_tool(name, arguments, progress_callback=_progress(ctx))
    value = result_of(found)
    if found.is_error:
        raise ResultError(value or "The tool failed, and did not say why.")
    return value


def _progress(ctx: RunContext[Any] | None) -> Any:
    """The function that reports how far a call is, as lines; None if nobody would read them."""
    if ctx is None or ctx.send is None:
        return None
    send, last, ended = ctx.send, 0.0, False

    async def report(progress: float, total: float | None, message: str | None) -> None:
        nonlocal last, ended
        now = time.monotonic()
        is_end = progress == total and not ended  # the end is said, but only once
        if now - last < _OFTEN and not is_end:
            return
        last, ended = now, ended or is_end
        done = f"{progress:g} of {total:g}" if total else f"{progress:g}"
        text = f"{line(message)} ({done})" if message else done
        send(FunctionToolProgress(ctx.tool_call_id or "", ctx.tool_name or "", text))

    return report
