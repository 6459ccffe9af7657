"""Computes with sizes and aspect ratios: the nearest that a model supports, and pixels of a ratio.

A ``shape`` is text such as ``16:9`` or ``1536x1024``.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def ratio_of(shape: str) -> float | None:
    """Width divided by height of ``16:9`` or ``1536x1024``; None for another text."""
    found = re.fullmatch(r"([1-9]\d*)[:x]([1-9]\d*)", shape)
    return int(found[1]) / int(found[2]) if found else None


def nearest(shape: str, shapes: Iterable[str]) -> str:
    """The one of ``shapes`` whose ratio is nearest to that of ``shape``."""
    wanted = ratio_of(shape) or 1.0
    return min(shapes, key=lambda one: _distance(wanted, one))


def matching(shape: str, shapes: Iterable[str]) -> str | None:
    """The one of ``shapes`` with the same ratio, within 3 %; None if there is none."""
    found = nearest(shape, shapes)
    close = _distance(ratio_of(shape) or 1.0, found) < math.log(1.03)
    return found if close else None


def pixel_size(shape: str, long: int, step: int) -> str:
    """Pixels with the ratio of ``shape``: ``long`` is the longer side, ``step`` divides both."""
    ratio = ratio_of(shape) or 1.0
    short = max(step, round(long * min(ratio, 1 / ratio) / step) * step)
    return f"{long}x{short}" if ratio >= 1 else f"{short}x{long}"


def _distance(wanted: float, shape: str) -> float:
    """How far the ratio of ``shape`` is from ``wanted``."""
    return abs(math.log(wanted / (ratio_of(shape) or 1.0)))
