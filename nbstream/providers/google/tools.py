"""Functions that make the tools that Google runs itself: search, URL context, code execution.

    nbstream.stream(model, "What is new?", tools=[tools.google_search()])

A setting of None is not sent; Google's default then applies.

Source: https://ai.google.dev/api/caching#Tool and the guide of each tool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.core.tool_spec import ProviderTool
from nbstream.providers.tool_settings import with_settings

if TYPE_CHECKING:
    from collections.abc import Mapping


__all__ = ["code_execution", "google_search", "url_context"]


def __dir__() -> list[str]:
    return __all__  # what Tab offers


def google_search(*, time_range: Mapping[str, str] | None = None) -> ProviderTool:
    """Web search, with citations in the answer.

    Args:
        time_range: ``startTime`` and ``endTime``, in the form ``2026-01-31T00:00:00Z``.

    Source: https://ai.google.dev/gemini-api/docs/google-search

    >>> nbstream.providers.google.tools.google_search().row
    {'googleSearch': {}}
    """
    return _tool("google_search", "googleSearch", timeRangeFilter=time_range)


def url_context() -> ProviderTool:
    """Reads the pages whose addresses are in the prompt.

    Source: https://ai.google.dev/gemini-api/docs/url-context

    >>> nbstream.providers.google.tools.url_context().row
    {'urlContext': {}}
    """
    return _tool("url_context", "urlContext")


def code_execution() -> ProviderTool:
    """Runs Python in Google's sandbox.

    Source: https://ai.google.dev/gemini-api/docs/code-execution

    >>> nbstream.providers.google.tools.code_execution().row
    {'codeExecution': {}}
    """
    return _tool("code_execution", "codeExecution")


def _tool(name: str, field: str, **settings: object) -> ProviderTool:
    return ProviderTool(name, "gemini", {field: with_settings({}, settings)})
