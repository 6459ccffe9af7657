"""``Limits``: what a map may use before it is ended: tokens, requests, dollars."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nbstream.core.cost import money
from nbstream.core.shown import shown
from nbstream.errors import UsageError, UsageLimitError

if TYPE_CHECKING:
    from nbstream.many.totals import Totals

_COUNTED = ("request_limit", "input_tokens_limit", "output_tokens_limit", "total_tokens_limit")


@dataclass(frozen=True, slots=True)
class Limits:
    """``limits=``, a ``UsageLimits`` or None, and ``budget=``, dollars or None.

    Raises:
        UsageError: they are something else.
    """

    usage: Any
    budget: Any

    def __post_init__(self) -> None:
        if self.usage is not None and not all(hasattr(self.usage, name) for name in _COUNTED):
            raise UsageError(
                f"limits= takes a UsageLimits, not {shown(self.usage)}.",
                remedy="Write limits=nbstream.UsageLimits(total_tokens_limit=100_000),"
                " or budget= with dollars.",
            )
        number = isinstance(self.budget, (int, float, Decimal)) and self.budget is not True
        if self.budget is not None and not (number and self.budget > 0):
            raise UsageError(
                f"budget= takes dollars, above 0, not {shown(self.budget)}.",
                remedy="Write a number such as 1.50.",
            )

    def check(self, totals: Totals, running: int) -> None:
        """Check before a request, while ``running`` others have not ended.

        Raises:
            UsageLimitError: a limit is reached.
        """
        if self.budget is not None:
            limit = Decimal(str(self.budget))
            if totals.cost >= limit:
                raise UsageLimitError(
                    f"The budget of {money(limit)} is spent: {money(totals.cost)} so far.",
                    remedy="Allow more with budget=. With the same cassette= the answers so far"
                    " are not sent again.",
                )
        if self.usage is None:
            return
        counts = (
            totals.sent + running,
            totals.usage.input_tokens,
            totals.usage.output_tokens,
            totals.usage.total_tokens,
        )
        for name, count in zip(_COUNTED, counts, strict=True):
            limit = getattr(self.usage, name)
            if limit is not None and count >= limit:
                raise UsageLimitError(
                    f"The map has reached its {name} of {limit:,}.",
                    remedy=f"Allow more with limits=UsageLimits({name}=...). With the same"
                    " cassette= the answers so far are not sent again.",
                )
