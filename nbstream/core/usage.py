"""``Usage``: the tokens of an answer as its provider counted them, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Self

from nbstream.core.cost import Priced, total

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts from the provider: the latest, while a message arrives or if it breaks off.

    ``input_tokens`` counts all input, cached or not; ``reasoning_tokens`` are
    part of ``output_tokens``.

    >>> usage = nbstream.messages.Usage(input_tokens=12, output_tokens=30, cache_read_tokens=8)
    >>> usage.total_tokens
    42
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    priced: tuple[Priced, ...] = field(default=(), init=False, repr=False, compare=False)
    """The counts that it is the sum of, each with its model; set by ``with_price``."""

    @property
    def cost(self) -> Decimal | None:
        """The price in US dollars, by the list in ``genai-prices``; None if it is not known.

        A count knows whose tokens they are if it comes from a message or a stream. No price is
        known of a model that the list does not have, or of a server of your own.
        """
        return total(self.priced) if self.priced and self else None

    @property
    def total_tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens

    @property
    def cache_read_input_tokens(self) -> int:
        """``cache_read_tokens``, in Anthropic's word."""
        return self.cache_read_tokens

    @property
    def cache_creation_input_tokens(self) -> int:
        """``cache_write_tokens``, in Anthropic's word."""
        return self.cache_write_tokens

    def __bool__(self) -> bool:
        """Whether anything was counted."""
        return bool(self.input_tokens or self.output_tokens)

    def __call__(self) -> Self:
        """Returns itself: PydanticAI calls ``stream.usage()``, others read ``stream.usage``."""
        return self

    def __add__(self, other: Usage) -> Usage:
        """The sum of two counts, field by field."""
        names = [row.name for row in fields(Usage) if row.init]
        both = Usage(*(getattr(self, name) + getattr(other, name) for name in names))
        rows = [*_rows(self), *_rows(other)]
        object.__setattr__(both, "priced", tuple(rows))
        return both


def _rows(usage: Usage) -> tuple[Priced, ...]:
    """The counts that a count is the sum of."""
    return usage.priced or ((Priced(usage, None, None),) if usage else ())


def with_price(usage: Usage, model: str | None, provider: str | None) -> Usage:
    """A copy of a count that knows its price; ``provider`` is None for a server of the user's."""
    copy = replace(usage)
    object.__setattr__(copy, "priced", (Priced(usage, model, provider),))
    return copy
