"""Makes the JSON schema of a Python type, for an answer of that type or a tool's arguments."""

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
    """pydantic's schema generator, without the titles that it derives from names."""

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


def _without_own_title(generated: JSONSchema, schema: Any) -> JSONSchema:
    """Remove the title if it is only the class's name."""
    if generated.get("title") == getattr(schema.get("cls"), "__name__", None):
        del generated["title"]
    return generated


def schema_for(of: Any) -> JSONSchema:
    """The JSON schema of type ``of``; always the schema of an object.

    A type that is not an object is wrapped as ``{"result": ...}``, which ``Partial`` unwraps.
    ``title`` is the type's name.

    Raises:
        UsageError: the type has no JSON schema.

    >>> schema_for(list[int])["properties"]
    {'result': {'items': {'type': 'integer'}, 'type': 'array'}}
    """
    known = output_type(of)
    try:
        schema = known.adapter.json_schema(schema_generator=BriefSchema)
    except (PydanticInvalidForJsonSchema, PydanticUserError) as error:
        reason = str(error).split("\n", 1)[0]
        raise UsageError(f"{known.name} has no JSON schema: {reason}", remedy=REMEDY) from error
    definitions = schema.pop("$defs", None)
    if known.wrapped:
        schema = {"type": "object", "properties": {WRAPPER_KEY: schema}, "required": [WRAPPER_KEY]}
    elif "$ref" in schema and definitions:
        # Providers require "type": "object" at the root, not a reference.
        schema = {**definitions[schema["$ref"].rsplit("/", 1)[-1]], **_without_ref(schema)}
    schema = {"title": known.name, **schema}
    return {**schema, "$defs": definitions} if definitions else schema


def _without_ref(schema: JSONSchema) -> JSONSchema:
    return {name: row for name, row in schema.items() if name != "$ref"}


def schema_name(of: Any) -> str:
    """A type's name in the characters that providers allow in the name of a schema.

    These are letters, digits, ``_`` and ``-``; 64 at most.
    """
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", output_type(of).name).strip("_")
    return plain[:64] or "output"
