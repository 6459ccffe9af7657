"""The error of MCP servers."""

from __future__ import annotations

from nbstream.errors.types import NBStreamError


class MCPError(NBStreamError):
    """An MCP server cannot be started or reached, has ended, or answered with an error.

    ``closed``: the connection is gone, and the next use makes another.

    >>> print(nbstream.errors.MCPError("server.py has ended.", remedy="Start it again."))
    server.py has ended.
    Start it again.
    """

    closed = False
