"""Core schemas of types with fields, made into object shapes.

Knows how pydantic describes models, dataclasses and typed dicts, and which of
them cannot be shown in part: those with a validator around them that wants the
raw value, with an ``__init__`` of their own, or with keys that lie deeper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.typed.dataclass_instances import dataclass_maker
from nbstream.typed.instances import Maker, ModelMaker
from nbstream.typed.objects import Field, ObjectShape
from nbstream.typed.shape import IGNORED

if TYPE_CHECKING:
    from nbstream.typed.compile import Compiler
    from nbstream.typed.shape import Shape

Schema = dict[str, Any]

_FUNCTIONS = ("function-before", "function-after", "function-wrap")
_HOLDING_FIELDS = ("model-fields", "dataclass-args", "typed-dict")


def object_shape(compiler: Compiler, outer: Schema, config: Schema) -> Shape | None:
    """The shape of ``outer`` if it is a type with fields that can be shown in part."""
    schema = outer
    while schema["type"] == "function-after":
        schema = schema["schema"]
    held = _fields_schema(schema)
    if held is None or schema.get("custom_init") or schema.get("root_model"):
        return None
    settings = schema.get("config") or config
    rows = _rows(held)
    if any(keys is None for keys in (_keys(name, row, settings) for name, row in rows)):
        return None
    extras = held.get("extra_behavior") or settings.get("extra_fields_behavior")

    def fields() -> dict[str, Field]:
        found: dict[str, Field] = {}
        for name, row in rows:
            field = _field(compiler, name, row, settings)
            found |= dict.fromkeys(_keys(name, row, settings) or (), field)
        return found

    return ObjectShape(
        compiler.validator(outer, config),
        compiler.validator(_shallow(outer), config, altered=True),
        fields,
        _maker(schema, takes_extras=extras == "allow"),
        extras=extras or "ignore",
    )


def _fields_schema(schema: Schema) -> Schema | None:
    """Where the fields are described, inside any validators of the model as a whole."""
    if schema["type"] not in ("model", "dataclass", "typed-dict"):
        return None
    while schema["type"] not in _HOLDING_FIELDS:
        if schema["type"] not in ("model", "dataclass", *_FUNCTIONS):
            return None
        schema = schema["schema"]
    return schema


def _rows(held: Schema) -> list[tuple[str, Schema]]:
    fields = held["fields"]
    if isinstance(fields, dict):
        return list(fields.items())
    return [(row["name"], row) for row in fields]


def _keys(name: str, row: Schema, settings: Schema) -> list[str] | None:
    """The keys a field may come under; None if one is a path into other values."""
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
    late = bool(row.get("init_only")) or _wants_others(row["schema"])
    shape = IGNORED if late else compiler.shape(row["schema"], settings)
    return Field(name, shape, late=late)


def _wants_others(schema: Schema) -> bool:
    """Whether a field's own validators may look at the fields before it."""
    while schema["type"] in ("default", "nullable", "function-plain", *_FUNCTIONS):
        function = schema.get("function") or {}
        if function.get("type") == "with-info":
            return True
        if "schema" not in schema:
            return False
        schema = schema["schema"]
    return False


def _maker(schema: Schema, *, takes_extras: bool) -> Maker:
    if schema["type"] == "model":
        return ModelMaker(schema["cls"], takes_extras=takes_extras)
    return dataclass_maker(schema["cls"]) if schema["type"] == "dataclass" else Maker()


def _shallow(schema: Schema) -> Schema:
    """The schema of the whole, where every field that was shown may be anything.

    What stays are the validators of the model itself, the defaults, and which
    fields there must be.
    """
    copy = {name: row for name, row in schema.items() if name != "ref"}
    if schema["type"] not in _HOLDING_FIELDS:
        return {**copy, "schema": _shallow(schema["schema"])}
    copy.pop("extras_schema", None)
    fields = schema["fields"]
    if isinstance(fields, dict):
        return {**copy, "fields": {name: _shallow_field(row) for name, row in fields.items()}}
    return {**copy, "fields": [_shallow_field(row) for row in fields]}


def _shallow_field(row: Schema) -> Schema:
    schema = row["schema"]
    if row.get("init_only") or _wants_others(schema):
        return row
    anything: Schema = {"type": "any"}
    while schema["type"] in _FUNCTIONS:
        schema = schema["schema"]
    if schema["type"] == "default":
        kept = {name: value for name, value in schema.items() if name != "validate_default"}
        anything = {**kept, "schema": anything}
    return {**row, "schema": anything}
