"""What appears only when whole, what waits for a field, and the state of each value."""

import dataclasses
import datetime as dt
import json
from itertools import pairwise
from typing import Annotated, Any, Literal, NotRequired

import pytest
from hypothesis import given
from pydantic import BaseModel, Field, RootModel, model_validator
from typing_extensions import TypedDict

from nbstream.errors import UsageError
from nbstream.output import Needed, OutputState, Whole
from nbstream.typed import Partial, check_items_path, schema_for
from tests.typed.feeding import fed, shown
from tests.typed.generated_types import CASES, Spec
from tests.typed.test_prefixes import text_of


class Step(BaseModel):
    """One step of a plan."""

    title: Annotated[str, Needed()]
    command: Annotated[str, Whole()]
    files: Annotated[list[str], Whole] = []
    note: Annotated[str | None, Whole()] = None


@dataclasses.dataclass
class Stop:
    """The same as a dataclass."""

    town: Annotated[str, Needed()]
    about: Annotated[str, Whole()] = ""


class Row(TypedDict):
    """The same as a typed dict."""

    key: Annotated[str, Needed]
    value: NotRequired[Annotated[list[int], Whole()]]


@Whole()
class Address(BaseModel):
    """A class that appears only when whole."""

    street: str
    town: str

    @model_validator(mode="after")
    def _check(self) -> "Address":
        return self


@Whole()
@dataclasses.dataclass
class Size:
    """A dataclass that appears only when whole."""

    width: int
    height: int


@Whole()
class Tags(RootModel[list[str]]):
    """A root model that appears only when whole."""


class Plan(BaseModel):
    """What is asked for."""

    name: str
    steps: list[Step] = []
    address: Address | None = None
    size: Size | None = None
    tags: Tags | None = None
    best: Step | None = None
    by_name: dict[str, Step] = {}
    either: Annotated[Step | Address, Whole()] | None = None


def test_a_whole_field_appears_only_when_it_is_whole() -> None:
    text = '{"title": "a", "command": "rm -r'
    assert not hasattr(shown(Step, text), "command")
    assert shown(Step, text + 'f /"').command == "rm -rf /"
    assert shown(Step, '{"title": "a", "files": ["x", "y"').files == []
    assert shown(Step, '{"title": "a", "files": ["x", "y"]').files == ["x", "y"]
    assert shown(Step, '{"title": "a", "note": "b').note is None
    assert shown(Step, '{"title": "a", "note": "b"').note == "b"
    assert shown(Stop, '{"town": "Rome", "about": "Old').about == ""
    assert shown(Row, '{"key": "a", "value": [1, 2') == {"key": "a"}


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("address", '{"street": "Via", "town": "Rome"}', Address(street="Via", town="Rome")),
        ("size", '{"width": 1, "height": 2}', Size(1, 2)),
        ("tags", '["a", "b"]', Tags(["a", "b"])),
        ("either", '{"street": "Via", "town": "Rome"}', Address(street="Via", town="Rome")),
    ],
)
def test_a_whole_class_appears_only_when_it_is_whole(field: str, text: str, value: Any) -> None:
    before = fed(Plan, f'{{"name": "x", "{field}": {text[:-1]}')
    assert getattr(before.partial, field) is None
    before.feed(text[-1])
    assert getattr(before.partial, field) == value
    before.feed("}")
    assert before.partial == before.final()
    assert not before.problems


@pytest.mark.parametrize("of", [Address, Annotated[Step, Whole()]])
def test_a_whole_answer_appears_at_the_end(of: Any) -> None:
    value = {"street": "Via", "town": "Rome"} if of is Address else {"title": "a", "command": "b"}
    text = json.dumps(value)
    partial = fed(of, text[:-1])
    assert not partial.has_value
    partial.feed(text[-1])
    assert partial.has_value
    assert partial.partial == partial.final()


@pytest.mark.parametrize("marker", [Whole(), Needed()])
def test_a_marker_as_a_default_is_refused(marker: Any) -> None:
    class Inner(BaseModel):
        title: str = marker

    @dataclasses.dataclass
    class Outer:
        inner: list[Inner] | None = None

    for of in (Inner, Outer, list[Outer]):
        with pytest.raises(UsageError, match=r"Annotated\[str, (Whole|Needed)\(\)\]"):
            schema_for(of)


def test_an_object_waits_for_the_field_it_needs() -> None:
    partial = fed(Plan, '{"steps": [{"command": "ls", "title')
    assert partial.partial.steps == partial.snapshot().steps == []
    partial.feed('": "Li')
    assert [(step.title, step.command) for step in partial.snapshot().steps] == [("Li", "ls")]
    partial.feed('st"}, {"title": "a", "command": "b"}, {"command"')
    assert [step.title for step in partial.snapshot().steps] == ["List", "a"]
    assert shown(Plan, '{"best": {"command": "x"').best is None
    assert shown(Plan, '{"best": {"command": "x", "title": "').best.title == ""
    assert shown(Plan, '{"by_name": {"a": {"command": "x"').by_name == {}
    assert shown(Step, '{"command": "x"') is None
    assert shown(list[Stop], '[{"about": "x", ') == []
    assert shown(list[Stop], '[{"about": "x", "town": "R') == [Stop("R", "x")]
    assert shown(list[Row], '[{"value": [1]') == []


def test_an_object_that_lacks_what_it_needs_is_not_shown_and_noted() -> None:
    partial = fed(
        Plan, '{"name": "x", "steps": [{"command": "x"}, {"title": "a", "command": "b"}]}'
    )
    assert [step.title for step in partial.partial.steps] == ["a"]
    assert [problem.path for problem in partial.problems] == [("steps", 0, "title")]


def test_needs_in_needs() -> None:
    class Inner(BaseModel):
        text: Annotated[str | None, Needed()] = None
        size: int = 0

    class Outer(BaseModel):
        inner: Annotated[Inner, Needed()]
        note: str = ""

    text = '{"result": [{"note": "a", "inner": {"size": 1, "text": "b"}}]}'
    at = text.index('"b')
    assert shown(list[Outer], text[:at]) == []
    assert shown(list[Outer], text[: at + 2])[0].inner.text == "b"
    partial = fed(list[Outer], text)
    assert partial.partial == partial.final()
    null = fed(list[Outer], '{"result": [{"note": "a", "inner": {"size": 1, "text": null')
    assert null.snapshot() == []
    null.feed("}}]}")
    assert null.partial == null.final() == [Outer(note="a", inner=Inner(size=1))]


def test_what_is_in_an_object_that_waits_never_goes_back() -> None:
    class Note(BaseModel):
        tags: list[str] = []
        step: dict[str, int] = {}
        stop: Stop | None = None
        size: float = 0
        name: Annotated[str, Needed()]

    class Notes(BaseModel):
        notes: list[Note]

    note = {"tags": ["a", "b"], "step": {"x": 1}, "stop": {"about": "c", "town": "d"}, "size": 2}
    text = json.dumps({"notes": [{**note, "name": "e"}, {**note, "name": "f"}]})
    order = ("pending", "growing", "whole")
    partial: Partial[Notes] = Partial(Notes)
    seen: dict[Any, int] = {}
    kept: list[tuple[OutputState[Notes], Any]] = []
    for character in text:
        partial.feed(character)
        found = partial.state()
        kept.append((found, found.states()))
        for path in {*seen, *found.states()}:
            rank = order.index(found.of(*path))
            assert rank >= seen.get(path, 0), path
            seen[path] = rank
        if partial.raw.endswith('"size": '):
            at = ("notes", len(found.value.notes))  # type: ignore[union-attr]
            assert (found.of(*at, "tags", 1), found.of(*at, "tags", 2)) == ("whole", "pending")
            assert (found.of(*at, "step", "x"), found.of(*at, "name")) == ("whole", "pending")
    assert set(seen.values()) == {2}
    assert all(found.states() == states for found, states in kept)


def test_the_markers_are_not_in_the_schema() -> None:
    assert "hole" not in json.dumps(schema_for(Plan)).replace("when whole", "")
    assert schema_for(Annotated[Step, Whole()])["title"] == "Step"


class Item(BaseModel):
    """An item of an order."""

    name: str
    price: float
    tags: list[str] = []


class Order(BaseModel):
    """An order."""

    title: str = Field(alias="Title")
    items: list[Item] = []
    note: str = "none"
    day: dt.date | None = None
    kind: Literal["gift", "purchase"] = "gift"
    size: Size | None = None


def state(of: Any, text: str) -> OutputState[Any]:
    found: OutputState[Any] = fed(of, text).state()
    return found


def test_the_state_of_each_value() -> None:
    now = state(
        Order, '{"Title": "Tea", "items": [{"name": "a", "price": 1}, {"name": "b", "price": 2'
    )
    assert now.path == ("items", 1, "price")
    assert now.states() == {
        (): "growing",
        ("title",): "whole",
        ("items",): "growing",
        ("note",): "pending",
        ("day",): "pending",
        ("kind",): "pending",
        ("size",): "pending",
        ("items", 0): "whole",
        ("items", 1): "growing",
        ("items", 1, "name"): "whole",
        ("items", 1, "price"): "growing",
        ("items", 1, "tags"): "pending",
    }
    assert now.of("items", 0, "price") == "whole"
    assert now.of("items", 0, "tags") == "whole", "its default: the object is whole"
    assert now.of("items", 2) == now.of("items", 2, "name") == now.of("other") == "pending"
    assert now.value is not None
    assert now.value.items[1].name == "b"


@pytest.mark.parametrize(
    ("of", "text", "path"),
    [
        (Order, "", None),
        (Order, " ", None),
        (Order, "{", ()),
        (Order, '{"Tit', ()),
        (Order, '{"Title"', ()),
        (Order, '{"Title": ', ()),
        (Order, '{"Title": "', ("title",)),
        (Order, '{"Title": "a"', ()),
        (Order, '{"items": [', ("items",)),
        (Order, '{"items": [{', ("items", 0)),
        (Order, '{"items": [{"tags": ["a", "b', ("items", 0, "tags", 1)),
        (Order, '{"items": [{"tags": ["a", ', ("items", 0, "tags")),
        (Order, '{"items": [{"tags": [], "price": 1.', ("items", 0, "price")),
        (Order, '{"items": [7, {"name": "a', ("items", 0, "name")),
        (Order, '{"day": "2024', ("day",)),
        (Order, '{"kind": "gif', ("kind",)),
        (Order, '{"size": {"width": 1', ("size",)),
        (Order, '{"unknown": {"a": [1', ()),
        (Order, '{"day": nul', ("day",)),
        (list[int], '{"result": [1, 2', (1,)),
        (list[int], "[1, 2", (1,)),
        (list[Item], '[{"name": "a', (0, "name")),
        (dict[str, list[int]], '{"a": [1], "b": [', ("b",)),
        (Item | Order, '{"result": {"tags": ["a', ("tags", 0)),
        (Item | Stop, '{"result": {"x": {"y": [1', ()),
        (RootModel[list[int]], '{"result": [1, 2', (1,)),
        (Any, '{"result": {"a": [1, {"b": "c', ("a", 1, "b")),
        (str, '{"result": "ab', ()),
        (str | Item, "Some words", ()),
        (tuple[int, ...], '{"result": [1, 2', ()),
        (Stop, '{"town": "R', ("town",)),
        (Row, '{"key": "a", "value": [1', ("value",)),
        (list[Step], '[{"command": "l', (0, "command")),
    ],
)
def test_the_path_to_what_is_written(of: Any, text: str, path: Any) -> None:
    now = state(of, text)
    assert now.path == path
    assert now.of() == ("pending" if path is None else "growing")
    if path:
        assert {now.of(*path[:at]) for at in range(len(path) + 1)} == {"growing"}
        assert now.states()[path] == "growing"


def test_a_whole_answer() -> None:
    now = state(Order, '{"Title": "a", "items": [{"name": "a", "price": 1}]}')
    assert now.is_whole
    assert now.path is None
    assert now.of() == now.of("note") == now.of("items", 0, "tags") == "whole"
    assert now.of("other") == now.of("items", 1) == "pending"
    assert now.states() == {(): "whole"}


def test_what_is_not_valid_is_whole_and_a_problem() -> None:
    now = state(Order, '{"day": "soon", "items": [{"price": "x", "name": "a')
    assert now.of("day") == "whole"
    assert now.of("items", 0, "price") == "whole"
    assert [problem.path for problem in now.problems] == [("day",), ("items", 0, "price")]
    assert json.dumps(now.path) == '["items", 0, "name"]'


def test_a_state_does_not_change() -> None:
    partial = fed(Order, '{"items": [{"name": "a')
    before = partial.state()
    seen = before.states()
    partial.feed('bc", "price": 1}], "note": "x"}')
    assert before.states() == seen
    assert before.value is not None
    assert before.value.items[0].name == "a"


RANK: dict[str, int] = {"pending": 0, "growing": 1, "whole": 2}


@given(CASES)
def test_no_state_goes_back(case: tuple[Spec, Any]) -> None:
    spec, value = case
    partial: Partial[Any] = Partial(spec.type)
    last: dict[Any, int] = {}
    for character in text_of(partial, value, ascii_only=True, indent=None):
        partial.feed(character)
        now = partial.state()
        for path, name in now.states().items():
            assert RANK[name] >= last.get(path, 0), (path, name)
            last[path] = RANK[name]
            assert now.of(*path) == name
    assert partial.state().is_whole


def items(of: Any, text: str, *path: str, length: int = 1) -> list[list[Any]]:
    """The items after each piece."""
    partial: Partial[Any] = Partial(of, items_path=path)
    found = []
    for at in range(0, len(text), length):
        partial.feed(text[at : at + length])
        found.append(list(partial.items))
    return found


@pytest.mark.parametrize("length", [1, 3, 1000])
@pytest.mark.parametrize(
    ("of", "text", "path", "value"),
    [
        (list[int], '{"result": [1, 2, 3', (), [1, 2]),
        (list[int], "[1, 2, 3]", (), [1, 2, 3]),
        (list[str], '["a", "b", "c"', (), ["a", "b"]),
        (list[str], '["a", "b", "c"]', (), ["a", "b", "c"]),
        (list[Stop], '[{"town": "a"}, {"town": "b"', (), [Stop("a")]),
        (list[Stop | Item], '[{"town": "a"}, {"name": "b", "price": 1}', (), None),
        (list[list[int]], "[[1, 2], [3", (), [[1, 2]]),
        (list[dt.date], '["2024-01-02", "2024-01-03", "x", "2024-01-04"', (), None),
        (list[tuple[int, str]], '[[1, "a"], [2, "b"', (), [(1, "a")]),
        (list[int | None], "[1, null, 2]", (), [1, None, 2]),
        (list[Any], '[1, "a", {"b": [2]}, [3', (), [1, "a", {"b": [2]}]),
        (Order, '{"items": [{"name": "a", "price": 1}, {"name": "b"', ("items",), None),
        (Order, '{"items": [{"name": "a"}, {"name": "b", "price": 1}]}', ("items",), None),
        (Plan, '{"steps": [{"command": "a", "title": "b"}, {"command": ', ("steps",), None),
        (dict[str, list[int]], '{"a": [1, 2], "b": [3, 4, 5', ("b",), [3, 4]),
        (RootModel[list[int]], '{"result": [1, 2, 3', (), [1, 2]),
        (list[Address], '[{"street": "a", "town": "b"}, {"street', (), None),
        (list[str], '["a "b" c", "d", "e" ', (), ['a "b" c', "d"]),
        (list[Literal["a", "b"]], '["a", "x", "b"]', (), ["a", "b"]),
    ],
)
def test_an_item_comes_once_it_is_whole(
    of: Any, text: str, path: tuple[str, ...], value: Any, length: int
) -> None:
    found = items(of, text, *path, length=length)
    assert all(now[: len(before)] == before for before, now in pairwise(found))
    known = {
        "Stop | Item": [Stop("a"), Item(name="b", price=1)],
        "date": [dt.date(2024, 1, 2), dt.date(2024, 1, 3)],
        "Order": [Item(name="a" if '"a", ' in text else "b", price=1)],
        "Plan": [Step(command="a", title="b")],
        "Address": [Address(street="a", town="b")],
    }
    expected = value or next(
        row
        for name, row in known.items()
        if name in str(of).replace("tests.typed.test_streaming_semantics.", "")
    )
    assert found[-1] == expected


@pytest.mark.parametrize(
    ("of", "path", "remedy"),
    [
        (Order, (), 'stream_items("items")'),
        (Order, ("title",), 'stream_items("items")'),
        (Order, ("nothing",), 'stream_items("items")'),
        (Order | None, (), 'stream_items("items")'),
        (dict[str, int], (), "stream_output"),
        (tuple[int, ...], (), "stream_output"),
        (Step, ("files",), "stream_output"),
        (str, (), "stream_output"),
    ],
)
def test_a_list_that_is_not_there_is_refused(of: Any, path: Any, remedy: str) -> None:
    with pytest.raises(UsageError, match="item by item") as caught:
        check_items_path(of, path)
    assert remedy in (caught.value.remedy or "")
