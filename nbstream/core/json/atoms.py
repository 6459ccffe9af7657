"""Converts the text of an atom (a JSON number, ``true``, ``false``, ``null``) to its value."""

from __future__ import annotations

_LITERALS: dict[str, bool | float | None] = {
    "true": True,
    "false": False,
    "null": None,
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "-Infinity": float("-inf"),
}


def value_of(atom: str) -> bool | int | float | None:
    """The value of ``atom``, as ``json`` reads it: an int without fraction or exponent.

    Raises:
        ValueError: an integer with more digits than ``int`` accepts (4,300 by default).
    """
    if atom in _LITERALS:
        return _LITERALS[atom]
    return int(atom) if atom.lstrip("-").isdecimal() else float(atom)
