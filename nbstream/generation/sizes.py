"""Sizes and aspect ratios, and the nearest that a model has.

Arithmetic and nothing else. Refuses to know models.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def ratio_of(shape: str) -> float | None:
    """Width to height of ``16:9`` or ``1536x1024``; None for another word."""
    found = re.fullmatch(r"([1-9]\d*)[:x]([1-9]\d*)", shape)
    return int(found[1]) / int(found[2]) if found else None


def nearest(shape: str, shapes: Iterable[str]) -> str:
    """Of ``shapes`` the one whose proportions are the most like those of ``shape``."""
    wanted = ratio_of(shape) or 1.0
    return min(shapes, key=lambda one: _distance(wanted, one))


def same(shape: str, shapes: Iterable[str]) -> str | None:
    """Of ``shapes`` the one of the same proportions, within 3 %; None if there is none."""
    found = nearest(shape, shapes)
    close = _distance(ratio_of(shape) or 1.0, found) < math.log(1.03)
    return found if close else None


def sized(shape: str, long: int, step: int) -> str:
    """Pixels of that ratio: the longer side ``long``, both in multiples of ``step``."""
    ratio = ratio_of(shape) or 1.0
    short = max(step, round(long * min(ratio, 1 / ratio) / step) * step)
    return f"{long}x{short}" if ratio >= 1 else f"{short}x{long}"


def _distance(wanted: float, shape: str) -> float:
    return abs(math.log(wanted / (ratio_of(shape) or 1.0)))
