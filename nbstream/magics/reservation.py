"""The most that an answer which still streams is taken to cost, for the budget."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nbstream.core.cost import token_cost
from nbstream.core.message import Usage
from nbstream.providers.names import split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nbstream.core.message import Message

LONGEST = 16_000
"""The output tokens of an answer without ``max_tokens``; a number of thinking tokens is added."""

_BYTES = 3  # of text in a token: providers count about four of English, fewer of code
_FILE = 2_000  # tokens; an image of 1 megapixel has about 1,300


def most(model: str, messages: Sequence[Message], parameters: Mapping[str, Any]) -> Decimal:
    """The price in dollars of a request with the longest answer; 0 if the price is not known.

    >>> from nbstream.magics.reservation import most
    >>> asked = [nbstream.user_message("Write a novel.")]
    >>> round(most("anthropic/claude-sonnet-4-5", asked, {}), 2)
    Decimal('0.24')
    >>> round(most("openai/gpt-4o", asked, {"max_tokens": 100_000}), 2)
    Decimal('1.00')
    """
    if parameters.get("base_url"):
        return Decimal()
    texts = [str(parameters.get("system") or ""), *(one.text for one in messages)]
    files = sum(len(one.files) for one in messages)
    tokens = sum(len(text.encode("utf-8", "replace")) for text in texts) // _BYTES + files * _FILE
    longest = parameters.get("max_tokens")
    if longest is None:
        thinking = parameters.get("reasoning")
        longest = LONGEST + (thinking if isinstance(thinking, int) else 0)
    provider, name = split(model)
    return token_cost(Usage(tokens, longest), name, provider) or Decimal()
