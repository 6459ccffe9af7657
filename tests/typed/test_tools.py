"""``tool_schema`` for functions, types and schemas."""

import dataclasses
from typing import Any, Literal

import pytest
from pydantic import BaseModel

from nbstream.errors import UsageError
from nbstream.typed import ToolSchema, tool_schema


class Place(BaseModel):
    """Somewhere.

    Attributes:
        city: Its name.
    """

    city: str
    country: str = "FR"


def google(
    city: str, days: int = 3, *, unit: Literal["c", "f"] = "c", at: Place | None = None
) -> str:
    """Tell the weather.

    It is mostly right.

    Args:
        city: Where, in
            words: any words.
        days (int, optional): How many days.
        unit: Which scale.

    Returns:
        str: The weather.
    """
    raise NotImplementedError


def numpy(city: str, days: int = 3, unit: str = "c") -> str:
    """Tell the weather.

    Parameters
    ----------
    city : str
        Where, in
        words.
    days, unit
        How many and which.

    Returns
    -------
    str
        The weather.
    """
    raise NotImplementedError


async def sphinx(city: str, days: int = 3, unit: str = "c") -> str:
    """Tell the weather.

    :param city: Where, in
        words.
    :param int days: How many days.
    :param unit: Which scale.
    :returns: The weather.
    """
    raise NotImplementedError


def test_google() -> None:
    name, description, schema = tool_schema(google)
    assert (name, description) == ("google", "Tell the weather.\n\nIt is mostly right.")
    properties = schema["properties"]
    assert properties["city"] == {"type": "string", "description": "Where, in words: any words."}
    assert properties["days"]["description"] == "How many days."
    assert properties["unit"] == {
        "type": "string",
        "enum": ["c", "f"],
        "default": "c",
        "description": "Which scale.",
    }
    assert "description" not in properties["at"]
    assert schema["required"] == ["city"]
    assert schema["$defs"]["Place"]["properties"]["city"] == {"type": "string"}
    assert "title" not in schema


def test_numpy() -> None:
    _, description, schema = tool_schema(numpy)
    said = {name: row.get("description") for name, row in schema["properties"].items()}
    assert description == "Tell the weather."
    assert said == {
        "city": "Where, in words.",
        "days": "How many and which.",
        "unit": "How many and which.",
    }


def test_sphinx_and_async() -> None:
    _, description, schema = tool_schema(sphinx)
    said = {name: row.get("description") for name, row in schema["properties"].items()}
    assert description == "Tell the weather."
    assert said == {"city": "Where, in words.", "days": "How many days.", "unit": "Which scale."}


def test_a_method_and_a_function_without_docstring() -> None:
    class Shop:
        def buy(self, what: str) -> None:
            """Buy."""

    assert tool_schema(Shop().buy).parameters["required"] == ["what"]

    def bare(value):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
        raise NotImplementedError

    name, description, schema = tool_schema(bare)
    assert (name, description, schema["properties"]) == ("bare", "", {"value": {}})


def test_a_model_and_a_dataclass() -> None:
    name, description, schema = tool_schema(Place)
    assert (name, description, schema["required"]) == ("Place", "Somewhere.", ["city"])

    @dataclasses.dataclass
    class Pair:
        a: int
        b: int = 2

    assert tool_schema(Pair).parameters["required"] == ["a"]


@pytest.mark.parametrize(
    "raw",
    [
        {"name": "f", "description": "d", "parameters": {"type": "object"}},
        {"name": "f", "description": "d", "input_schema": {"type": "object"}},
        {"name": "f", "description": "d", "inputSchema": {"type": "object"}},
        {
            "type": "function",
            "function": {"name": "f", "description": "d", "parameters": {"type": "object"}},
        },
        ToolSchema("f", "d", {"type": "object"}),
    ],
)
def test_schemas_in_the_providers_formats(raw: Any) -> None:
    assert tool_schema(raw) == ToolSchema("f", "d", {"type": "object"})


def test_a_tool_without_arguments() -> None:
    assert tool_schema({"name": "f"}).parameters == {"type": "object", "properties": {}}

    def now() -> str:
        """Say what time it is."""
        raise NotImplementedError

    assert tool_schema(now).parameters["properties"] == {}


class NoType:
    """A class that pydantic does not support."""


def odd(value: NoType) -> None:
    """Take a type without a JSON form."""


def many(*values: int) -> None:
    """Take values without names."""


def first(value: int, /) -> None:
    """Take a value without a name."""


@pytest.mark.parametrize("tool", [3, "text", int, NoType, odd, many, first, {"parameters": {}}])
def test_what_cannot_be_a_tool_is_an_error_with_a_remedy(tool: Any) -> None:
    with pytest.raises(UsageError) as caught:
        tool_schema(tool)
    assert caught.value.remedy
