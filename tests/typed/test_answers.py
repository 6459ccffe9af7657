"""Answers with other text around the JSON, without the wrapper, or without JSON."""

from typing import Any

import pytest
from pydantic import BaseModel, field_validator

from nbstream.typed import OutputError, Partial


class Cat(BaseModel):
    """What is asked for."""

    name: str
    lives: int = 9


GOOD = '{"name": "Tom", "lives": 7}'
TOM = Cat(name="Tom", lives=7)


def fed(of: Any, text: str, length: int = 1) -> Partial[Any]:
    partial: Partial[Any] = Partial(of)
    for at in range(0, len(text), length):
        partial.feed(text[at : at + length])
    return partial


@pytest.mark.parametrize("length", [1, 7, 1000])
@pytest.mark.parametrize(
    ("text", "repairs"),
    [
        (GOOD, []),
        (f"\n {GOOD} \n", []),
        (f"\ufeff{GOOD}", []),
        (f"```json\n{GOOD}\n```", ["fence"]),
        (f"```\n{GOOD}```\n", ["fence"]),
        (f"```json\n{GOOD}", ["fence"]),
        (f"Here you are:\n\n```json\n{GOOD}\n```\n\nBye.", ["fence", "13", "4"]),
        (f"Sure! {GOOD}", ["5 characters before"]),
        (f"Use {{this}} or [1]: {GOOD} (done)", ["before", "6 characters after"]),
    ],
)
def test_text_around_the_json_is_left_out_and_noted(
    text: str, repairs: list[str], length: int
) -> None:
    partial = fed(Cat, text, length)
    assert partial.partial == TOM
    assert partial.final() == TOM
    assert len(partial.repairs) >= len(repairs)
    assert all(any(word in told for told in partial.repairs) for word in repairs)
    assert bool(partial.repairs) == bool(repairs)


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("", "contains no JSON", None),
        ("I am afraid I cannot do that.", "contains no JSON", None),
        ("I know {x} and [1].", "contains no JSON", None),
        (GOOD[:-1], "ends before its JSON is complete", "Cat(lives=9, name='Tom')"),
        ('{"name": "To', "ends before its JSON is complete", "Cat(lives=9, name='To')"),
        (f"{GOOD}\n{GOOD}", "more than one JSON value", TOM),
        (f"```json\n{GOOD}\n```\nor\n```json\n{GOOD}\n```", "more than one", TOM),
        ('{"name": "Tom", lives: 7}', "not JSON.*character 16", "Cat(lives=9, name='Tom')"),
        ('{"name": 3}', "name: Input should be a valid string", "Cat(lives=9)"),
        ('{"lives": 3}', "name: Field required", "Cat(lives=3)"),
        ("[1]", "no JSON|not a valid Cat", None),
        ('"Tom"', "not a valid Cat", None),
    ],
)
def test_invalid_answers_raise_with_the_text_and_the_partial_value(
    text: str, words: str, shown: Any
) -> None:
    partial = fed(Cat, text)
    with pytest.raises(OutputError, match=words) as caught:
        partial.final()
    assert caught.value.raw == text
    assert caught.value.partial == shown or repr(caught.value.partial) == shown
    assert caught.value.message is None


@pytest.mark.parametrize("text", ['{"result": [1, 2]}', "[1, 2]", "Well:\n```\n[[1], 2]\n```"])
def test_a_value_without_its_wrapper_is_accepted(text: str) -> None:
    of = list[int | list[int]]
    partial = fed(of, text)
    assert partial.final() == partial.partial
    assert bool(partial.repairs) == (not text.startswith("{"))


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [(int, "12", 12), (str, '"x"', "x"), (Cat | None, "null", None), (Cat | None, GOOD, TOM)],
)
def test_a_plain_value_is_accepted(of: Any, text: str, value: Any) -> None:
    partial = fed(of, text)
    assert partial.final() == value
    assert partial.repairs == ("took the value without the object that should be around it",)


def test_final_may_be_called_before_the_end() -> None:
    partial = fed(Cat, GOOD[:-1])
    with pytest.raises(OutputError):
        partial.final()
    partial.feed("} thanks")
    assert partial.final() == partial.final() == TOM
    assert partial.repairs == ("left out 6 characters after the JSON",)


def test_a_validators_error_is_in_the_message() -> None:
    class Bad(BaseModel):
        a: int

        @field_validator("a")
        @classmethod
        def _a(cls, value: int) -> int:
            raise KeyError(value)

    with pytest.raises(OutputError, match="KeyError: 1"):
        fed(Bad, '{"a": 1}').final()


def test_long_prose_is_searched_once() -> None:
    partial = fed(Cat, "word { " * 20_000 + GOOD, 7)
    assert partial.final() == TOM
