"""The JSON schema of a type: what a provider is asked to answer in.

Knows pydantic's schemas and the object that must stand at the root. Refuses to
know what each provider's dialect lacks, which is ``dialects``'s.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import PydanticInvalidForJsonSchema, PydanticUserError
from pydantic.json_schema import GenerateJsonSchema

from nbstream.errors import UsageError
from nbstream.typed.output import REMEDY, output_type
from nbstream.typed.root_value import WRAPPER_KEY

if TYPE_CHECKING:
    from pydantic_core import core_schema

JSONSchema = dict[str, Any]


class BriefSchema(GenerateJsonSchema):
    """pydantic's schema without the titles it makes of names: the names say it already."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        del schema
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JSONSchema:
        return _without_own_title(super().model_schema(schema), schema)

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JSONSchema:
        return _without_own_title(super().dataclass_schema(schema), schema)

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> JSONSchema:
        return _without_own_title(super().typed_dict_schema(schema), schema)

    def enum_schema(self, schema: core_schema.EnumSchema) -> JSONSchema:
        return _without_own_title(super().enum_schema(schema), schema)


def _without_own_title(made: JSONSchema, schema: Any) -> JSONSchema:
    if made.get("title") == getattr(schema.get("cls"), "__name__", None):
        del made["title"]
    return made


def schema_for(of: Any) -> JSONSchema:
    """The JSON schema to ask for a value of ``of`` with; always an object's.

    A type that is no object is wrapped: ``{"result": ...}``, which ``Partial``
    takes off again. ``title`` is the type's name.

    Raises:
        UsageError: the type cannot be a JSON schema.
    """
    known = output_type(of)
    try:
        schema = known.adapter.json_schema(schema_generator=BriefSchema)
    except (PydanticInvalidForJsonSchema, PydanticUserError) as error:
        words = str(error).split("\n", 1)[0]
        raise UsageError(f"{known.name} cannot be a JSON schema: {words}", remedy=REMEDY) from error
    definitions = schema.pop("$defs", None)
    if known.wrapped:
        schema = {"type": "object", "properties": {WRAPPER_KEY: schema}, "required": [WRAPPER_KEY]}
    elif "$ref" in schema and definitions:
        # The root must say itself that it is an object.
        schema = {**definitions[schema["$ref"].rsplit("/", 1)[-1]], **_beside(schema)}
    schema = {"title": known.name, **schema}
    return {**schema, "$defs": definitions} if definitions else schema


def _beside(schema: JSONSchema) -> JSONSchema:
    return {name: row for name, row in schema.items() if name != "$ref"}


def schema_name(of: Any) -> str:
    """A type's name as providers take names: letters, digits, ``_`` and ``-``, at most 64."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", output_type(of).name).strip("_")
    return plain[:64] or "output"
