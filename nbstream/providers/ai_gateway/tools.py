"""Functions that make the tools that Vercel's AI Gateway runs, for any model behind it.

    nbstream.stream("gateway/...", "What is new?", tools=[tools.perplexity_search()])

A setting of None is not sent; the gateway's default then applies.

Source: https://vercel.com/docs/ai-gateway/capabilities/web-search, and for the format the
gateway's provider in https://github.com/vercel/ai.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from nbstream.core.tool_spec import ProviderTool
from nbstream.providers.tool_settings import with_settings

if TYPE_CHECKING:
    from collections.abc import Sequence


__all__ = ["perplexity_search"]


def __dir__() -> list[str]:
    return __all__  # what Tab offers


def perplexity_search(
    *,
    max_results: int | None = None,
    max_tokens: int | None = None,
    max_tokens_per_page: int | None = None,
    country: str | None = None,
    search_domain_filter: Sequence[str] | None = None,
    search_language_filter: Sequence[str] | None = None,
    search_recency_filter: Literal["day", "week", "month", "year"] | None = None,
) -> ProviderTool:
    """Web search by Perplexity.

    Args:
        max_results: 1 to 20 (the gateway's default: 10).
        max_tokens: the limit for all results together.
        max_tokens_per_page: the limit for one result.
        country: a country code of two letters.
        search_domain_filter: the domains to search; one with ``-`` before it is excluded.
        search_language_filter: language codes of two letters.
        search_recency_filter: how old results may be.

    Source: https://vercel.com/docs/ai-gateway/capabilities/web-search

    >>> search = nbstream.providers.ai_gateway.tools.perplexity_search(max_results=5)
    >>> search.row["args"]
    {'maxResults': 5}
    """
    settings = {
        "maxResults": max_results,
        "maxTokens": max_tokens,
        "maxTokensPerPage": max_tokens_per_page,
        "country": country,
        "searchDomainFilter": list(search_domain_filter) if search_domain_filter else None,
        "searchLanguageFilter": list(search_language_filter) if search_language_filter else None,
        "searchRecencyFilter": search_recency_filter,
    }
    name = "perplexity_search"
    definition = {
        "type": "provider",
        "id": f"gateway.{name}",
        "name": name,
        "args": with_settings({}, settings),
    }
    return ProviderTool(name, "openai_chat", definition, provider="gateway")
