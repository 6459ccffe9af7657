"""One type, as far as its values can be shown while they arrive.

A shape knows which JSON may become its type, what can be shown of it before it
is whole, and how to validate it once it is. Refuses to know how the JSON
arrives. What cannot be shown in part (a date, an enum, a tuple, anything with a
validator that must see the raw value) is a ``Shape`` itself: it appears when it
is whole and valid.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic_core import SchemaValidator, core_schema

from nbstream.core.json.atoms import value_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.typed.container import Container
    from nbstream.typed.frame import Frame

OBJECT, ARRAY, STRING, NUMBER, BOOL, NULL = "object", "array", "string", "number", "bool", "null"
ALL_KINDS = frozenset({OBJECT, ARRAY, STRING, NUMBER, BOOL, NULL})


class Shape:
    """A type whose values appear whole.

    ``make_validator`` is called when first needed: most of an answer's types
    are checked without.
    """

    def __init__(
        self, kinds: frozenset[str], make_validator: Callable[[], SchemaValidator]
    ) -> None:
        self.kinds = kinds
        self._make_validator = make_validator

    @cached_property
    def validator(self) -> SchemaValidator:
        """Takes the type's whole JSON."""
        return self._make_validator()

    @property
    def grows_text(self) -> bool:
        """Whether a string may be shown while it is written."""
        return False

    def whole(self, raw: str) -> Any:
        """The value of a whole JSON text.

        Raises:
            pydantic.ValidationError: it is not of this type. A type's own
                validators may raise anything else.
        """
        return self.validator.validate_json(raw)

    def text(self, value: str) -> Any:
        """The value of a whole string; raises like ``whole``."""
        return self.whole(json.dumps(value))

    def object(self) -> Frame | None:
        """What takes an object in, piece by piece; None if it must be whole."""
        return None

    def array(self) -> Container | None:
        """What takes an array in, item by item; None if it must be whole."""
        return None

    def field(self, name: str) -> Shape | None:
        """The shape of an object's value under ``name``; None if there is no such key."""
        del name
        return ANYTHING_WHOLE

    def members(self, kind: str) -> list[Shape]:
        """The types that JSON of this kind may become; several for a union."""
        return [self] if kind in self.kinds else []


class Text(Shape):
    """A string: shown while it is written, checked when it is whole.

    ``checked`` is False for a plain ``str``, which needs no check.
    """

    def __init__(self, make_validator: Callable[[], SchemaValidator], *, checked: bool) -> None:
        super().__init__(frozenset({STRING}), make_validator)
        self._checked = checked

    @property
    def grows_text(self) -> bool:
        return True

    def text(self, value: str) -> Any:
        return self.validator.validate_python(value) if self._checked else value


class Quick(Shape):
    """A number or a bool without constraints, for which most JSON needs no validator."""

    def __init__(
        self, kinds: frozenset[str], make_validator: Callable[[], SchemaValidator], takes: type
    ) -> None:
        super().__init__(kinds, make_validator)
        self._takes = takes

    def whole(self, raw: str) -> Any:
        try:
            value = value_of(raw)
        except ValueError:  # not a number or a literal: pydantic may still take it
            return super().whole(raw)
        return value if type(value) is self._takes else super().whole(raw)


class Ignored(Shape):
    """What the type has no place for: read over."""

    def __init__(self) -> None:
        super().__init__(ALL_KINDS, _no_validator)

    def whole(self, raw: str) -> Any:
        del raw


def _no_validator() -> SchemaValidator:
    raise NotImplementedError


def any_validator() -> SchemaValidator:
    """Takes any JSON."""
    return SchemaValidator(core_schema.any_schema())


IGNORED = Ignored()
ANYTHING_WHOLE = Shape(ALL_KINDS, any_validator)
