"""``Repairs``: counts what was corrected in a model's JSON, and tells it to a user. No I/O."""

from __future__ import annotations

import re
from collections import Counter

_TEXTS = {
    "comma": "removed {} trailing comma{s}",
    "missing": "added {} missing comma{s}",
    "quotes": "read {} string{s} that {were} not in double quotes",
    "triple": "read {} string{s} in triple quotes",
    "inner": "kept {} quote{s} inside strings that {were} not escaped",
    "key": "read {} key{s} without quotes",
    "comment": "left out {} comment{s}",
    "control": "kept {} line break{s} or control character{s} in strings",
    "literal": "read {} value{s} such as True or None",
    "number": "read {} number{s} such as +1 or .5",
    "escape": "kept {} invalid escape{s} as written",
    "bracket": "added {} missing closing bracket{s} at the end",
}
_LITERALS = {
    "True": "true",
    "False": "false",
    "None": "null",
    "nan": "NaN",
    "inf": "Infinity",
    "-inf": "-Infinity",
    "+Infinity": "Infinity",
}
_NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]*|(?=\.[0-9]))(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?")


class Repairs:
    """The corrections so far. Those after the end of a string are undone if it is continued.

    >>> repairs = Repairs()
    >>> repairs.note("comma", string_end=-1)
    >>> repairs.texts
    ['removed 1 trailing comma']
    """

    def __init__(self) -> None:
        self._certain: Counter[str] = Counter()
        self._unsure: list[str] = []
        self._string_end = -1  # the string after which the unsure ones were made

    @property
    def texts(self) -> list[str]:
        """What was corrected, each kind in some words for a user."""
        counts = self._certain + Counter(self._unsure)
        return [
            text.format(count, s="" if count == 1 else "s", were="was" if count == 1 else "were")
            for kind, text in _TEXTS.items()
            if (count := counts[kind])
        ]

    def note(self, kind: str, string_end: int) -> None:
        """Count a correction made after the string that ended at ``string_end``."""
        if self._string_end != string_end:
            self._certain.update(self._unsure)
            self._unsure.clear()
            self._string_end = string_end
        self._unsure.append(kind)

    def undo(self, string_end: int) -> None:
        """Forget the corrections made after the string that ended at ``string_end``."""
        if self._string_end == string_end:
            self._unsure.clear()


def valid_atom(atom: str) -> tuple[str, str] | None:
    """The JSON of a literal or a number in another notation, and the correction's kind.

    >>> valid_atom("None"), valid_atom("+.5"), valid_atom("yes")
    (('null', 'literal'), ('0.5', 'number'), None)
    """
    if atom in _LITERALS:
        return _LITERALS[atom], "literal"
    if not _NUMBER.fullmatch(atom):
        return None
    sign = "-" if atom[0] == "-" else ""
    whole, point, rest = atom.lstrip("+-").partition(".")
    if not point:
        return sign + whole, "number"
    return f"{sign}{whole or '0'}.{rest if rest[:1].isdigit() else '0' + rest}", "number"
