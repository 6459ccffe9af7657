"""Merges neighbouring text parts of a message before they are drawn.

Some providers begin a new part in the middle of a sentence, at each citation.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nbstream.core.message import TextPart
from nbstream.display.marks import shifted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.message import Part


def joined(parts: Iterable[Part], *, always: bool = False) -> list[Part]:
    """Merge neighbouring text parts if either has citations; ``always`` merges all.

    The citations of merged parts get positions in the merged text.
    """
    found: list[Part] = []
    cited = False
    for part in parts:
        last = found[-1] if found else None
        if isinstance(part, TextPart) and isinstance(last, TextPart):
            now = bool(part.citations)
            if always or cited or now:
                sources = (*shifted(last, 0), *shifted(part, len(last.text)))
                text = last.text + part.text
                found[-1], cited = replace(last, text=text, citations=sources), now
                continue
        found.append(part)
        cited = isinstance(part, TextPart) and bool(part.citations)
    return found
