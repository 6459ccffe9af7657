"""Rounds numbers for people as JavaScript does: a half goes up, and not to the even neighbour.

The live view and the saved answer so say the same.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from math import floor


def one_decimal(value: float) -> str:
    """``value``, which is not negative, with one digit after the point.

    >>> one_decimal(1.25), f"{1.25:.1f}"
    ('1.3', '1.2')
    """
    return str(Decimal(value).quantize(Decimal("0.1"), ROUND_HALF_UP))


def whole(value: float) -> int:
    """The nearest whole number.

    >>> whole(2.5), round(2.5)
    (3, 2)
    """
    return floor(value + 0.5)
