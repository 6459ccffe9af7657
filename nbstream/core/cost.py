"""What the tokens of an answer cost, by the price list of the package ``genai-prices``.

The list is data inside that package; nothing is requested. It is imported when a price is first
asked for, which takes about 0.2 s.
"""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.message import Usage

_PROVIDERS = {
    **{
        name: name
        for name in (
            *("anthropic", "openai", "google", "azure", "mistral", "groq", "deepseek"),
            *("openrouter", "together", "fireworks", "perplexity", "cerebras"),
        )
    },
    "openai-chat": "openai",
    "xai": "x-ai",
}
"""The names of our providers in the price list. Other providers' models have no known price, even
if a model of the same name has one elsewhere."""


def preload(provider: str) -> None:
    """Import the price list now, if it has this provider, so that no one waits for it later."""
    if provider in _PROVIDERS:
        import genai_prices  # noqa: F401


class Priced(NamedTuple):
    """A token count, and whose tokens they are."""

    usage: Usage
    model: str | None
    provider: str | None


def total(rows: Iterable[Priced]) -> Decimal | None:
    """The price of several counts in US dollars; None if that of one is not known."""
    cost = Decimal()
    for row in rows:
        one = token_cost(*row) if row.usage else Decimal()
        if one is None:
            return None
        cost += one
    return cost


def token_cost(usage: Usage, model: str | None, provider: str | None) -> Decimal | None:
    """The price of the tokens in US dollars; None if it is not known.

    Tokens read from the provider's cache and written to it have prices of their own. Fees for the
    provider's own tools, such as a web search, are not included.

    >>> from nbstream.core.cost import token_cost
    >>> usage = nbstream.messages.Usage(1_000_000, 0, cache_read_tokens=900_000)
    >>> token_cost(usage, "claude-sonnet-4", "anthropic") is not None
    True
    >>> token_cost(usage, "my-own-model", "vllm") is None
    True
    """
    known = _PROVIDERS.get(provider or "")
    if known is None or not model or not usage:
        return None
    import genai_prices

    # The count of reasoning tokens is part of the output, which has one price.
    names = [row.name for row in fields(usage) if row.init and row.name != "reasoning_tokens"]
    counted = {name: getattr(usage, name) for name in names if getattr(usage, name)}
    try:
        found = genai_prices.calc_price(
            genai_prices.Usage(**counted), model.removeprefix("models/"), provider_id=known
        )
    except (LookupError, ValueError):  # an unknown model, or counts that contradict each other
        return None
    return found.total_price


def money(cost: Decimal) -> str:
    """Dollars as text, such as ``$0.0032`` or ``$1.50``."""
    if 0 < cost < Decimal("0.0001"):
        return "under $0.0001"
    return f"${cost:,.2f}" if cost >= 1 else f"${cost:.4f}" if cost else "$0"
