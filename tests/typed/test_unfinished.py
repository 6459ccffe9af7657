"""Values that still lack fields can be dumped, compared, copied, pickled and printed."""

import copy
import dataclasses
import datetime as dt
import json
import pickle
import typing
import warnings
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, TypeVar

import pydantic_core
import pytest
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    RootModel,
    computed_field,
    field_serializer,
    field_validator,
    model_serializer,
    model_validator,
)
from pydantic.dataclasses import dataclass as pydantic_dataclass
from pydantic_core import to_jsonable_python
from typing_extensions import TypedDict

from nbstream.errors import UsageError
from nbstream.typed import Partial  # noqa: TC001
from tests.typed.feeding import fed


class Line(BaseModel):
    """A line of a bill, with everything that may read missing fields."""

    price: Decimal
    count: int
    name: str = Field(alias="Name")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def total(self) -> Decimal:
        return self.price * self.count

    @computed_field  # type: ignore[prop-decorator]
    @cached_property
    def label(self) -> str:
        return self.name.upper()

    @cached_property
    def words(self) -> list[str]:
        return self.name.split()


@dataclasses.dataclass
class Place:
    """A place."""

    street: str
    town: str = "Rome"
    floor: int = dataclasses.field(kw_only=True)


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Point:
    """A frozen place."""

    x: int
    name: str
    secret: str = dataclasses.field(default="s", repr=False, compare=False)


@pydantic_dataclass
class Checked:
    """A pydantic dataclass."""

    size: int
    note: str = Field(description="A note.")


class Box(TypedDict):
    """A typed dict."""

    lines: list[Line]
    label: str


class Bill(BaseModel):
    """A type of many types."""

    number: int
    lines: list[Line] = []
    place: Place | None = None
    point: Point | None = None
    checked: Checked | None = None
    either: int | Line | Place | None = None
    box: Box | None = None
    by_name: dict[str, Line] = {}
    _seen: list[str] = PrivateAttr(default_factory=list)
    _unset: int = PrivateAttr()


STARTS: dict[str, tuple[str, dict[str, Any]]] = {
    "empty": ('{"number": 1', {}),
    "computed": (
        '{"lines": [{"Name": "tea", "price": 2, "count": 3}, {"Name": "mi',
        {
            "lines": [
                {"price": "2", "count": 3, "name": "tea", "total": "6", "label": "TEA"},
                {"name": "mi", "label": "MI"},
            ]
        },
    ),
    "dataclass": ('{"place": {"street": "Vi', {"place": {"street": "Vi", "town": "Rome"}}),
    "frozen": ('{"point": {"name": "h', {"point": {"name": "h", "secret": "s"}}),
    "pydantic dataclass": ('{"checked": {"note": "n', {"checked": {"note": "n"}}),
    "model in a union": ('{"either": {"Name": "x', {"either": {"name": "x", "label": "X"}}),
    "dataclass in a union": (
        '{"either": {"street": "x',
        {"either": {"street": "x", "town": "Rome"}},
    ),
    "typed dict": ('{"box": {"lines": [{"count": 1, ', {"box": {"lines": [{"count": 1}]}}),
    "dict": ('{"by_name": {"a": {"count": 1, ', {"by_name": {"a": {"count": 1}}}),
}


@pytest.mark.skipif(not hasattr(pydantic_core, "MISSING"), reason="pydantic 2.12 leaves it out")
@pytest.mark.parametrize("kind", STARTS)
def test_what_has_arrived_can_be_dumped_compared_copied_and_printed(kind: str) -> None:
    text, arrived = STARTS[kind]
    bill = fed(Bill, text).snapshot()
    assert isinstance(bill, Bill)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert bill.model_dump(mode="json", exclude_unset=True) | arrived == arrived
        dumped = bill.model_dump(mode="json")
        assert {name: dumped[name] for name in arrived} == arrived
        assert json.loads(bill.model_dump_json()) == dumped
        assert set(bill.model_dump(exclude={"lines"})) == set(dumped) - {"lines"}
    for twin in (
        copy.copy(bill),
        copy.deepcopy(bill),
        bill.model_copy(deep=True),
        pickle.loads(pickle.dumps(bill)),
        fed(Bill, text).snapshot(),
    ):
        assert twin == bill
        assert repr(twin) == repr(bill)
        assert twin.model_dump_json() == bill.model_dump_json()
    assert bill != Bill(number=1)
    assert repr(bill).startswith("Bill(")
    assert bill._seen == []
    with pytest.raises(AttributeError):
        _ = bill.number
    with pytest.raises(AttributeError):
        _ = bill._unset


def test_properties_of_an_unfinished_value() -> None:
    partial = fed(Line, '{"Name": "green te')
    line = partial.snapshot()
    assert line is not None
    assert line.label == "GREEN TE"
    assert line.words == ["green", "te"]
    with pytest.raises(AttributeError, match="price"):
        _ = line.total
    partial.feed('a", "price": 2, "count": 3}')
    assert partial.partial is not None
    assert partial.partial.words == ["green", "tea"], "cached values of a partial are not kept"
    assert partial.partial.label == "GREEN TEA"
    assert partial.partial == partial.final()
    assert type(partial.partial) is Line


def test_dataclasses() -> None:
    place = fed(Place, '{"street": "Vi').snapshot()
    assert dataclasses.asdict(place) == {"street": "Vi", "town": "Rome"}
    assert dataclasses.astuple(place) == ("Vi", "Rome")
    assert [field.name for field in dataclasses.fields(place)] == ["street", "town"]
    assert [field.name for field in dataclasses.fields(type(place))] == ["street", "town", "floor"]
    assert to_jsonable_python(place) == {"street": "Vi", "town": "Rome"}
    assert place == fed(Place, '{"street": "Vi').snapshot()
    assert place != fed(Place, '{"street": "Via').snapshot()
    assert place != Place("Vi", floor=1)
    assert Place("Vi", floor=1) != place
    assert pickle.loads(pickle.dumps(place)) == place
    assert not hasattr(place, "floor")
    with pytest.raises(AttributeError, match="'Place' object has no attribute 'floor'"):
        _ = place.floor
    point, twin = (fed(Point, '{"name": "h').snapshot() for _ in range(2))
    assert hash(point) == hash(twin)
    assert len({point, twin}) == 1
    assert repr(point) == "Point(name='h')"
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.name = "x"


def test_private_attributes_and_what_runs_after_the_end() -> None:
    ran: list[str] = []

    class Counted(BaseModel):
        name: str
        size: int
        _made: dict[str, int] = PrivateAttr(default_factory=dict)
        _count: int = 3

        def model_post_init(self, context: Any) -> None:
            assert context is None
            ran.append("post_init")
            self._made["size"] = self.size

        @field_validator("name")
        @classmethod
        def _name(cls, name: str) -> str:
            ran.append("name")
            return name

        @model_validator(mode="after")
        def _whole(self) -> "Counted":
            ran.append("whole")
            return self

    partial = fed(Counted, '{"name": "a')
    first = partial.snapshot()
    assert (first._made, first._count) == ({}, 3)
    first._made["mine"] = 1
    assert ran == []
    partial.feed('", "size": 2}')
    assert ran == ["name", "post_init", "whole"]
    assert partial.partial._made == {"size": 2}
    assert partial.partial == partial.final()
    broken = fed(Counted, '{"name": "a", "size": "x"}')
    assert broken.partial._count == 3
    assert broken.partial.model_dump() == {"name": "a"}


def test_hidden_fields_stay_hidden() -> None:
    class Login(BaseModel):
        name: str
        retries: int = 3
        password: str = Field(repr=False)
        token: str = Field("", exclude=True)
        size: int

        @field_serializer("name")
        def _name(self, name: str) -> str:
            return f"{name} {self.size}"

        @computed_field
        def upper(self) -> str:
            return self.name.upper()

    login = fed(Login, '{"token": "t", "password": "p", "name": "a').snapshot()
    assert repr(login) == "Login(name='a', retries=3, token='t', upper='A')"
    assert login.model_dump() == {"name": "a", "retries": 3, "password": "p"}
    assert json.loads(login.model_dump_json()) == login.model_dump()


def test_serializers_of_the_users_own() -> None:
    class Odd(BaseModel):
        name: str
        size: int

        @field_serializer("name")
        def _name(self, name: str) -> str:
            return f"{name} {self.size}"

    class Whole(BaseModel):
        odd: Odd
        day: dt.date

        @model_serializer
        def _all(self) -> dict[str, Any]:
            return {"day": self.day, "odd": self.odd}

    assert fed(Odd, '{"name": "a').snapshot().model_dump() == {"name": "a"}
    whole = fed(Whole, '{"day": "2024-01-02", "odd": {"name": "a').snapshot()
    assert whole.model_dump(mode="json") == {"day": "2024-01-02", "odd": {"name": "a"}}
    assert json.loads(whole.model_dump_json()) == whole.model_dump(mode="json")
    assert fed(
        Whole, '{"odd": {"name": "a", "size": 1}, "day": "2024-01-02"}'
    ).partial.model_dump()["odd"] == {"name": "a 1", "size": 1}


T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """A generic model that takes other keys."""

    model_config = ConfigDict(extra="allow")

    items: list[T]
    total: int

    @computed_field  # type: ignore[prop-decorator]
    @property
    def pages(self) -> int:
        return self.total // 10


def test_generics_extras_and_root_models() -> None:
    page = fed(Page[Line], '{"other": [1, {"a": "b"}], "items": [{"count": 2, ').snapshot()
    assert page.model_dump(exclude_none=True) == {"items": [{"count": 2}], "other": [1, {"a": "b"}]}
    assert repr(page) == "Page[Line](items=[Line(count=2)], other=[1, {'a': 'b'}])"
    assert copy.deepcopy(page) == page
    lines = fed(RootModel[list[Line]], '{"result": [{"count": 2, ').snapshot()
    assert lines.model_dump(exclude_none=True) == [{"count": 2}]


class City(typing.TypedDict):
    """A city."""

    name: str
    people: typing.NotRequired[int]


class Country(typing.TypedDict, total=False):
    """A country."""

    cities: typing.Required[list[City]]
    capital: City | None


@dataclasses.dataclass
class Trip:
    """A dataclass with a typed dict."""

    to: City


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (City, '{"name": "Ro', {"name": "Ro"}),
        (Country, '{"cities": [{"name": "Ro', {"cities": [{"name": "Ro"}]}),
        (list[City], '[{"name": "Rome"}, {"na', [{"name": "Rome"}, {}]),
        (dict[str, City | None], '{"a": {"name": "Ro', {"a": {"name": "Ro"}}),
    ],
)
def test_the_typed_dict_of_typing(of: Any, text: str, value: Any) -> None:
    partial: Partial[Any] = fed(of, text)
    assert partial.snapshot() == value


def test_a_typed_dict_of_typing_checks_its_keys() -> None:
    with pytest.raises(Exception, match=r"cities\n?.*required"):
        fed(Country, "{}").final()
    assert fed(Country, '{"cities": []}').final() == {"cities": []}


def test_a_typed_dict_of_typing_inside_a_class_names_the_remedy() -> None:
    try:
        assert fed(Trip, '{"to": {"name": "Ro').partial.to == {"name": "Ro"}
    except UsageError as error:  # before Python 3.12
        assert "typing_extensions" in (error.remedy or "")  # noqa: PT017
