"""The places of citations' numbers in the static HTML. The live view has the same cases."""

import json
import re
from html import unescape
from pathlib import Path

import pytest

import nbstream
from nbstream.core.message import Citation, TextPart
from nbstream.display import dialect, html, marks

CASES = json.loads(
    (Path(__file__).parent.parent / "samples" / "marks.json").read_text(encoding="utf-8")
)
PARSER = marks.install(dialect.parser())


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


def drawn(*parts: TextPart) -> str:
    stream = nbstream.Stream.replay_message(nbstream.assistant_message(*parts))
    stream.wait()
    return html(stream)


def test_numbers_are_links_to_their_sources_each_source_once() -> None:
    a = Citation("https://a.example/", "A", "said", start=0)
    b = Citation("https://b.example/", "B", start=0, end=4)
    page = drawn(TextPart("Rain", (a, a)), TextPart(" and snow.", (b, a)))
    assert shown(page).startswith("Rain[1] and[2] snow.[1]")
    assert page.count('href="https://a.example/"') == 3, "two numbers and one row"
    assert page.count("<li>") == 2


def test_a_hostile_source_has_a_number_and_no_link() -> None:
    evil = Citation("javascript:alert(1)", '"><img src=x onerror=alert(1)>', '"<b>', start=0)
    page = drawn(TextPart("x", (evil,)))
    assert "[1]" in shown(page)
    assert "<img" not in page
    assert "<b>" not in page
    assert "href" not in page


def test_a_citation_without_a_place_is_only_in_the_list() -> None:
    page = drawn(TextPart("One.", (Citation("https://a.example/", "A"),)))
    assert "[1]" not in page
    assert "https://a.example/" in page
