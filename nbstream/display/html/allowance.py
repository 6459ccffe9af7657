"""``Allowance``: bounds what the HTML of an answer adds to its text.

An inline style is 50 to 200 characters, so one at each code span of a text such as "`a` `a`" would
make a page 30 times as large as the text. The addresses and titles of sources stand at each mark.
"""

from __future__ import annotations

_FREE = 300_000
"""Characters that any answer may have: no answer of usual length reaches them."""
_FACTOR = 5
"""Characters more for each one of the text."""


class Allowance:
    """What the styles and the marks of one answer may still take, in characters.

    >>> few = Allowance()
    >>> few.take(299_000), few.take(2_000)
    (True, False)
    """

    def __init__(self, free: int = _FREE, factor: int = _FACTOR) -> None:
        self._left, self._factor = free, factor

    def add(self, text: str) -> None:
        """Allow more, for more text."""
        self._left += self._factor * len(text)

    def has(self, size: int) -> bool:
        """Whether ``size`` characters may be taken."""
        return size <= self._left

    def take(self, size: int) -> bool:
        """Take ``size`` characters. Returns false if there are not enough."""
        if not self.has(size):
            return False
        self._left -= size
        return True
