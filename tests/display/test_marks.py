"""The places of citations' numbers in the static HTML. The live view has the same cases."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from nbstream.display import marks

CASES = json.loads(
    (Path(__file__).parent.parent / "samples" / "marks.json").read_text(encoding="utf-8")
)
PARSER = marks.install(MarkdownIt("commonmark", {"html": False}).enable(["table"]))


def shown(page: str) -> str:
    """The visible text, a line for each block."""
    lines = re.sub(r"<[^>]*>", "", re.sub(r"</(p|li|h\d|td|th|pre)>", "\n", page))
    return re.sub(r"\n+", "\n", unescape(lines)).strip()


@pytest.mark.parametrize("case", CASES, ids=[case["about"] for case in CASES])
def test_a_mark_comes_to_its_place_and_changes_no_text(case: dict[str, str]) -> None:
    text, places = "", []
    for piece in case["source"].split("¦"):
        text += piece
        places.append((len(text), "¦"))
    page = marks.render(PARSER, text, places[:-1], str)
    if case.get("place") != "live":
        assert shown(page) == case["text"]
    bare = PARSER.render(text)
    assert page.replace("<p>¦</p>\n", "").replace("¦", "") == bare


def test_a_text_that_holds_a_placeholder_is_not_replaced() -> None:
    text = "0123456789abcdef-0; cited"
    assert "0123456789abcdef-0;" in marks.render(PARSER, text, [(len(text), "¦")], str)
