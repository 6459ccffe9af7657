"""A hostile text of twice the length takes about twice the work to be saved, not four times."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from nbstream.display.html import markdown
from nbstream.display.safe_markdown import safe_markdown

PIECES = [
    *("[", "]", "[a](", "![", "[]()", "[a][", "[a]: b\n", "[^1]", "[^1]: a\n", "[http://a.b/"),
    *("*", "*a ", "**a ", "*_", "_a ", "*a_ ", "~~a ", "~a~", "`", "` ``", "\\(", "\\[ x ", "\\"),
    *("$", "$a ", "$$a ", "$\\frac{", "\\begin{align}", "<", "<a ", "<!--", "<?", "<![CDATA["),
    *("<sub>", "</sub>", "<sub>a", "<details>", "<details>\na\n", "</details>", "<br>"),
    *("|", "|a", "a | b\n", "|-", "> ", "> a\n", "- ", "- a\n", "1. ", "- > ", "- [ ] "),
    *("a@", "a@b.", "http://a.b ", "http://x.y~~", "www.", "www.a ", "# www.x.y>", "&", "&amp;"),
    *("\n", "a\n", "a  \n", "a\\\n", "# ", "---\n", "```\n", "~~~\n", "    a\n", "\t", '"', "'"),
    *("\u0301", "\u05d0 ", "\u4e2d**", "\U000e0041", "\u202e", "a.[b](http://c.d)"),
]
SIZE = 1_500
"""Characters of the shorter text."""
LONGER = {"http://x.y~~": 12_000}
"""Of texts that are one address, up to the limit of its length."""


def work(draw: Callable[[str], str], text: str) -> int:
    """How many functions are called to draw a text."""
    count = 0

    def note(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(note)
    try:
        draw(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("draw", [markdown.render, safe_markdown])
@pytest.mark.parametrize("piece", PIECES)
def test_the_work_grows_with_the_length(draw: Callable[[str], str], piece: str) -> None:
    short = piece * (LONGER.get(piece, SIZE) // len(piece))
    once, twice = work(draw, short), work(draw, short + short)
    assert twice < 2.3 * once + 1_000
