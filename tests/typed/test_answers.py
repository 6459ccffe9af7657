"""Answers with other text around the JSON, without the wrapper, or without JSON."""

import datetime as dt
import enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, StringConstraints, field_validator

from nbstream.typed import OutputError, Partial


class Cat(BaseModel):
    """What is asked for."""

    name: str
    lives: int = 9


class Colour(enum.Enum):
    """One of two."""

    RED = "red"
    BLUE = "blue"


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
        ('{"name": "Tom", "lives": seven}', "not JSON.*character 25", "Cat(lives=9, name='Tom')"),
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
    assert partial.repairs == ('read a value without {"result": ...} around it',)


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


class Note(BaseModel):
    """What is asked for below."""

    title: Annotated[str, StringConstraints(to_upper=True, min_length=2)]
    day: dt.date | None = None
    tags: list[str] = []
    done: bool = False
    other: Any = None


LENIENT = """Sure!
```js
{
  // the note
  title: 'say "hi"', 'day': '2024-01-02',
  "tags": ["a", 'b',],
  "done": True, "other": {"x": "a "b" c", 'y': None, z: "one
two"},
}
```"""
NOTE = Note(
    title='say "hi"',
    day=dt.date(2024, 1, 2),
    tags=["a", "b"],
    done=True,
    other={"x": 'a "b" c', "y": None, "z": "one\ntwo"},
)


@pytest.mark.parametrize("length", [1, 2, 7, 1000])
def test_what_a_model_writes_in_place_of_json_is_read_and_noted(length: int) -> None:
    partial = fed(Note, LENIENT, length)
    assert partial.partial == partial.final() == NOTE
    assert not partial.problems
    assert len(partial.repairs) == 9
    assert "removed 2 trailing commas" in partial.repairs


@pytest.mark.parametrize("length", [1, 1000])
@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (Note, '{"title": "a "b" c", "other": 1}', Note(title='a "b" c', other=1)),
        (Note, '{"title": "a", b: c", "other": 1}', None),
        (Note, '{"title": "x", "tags": ["the "y", and"]}', "too short"),
        (Note, '{"title": "a"b"}', Note(title='a"b')),
        (Note, '{"unknown": "a "b", c", "title": "ok"}', Note(title="ok")),
        (Note, '{"title": "ok", "day": "2024-01-02"x"}', None),
        (dict[str, str], '{"a": "say "x", then", "b": "c"}', {"a": 'say "x", then', "b": "c"}),
        (dict[str, Any], '{"a": ["say "x", then"]}', {"a": ['say "x", then']}),
        (
            Cat | Note,
            '{"result": {"title": "a "b", c", "done": true}}',
            Note(title='A "B", C', done=True),
        ),
        (tuple[str, str], '{"result": ["a "b" c", "d"]}', ('a "b" c', "d")),
        (str | Cat, '{"result": "a "b" c"}', 'a "b" c'),
    ],
)
def test_quotes_that_are_not_escaped(of: Any, text: str, value: Any, length: int) -> None:
    partial = fed(of, text, length)
    partial.end()
    if value is None or value == "too short":
        with pytest.raises(OutputError, match=r"not JSON|ends before|at least 2"):
            partial.final()
        return
    assert partial.final() == partial.partial == value
    assert any("not escaped" in told for told in partial.repairs)


def test_strictly_nothing_but_json_is_read() -> None:
    partial: Partial[Cat] = Partial(Cat, strict=True)
    partial.feed("{'name': 'Tom'}")
    with pytest.raises(OutputError, match=r"no JSON|not JSON"):
        partial.final()
    assert partial.repairs == ()
    words: Partial[Any] = Partial(str | Cat, strict=True)
    words.feed("Just words.")
    assert words.partial is None
    with pytest.raises(OutputError, match="no JSON"):
        words.final()


def test_brackets_that_are_missing_at_the_end_of_the_answer_are_added() -> None:
    partial = fed(list[Cat], '[{"name": "Tom"}, {"name": "Ada"')
    assert partial.end()
    assert partial.final() == partial.partial == [Cat(name="Tom"), Cat(name="Ada")]
    assert "added 2 missing closing brackets at the end" in partial.repairs
    strict: Partial[Cat] = Partial(Cat, strict=True)
    strict.feed('{"name": "Tom"')
    assert not strict.end()
    with pytest.raises(OutputError, match="ends before"):
        strict.final()


@pytest.mark.parametrize("length", [1, 1000])
@pytest.mark.parametrize(
    "prose", ["Use {key: value} like this: ", "Not {'name': 'x'} but ", "For { a: ["]
)
def test_prose_in_brackets_does_not_hide_the_json(prose: str, length: int) -> None:
    partial = fed(Cat, prose + GOOD, length)
    assert partial.final() == TOM


@pytest.mark.parametrize("length", [1, 1000])
@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (str | Cat, "Just some words.\n", "Just some words."),
        (str | Cat, "12", "12"),
        (str | Cat, "I would write {name} here.", "I would write {name} here."),
        (str | Cat, 'Write {"x": 1}, I think.', 'Write {"x": 1}, I think.'),
        (str | Cat, GOOD, TOM),
        (str | Cat, f"Here it is: {GOOD}", TOM),
        (Cat | str, "Just some words.", "Just some words."),
        (str | list[Cat], "No cats.", "No cats."),
        (str | None, "Just some words.", "Just some words."),
        (str | None, "null", None),
        (Literal["red", "blue"], "red", "red"),
        (Colour, " blue\n", Colour.BLUE),
        (dt.date, "2024-01-02", dt.date(2024, 1, 2)),
    ],
)
def test_plain_words(of: Any, text: str, value: Any, length: int) -> None:
    assert fed(of, text, length).final() == value


def test_plain_words_grow() -> None:
    partial = fed(str | Cat, " I think that")
    assert partial.has_value
    assert partial.partial == "I think that"
    assert partial.feed(" it is.")
    assert partial.snapshot() == partial.final() == "I think that it is."
    assert partial.repairs == ()
    wrong = fed(Literal["red", "blue"], "green")
    with pytest.raises(OutputError, match="'red' or 'blue'"):
        wrong.final()
