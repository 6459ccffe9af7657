"""Sets the direction of each block of a text by its own first letter.

Letters in code and in formulas do not count. A list, an item or a quotation takes the direction of
the text it begins with, and each block in it has its own. ``js/render/markdown/dom/direction.ts``
follows the same rule in the live view.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

# The blocks of Unicode whose letters are written from right to left.
_RTL = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_BLOCKS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "details"),
    *("summary", "table", "th", "td"),
}
_MAX_TEXTS = 40
"""Pieces of text that are looked at. A block that begins with more of them has no letter."""


def directions(state: StateCore) -> None:
    """Give each block whose direction differs from that of the block around it a ``dir``.

    If any text goes from right to left, each token that opens something has its direction in
    ``meta``.
    """
    if not _RTL.search(state.src):
        return
    around = ["ltr"]
    for index, token in enumerate(state.tokens):
        if token.nesting > 0:
            own = _own(state.tokens, index) if token.tag in _BLOCKS else None
            if own and own != around[-1]:
                token.attrs["dir"] = own
            around.append(own or around[-1])
            token.meta["direction"] = around[-1]
        elif token.nesting < 0:
            around.pop()


def _own(tokens: Sequence[Token], begin: int) -> str | None:
    """The direction of the first letter in a block; None if there is none."""
    depth = texts = 0
    for at in range(begin, len(tokens)):  # a slice would copy all that follows
        depth += tokens[at].nesting
        for child in tokens[at].children or ():
            if child.type not in ("text", "text_special"):
                continue
            texts += 1
            for char in child.content:
                if unicodedata.category(char)[0] == "L":
                    return "rtl" if _RTL.match(char) else "ltr"
        if depth == 0 or texts >= _MAX_TEXTS:
            return None
    return None
