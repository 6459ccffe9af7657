"""Converts pydantic's core schema of a type to a ``Shape``, which parses JSON as it arrives.

The core schema (``pydantic_core.core_schema``) already resolves aliases, generics,
annotations and forward references. A schema type without a method here gives a ``Shape``
whose values appear only when complete.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic_core import SchemaValidator, core_schema

from nbstream.typed.compile_objects import object_shape
from nbstream.typed.kinds import BOOL, NUMBER, kinds_of
from nbstream.typed.markers import is_needed, is_whole
from nbstream.typed.sequences import ANYTHING, ListShape, MapShape
from nbstream.typed.shape import PlainScalar, Shape, TextShape
from nbstream.typed.unions import Union
from nbstream.typed.wrappers import (
    AfterValidatorShape,
    Nullable,
    Reference,
    RootModelShape,
    WholeShape,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Schema = dict[str, Any]

_STRING_CONFIG = (
    "str_strip_whitespace",
    "str_to_lower",
    "str_to_upper",
    "str_max_length",
    "str_min_length",
)


class Compiler:
    """Converts the core schemas of one type, and of the types in it, to shapes."""

    def __init__(self, definitions: dict[str, Schema] | None = None) -> None:
        self._definitions = definitions or {}
        self._references: dict[str, Shape] = {}

    def shape(self, schema: Schema, config: Schema | None = None) -> Shape:
        """Convert ``schema`` to a shape; ``config`` is that of the enclosing model."""
        make = getattr(self, "_" + schema["type"].replace("-", "_"), None)
        shape: Shape | None = make(schema, config or {}) if make else None
        return shape or self._complete_only(schema, config or {})

    def validator(
        self, schema: Schema, config: Schema | None, *, altered: bool = False
    ) -> Callable[[], SchemaValidator]:
        """A function that makes the validator of ``schema``.

        ``altered``: pydantic did not make this schema, so the class's own validator must not
        replace it.
        """

        def make() -> SchemaValidator:
            full: Any = schema
            if schema.get("ref") in self._definitions:
                full = {"type": "definition-ref", "schema_ref": schema["ref"]}
            if self._definitions and refers(full):
                definitions: list[Any] = list(self._definitions.values())
                full = core_schema.definitions_schema(full, definitions)
            settings: Any = config or None
            if altered:
                return _validator_without_prebuilt(full, settings)
            return SchemaValidator(full, settings)

        return make

    def reads_fields(self, schema: Schema) -> bool:
        """Whether a model's methods may fail while fields are missing, as ``ModelMaker`` asks."""
        return _reads_fields(schema) or (refers(schema) and self._definitions_read_fields)

    @cached_property
    def _definitions_read_fields(self) -> bool:
        return any(map(_reads_fields, self._definitions.values()))

    def _complete_only(self, schema: Schema, config: Schema) -> Shape:
        """A shape whose values appear only when they are complete."""
        return Shape(kinds_of(schema), self.validator(schema, config))

    def _definition_ref(self, schema: Schema, config: Schema) -> Shape:
        name = schema["schema_ref"]
        if name not in self._references:
            self._references[name] = Reference(lambda: self.shape(self._definitions[name], config))
        return self._references[name]

    def _any(self, schema: Schema, config: Schema) -> Shape:
        del schema, config
        return ANYTHING

    def _str(self, schema: Schema, config: Schema) -> Shape | None:
        if schema.get("pattern"):  # an incomplete string would not match
            return None
        checked = set(schema) - {"type", "ref", "metadata", "serialization", "strict"}
        checked |= {name for name in _STRING_CONFIG if config.get(name) is not None}
        return TextShape(self.validator(schema, config), checked=bool(checked))

    def _int(self, schema: Schema, config: Schema) -> Shape | None:
        return self._scalar(schema, config, int, NUMBER)

    def _float(self, schema: Schema, config: Schema) -> Shape | None:
        return self._scalar(schema, config, float, NUMBER)

    def _bool(self, schema: Schema, config: Schema) -> Shape | None:
        return self._scalar(schema, config, bool, BOOL)

    def _scalar(self, schema: Schema, config: Schema, python_type: type, kind: str) -> Shape | None:
        if set(schema) - {"type", "ref", "metadata", "serialization", "strict"}:
            return None
        if python_type is float and config.get("allow_inf_nan") is False:
            return None
        return PlainScalar(frozenset({kind}), self.validator(schema, config), python_type)

    def _nullable(self, schema: Schema, config: Schema) -> Shape:
        inner = self.shape(schema["schema"], config)
        return Nullable(self.validator(schema, config), inner)

    def _default(self, schema: Schema, config: Schema) -> Shape:
        return self.shape(schema["schema"], config)

    def _union(self, schema: Schema, config: Schema) -> Shape:
        schemas = [
            choice[0] if isinstance(choice, tuple) else choice for choice in schema["choices"]
        ]
        choices = [self.shape(choice, config) for choice in schemas]
        return Union(self.validator(schema, config), choices)

    def _tagged_union(self, schema: Schema, config: Schema) -> Shape:
        schemas = [choice for choice in schema["choices"].values() if isinstance(choice, dict)]
        choices = [self.shape(choice, config) for choice in schemas]
        return Union(self.validator(schema, config), choices)

    def _list(self, schema: Schema, config: Schema) -> Shape:
        item = schema.get("items_schema") or {"type": "any"}
        check = self._check(schema, {"items_schema": {"type": "any"}})
        return ListShape(self.validator(schema, config), self.shape(item, config), check)

    def _dict(self, schema: Schema, config: Schema) -> Shape:
        key = schema.get("keys_schema") or {"type": "str"}
        value = schema.get("values_schema") or {"type": "any"}
        keys = None if key == {"type": "str"} else self.shape(key, config)
        anything = {"keys_schema": {"type": "any"}, "values_schema": {"type": "any"}}
        return MapShape(
            self.validator(schema, config),
            keys,
            self.shape(value, config),
            self._check(schema, anything),
        )

    def _check(self, schema: Schema, anything: Schema) -> Callable[[], SchemaValidator] | None:
        """A function that makes the validator of the length; None if there is no limit."""
        if not {"min_length", "max_length"} & set(schema):
            return None
        cached: list[SchemaValidator] = []

        def check() -> SchemaValidator:
            if not cached:
                plain = {name: row for name, row in schema.items() if name != "ref"}
                cached.append(self.validator({**plain, **anything}, None)())
            return cached[0]

        return check

    def _json_or_python(self, schema: Schema, config: Schema) -> Shape:
        return self.shape(schema["json_schema"], config)

    def _function_after(self, schema: Schema, config: Schema) -> Shape | None:
        if is_whole(schema):
            return self._whole(schema, self.shape(schema["schema"], config), config)
        if is_needed(schema):
            return self.shape(schema["schema"], config)
        if shape := object_shape(self, schema, config):
            return shape
        if schema["function"]["type"] != "no-info":
            return None
        check = {"type": "function-after", "function": schema["function"]}
        return AfterValidatorShape(
            self.validator(schema, config),
            self.shape(schema["schema"], config),
            self.validator({**check, "schema": {"type": "any"}}, config),
        )

    def _whole(self, schema: Schema, inner: Shape, config: Schema) -> Shape:
        """The shape of a type that is marked as ``Whole``."""
        return WholeShape(self.validator(schema, config), inner)

    def _model(self, schema: Schema, config: Schema) -> Shape | None:
        if not schema.get("root_model"):
            return self._dataclass(schema, config)
        shape = self._root_model(schema, config)
        return self._whole(schema, shape, config) if is_whole(schema) else shape

    def _root_model(self, schema: Schema, config: Schema) -> Shape:
        plain = {name: row for name, row in schema.items() if name != "ref"}
        return RootModelShape(
            self.validator(schema, config),
            self.shape(schema["schema"], schema.get("config")),
            self.validator({**plain, "schema": {"type": "any"}}, config, altered=True),
            schema["cls"],
            guarded=self.reads_fields(schema),
        )

    def _dataclass(self, schema: Schema, config: Schema) -> Shape | None:
        shape = object_shape(self, schema, config)
        return self._whole(schema, shape, config) if shape and is_whole(schema) else shape

    _typed_dict = _dataclass


def _validator_without_prebuilt(schema: Any, config: Any) -> SchemaValidator:
    """A validator of exactly this schema.

    pydantic-core otherwise uses the validator that the schema's class already has. Older
    versions have no such argument.
    """
    try:
        return SchemaValidator(schema, config, _use_prebuilt=False)
    except TypeError:
        return SchemaValidator(schema, config)


def refers(schema: Any) -> bool:
    """Whether a schema contains a reference to a definition."""
    if isinstance(schema, dict):
        if schema.get("type") == "definition-ref":
            return True
        return any(
            refers(row) for name, row in schema.items() if name not in ("metadata", "config")
        )
    return isinstance(schema, list | tuple) and any(refers(row) for row in schema)


def shape_of(schema: Any) -> Shape:
    """Convert the core schema of a ``TypeAdapter`` to a shape."""
    if schema["type"] != "definitions":
        return Compiler().shape(schema)
    definitions = {definition["ref"]: definition for definition in schema["definitions"]}
    return Compiler(definitions).shape(schema["schema"])


def _reads_fields(schema: Any) -> bool:
    """Whether serializing a value of the schema may read fields that it lacks."""
    if isinstance(schema, dict):
        if schema.get("computed_fields"):
            return True
        if schema.get("type") in ("dataclass", "union", "tagged-union"):
            return True
        if "function" in str((schema.get("serialization") or {}).get("type")):
            return True
        return any(_reads_fields(row) for name, row in schema.items() if name != "metadata")
    return isinstance(schema, list | tuple) and any(map(_reads_fields, schema))
