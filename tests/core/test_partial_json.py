"""JSON in pieces gives the same value as ``json``, and partial values on the way."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbstream.core.json import JSONSyntaxError, PartialJSON
from tests.typed.counting import is_flat

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=20,
)


def parsed(*pieces: str) -> Any:
    json = PartialJSON()
    for piece in pieces:
        json.feed(piece)
    return json.value


@given(VALUES, st.booleans(), st.integers(1, 20))
def test_the_complete_value_equals_that_of_json_loads(
    value: Any, ascii_only: bool, length: int
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=1) + " \n"
    partial = PartialJSON()
    for at in range(0, len(text), length):
        partial.feed(text[at : at + length])
        assert partial.path is not None
    partial.end()
    assert partial.value == value
    assert partial.complete


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ('{"a', {}),
        ('{"a": ', {}),
        ('{"a": -', {}),
        ('{"a": 12', {}),
        ('{"a": 12 ', {"a": 12}),
        ('{"a": 1.', {}),
        ('{"a": tr', {}),
        ('{"a": "', {"a": ""}),
        ('{"a": "x\\', {"a": "x"}),
        ('{"a": "x\\u00e', {"a": "x"}),
        ('{"a": "x\\u00e9', {"a": "x\u00e9"}),
        ('{"a": "x\\ud83d', {"a": "x"}),
        ('{"a": "x\\ud83d\\ude0', {"a": "x"}),
        ('{"a": "x\\ud83d\\ude00', {"a": "x\U0001f600"}),
        ('{"a": "x\\ud83d y', {"a": "x\ufffd y"}),
        ('{"a": "x\\ud83d\\ud83d\\ude00', {"a": "x\ufffd\U0001f600"}),
        ('{"a": "\\ude00\\n', {"a": "\ufffd\n"}),
        ('{"a": "x\\ud83d"', {"a": "x\ufffd"}),
        ('[1, {"b": [', [1, {"b": []}]),
        ("[1, 2", [1]),
        ('{"a": 1, "a": 2}', {"a": 2}),
        ('{"__proto__": {"x": 1}}', {"__proto__": {"x": 1}}),
        ("[NaN", []),
        ("[-Infinity]", [float("-inf")]),
    ],
)
def test_an_ambiguous_end_is_not_shown(text: str, value: Any) -> None:
    assert parsed(text) == value
    assert parsed(*text) == value


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ('{"a" 1}', 5),
        ("[1,]", 3),
        ('{"a": 1,}', 8),
        ("{1: 2}", 1),
        ("[01]", 1),
        ("[+1]", 1),
        ("[1.]", 1),
        ("[truer]", 1),
        ("[None]", 1),
        ("[tru ", 1),
        ('"\\x"', 0),
        ('"a\nb"', 2),
        ('{"a": 1} x', 9),
        ('{"a": 1}{', 8),
        ("]", 0),
        ("[1}", 2),
        ("Here is", 0),
        ("[" + "9" * 5000 + "]", 1),
    ],
)
def test_a_syntax_error_has_its_position(text: str, position: int) -> None:
    for pieces in ([text], list(text)):
        with pytest.raises(JSONSyntaxError) as caught:
            parsed(*pieces)
        assert abs(caught.value.position - position) <= 1
        assert str(caught.value.position) in str(caught.value)


@pytest.mark.parametrize("text", ["", " ", "[1", '"a', '{"a":', "tr", "-", '"\\'])
def test_an_incomplete_value_at_the_end_is_an_error(text: str) -> None:
    partial = PartialJSON()
    partial.feed(text)
    with pytest.raises(JSONSyntaxError):
        partial.end()


def shown(partial: PartialJSON) -> tuple[Any, bool]:
    return partial.value, partial.complete


def test_a_bare_number_is_complete_at_the_end() -> None:
    partial = PartialJSON()
    partial.feed("12")
    assert shown(partial) == (None, False)
    partial.end()
    assert shown(partial) == (12, True)


def where(partial: PartialJSON) -> tuple[str | int, ...]:
    return partial.path


def test_the_path_names_the_value_that_is_incomplete() -> None:
    partial = PartialJSON()
    partial.feed('{"done": [1], "items": [{"name": "a"}, {"name": "b')
    assert where(partial) == ("items", 1, "name")
    assert partial.is_complete("done")
    assert partial.is_complete("done", 0)
    assert partial.is_complete("items", 0)
    assert not partial.is_complete("items", 1)
    assert not partial.is_complete("items", 1, "name")
    assert not partial.is_complete()
    partial.feed('"')
    assert where(partial) == ("items", 1)
    partial.feed("}]}")
    assert where(partial) == ()
    assert partial.is_complete()


def test_a_returned_string_does_not_change() -> None:
    partial = PartialJSON()
    partial.feed('["abc')
    held = partial.value[0]
    partial.feed("def")
    assert (held, partial.value[0]) == ("abc", "abcdef")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{"id": at, "tags": ["x", "y"]} for at in range(1000)]),
        json.dumps("lorem ipsum " * 3000),
        json.dumps("\u00e9" * 5000),
        "[" * 200 + "]" * 200,
        '{"a":' * 200 + "1" + "}" * 200,
        "[0." + "1" * 30_000 + "]",
        " " * 30_000 + "1",
    ],
    ids=["objects", "string", "escapes", "arrays", "deep", "number", "space"],
)
def test_the_cost_of_a_piece_does_not_grow(text: str) -> None:
    partial = PartialJSON()

    def read(piece: str) -> None:
        partial.feed(piece)
        _ = partial.value

    assert is_flat(text, read)


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a": '])
def test_deeper_than_pydantic_reads_is_an_error(opening: str) -> None:
    partial = PartialJSON()
    with pytest.raises(JSONSyntaxError, match="200 levels"):
        partial.feed(opening * 20_000)
    assert partial.value
