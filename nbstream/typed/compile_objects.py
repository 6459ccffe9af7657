"""Converts pydantic's core schemas of models, dataclasses and typed dicts to ``ObjectShape``.

A shape parses the JSON of a type and shows its value while it arrives. Some of these types cannot
be shown in part: those with a validator around them that takes the raw value, a custom
``__init__``, or an alias that is a path into nested values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.typed.dataclass_instances import dataclass_maker
from nbstream.typed.instances import Maker, ModelMaker
from nbstream.typed.markers import has_needed, is_whole
from nbstream.typed.objects import Field, ObjectShape
from nbstream.typed.shape import IGNORED

if TYPE_CHECKING:
    from nbstream.typed.compile import Compiler
    from nbstream.typed.shape import Shape

Schema = dict[str, Any]

_FUNCTIONS = ("function-before", "function-after", "function-wrap")
_FIELDS_SCHEMAS = ("model-fields", "dataclass-args", "typed-dict")


def object_shape(compiler: Compiler, outer: Schema, config: Schema) -> Shape | None:
    """The shape for ``outer`` if it has fields and can be shown in part; else None."""
    schema = outer
    while schema["type"] == "function-after":
        schema = schema["schema"]
    fields_schema = _fields_schema(schema)
    if (
        (schema is not outer and is_whole(schema))
        or fields_schema is None
        or schema.get("custom_init")
        or schema.get("root_model")
    ):
        return None
    settings = schema.get("config") or config
    rows = _rows(fields_schema)
    if any(keys is None for keys in (_keys(name, row, settings) for name, row in rows)):
        return None
    extras = fields_schema.get("extra_behavior") or settings.get("extra_fields_behavior")

    def fields() -> dict[str, Field]:
        by_key: dict[str, Field] = {}
        for name, row in rows:
            field = _field(compiler, name, row, settings)
            by_key |= dict.fromkeys(_keys(name, row, settings) or (), field)
        return by_key

    return ObjectShape(
        compiler.validator(outer, config),
        compiler.validator(_without_field_checks(outer), config, altered=True),
        fields,
        _maker(schema, takes_extras=extras == "allow", guarded=compiler.reads_fields(schema)),
        extras=extras or "ignore",
    )


def _fields_schema(schema: Schema) -> Schema | None:
    """The schema that lists the fields, inside any validators around the model."""
    if schema["type"] not in ("model", "dataclass", "typed-dict"):
        return None
    while schema["type"] not in _FIELDS_SCHEMAS:
        if schema["type"] not in ("model", "dataclass", *_FUNCTIONS):
            return None
        schema = schema["schema"]
    return schema


def _rows(fields_schema: Schema) -> list[tuple[str, Schema]]:
    """The schema of each field with the field's name."""
    fields = fields_schema["fields"]
    if isinstance(fields, dict):
        return list(fields.items())
    return [(row["name"], row) for row in fields]


def _keys(name: str, row: Schema, settings: Schema) -> list[str] | None:
    """The JSON keys that a field is read from; None if one of them is a path into nested values."""
    if row.get("init") is False:
        return []
    alias = row.get("validation_alias")
    if alias is None:
        return [name]
    paths = [[alias]] if isinstance(alias, str) else alias
    paths = paths if isinstance(paths[0], list) else [paths]
    if any(len(path) != 1 or not isinstance(path[0], str) for path in paths):
        return None
    by_name = settings.get("populate_by_name") or settings.get("validate_by_name")
    return [path[0] for path in paths] + ([name] if by_name else [])


def _field(compiler: Compiler, name: str, row: Schema, settings: Schema) -> Field:
    """The ``Field`` of an object that the schema ``row`` describes."""
    late = bool(row.get("init_only")) or _uses_other_fields(row["schema"])
    shape = IGNORED if late else compiler.shape(row["schema"], settings)
    return Field(name, shape, late=late, needed=has_needed(row["schema"]))


def _uses_other_fields(schema: Schema) -> bool:
    """Whether a field's validators may read the fields before it."""
    while schema["type"] in ("default", "nullable", "function-plain", *_FUNCTIONS):
        function = schema.get("function") or {}
        if function.get("type") == "with-info":
            return True
        if "schema" not in schema:
            return False
        schema = schema["schema"]
    return False


def _maker(schema: Schema, *, takes_extras: bool, guarded: bool) -> Maker:
    """The maker of instances for a model, dataclass or typed dict."""
    if schema["type"] == "model":
        return ModelMaker(schema["cls"], takes_extras=takes_extras, guarded=guarded)
    return dataclass_maker(schema["cls"]) if schema["type"] == "dataclass" else Maker()


def _without_field_checks(schema: Schema) -> Schema:
    """``schema`` with ``Any`` for each field that was validated already.

    It still has the validators of the model itself, the defaults, and the required fields.
    """
    copy = {name: row for name, row in schema.items() if name != "ref"}
    if schema["type"] not in _FIELDS_SCHEMAS:
        return {**copy, "schema": _without_field_checks(schema["schema"])}
    copy.pop("extras_schema", None)
    fields = schema["fields"]
    if isinstance(fields, dict):
        return {**copy, "fields": {name: _unchecked(row) for name, row in fields.items()}}
    return {**copy, "fields": [_unchecked(row) for row in fields]}


def _unchecked(row: Schema) -> Schema:
    """A field's schema with ``Any`` as its type, unless its validators read other fields."""
    schema = row["schema"]
    if row.get("init_only") or _uses_other_fields(schema):
        return row
    anything: Schema = {"type": "any"}
    while schema["type"] in _FUNCTIONS:
        schema = schema["schema"]
    if schema["type"] == "default":
        default = {name: value for name, value in schema.items() if name != "validate_default"}
        anything = {**default, "schema": anything}
    return {**row, "schema": anything}
