"""What a saved notebook keeps of an answer is not much larger than the answer."""

import json
import re
from typing import Any

import pytest
from pydantic import BaseModel

from nbstream.core.message import (
    BuiltinToolCallPart,
    BuiltinToolResultPart,
    Citation,
    Message,
    Part,
    TextPart,
    ToolCallPart,
    ToolResultPart,
)
from nbstream.display import bundle
from nbstream.display.html import markdown
from nbstream.display.html.allowance import Allowance
from nbstream.events import MessageEvent
from nbstream.streams.replay import events_of
from nbstream.testing import stream_from_events

ADDRESS = "http://a.example/" + "x" * 3_900
ROWS = "x\n" * 2_000


def saved(*messages: Message, output_type: Any = None) -> str:
    """The HTML of an answer of these messages."""
    first, *others = messages
    later = [MessageEvent(one, message_index=at) for at, one in enumerate(others, 1)]
    stream = stream_from_events([*events_of(first), *later], output_type=output_type)
    stream.wait()
    return bundle(stream)["text/html"]


@pytest.mark.parametrize(
    "text",
    [
        f"[b]: {ADDRESS}\n\n" + "[b] " * 3_000,
        f'[b]: http://b.example "{ADDRESS}"\n\n' + "[b] " * 3_000,
        f"[b]: data:image/png;base64,{'A' * 3_900}\n\n" + "![b] " * 3_000,
        "|a" * 190 + "\n" + "|-" * 190 + "\n" + ROWS,
    ],
)
def test_what_a_text_repeats_is_not_written_each_time(text: str) -> None:
    page = markdown.render(text)
    assert len(page) < 40 * len(text)


def test_the_first_references_are_links() -> None:
    page = markdown.render("[b]: http://a.example\n\n" + "[b] " * 1_000)
    assert page.count('href="http://a.example"') == 1_000


def test_a_short_row_of_a_wide_table_has_no_empty_cells() -> None:
    wide = "|a" * 30 + "\n" + "|-" * 30 + "\nx|y\n" + "|z" * 15
    assert markdown.render(wide).count("<td") == 2 + 30


DENSE = [
    *("`a` ", "```\n```\n", "~~~py\n~~~\n", "    a\n\nb\n\n", "<kbd>a</kbd>", "> \u05d0\n\n"),
    "> " * 60 + "a\n\n",
]


@pytest.mark.parametrize("unit", [*DENSE, "|a|b|c\n"])
def test_styles_are_bounded_by_the_text(unit: str) -> None:
    head = "|a|b|c\n|-|-|-\n" if unit.startswith("|") else ""
    text = head + unit * (100_000 // len(unit))
    plain = markdown.render(text, (), Allowance(0, 0))
    assert len(markdown.render(text)) < len(plain) + 9 * len(text)


@pytest.mark.parametrize("unit", [*DENSE[:5], "|a|b|c\n"])
def test_texts_of_usual_length_have_all_their_styles(unit: str) -> None:
    head = "|a|b|c\n|-|-|-\n" if unit.startswith("|") else ""
    text = head + unit * (8_000 // len(unit))
    elements = re.findall(r"<(?:pre|code|kbd|th|td)[ >]", markdown.render(text))
    assert len(elements) >= 600
    assert all(one.endswith(" ") for one in elements)


def test_a_table_has_all_its_styles_or_none() -> None:
    page = markdown.render(("|a" * 40 + "\n" + "|-" * 40 + "\n" + ROWS[:800] + "\n\n") * 30)
    tables = [re.findall(r"<t[hd](?: [^>]*)?>", one) for one in page.split("<table")[1:]]
    styled = [{"style" in one for one in cells} for cells in tables]
    assert styled.count({True}) > 5
    assert styled.count({False}) > 5
    assert len(tables) == styled.count({True}) + styled.count({False})


def test_marks_do_not_repeat_a_long_address() -> None:
    text = "a " * 1_000
    cited = [Citation(ADDRESS, "A page", start=at, end=at + 1) for at in range(0, 2_000, 2)]
    page = saved(Message("assistant", (TextPart(text, tuple(cited)),)))
    assert len(page) < 500_000
    assert page.count("[1]") == 1_000
    assert page.count(ADDRESS) > 50, "the first marks are links"
    assert ADDRESS in page[page.index("Sources") :]


def test_the_parts_of_an_answer_share_what_styles_may_take() -> None:
    code = "`a` " * 5_000
    one = saved(Message("assistant", (TextPart(code),)))
    many = saved(Message("assistant", tuple(TextPart(code) for _ in range(20))))
    assert len(many) < 15 * len(one)


OUTPUT = "y" * 10_000
CALLS: list[Part] = [ToolCallPart("x", f"tool{at}", "{}") for at in range(100)]
SEARCHES: list[Part] = [BuiltinToolCallPart("x", f"tool{at}", "{}") for at in range(100)]


def test_a_result_is_drawn_with_one_of_several_calls_of_its_id() -> None:
    result = Message("tool", (ToolResultPart("x", OUTPUT),))
    found = BuiltinToolResultPart("x", "tool", OUTPUT)
    for page in (
        saved(Message("assistant", tuple(CALLS)), result),
        saved(Message("assistant", (*SEARCHES, found))),
    ):
        assert page.count(OUTPUT) == 1
        assert page.index("tool99") < page.index(OUTPUT), "the last call before it, as live"


def test_arguments_that_are_deep_are_not_indented() -> None:
    arguments = "[" * 400 + "]" * 400
    result = Message("tool", (ToolResultPart("x", json.loads(arguments)),))
    page = saved(Message("assistant", (ToolCallPart("x", "tool", arguments),)), result)
    assert page.count(arguments) == 2
    assert len(page) < 6_000


class Point(BaseModel):
    """An object of many fields that need not be written."""

    a: int = 1
    b: int = 2
    c: int = 3
    d: int = 4
    e: int = 5
    f: int = 6


class Answer(BaseModel):
    """Objects of different fields, and of none."""

    tables: list[list[dict[str, int]]] = []
    points: dict[str, Point] = {}


@pytest.mark.parametrize(
    "value",
    [
        {"tables": [[{f"k{at}": 1} for at in range(100)]] * 50},
        {"points": {f"p{at}": {} for at in range(2_000)}},
    ],
)
def test_a_typed_answer_has_few_values_that_were_not_written(value: Any) -> None:
    text = json.dumps(value)
    page = saved(Message("assistant", (TextPart(text),)), output_type=Answer)
    assert len(page) < 200 * len(text)
    assert "in the JSON below" in page


class Reading(BaseModel):
    """One row of a usual table."""

    place: str
    count: int
    mean: float
    remark: str


def test_a_table_costs_a_few_times_its_json() -> None:
    rows = [
        {"place": f"Station {i}", "count": i, "mean": i / 4, "remark": "Nothing was seen. " * 3}
        for i in range(100)
    ]
    text = json.dumps(rows)
    page = saved(Message("assistant", (TextPart(text),)), output_type=list[Reading])
    assert len(page) < 7 * len(text)
