"""Turns what the package ``mcp`` raises into errors that say what to do, without keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from nbstream.core.redact import redact
from nbstream.errors import MCPError, NBStreamError
from nbstream.mcp.texts import cleaned
from nbstream.typed.validation_errors import problems_of

if TYPE_CHECKING:
    from nbstream.mcp.connection import Connection
    from nbstream.mcp.options import Options

CLOSED = -32000  # JSON-RPC: mcp_types.CONNECTION_CLOSED
_NOT_FOUND = -32601
_MOST = 600  # characters of a server's words


def failure_of(error: BaseException, options: Options, connection: Connection | None) -> Exception:
    """The error for ``error``, which a request or the start of ``options``' server raised."""
    error = _first(error)
    if isinstance(error, NBStreamError):
        return error
    code = getattr(error, "code", None)
    if isinstance(error, FileNotFoundError):
        return MCPError(
            f"{options.name} cannot be started: {_words(error, options)}",
            remedy="Give the whole path of the program, or install it.",
        )
    if isinstance(error, PermissionError):
        return MCPError(f"{options.name} cannot be started: {_words(error, options)}")
    if isinstance(error, TimeoutError):
        return timed_out(options)
    if _has_ended(error, code):
        return _ended(options, connection, error)
    if connection is not None and connection.transport.status in (401, 403):
        return MCPError(
            f"{options.name} refused access: HTTP {connection.transport.status}.",
            remedy="Pass its key, such as headers={'Authorization': 'Bearer ...'}.",
        )
    if isinstance(error, OSError) or type(error).__module__.startswith(("httpx2", "httpcore2")):
        return MCPError(
            f"{options.name} cannot be reached: {_words(error, options)}",
            remedy="Check the address, and that the server runs.",
        )
    if code == _NOT_FOUND:
        return MCPError(
            f"{options.name} cannot do that: {_words(error, options)}",
            remedy="Not every server has resources and prompts.",
        )
    if code is not None:
        return MCPError(
            f"{options.name} answered with an error: {_words(error, options)}",
            remedy="Check the address and the arguments. The text is the server's own.",
        )
    if isinstance(error, RuntimeError):  # what the package says of a result and its schema
        return MCPError(
            f"{options.name} returned what its own schema forbids: {_words(error, options)}",
            remedy="Leave the tool out with exclude=, or report it to those who wrote the server.",
        )
    return MCPError(
        f"{options.name} does not follow the protocol: {_words(error, options)}",
        remedy="Check that it is an MCP server. What it sends is for its developers to mend.",
    )


def timed_out(options: Options) -> MCPError:
    """The error for a server that does not answer."""
    return MCPError(
        f"{options.name} did not answer within {options.timeout:g} seconds.",
        remedy="Allow more with timeout=, or end it with close(); the next use starts it again.",
    )


def _has_ended(error: BaseException, code: Any) -> bool:
    return code == CLOSED or type(error).__name__ in ("ClosedResourceError", "BrokenResourceError")


def _ended(options: Options, connection: Connection | None, error: BaseException) -> MCPError:
    """The error for a server that has ended, with the end of its stderr."""
    stderr = connection.transport.stderr if connection is not None else None
    text = f"{options.name} has ended"
    if stderr is None:
        found = MCPError(
            f"{text} the connection: {_words(error, options)}",
            remedy="The next use connects again.",
        )
        found.closed = True
        return found
    said = cleaned(redact(stderr.text[-_MOST:], options.secrets), _MOST)
    lines = said.splitlines()[-3:]
    shown = "\n".join(lines)
    unreadable = connection is not None and connection.unreadable
    found = MCPError(
        f"{text}. It wrote last:\n{shown}" if shown else f"{text}, and wrote nothing to stderr.",
        remedy="Its stdout may carry nothing but the protocol."
        if unreadable
        else "The next use starts it again. Pass what it needs with env= or as arguments.",
    )
    found.closed = True
    return found


def _first(error: BaseException) -> BaseException:
    """The first error of a group."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _words(error: BaseException, options: Options) -> str:
    """What an error says, cut and without keys."""
    if isinstance(error, ValidationError):  # without pydantic's addresses and advice
        text = "; ".join(map(str, problems_of(error)[:3]))
    else:
        text = str(error) or type(error).__name__
    text = redact(text, options.secrets)
    return cleaned(" ".join(text.split()), _MOST)
