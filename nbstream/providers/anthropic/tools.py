"""Functions that make the tools that Anthropic runs itself: search, fetch and code execution.

    nbstream.stream(model, "What is new?", tools=[tools.web_search(max_uses=3)])

A setting of None is not sent; Anthropic's default then applies. A tool's type contains a
date; ``version`` takes a later date, with the settings that this version supports.

Source: https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool, its
neighbours web-fetch-tool and code-execution-tool, and for the headers
https://platform.claude.com/docs/en/api/beta-headers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.tool_spec import ProviderTool
from nbstream.providers.tool_settings import with_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["code_execution", "web_fetch", "web_search"]


def __dir__() -> list[str]:
    return __all__  # what Tab offers


# Older versions of these tools require their beta header; later versions accept it.
_BETAS = {"web_fetch": "web-fetch-2025-09-10", "code_execution": "code-execution-2025-08-25"}


def web_search(
    *,
    max_uses: int | None = None,
    allowed_domains: Sequence[str] | None = None,
    blocked_domains: Sequence[str] | None = None,
    user_location: Mapping[str, str] | None = None,
    version: str = "20250305",
) -> ProviderTool:
    """Web search, with citations in the answer.

    Args:
        max_uses: the highest number of searches in one request.
        allowed_domains: search these domains only. Excludes ``blocked_domains``.
        blocked_domains: do not search these domains.
        user_location: any of ``city``, ``region``, ``country`` (two letters), ``timezone``.
        version: the date in the tool's type.

    Source: https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool

    >>> search = nbstream.providers.anthropic.tools.web_search(max_uses=3)
    >>> search.row
    {'type': 'web_search_20250305', 'name': 'web_search', 'max_uses': 3}
    """
    location = {"type": "approximate", **user_location} if user_location else None
    return _tool(
        "web_search",
        version,
        max_uses=max_uses,
        allowed_domains=allowed_domains,
        blocked_domains=blocked_domains,
        user_location=location,
    )


def web_fetch(
    *,
    max_uses: int | None = None,
    allowed_domains: Sequence[str] | None = None,
    blocked_domains: Sequence[str] | None = None,
    citations: bool | None = None,
    max_content_tokens: int | None = None,
    version: str = "20250910",
) -> ProviderTool:
    """Reads pages and PDFs whose addresses are in the conversation.

    Args:
        max_uses: the highest number of fetches in one request.
        allowed_domains: fetch from these domains only. Excludes ``blocked_domains``.
        blocked_domains: do not fetch from these domains.
        citations: whether the answer cites the pages (Anthropic's default: no).
        max_content_tokens: longer pages are cut.
        version: the date in the tool's type.

    Source: https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-fetch-tool

    >>> fetch = nbstream.providers.anthropic.tools.web_fetch(citations=True)
    >>> fetch.row["citations"]
    {'enabled': True}
    """
    return _tool(
        "web_fetch",
        version,
        max_uses=max_uses,
        allowed_domains=allowed_domains,
        blocked_domains=blocked_domains,
        citations=None if citations is None else {"enabled": citations},
        max_content_tokens=max_content_tokens,
    )


def code_execution(*, version: str = "20250825") -> ProviderTool:
    """Runs shell commands and edits files in Anthropic's sandbox.

    ``version`` is the date in the tool's type.

    Source: https://platform.claude.com/docs/en/agents-and-tools/tool-use/code-execution-tool

    >>> nbstream.providers.anthropic.tools.code_execution().row["type"]
    'code_execution_20250825'
    """
    return _tool("code_execution", version)


def _tool(name: str, version: str, **settings: Any) -> ProviderTool:
    """Make a tool of this version, with its settings and the beta header that it needs."""
    definition = {"type": f"{name}_{version}", "name": name}
    needs = (_BETAS[name],) if name in _BETAS else ()
    return ProviderTool(name, "anthropic", with_settings(definition, settings), needs=needs)
