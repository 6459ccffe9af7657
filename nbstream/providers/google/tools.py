"""The tools that Google runs itself.

    nbstream.stream(model, "What is new?", tools=[tools.google_search()])

A setting of None is not sent, so Google's default applies.

Source: https://ai.google.dev/api/caching#Tool and the guide of each tool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.core.tool_spec import ProviderTool
from nbstream.providers.tool_settings import row

if TYPE_CHECKING:
    from collections.abc import Mapping


def google_search(*, time_range: Mapping[str, str] | None = None) -> ProviderTool:
    """Web search, with citations.

    ``time_range`` has ``startTime`` and ``endTime``, as ``2026-01-31T00:00:00Z``.
    """
    return _tool("google_search", "googleSearch", timeRangeFilter=time_range)


def url_context() -> ProviderTool:
    """Reads the pages whose URLs are in the prompt."""
    return _tool("url_context", "urlContext")


def code_execution() -> ProviderTool:
    """Runs Python in Google's sandbox."""
    return _tool("code_execution", "codeExecution")


def _tool(name: str, field: str, **settings: object) -> ProviderTool:
    return ProviderTool(name, "gemini", {field: row({}, settings)})
