"""The Python value of a JSON number or literal."""

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
    """The same value as from ``json``: an int unless it has a fraction or an exponent.

    Raises:
        ValueError: an integer of more digits than ``int`` takes (4,300 by default).
    """
    if atom in _LITERALS:
        return _LITERALS[atom]
    return int(atom) if atom.lstrip("-").isdecimal() else float(atom)
