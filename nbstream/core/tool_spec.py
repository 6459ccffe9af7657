"""Describes the tools that a request offers to the model.

The user's own tools have a name, a purpose and a JSON schema, in no provider's format. A tool
that the provider runs is JSON in that provider's format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ProviderTool", "Tool", "ToolChoice", "ToolSpec"]


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool of the user: its name, its purpose, and a JSON schema of its arguments.

    ``strict`` asks for arguments that match the schema exactly, if the provider can
    guarantee that; None leaves it to the provider's default. ``extra`` are further
    fields in the provider's format (Anthropic's ``cache_control``).

    >>> schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    >>> weather = nbstream.ToolSpec("weather", "The weather in a city.", schema)
    >>> stream = nbstream.stream(ScriptedModel("It rains."), "Bern?", tools=[weather])
    """

    name: str
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=lambda: {"type": "object"})
    strict: bool | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProviderTool:
    """A tool that the provider runs, such as a web search.

    ``row`` is its JSON in the request. It may contain a key (of an MCP server), so no
    repr shows it. Only ``protocol`` can send it and, if ``provider`` is given, only to
    that provider. ``needs`` are further values that the request must have (Anthropic's
    ``betas``, OpenAI's ``include``). Made by ``nbstream.providers.<name>.tools``.
    """

    name: str
    protocol: str
    row: Mapping[str, Any] = field(repr=False)
    provider: str | None = None
    needs: tuple[str, ...] = ()


Tool = ToolSpec | ProviderTool

ToolChoice = str | Mapping[str, Any] | None
"""``auto``, ``none``, ``required`` or a tool's name. A mapping is in the provider's format and
is sent unchanged. None sends nothing, which every provider reads as ``auto``."""
