"""MCP servers: their tools for agents, their resources and prompts, by the package ``mcp``.

    server = nbstream.mcp.stdio("python", "server.py")
    agent = nbstream.Agent(model, tools=[server])

``stdio`` starts a program, ``http`` and ``sse`` connect to an address. What a server says is as
untrusted as a model's text.

factories, options      ``stdio``, ``http`` and ``sse``, and the settings that they check
server                  ``MCPServer``, which users hold, and its form for ``async with``
link, connection        connects when needed and sends requests; one open connection
transports              how the bytes of a connection travel: pipes, or HTTP
tools, schemas          what the model gets of a server, and which schemas are safe to use
results, catalog        results, resources and prompts as nbstream's values
elicitation             what a server asks the user
texts, failures         a server's words made harmless; its failures as errors
"""

from nbstream.mcp.catalog import Prompt, PromptArgument, Resource
from nbstream.mcp.factories import http, sse, stdio
from nbstream.mcp.server import AsyncMCPServer, MCPServer

__all__ = [
    "AsyncMCPServer",
    "MCPServer",
    "Prompt",
    "PromptArgument",
    "Resource",
    "http",
    "sse",
    "stdio",
]


def __dir__() -> list[str]:
    return __all__
