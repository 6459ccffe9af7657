"""Tools as a model is told of them, before any provider's shape.

Knows what a tool is called and what it takes. Refuses to know how one is run,
and how any wire format writes one: that is each protocol's own affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ProviderTool", "Tool", "ToolChoice", "ToolSpec"]


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool of the user's own: its name, what it is for, and a JSON schema of its arguments.

    ``strict`` asks for arguments that keep to the schema in every detail, where
    the provider can promise that; None leaves it to the provider's default.
    ``extra`` are further fields of the provider's own (Anthropic's ``cache_control``).

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
    """A tool that the provider itself runs, such as a web search.

    ``row`` is what stands for it in the request, and in no repr: it may hold a
    key (an MCP server's). Only ``protocol`` can send it,
    and, if ``provider`` is given, only to that provider. ``needs`` is what else
    a request must then ask for, by the protocol's own names (Anthropic's
    ``betas``, OpenAI's ``include``). Made by ``nbstream.providers.<name>.tools``.
    """

    name: str
    protocol: str
    row: Mapping[str, Any] = field(repr=False)
    provider: str | None = None
    needs: tuple[str, ...] = ()


Tool = ToolSpec | ProviderTool

ToolChoice = str | Mapping[str, Any] | None
"""``auto``, ``none``, ``required`` or a tool's name; a mapping is the provider's own and goes as
it is. None says nothing, which every provider takes for ``auto``."""
