"""``OutputType``: a Python type that a model is asked to answer in; validates the answer."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, get_origin

from pydantic import PydanticUserError, TypeAdapter
from pydantic_core import SchemaError, SchemaValidator, core_schema

from nbstream.errors import UsageError
from nbstream.typed.compile import shape_of
from nbstream.typed.kinds import STRING
from nbstream.typed.markers import as_default
from nbstream.typed.root_value import WRAPPER_KEY
from nbstream.typed.typing_dicts import with_supported_dicts

if TYPE_CHECKING:
    from nbstream.typed.shape import Shape

T = TypeVar("T")

REMEDY = (
    "Use a pydantic model, a dataclass, a TypedDict, an enum, a list, dict or union of such, "
    "or a plain type."
)


_DICT_REMEDY = "Write `from typing_extensions import TypedDict` where the class is defined."
_FRAME_REMEDY = "Ask for a list of objects, such as list[Person]; the answer's `df` is a DataFrame."


class OutputType(Generic[T]):
    """A type for answers: its name, its shape, and whether its JSON needs a wrapper object.

    Raises:
        UsageError: pydantic does not support the type, or a marker is at the wrong place.
    """

    def __init__(self, of: Any) -> None:
        self.of = of
        self.name = name_of(of)
        try:
            self.adapter: TypeAdapter[T] = TypeAdapter(with_supported_dicts(of))
            self._schema: Any = self.adapter.core_schema
        except (PydanticUserError, SchemaError, TypeError, NameError) as error:
            # Pydantic goes on with advice for a model's settings, which are not the user's here.
            reason = str(error).split("\n", 1)[0].partition(" Set `arbitrary_types_allowed")[0]
            remedy = _DICT_REMEDY if "typing_extensions.TypedDict" in reason else REMEDY
            if "DataFrame" in reason:
                remedy = _FRAME_REMEDY
            raise UsageError(
                f"{self.name} cannot be an output type: {reason}", remedy=remedy
            ) from error
        if (marker := as_default(self._schema)) is not None:
            raise UsageError(
                f"{self.name} has {marker} as the default of a field.",
                remedy=f"Write it in the type: Annotated[str, {marker}].",
            )

    @cached_property
    def shape(self) -> Shape:
        """The shape of the type: how its values are shown while they arrive."""
        return shape_of(self._schema)

    @cached_property
    def wrapped(self) -> bool:
        """Whether the value is asked for inside an object, because it may not be one itself."""
        definitions = {each["ref"]: each for each in self._schema.get("definitions", ())}
        return not _is_object(self._schema, definitions)

    @cached_property
    def takes_words(self) -> bool:
        """Whether any text is a value of the type, as for ``str | Model``."""
        return self.wrapped and any(each.grows_text for each in self.shape.members(STRING))

    @cached_property
    def _wrapper(self) -> SchemaValidator:
        """The validator of the wrapper object."""
        inner: Any = self._schema
        field = core_schema.typed_dict_field(inner)
        return SchemaValidator(core_schema.typed_dict_schema({WRAPPER_KEY: field}))

    def validate(self, text: str, *, bare: bool = False) -> T:
        """Validate a complete JSON text and return its value. ``bare``: it has no wrapper object.

        Raises:
            pydantic.ValidationError: the text is not of this type.
        """
        if self.wrapped and not bare:
            value: T = self._wrapper.validate_json(text)[WRAPPER_KEY]
            return value
        return self.adapter.validate_json(text)


def output_type(of: Any) -> OutputType[Any]:
    """The ``OutputType`` for the type ``of``, cached.

    Raises:
        UsageError: pydantic does not support the type.
    """
    try:
        # Unions are equal in any order, but pydantic prefers their first member. Hence str().
        return _cached(of, str(of))
    except TypeError:  # not hashable: an annotation that contains a list, for example
        return OutputType(of)


@lru_cache(maxsize=128)
def _cached(of: Any, written: str) -> OutputType[Any]:
    """Make the ``OutputType``, cached by the type and by its text form ``written``."""
    del written
    return OutputType(of)


def name_of(of: Any) -> str:
    """A type's name for a text that users read, without module names."""
    if get_origin(of) is Annotated:
        return name_of(of.__origin__)
    if isinstance(of, type) and not hasattr(of, "__args__"):
        return of.__name__
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", str(of))


def _is_object(schema: Any, definitions: dict[str, Any]) -> bool:
    """Whether JSON of the type is always an object."""
    kind = schema["type"]
    if kind == "definition-ref":
        return _is_object(definitions[schema["schema_ref"]], definitions)
    if kind == "model" and schema.get("root_model"):
        return _is_object(schema["schema"], definitions)
    if kind in ("model", "dataclass", "typed-dict", "dict"):
        return True
    if kind in ("definitions", "default", "function-before", "function-after", "function-wrap"):
        return _is_object(schema["schema"], definitions)
    return False
