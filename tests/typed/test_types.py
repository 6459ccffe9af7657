"""Types of every kind: what is shown of each while it arrives."""

import copy
import dataclasses
import datetime as dt
import enum
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Generic, Literal, NamedTuple, TypeVar

import pytest
from pydantic import (
    AliasChoices,
    AliasPath,
    BaseModel,
    ConfigDict,
    Field,
    Json,
    RootModel,
    StringConstraints,
)
from pydantic.dataclasses import dataclass as pydantic_dataclass
from typing_extensions import TypedDict

from nbstream.typed import Partial, output_type
from tests.typed.feeding import fed, shown


class Circle(BaseModel):
    """One member of a union."""

    kind: Literal["circle"]
    radius: float


class Square(BaseModel):
    """The other."""

    kind: Literal["square"]
    label: str


Shape = Annotated[Circle | Square, Field(discriminator="kind")]


@pytest.mark.parametrize("of", [Shape, Circle | Square])
def test_a_union_is_shown_once_one_member_is_possible(of: Any) -> None:
    assert shown(of, '{"result": {"kind": "squa') is None
    assert type(shown(of, '{"result": {"kind": "square"')) is Square
    assert type(shown(of, '{"result": {"label"')) is Square
    assert shown(of, '{"result": {"kind": "square", "label": "ab').label == "ab"


def test_similar_union_members_are_decided_at_the_end() -> None:
    class Small(BaseModel):
        a: int

    class Large(BaseModel):
        a: int
        b: int = 0

    text = '{"result": [{"a": 1}, {"a": 1, "b": 2'
    assert shown(list[Small | Large], text[:19]) == []
    partial = fed(list[Small | Large], text)
    assert [type(one) for one in partial.partial] == [Small, Large]
    partial.feed("}]}")
    assert partial.final() == partial.partial


def test_strings_grow_unless_they_have_a_pattern() -> None:
    class Words(BaseModel):
        free: str
        short: Annotated[str, Field(max_length=5)]
        loud: Annotated[str, StringConstraints(to_upper=True)]
        code: Annotated[str, Field(pattern="^[a-z]{3}$")]
        day: dt.date
        either: Literal["a", "ab"]

    values = {"free": "ab", "short": "ab", "loud": "ab", "code": "abc", "day": "2024-01-02"}
    text = json.dumps({**values, "either": "ab"})
    growing = [
        name
        for name in Words.model_fields
        if hasattr(shown(Words, text[: text.index(name) + len(name) + 5]), name)
    ]
    assert growing == ["free", "short", "loud"]
    partial = fed(Words, text)
    assert partial.partial == partial.final()
    assert partial.partial.loud == "AB"


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """A frozen dataclass."""

    x: int
    y: int
    names: list[str] = dataclasses.field(default_factory=list)


def test_a_growing_dataclass_is_an_instance_of_its_class() -> None:
    partial = fed(Point, '{"y": 1, "names": ["a')
    point = partial.partial
    assert isinstance(point, Point)
    assert repr(point) == "Point(y=1, names=['a'])"
    assert not hasattr(point, "x")
    kept = copy.deepcopy(point)
    partial.feed('b"], "x": 2}')
    assert kept.names == ["a"]
    assert partial.partial is point
    assert type(point) is Point
    assert point == Point(2, 1, ["ab"])


def test_keys_of_all_kinds() -> None:
    class Named(BaseModel, populate_by_name=True, extra="allow"):
        first: int = Field(alias="First")
        second: int = Field(validation_alias=AliasChoices("two", "second"))

    named = shown(Named, '{"First": 1, "two": 2, "other": {"a": ["b')
    assert (named.first, named.second, named.other) == (1, 2, {"a": ["b"]})
    assert shown(Named, '{"first": 1, "second": 2}') == Named.model_validate({"First": 1, "two": 2})

    class Deep(BaseModel):
        name: str = Field(validation_alias=AliasPath("names", 0))

    assert shown(Deep, '{"names": ["a"], "x": ') is None
    assert shown(Deep, '{"names": ["a"]}').name == "a"

    class Closed(BaseModel, extra="forbid"):
        a: int

    assert [problem.path for problem in fed(Closed, '{"a": 1, "b": [2]}').problems] == [("b",)]
    numbers = fed(dict[int, str], '{"1": "a", "x": "b", "2": "c')
    assert numbers.partial == {1: "a", 2: "c"}
    assert [problem.path for problem in numbers.problems] == [("x",)]


class Node(BaseModel):
    """A recursive type."""

    text: str
    children: list["Node"] = []


class Nodes(RootModel[list[Node]]):
    """A root model of a list."""


def test_a_root_model_is_shown_while_it_grows() -> None:
    partial = fed(Nodes, '{"result": [{"text": "a"}, {"text": "b')
    nodes, kept = partial.partial, partial.snapshot()
    assert repr(nodes) == "Nodes(root=[Node(text='a', children=[]), Node(children=[], text='b')])"
    partial.feed('c"}]}')
    assert partial.partial is nodes
    assert kept.root[1].text == "b"
    assert nodes == partial.final()
    assert shown(RootModel[dict[str, int]], '{"a": 1, "b').root == {"a": 1}
    assert shown(RootModel[Node], '{"text": "a"}').root == Node(text="a")
    assert shown(RootModel[int], '{"result": 1}').root == 1


class Free(TypedDict):
    """A typed dict of anything."""

    anything: Any


class Size(enum.IntEnum):
    """An enum of numbers."""

    S = 1


def test_other_types() -> None:
    node = shown(Node, '{"children": [{"children": [{"text": "a')
    assert node.children[0].children[0].text == "a"
    assert shown(Free, '{"anything": {"a": [1, "b') == {"anything": {"a": [1, "b"]}}
    assert shown(list[Size], '{"result": [1, 1') == [Size.S]
    assert shown(tuple[int, str], '{"result": [1, "a"]}') == (1, "a")
    assert shown(set[int], '{"result": [1, 1]}') == {1}
    assert shown(Decimal, '{"result": "0.10000000000000000001"}') == Decimal(
        "0.10000000000000000001"
    )
    assert shown(list[str] | str, '{"result": "ab') == "ab"
    assert shown(int | str, '{"result": "12"}') == "12"
    assert shown(int | list[int], '{"result": "12"}') == 12
    assert fed(int | None, '{"result": null}').has_value


@pydantic_dataclass
class Described:
    """A pydantic dataclass with ``Field(...)``."""

    a: int = Field(description="first")
    b: list[int] = Field(default_factory=list, alias="bee")
    c: str = Field(default="q", max_length=9)


@dataclasses.dataclass(kw_only=True)
class Initialised:
    """A dataclass with init-only, computed and default fields."""

    a: int
    extra: dataclasses.InitVar[int] = 3
    kept: ClassVar[int] = 3
    made: int = dataclasses.field(init=False, default=5)

    def __post_init__(self, extra: int) -> None:
        self.made = self.a + extra


T = TypeVar("T")


class Box(BaseModel, Generic[T]):
    """A generic."""

    x: T
    y: list[T] | None = None


class Pair(NamedTuple):
    """A named tuple."""

    a: int
    b: str = "c"


class Strict(BaseModel, strict=True, str_strip_whitespace=True, frozen=True):
    """A strict, frozen model."""

    a: int
    s: str
    t: tuple[int, ...]
    e: Size


class Late(BaseModel, defer_build=True):
    """A model that pydantic builds at its first use."""

    n: "Late | None" = None
    m: dict[str, "Late"] = {}


class Closed(TypedDict):
    """A typed dict that forbids other keys."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc]
    a: list[str]


class Counted(BaseModel, extra="allow"):
    """A model whose other keys are numbers."""

    __pydantic_extra__: dict[str, int]
    a: int


@pytest.mark.parametrize(
    ("of", "value", "most"),
    [
        (Described, {"a": 1, "bee": [1, 2], "c": "hello"}, "Described(a=1, b=[1, 2], c='hell')"),
        (Initialised, {"extra": 4, "a": 1}, "Initialised(a=1, made=5)"),
        (Box[Box[str]], {"x": {"x": "ab"}}, "Box[Box[str]](y=None, x=Box[str](x='ab', y=None))"),
        (list[Pair], [[1, "z"], [2]], "[Pair(a=1, b='z')]"),
        (
            Strict,
            {"a": 1, "s": " x", "t": [1], "e": 1},
            "Strict(a=1, s='x', t=(1,), e=<Size.S: 1>)",
        ),
        (Late, {"n": {"m": {"k": {}}}}, "Late(n=Late(n=None, m={'k': Late(n=None, m={})}), m={})"),
        (Closed, {"a": ["x", "y"]}, "{'a': ['x', 'y']}"),
        (Counted, {"a": 1, "b": 2, "c": 3}, "Counted(a=1, b=2)"),
        (Sequence[int], [1, 2], "[1, 2]"),
        (Mapping[str, list[int]], {"a": [1]}, "{'a': [1]}"),
        (Json[list[int]], "[1, 2]", "None"),
        (list, [1, {"a": "b"}], "[1, {'a': 'b'}]"),
        (Any, {"a": ["b", None]}, "{'a': ['b', None]}"),
        (int | float, 3.0, "None"),
    ],
    ids=str,
)
def test_the_final_value_equals_pydantics(of: Any, value: Any, most: str) -> None:
    partial: Partial[Any] = Partial(of)
    text = json.dumps({"result": value} if output_type(of).wrapped else value)
    reprs = []
    for character in text:
        partial.feed(character)
        reprs.append(repr(partial.partial))
    assert not partial.problems
    assert partial.partial == partial.final()
    assert repr(partial.partial) == repr(partial.final())
    assert most in reprs


def test_a_union_is_read_in_its_own_order() -> None:
    class One(BaseModel):
        a: int

    class Two(BaseModel):
        a: int

    text = '{"result": {"a": 1}}'
    assert type(shown(One | Two, text)) is One
    assert type(shown(Two | One, text)) is Two
