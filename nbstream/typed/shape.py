"""``Shape``: parses JSON of one type, and gives partial values while it arrives where it can.

A shape knows the kinds of JSON that may become its type, what can be shown before the value
is complete, and how to validate the complete value. The base class is for types that cannot
be shown in part: a date, an enum, a tuple, or a type with a validator of the raw value.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic_core import SchemaValidator, core_schema

from nbstream.core.json.atoms import value_of
from nbstream.typed.kinds import ALL_KINDS, STRING

if TYPE_CHECKING:
    from collections.abc import Callable

    from nbstream.typed.container import Container
    from nbstream.typed.frame import Frame


class Shape:
    """The base class. Its own values appear only when they are complete.

    ``make_validator`` is called when first needed; most types in an answer never need it.
    """

    def __init__(
        self, kinds: frozenset[str], make_validator: Callable[[], SchemaValidator]
    ) -> None:
        self.kinds = kinds
        self._make_validator = make_validator

    @cached_property
    def validator(self) -> SchemaValidator:
        """The validator of complete JSON of the type."""
        return self._make_validator()

    @property
    def grows_text(self) -> bool:
        """Whether a string of this type may be shown while it arrives."""
        return False

    def validate_json(self, raw: str) -> Any:
        """Validate a complete JSON text and return its value.

        Raises:
            pydantic.ValidationError: it is not of this type. The type's own validators may
                raise anything else.
        """
        return self.validator.validate_json(raw)

    def validate_text(self, value: str) -> Any:
        """Validate a complete string and return its value; raises like ``validate_json``."""
        return self.validate_json(json.dumps(value))

    def object(self) -> Frame | None:
        """The frame that shows an object while it arrives; None if it must be complete."""
        return None

    def array(self) -> Container | None:
        """The frame that shows an array while it arrives; None if it must be complete."""
        return None

    def field(self, name: str) -> Shape | None:
        """The shape of an object's field ``name``; None if there is no such field."""
        del name
        return ANYTHING_COMPLETE

    def members(self, kind: str) -> list[Shape]:
        """The shapes for JSON of this ``kind`` (such as "object"); a union may have several."""
        return [self] if kind in self.kinds else []


class TextShape(Shape):
    """The shape of a string: shown while it arrives, validated when complete.

    ``checked`` is False for a plain ``str``, which needs no validation.
    """

    def __init__(self, make_validator: Callable[[], SchemaValidator], *, checked: bool) -> None:
        super().__init__(frozenset({STRING}), make_validator)
        self._checked = checked

    @property
    def grows_text(self) -> bool:
        return True

    def validate_text(self, value: str) -> Any:
        return self.validator.validate_python(value) if self._checked else value


class PlainScalar(Shape):
    """The shape of a number or bool without constraints.

    Most such JSON is accepted without pydantic, for speed.
    """

    def __init__(
        self,
        kinds: frozenset[str],
        make_validator: Callable[[], SchemaValidator],
        python_type: type,
    ) -> None:
        super().__init__(kinds, make_validator)
        self._python_type = python_type

    def validate_json(self, raw: str) -> Any:
        try:
            value = value_of(raw)
        except ValueError:  # not a number or literal; pydantic may still convert it
            return super().validate_json(raw)
        return value if type(value) is self._python_type else super().validate_json(raw)


class Ignored(Shape):
    """The shape of a value that the type has no field for; the value is skipped."""

    def __init__(self) -> None:
        super().__init__(ALL_KINDS, _no_validator)

    def validate_json(self, raw: str) -> Any:
        del raw


def _no_validator() -> SchemaValidator:
    raise NotImplementedError


def any_validator() -> SchemaValidator:
    """A validator that accepts any JSON."""
    return SchemaValidator(core_schema.any_schema())


IGNORED = Ignored()
ANYTHING_COMPLETE = Shape(ALL_KINDS, any_validator)
