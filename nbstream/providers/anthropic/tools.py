"""The tools that Anthropic runs itself.

    nbstream.stream(model, "What is new?", tools=[tools.web_search(max_uses=3)])

A setting of None is not sent, so Anthropic's default applies. A tool's type ends with a date;
``version`` is another date, whose tool may have other settings.

Sources: https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool,
web-fetch-tool and code-execution-tool beside it, and
https://platform.claude.com/docs/en/api/beta-headers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.tool_spec import ProviderTool
from nbstream.providers.tool_settings import row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Older versions of these two need the header; later ones accept it.
_BETAS = {"web_fetch": "web-fetch-2025-09-10", "code_execution": "code-execution-2025-08-25"}


def web_search(
    *,
    max_uses: int | None = None,
    allowed_domains: Sequence[str] | None = None,
    blocked_domains: Sequence[str] | None = None,
    user_location: Mapping[str, str] | None = None,
    version: str = "20250305",
) -> ProviderTool:
    """Web search, with citations.

    ``max_uses`` is the most searches of one request. Give ``allowed_domains`` or
    ``blocked_domains``, not both. ``user_location`` has ``city``, ``region``, ``country``
    (two letters) and ``timezone``, each optional.
    """
    place = {"type": "approximate", **user_location} if user_location else None
    return _tool(
        "web_search",
        version,
        max_uses=max_uses,
        allowed_domains=allowed_domains,
        blocked_domains=blocked_domains,
        user_location=place,
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
    """Reads pages and PDFs whose URLs are in the conversation.

    ``citations`` (default off) lets the answer cite them. ``max_content_tokens`` cuts
    long ones.
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
    """Runs shell commands and edits files in Anthropic's sandbox."""
    return _tool("code_execution", version)


def _tool(name: str, version: str, **settings: Any) -> ProviderTool:
    fixed = {"type": f"{name}_{version}", "name": name}
    needs = (_BETAS[name],) if name in _BETAS else ()
    return ProviderTool(name, "anthropic", row(fixed, settings), needs=needs)
