"""The tools that Vercel's AI Gateway runs itself, for any model behind it.

    nbstream.stream("gateway/...", "What is new?", tools=[tools.perplexity_search()])

A setting of None is not sent, so the gateway's default applies.

Source: https://vercel.com/docs/ai-gateway/capabilities/web-search and the
gateway's provider in https://github.com/vercel/ai, which has the shape of the row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from nbstream.core.tool_spec import ProviderTool
from nbstream.providers.tool_settings import row

if TYPE_CHECKING:
    from collections.abc import Sequence


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
    """Perplexity's web search.

    It gives at most ``max_results`` (1 to 20, default 10), of at most ``max_tokens`` tokens
    in all. ``country`` and the languages are two-letter codes. A domain with ``-`` before
    it is excluded.
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
    fixed = {"type": "provider", "id": f"gateway.{name}", "name": name, "args": row({}, settings)}
    return ProviderTool(name, "openai_chat", fixed, provider="gateway")
