"""JSON schemas in each provider's dialect, and the errors for types a dialect cannot express."""

import dataclasses
import datetime as dt
import enum
import json
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from hypothesis import given, settings
from pydantic import BaseModel, Field

from nbstream.errors import UsageError
from nbstream.typed import schema_for, schema_name
from nbstream.typed.dialects import (
    anthropic,
    gemini,
    gemini_openapi,
    openai,
    openai_strict,
    schema_prompt,
)
from tests.typed.generated_types import SPECS, Spec

Schema = dict[str, Any]


class Colour(enum.Enum):
    """A colour."""

    RED = "red"
    BLUE = "blue"


class Part(BaseModel):
    """One part."""

    kind: Literal["part"]
    id: UUID
    weight: Annotated[float, Field(gt=0)] = 1.5
    words: Annotated[list[str], Field(min_length=2)]
    pair: tuple[int, str]


class Other(BaseModel):
    """Not a part."""

    kind: Literal["other"]


class Whole(BaseModel):
    """All of it."""

    part: Part = Field(description="The first.")
    day: dt.date | None = None
    name: Annotated[str, Field(max_length=5, pattern="^a")]
    colour: Colour
    either: Annotated[Part | Other, Field(discriminator="kind")]


class Tree(BaseModel):
    """A type that is recursive through a required field."""

    text: str
    children: list["Tree"]


class Chain(BaseModel):
    """A type that is recursive through an optional field."""

    text: str
    rest: "Chain | None" = None


def inside(schema: Schema) -> Iterator[Schema]:
    """Every schema in a schema."""
    yield schema
    for key in ("properties", "$defs"):
        for row in schema.get(key, {}).values():
            yield from inside(row)
    for key in ("anyOf", "prefixItems"):
        for row in schema.get(key, ()):
            yield from inside(row)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from inside(schema[key])


def keywords(schema: Schema) -> set[str]:
    return {key for row in inside(schema) for key in row}


def test_only_types_that_are_no_objects_are_wrapped() -> None:
    schema = schema_for(Part)
    assert (schema["title"], schema["type"]) == ("Part", "object")
    assert schema["description"] == "One part."
    assert "title" not in schema["properties"]["id"]
    assert schema_for(list[int]) == {
        "title": "list[int]",
        "type": "object",
        "properties": {"result": {"type": "array", "items": {"type": "integer"}}},
        "required": ["result"],
    }
    assert schema_for(Colour)["properties"]["result"]["enum"] == ["red", "blue"]
    assert schema_for(Part | None)["title"] == "Part | None"
    assert schema_for(Tree)["type"] == "object"


def test_schema_names_use_allowed_characters() -> None:
    assert schema_name(Part) == "Part"
    assert schema_name(list[Part] | dict[str, int]) == "list_Part_dict_str_int"
    assert len(schema_name(tuple[tuple(Part for _ in range(50))])) <= 64  # type: ignore[misc]


def test_openai_is_strict_everywhere() -> None:
    schema = openai_strict(schema_for(Whole))
    for row in inside(schema):
        if row.get("type") == "object":
            assert row["additionalProperties"] is False
            assert row["required"] == list(row["properties"])
    assert keywords(schema).isdisjoint({"default", "oneOf", "discriminator", "maxLength"})
    assert schema["properties"]["name"] == {
        "type": "string",
        "pattern": "^a",
        "description": "(maxLength: 5)",
    }
    assert schema["properties"]["part"] == {
        "description": "The first.",
        "anyOf": [{"$ref": "#/$defs/Part"}],
    }
    assert schema["properties"]["day"] == {
        "anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]
    }
    part = schema["$defs"]["Part"]["properties"]
    assert part["weight"]["description"] == "(default: 1.5)"
    assert part["pair"]["minItems"] == part["pair"]["maxItems"] == 2
    assert openai_strict(schema_for(Tree))["$defs"]["Tree"]["required"] == ["text", "children"]


def test_openai_falls_back_to_non_strict() -> None:
    schema = schema_for(dict[str, int])
    assert openai(schema) == (schema, False)
    assert openai(schema_for(Part))[1]


def test_anthropic_moves_limits_into_the_description() -> None:
    schema = anthropic(schema_for(Whole))
    assert keywords(schema).isdisjoint({"maxLength", "pattern", "exclusiveMinimum", "oneOf"})
    assert schema["properties"]["name"]["description"] == "(maxLength: 5, pattern: ^a)"
    words = schema["$defs"]["Part"]["properties"]["words"]
    assert words["description"] == "(minItems: 2)"
    assert schema["required"] == ["part", "name", "colour", "either"]
    assert all(
        row["additionalProperties"] is False
        for row in inside(schema)
        if row.get("type") == "object"
    )


def test_gemini_orders_properties_and_has_no_const() -> None:
    schema = gemini(schema_for(Whole))
    assert schema["propertyOrdering"] == ["part", "day", "name", "colour", "either"]
    assert schema["$defs"]["Other"]["properties"]["kind"] == {"type": "string", "enum": ["other"]}
    assert keywords(schema).isdisjoint({"const", "default", "oneOf", "pattern"})
    assert all(set(row) == {"$ref"} for row in inside(schema) if "$ref" in row)
    assert gemini(schema_for(Chain))["required"] == ["text"]


def test_gemini_openapi_has_no_references() -> None:
    schema = gemini_openapi(schema_for(Whole))
    assert keywords(schema).isdisjoint({"$defs", "$ref", "const", "additionalProperties"})
    assert schema["properties"]["day"]["nullable"] is True
    assert schema["properties"]["day"]["type"] == "STRING"
    assert schema["properties"]["part"]["description"] == "The first."
    numbers = gemini_openapi(schema_for(Literal[1, 2]))["properties"]["result"]
    assert numbers == {"type": "INTEGER", "description": "(one of: [1, 2])"}


def test_the_prompt_contains_the_schema() -> None:
    schema = schema_for(Part)
    assert json.loads(schema_prompt(schema).split("\n", 1)[1]) == schema


@pytest.mark.parametrize(
    ("dialect", "of", "words"),
    [
        (openai_strict, dict[str, int], "dict with free keys.*OpenAI"),
        (openai_strict, list[Any], "any type"),
        (anthropic, Tree, "Tree is recursive"),
        (anthropic, Chain, "Chain is recursive"),
        (anthropic, dict[str, int], "dict with free keys"),
        (gemini, Tree, "is recursive through a required field"),
        (gemini_openapi, Chain, "Chain is recursive"),
        (gemini_openapi, dict[str, int], "dict with free keys"),
    ],
)
def test_a_type_that_a_dialect_cannot_express_is_an_error_with_a_remedy(
    dialect: Callable[[Schema], Schema], of: Any, words: str
) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        dialect(schema_for(of))
    assert caught.value.remedy


class NoType:
    """A class that pydantic does not support."""


@dataclasses.dataclass
class Holds:
    """A class with a field that has no JSON form."""

    call: Callable[[int], int]


@pytest.mark.parametrize("of", [NoType, Callable[[int], int], Holds, list[type], "Missing"])
def test_a_type_without_a_schema_is_an_error_with_a_remedy(of: Any) -> None:
    with pytest.raises(UsageError) as caught:
        schema_for(of)
    assert caught.value.remedy


@settings(max_examples=50)
@given(SPECS)
def test_dialects_do_not_modify_their_input(spec: Spec) -> None:
    schema = schema_for(spec.type)
    before = json.dumps(schema)
    for dialect in (openai, anthropic, gemini, gemini_openapi):
        try:
            made = dialect(schema)
        except UsageError:
            continue
        json.dumps(made)
    assert json.dumps(schema) == before
