"""``stdio``, ``http`` and ``sse``: check what the user gives, and make an ``MCPServer`` of it."""

from __future__ import annotations

import inspect
import shutil
import sys
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from nbstream.core.hidden import LIKE_A_KEY, hidden
from nbstream.core.redact import Secret, hide_address, secrets_in_address, secrets_in_headers
from nbstream.errors import UsageError
from nbstream.errors.arguments import NoKeywords, check_options, without_unknown
from nbstream.errors.tracebacks import TRACEBACK_END
from nbstream.mcp.link import Link
from nbstream.mcp.options import options
from nbstream.mcp.server import MCPServer
from nbstream.mcp.transports import Pipes, Web

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from typing_extensions import Unpack

_PROGRAMS = (".py", ".js", ".mjs", ".ts", ".sh", ".jar")
"""The ends of file names that no key has."""


def stdio(
    command: str,
    *args: str | PathLike[str],
    env: Mapping[str, str] | None = None,
    cwd: str | PathLike[str] | None = None,
    name: str | None = None,
    prefix: str | None = None,
    only: Iterable[str] | None = None,
    exclude: Iterable[str] = (),
    requires_approval: bool | Iterable[str] = False,
    timeout: float | None = 120,
    **unknown: Unpack[NoKeywords],
) -> MCPServer:
    """An MCP server that is a program; it is started at its first use.

    Args:
        command: The program. ``python`` is the interpreter that runs this.
        args: Its arguments.
        env: Environment variables, beside those that every program needs (PATH, HOME and the
            like). The others of this process are not passed on.
        cwd: The folder that it starts in. Default: the current one.
        name: What errors call it. Default: from the command.
        prefix: Put before its tools' names, with ``_``, so that they differ from others'.
        only: The names of the tools that the model gets. Default: all.
        exclude: The names of those that it does not get.
        requires_approval: Ask a person before each call; or the names of the tools to ask for.
        timeout: Seconds that the start, a request or a call may take. None: no limit.

    Raises:
        UsageError: an argument is not valid.

    >>> nbstream.mcp.stdio("python", "server.py", env={"API_KEY": "sk-123456"})
    <MCPServer server.py>
    """
    env = hidden(dict(env), whole=True) if env is not None else None
    words: list[str] = hidden([str(one) for one in args], LIKE_A_KEY)
    others = hidden({**unknown}, whole=True)
    del unknown
    with TRACEBACK_END:
        check_options(others, "stdio", inspect.signature(stdio).parameters)
        _check_texts(env, "env=")
        _check_arguments(args)
        if not args and " " in str(command) and shutil.which(command) is None:
            raise UsageError(  # without the words: a key may be among them
                "stdio() takes the program and each of its arguments by itself, not one text.",
                remedy='Write stdio("python", "server.py").',
            )
        found = name or Path(_shown(words) or str(command)).name
        program = sys.executable if command == "python" else str(command)
        secrets = (*(env or {}).values(), *(one for one in words if isinstance(one, Secret)))
        folder = None if cwd is None else str(cwd)
        made = options(
            found,
            lambda: Pipes(program, words, env, folder),
            secrets,
            prefix=prefix,
            only=only,
            exclude=exclude,
            requires_approval=requires_approval,
            timeout=timeout,
        )
        return MCPServer(Link(made))


def http(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    name: str | None = None,
    prefix: str | None = None,
    only: Iterable[str] | None = None,
    exclude: Iterable[str] = (),
    requires_approval: bool | Iterable[str] = False,
    timeout: float | None = 120,
    **unknown: Unpack[NoKeywords],
) -> MCPServer:
    """An MCP server at an address, by streamable HTTP.

    ``headers`` are sent with every request, such as ``{"Authorization": "Bearer ..."}``. The other
    arguments are those of ``stdio``.

    Raises:
        UsageError: an argument is not valid.

    >>> nbstream.mcp.http("https://mcp.example/mcp", headers={"Authorization": "Bearer sk-123456"})
    <MCPServer mcp.example>
    """
    url, headers = hide_address(url), hidden(dict(headers or {}), whole=True)
    others = hidden({**unknown}, whole=True)
    del unknown
    with TRACEBACK_END:
        check_options(others, "http", inspect.signature(http).parameters)
        given = (name, prefix, only, exclude, requires_approval, timeout)
        return _web(url, headers, given, events=False)


def sse(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    name: str | None = None,
    prefix: str | None = None,
    only: Iterable[str] | None = None,
    exclude: Iterable[str] = (),
    requires_approval: bool | Iterable[str] = False,
    timeout: float | None = 120,
    **unknown: Unpack[NoKeywords],
) -> MCPServer:
    """An MCP server at an address, by the older HTTP with server-sent events.

    The arguments are those of ``http``.

    Raises:
        UsageError: an argument is not valid.

    >>> nbstream.mcp.sse("https://mcp.example/sse", prefix="old")
    <MCPServer mcp.example>
    """
    url, headers = hide_address(url), hidden(dict(headers or {}), whole=True)
    others = hidden({**unknown}, whole=True)
    del unknown
    with TRACEBACK_END:
        check_options(others, "sse", inspect.signature(sse).parameters)
        given = (name, prefix, only, exclude, requires_approval, timeout)
        return _web(url, headers, given, events=True)


def _web(
    url: Any, headers: Mapping[str, str], given: tuple[Any, ...], *, events: bool
) -> MCPServer:
    name, prefix, only, exclude, requires_approval, timeout = given
    parts = urlsplit(str(url or ""))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            f"{url!r} is not the address of an MCP server.",
            remedy="Write it as https://mcp.example/mcp.",
        )
    _check_texts(headers, "headers=")
    made = options(
        name or parts.hostname,
        lambda: Web(url, headers, events=events),
        (*secrets_in_headers(headers), *secrets_in_address(url)),
        prefix=prefix,
        only=only,
        exclude=exclude,
        requires_approval=requires_approval,
        timeout=timeout,
    )
    return MCPServer(Link(made))


def _shown(words: list[str]) -> str | None:
    """The first argument that is no option and no key. A program's folder may look like one."""
    for word in words:
        is_program = Path(word).suffix in _PROGRAMS
        if not word.startswith("-") and (is_program or not isinstance(word, Secret)):
            return word
    return None


without_unknown(stdio)
without_unknown(http)
without_unknown(sse)


def _check_arguments(args: tuple[Any, ...]) -> None:
    """Check that each argument is one text, without showing them: a key may be among them."""
    for one in args:
        if not isinstance(one, str | PathLike):
            raise UsageError(
                "stdio() takes the program and each of its arguments by itself; "
                f"one is a {type(one).__name__}.",
                remedy='Write stdio("python", "server.py"), or put * before a list: '
                'stdio("python", *words).',
            )


def _check_texts(given: Mapping[Any, Any] | None, keyword: str) -> None:
    """Check that names and values are texts, without showing them."""
    for name, value in (given or {}).items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise UsageError(f"{keyword} takes texts, and one is a {type(value).__name__}.")
