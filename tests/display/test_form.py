"""A typed answer in its static forms: HTML, Markdown and plain text."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, HttpUrl

import nbstream
from nbstream.display import bundle
from nbstream.display.form_schema import Schemas
from nbstream.display.html import markdown
from nbstream.testing import ScriptedModel
from tests.gallery import forms

HOSTILE = "<img src=x onerror=alert(1)>|*a*\n\n<script>"


class Orbit(BaseModel):
    """How long a planet takes."""

    year: float


class Circle(BaseModel):
    """A round shape."""

    kind: Literal["circle"]
    radius: float


class Square(BaseModel):
    """A shape with four sides."""

    kind: Literal["square"]
    side: float


class Drawing(BaseModel):
    """Shapes."""

    main: Annotated[Circle | Square, Field(discriminator="kind")]
    shapes: list[Circle | Square] = []
    sizes: list[int] = []


class City(BaseModel):
    """A row of texts."""

    city: str
    year: float = 0


class Hebrew(BaseModel):
    """A row whose name is written from right to left."""

    name: str = Field(alias="עיר")


def drawn(text: str, of: Any) -> dict[str, str]:
    stream = nbstream.stream(ScriptedModel(text), "hi", output_type=of)
    stream.wait()
    return bundle(stream)


class _Text(HTMLParser):
    """The text of a page in pieces, and its elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        del attrs
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())


def test_fields_have_their_titles_and_values() -> None:
    found = drawn(json.dumps(forms.LIGHT), forms.Light)
    texts = _Text(found["text/html"]).texts
    for word in ("Light", "Name", "As the list of lights has it", "North Foreland", "✓ yes"):
        assert word in texts
    assert texts[texts.index("flashes") :][:3] == ["flashes", "5", "period"]
    assert "| Name | North Foreland |" in found["text/markdown"]
    assert "  Name       North Foreland\n" in found["text/plain"]


def test_a_list_of_objects_is_a_table() -> None:
    found = drawn(json.dumps(forms.LIGHTS), list[forms.Light])
    page = _Text(found["text/html"])
    assert page.tags.count("tr") >= 1 + len(forms.LIGHTS)
    assert page.texts.index("Name") < page.texts.index("Lindesnes") < page.texts.index("Kullen")
    assert "| Name | Height | colour |" in found["text/markdown"]
    assert "| Kullen | 38.5 | red |" in found["text/markdown"]
    assert "Kullen       38.5  red" in found["text/plain"]


def test_the_points_of_a_columns_numbers_are_below_each_other() -> None:
    rows = [{"year": 0.24}, {"year": 164.8}, {"year": 12}, {"year": 1 / 3}]
    page = drawn(json.dumps(rows), list[Orbit])["text/html"]
    assert '<table style="' in page.split("tabular-nums", 1)[0], "digits have one width"
    assert 'white-space:pre"><span dir="auto">0.333' in page
    for text, room in (("0.24", "4"), ("164.8", "5"), ("12", "6.5")):
        assert re.search(rf'padding-inline-end:{room}ch"><span[^>]*>{text}</span>', page), text


def test_cells_are_at_their_side_also_where_the_notebook_is_not_trusted() -> None:
    """JupyterLab's sanitizer keeps left, right, center and justify of ``text-align``."""
    rows = json.dumps([{"city": "Oslo", "year": 0.5}])
    pages = [drawn(rows, list[City])["text/html"], markdown.render("| a |\n|---|\n| b |")]
    for page in pages:
        assert page.count("text-align:start") == page.count("text-align:left;text-align:start") > 0
    rtl = [drawn('[{"עיר": "חיפה"}]', list[Hebrew])["text/html"]]
    rtl.append(markdown.render("| עיר |\n|---|\n| חיפה |"))
    for page in rtl:
        assert page.count("text-align:start") == page.count("text-align:right;text-align:start") > 0


def test_a_short_text_in_a_table_is_one_line_and_takes_no_more_room() -> None:
    long = "A town with a name of many words"
    page = drawn(json.dumps([{"city": "New York"}, {"city": long}]), list[City])["text/html"]
    assert re.search(r'<td style="[^"]*;white-space:pre"><span[^>]*>New York<', page)
    assert re.search(rf'<td style="[^"]*:pre-wrap;min-width:9em"><span[^>]*>{long}<', page)


def test_values_that_are_wrong_or_missing_are_told_at_their_place() -> None:
    found = drawn(json.dumps(forms.WRONG), forms.Light)
    texts = _Text(found["text/html"]).texts
    at = texts.index("-3")
    assert texts[at + 1] == "Input should be greater than or equal to 0"
    last = len(texts) - texts[::-1].index("not written") - 1  # it is in the folded line, too
    assert texts[last + 1] == "Field required"
    assert "The answer is not a valid Light" in texts
    assert any(text.startswith("not valid") for text in texts)
    assert "-3 *(Input should be greater than or equal to 0)*" in found["text/markdown"]
    assert "period: not written [Field required]" in found["text/plain"]


def test_problems_of_a_union_are_at_the_value() -> None:
    value = {"main": {"kind": "circle", "radius": "wide"}, "shapes": [], "sizes": [1, "x"]}
    found = drawn(json.dumps(value), Drawing)
    assert "radius: wide [Input should be a valid number" in found["text/plain"]
    assert "1; x [Input should be a valid integer" in found["text/plain"]
    assert "Circle" in _Text(found["text/html"]).texts


def test_rows_of_several_types_share_one_table() -> None:
    value = {
        "main": {"kind": "square", "side": 2},
        "shapes": [{"kind": "square", "side": 1}, {"kind": "circle", "radius": 3}],
    }
    found = drawn(json.dumps(value), Drawing)["text/markdown"]
    assert "| kind | radius | side |" in found
    assert "| square | – | 1 |" in found  # noqa: RUF001
    assert "| circle | 3 | – |" in found  # noqa: RUF001


def test_what_was_corrected_is_told() -> None:
    found = drawn(
        "Sure:\n```json\n{'sizes': [1, 2,], 'main': {'kind': 'square', 'side': 1}}\n```", Drawing
    )
    for form in found.values():
        assert "1 trailing comma" in form
    assert "Sure:" in found["text/html"]  # the model's own text is kept


def test_an_answer_that_breaks_off_shows_what_had_come() -> None:
    found = drawn(json.dumps(forms.LIGHT)[:60], forms.Light)
    assert "North Foreland" in found["text/plain"]
    assert "not written" in found["text/plain"]
    assert "added 1 missing closing bracket" in found["text/plain"]


def test_an_answer_without_json_stays_a_text() -> None:
    found = drawn("I **cannot** say.", forms.Light)
    assert found["text/markdown"] == "I **cannot** say.\n\n> *not valid*"
    assert "<strong>cannot</strong>" in found["text/html"]


def test_text_in_a_value_stays_text() -> None:
    value = {HOSTILE: HOSTILE, "name": HOSTILE}
    for of in (dict[str, str], forms.Light, list[dict[str, str]]):
        found = drawn(json.dumps([value] if of == list[dict[str, str]] else value), of)
        assert not {"img", "script"} & set(_Text(found["text/html"]).tags)
        assert "<script>" not in found["text/markdown"].replace("\\<script\\>", "")
        rows = [row for row in found["text/markdown"].splitlines() if row.startswith("| ")]
        assert len({row.replace("\\|", "").count("|") for row in rows}) == 1


def test_a_long_list_is_cut_and_the_text_is_whole() -> None:
    found = drawn(json.dumps([{"n": i} for i in range(1000)]), list[dict[str, int]])
    assert "and 800 more rows" in found["text/html"]
    assert "and 800 more rows" in found["text/markdown"]
    assert any('"n": 999' in text for text in _Text(found["text/html"]).texts)


class Source(BaseModel):
    """Where something was read."""

    page: HttpUrl
    other: Annotated[str, Field(json_schema_extra={"format": "uri"})]


def test_an_address_is_a_link_only_if_it_may_be_followed() -> None:
    values = {"page": "https://docs.example/a?b", "other": "javascript:alert(1)"}
    page = drawn(json.dumps(values), Source)["text/html"]
    assert re.findall('<a href="([^"]*)"[^>]*>([^<]*)</a>', page) == [(values["page"],) * 2]
    assert values["other"] in page


CASES = json.loads(
    (Path(__file__).parent.parent / "samples" / "schema.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=[case["about"] for case in CASES])
def test_which_of_several_types_a_value_has(case: dict[str, Any]) -> None:
    """The live view has the same cases."""
    schemas = Schemas(case["schema"])
    chosen = schemas.chosen(schemas.resolve(case["schema"]), case["value"])
    assert chosen.get("title") == case["chosen"]
