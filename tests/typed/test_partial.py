"""``Partial`` by example: what is shown when, and which objects stay the same."""

import copy
import json
from typing import Annotated

import pytest
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    PrivateAttr,
    RootModel,
    ValidationInfo,
    computed_field,
    field_validator,
    model_validator,
)

from nbstream.errors import UsageError
from nbstream.typed import OutputError, Partial
from nbstream.typed.root_value import WRAPPER_KEY
from tests.typed.feeding import fed, shown


class Item(BaseModel):
    """One item of an order."""

    name: str
    price: float
    tags: list[str] = []


class Order(BaseModel):
    """A model in a model."""

    title: str
    items: list[Item]
    note: str | None = None


def test_a_model_whose_newest_item_lacks_a_required_field_is_shown() -> None:
    order = shown(Order, '{"items": [{"name": "Gre')
    assert isinstance(order, Order)
    assert isinstance(order.items[0], Item)
    assert order.items[0].name == "Gre"
    assert order.model_fields_set == {"items"}
    assert order.items[0].model_fields_set == {"name"}
    assert order.note is None
    assert not hasattr(order, "title")
    assert repr(order) == "Order(note=None, items=[Item(tags=[], name='Gre')])"


def test_a_complete_value_stays_the_same_object() -> None:
    partial = fed(Order, '{"items": [{"name": "a", "price": 1}, {"na')
    first = partial.partial.items[0]
    partial.feed('me": "b", "price": 2}], "title": "t"}')
    assert partial.partial.items[0] is first
    assert partial.partial == partial.final()


def test_feed_returns_whether_the_value_changed() -> None:
    partial: Partial[Order] = Partial(Order)
    told = [
        partial.feed(piece)
        for piece in ['{"ti', 'tle": ', '"a', "b", '"', ', "note": nu', "ll ", "}"]
    ]
    assert told == [True, False, True, True, False, False, True, False]


def test_a_snapshot_does_not_change_and_shares_complete_values() -> None:
    partial = fed(Order, '{"items": [{"name": "a", "price": 1}, {"name": "b')
    before = partial.snapshot()
    partial.feed('c", "price": 3}]')
    assert before is not None
    assert before.items[1].name == "b"
    assert partial.partial is not None
    assert partial.partial.items[1].name == "bc"
    assert before.items[0] is partial.partial.items[0]


def test_an_invalid_value_is_left_out_and_noted() -> None:
    partial = fed(Order, '{"title": 3, "items": [{"name": "a", "price": "dear"}, 7], "note": "n"}')
    order = partial.partial
    assert not hasattr(order, "title")
    assert order.items == [order.items[0]]
    assert not hasattr(order.items[0], "price")
    assert order.note == "n"
    assert [problem.path for problem in partial.problems] == [
        ("title",),
        ("items", 0, "price"),
        ("items", 1),
    ]
    with pytest.raises(OutputError, match=r"items\.0\.price: Input should be a valid number"):
        partial.final()


def test_each_validator_runs_once_on_a_complete_value() -> None:
    seen: list[str] = []

    class Checked(BaseModel):
        first: int
        second: int
        name: str
        _secret: int = PrivateAttr(default=7)

        @field_validator("name")
        @classmethod
        def _name(cls, value: str) -> str:
            seen.append("name")
            return value.strip()

        @field_validator("second")
        @classmethod
        def _second(cls, value: int, info: ValidationInfo) -> int:
            seen.append("second")
            assert value > info.data["first"], "must be above the first"
            return value

        @model_validator(mode="after")
        def _whole(self) -> "Checked":
            seen.append("whole")
            return self

    partial = fed(Checked, '{"first": 1, "second": 2, "name": " a ')
    assert partial.partial.name == " a "
    assert not hasattr(partial.partial, "second")
    assert seen == []
    partial.feed('"')
    assert partial.partial.name == "a"
    partial.feed("}")
    assert seen == ["name", "second", "whole"]
    assert partial.partial.second == 2
    assert partial.partial._secret == 7
    assert partial.partial == partial.final()
    assert fed(Checked, '{"first": 3, "second": 2, "name": "a"}').problems[0].path == ("second",)


def test_a_validated_field_is_not_validated_again_at_the_end_of_its_object() -> None:
    class Item(BaseModel):
        price: int

        @field_validator("price")
        @classmethod
        def _with_tax(cls, value: int) -> int:
            return value * 2

    class Bill(BaseModel):
        items: list[Item]

    class Prices(RootModel[list[Annotated[int, AfterValidator(lambda value: value * 2)]]]):
        pass

    partial = fed(Bill, '{"items": [{"price": 1}, {"price": 5')
    assert partial.partial.items[0].price == 2
    first = partial.partial.items[0]
    partial.feed("}]}")
    assert partial.partial == partial.final()
    assert partial.partial.items[0] is first
    prices = fed(Prices, f'{{"{WRAPPER_KEY}": [1, 2]}}')
    assert prices.partial == prices.final()


def test_a_before_validator_gets_the_complete_value() -> None:
    split = BeforeValidator(lambda value: value.split(",") if isinstance(value, str) else value)

    class Tagged(BaseModel):
        tags: Annotated[list[str], split]
        after: str

    partial = fed(Tagged, '{"tags": "a,b", "after": "x')
    assert partial.partial.tags == ["a", "b"]
    partial.feed('"}')
    assert partial.partial == partial.final()


def test_a_computed_field_does_not_break_what_is_shown() -> None:
    class Box(BaseModel):
        width: int
        name: str

        @computed_field  # type: ignore[prop-decorator]
        @property
        def area(self) -> int:
            return self.width**2

    box = shown(Box, '{"name": "b')
    assert repr(box) == "Box(name='b')"
    assert type(shown(Box, '{"name": "b", "width": 2}')) is Box
    assert copy.deepcopy(box).name == "b"


def test_a_list_that_is_too_long_is_shown_and_noted() -> None:
    partial = fed(Annotated[list[int], Field(max_length=2)], '{"result": [1, 2, 3]}')
    assert partial.partial == [1, 2, 3]
    assert len(partial.problems) == 1


def test_a_default_that_fails_leaves_its_field_out() -> None:
    def fail() -> int:
        raise RuntimeError

    class Odd(BaseModel):
        a: int = Field(default_factory=fail)
        b: str

    assert repr(shown(Odd, '{"b": "x')) == "Odd(b='x')"


def test_an_exception_in_a_validator_is_a_problem() -> None:
    class Bad(BaseModel):
        a: int

        @model_validator(mode="after")
        def _whole(self) -> "Bad":
            raise KeyError("x")

    assert "KeyError" in str(fed(Bad, '{"a": 1}').problems[0])


def test_of_duplicate_keys_the_last_wins() -> None:
    text = '{"title": "a", "items": [], "title": "b", "items": [{"name": "c", "price": 1}]}'
    partial = fed(Order, text)
    assert partial.partial == partial.final() == Order.model_validate(json.loads(text))


class NoType:
    """A class that pydantic does not support."""


def test_an_unsupported_type_is_refused_at_once() -> None:
    with pytest.raises(UsageError, match="NoType cannot be an output type"):
        Partial(NoType)
    with pytest.raises(UsageError, match="list\\[NoType\\]"):
        Partial(list[NoType])
