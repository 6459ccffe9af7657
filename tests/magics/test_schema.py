"""``--schema``: types by name, and fields as in a signature."""

import enum
from typing import Any, get_args, get_origin

import pandas as pd
import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from nbstream.errors import UsageError
from nbstream.magics.schema import output_type


class Person(BaseModel):
    """A type of the user's."""

    name: str


class Colour(enum.Enum):
    """An enumeration of the user's."""

    RED = "red"


NAMES: dict[str, Any] = {"Person": Person, "Colour": Colour}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Person", Person),
        ("list[Person]", list[Person]),
        ("int", int),
        ("dict[str, int]", dict[str, int]),
        (" Person ", Person),
        ("Colour", Colour),
        ("Person | None", Person | None),
    ],
)
def test_a_type_by_its_name(text: str, kind: Any) -> None:
    assert output_type(text, NAMES) == kind


def test_fields_are_a_model() -> None:
    model = output_type("name: str, age: int = 0, tags: list[str] = [], c: Colour = None", NAMES)
    value = model(name="Ada")
    assert value.model_dump() == {"name": "Ada", "age": 0, "tags": [], "c": None}
    with pytest.raises(ValidationError):
        model(age="old")


def test_a_field_may_use_the_usual_types() -> None:
    kind = output_type("size: Literal['S', 'M'], when: date, note: Optional[str] = None", {})
    value = TypeAdapter(kind).validate_python({"size": "S", "when": "2024-02-29"})
    assert (value.size, value.when.year, value.note) == ("S", 2024, None)


def test_fields_in_brackets_are_a_list() -> None:
    kind = output_type("[name: str, person: Person]", NAMES)
    assert get_origin(kind) is list
    assert list(get_args(kind)[0].model_fields) == ["name", "person"]


@pytest.mark.parametrize(
    "text",
    [
        "Persn",
        "name str",
        "name: Strin",
        "",
        "1",
        "'a'",
        "name: str, *",
        "name:",
        "**k: int",
        "_x: int",
    ],
)
def test_what_is_no_type_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as error:
        output_type(text, NAMES)
    assert "--schema" in str(error.value)
    assert error.value.remedy


def test_a_field_may_have_the_name_of_a_method_without_a_warning(
    recwarn: pytest.WarningsRecorder,
) -> None:
    model = output_type("json: str, copy: int", {})
    assert model(json="{}", copy=2).model_dump() == {"json": "{}", "copy": 2}
    assert not recwarn.list


def test_a_class_without_fields_is_refused_in_the_words_of_the_option() -> None:
    with pytest.raises(UsageError, match=r"^--schema Plain: Plain cannot be an output") as error:
        output_type("Plain", {"Plain": type("Plain", (), {})})
    assert "a pydantic model, a dataclass" in str(error.value)


def test_a_dataframe_is_refused_with_the_fields_to_write() -> None:
    frame = pd.DataFrame({"name": ["Ada"], "age": [36], "height": [1.6], "here": [True]})
    with pytest.raises(UsageError, match="--schema df is not a type, but a value") as error:
        output_type("df", {"df": frame})
    written = "[name: str, age: int, height: float, here: bool]"
    assert f"--schema '{written}'" in str(error.value)
    assert list(get_args(output_type(written, {}))[0].model_fields) == list(frame.columns)
