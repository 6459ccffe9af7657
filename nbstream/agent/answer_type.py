"""``AnswerType``: what a tool asks for: the JSON schema of the value, and how it is validated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import PydanticInvalidForJsonSchema, PydanticUserError, ValidationError
from pydantic_core import to_json

from nbstream.core.message import as_json
from nbstream.errors import UsageError
from nbstream.typed.output import REMEDY, output_type
from nbstream.typed.schema import BriefSchema
from nbstream.typed.validation_errors import problems_of

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class AnswerType:
    """What a tool asks for: the JSON schema of the value, and the function that validates it.

    ``validate`` raises pydantic's error; ``dump`` makes JSON of a valid value.
    """

    schema: dict[str, Any]
    validate: Callable[[Any], Any]
    dump: Callable[[Any], Any] = as_json

    @classmethod
    def of(cls, kind: Any) -> AnswerType:
        """The type of values of the Python type ``kind``.

        Raises:
            UsageError: pydantic does not support it, or it has no JSON schema.

        >>> AnswerType.of(bool).schema
        {'type': 'boolean'}
        """
        known = output_type(kind)
        try:
            schema = known.adapter.json_schema(schema_generator=BriefSchema)
        except (PydanticInvalidForJsonSchema, PydanticUserError) as error:
            reason = str(error).split("\n", 1)[0]
            raise UsageError(f"{known.name} has no JSON schema: {reason}", remedy=REMEDY) from error
        definitions = schema.get("$defs", {})
        if (ref := schema.pop("$ref", None)) is not None:
            schema = definitions[ref.rsplit("/", 1)[-1]] | schema
        if isinstance(kind, type) and schema.get("properties"):
            schema = {"title": known.name} | schema

        def validate(value: Any) -> Any:
            try:
                return known.adapter.validate_python(value)
            except ValidationError:
                if not isinstance(value, (dict, list, str)):
                    raise
                # JSON has no enum, date or tuple, and a strict type takes them from JSON only.
                return known.adapter.validate_json(to_json(value))

        return cls(schema, validate, lambda value: known.adapter.dump_python(value, mode="json"))


def check_answer(validate: Callable[[Any], Any], answer: Any) -> None:
    """Check an answer's value.

    Raises:
        UsageError: it is not valid; its text says which fields are wrong, and how.
    """
    if not answer.given:
        return
    try:
        validate(answer.value)
    except (ValidationError, ValueError, TypeError, AssertionError) as error:
        words = "; ".join(str(problem) for problem in problems_of(error))
        raise UsageError(f"This cannot be the answer: {words}.") from error
