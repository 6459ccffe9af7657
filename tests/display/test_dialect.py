"""The static HTML reads Markdown as the live renderer does, by the same file of cases."""

import json
from pathlib import Path

import pytest

from nbstream.display.html import markdown
from tests.display.canonical import canonical

CASES = json.loads(
    (Path(__file__).parent.parent / "samples" / "dialect.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case['about']} {case['source']!r}" for case in CASES]
)
def test_a_text_is_read_as_in_the_live_view(case: dict[str, str]) -> None:
    assert canonical(markdown.render(case["source"])) == case.get("saved", case["page"])
    assert ("saved" in case) == ("why" in case), "a difference has a reason"


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "<",
        "$a ",
        "~a ",
        "<sub>",
        "\\(",
        "[^1]",
        "> ",
        "- ",
        "<details>",
        "<details>\n",
        "a@",
        "http://a.example ",
        "*a_ ",
    ],
)
def test_a_long_text_of_one_sign_is_drawn(piece: str) -> None:
    assert markdown.render(piece * 2000)


def test_markers_beyond_the_limit_of_depth_are_text() -> None:
    page = markdown.render(">" * 300 + " deep")
    assert page.count("<blockquote") == 100
    assert "deep" in page
