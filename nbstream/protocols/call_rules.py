"""The ids and the names of calls that a server accepts, and what others are changed to."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class CallRules:
    """What a server accepts in calls.

    ``ids``: the ids that it accepts. Others become ``prefix`` and ``digits`` letters and
    digits. ``names``: the names that it accepts, up to ``longest`` characters; ``letters`` are
    the characters that may stay in others.
    """

    ids: re.Pattern[str]
    prefix: str = ""
    digits: int = 24
    names: re.Pattern[str] = field(default=re.compile(r"[a-zA-Z0-9_-]+"))
    letters: re.Pattern[str] = field(default=re.compile(r"[^a-zA-Z0-9_-]"))
    longest: int = 64

    def id(self, old: str, used: Collection[str]) -> str:
        """``old`` if it is accepted and not ``used``, else an id that depends on it alone."""
        new, attempt = old, 0
        while new in used or not self.ids.fullmatch(new):
            number = int.from_bytes(hashlib.sha256(f"{attempt}:{old}".encode()).digest())
            new, attempt = self.prefix, attempt + 1
            for _ in range(self.digits):
                number, digit = divmod(number, len(_DIGITS))
                new += _DIGITS[digit]
        return new

    def name(self, old: str) -> str:
        """``old`` if it is accepted, else with ``_`` for what is not."""
        if self.names.fullmatch(old) and len(old) <= self.longest:
            return old
        new = self.letters.sub("_", old)[: self.longest]
        return new if self.names.fullmatch(new) else f"_{new}"[: self.longest] if new else "tool"
