"""Reads a JSON schema as far as a form needs it, by the rules of ``js/render/form/schema.ts``.

The cases of both are in ``tests/samples/schema.json``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Schema = dict[str, Any]

_MAX_STEPS = 20
"""References that lead to references; more are a circle."""


class Schemas:
    """The schemas inside of ``root``, to which references lead."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._definitions: Mapping[str, Any] = root.get("$defs", {})

    def resolve(self, schema: Any) -> Schema:
        """The schema without references, and without ``null`` where there is a choice."""
        at: Schema = dict(schema) if isinstance(schema, dict) else {}
        for _ in range(_MAX_STEPS):
            some = [one for one in _choices(at) or at.get("allOf", ()) if one.get("type") != "null"]
            name = str(at.get("$ref", "")).rsplit("/", 1)[-1]
            following = self._definitions.get(name) if name else some[0] if len(some) == 1 else None
            if following is None:
                break
            left_out = ("$ref", "anyOf", "oneOf", "allOf")
            own = {key: value for key, value in at.items() if key not in left_out}
            at = ({"title": name} if name else {}) | following | own
        return at

    def choices(self, schema: Schema) -> list[Schema]:
        """The schemas of which a value has one; empty if there is no choice."""
        found = [one for one in _choices(schema) if one.get("type") != "null"]
        return [self.resolve(one) for one in found]

    def chosen(self, schema: Schema, value: Any) -> Schema:
        """The choice that a value fits; the schema itself if there is none to make."""
        choices = self.choices(schema)
        if not choices:
            return schema
        fitting = [one for one in choices if _fits(one, value)]
        return fitting[0] if fitting else {}

    def columns(self, schema: Schema) -> dict[str, Any]:
        """The fields of the objects that have a schema, or one of several."""
        found: dict[str, Any] = {}
        for one in (schema, *self.choices(schema)):
            found = found | {k: v for k, v in one.get("properties", {}).items() if k not in found}
        return found


def enum_values(schema: Schema) -> list[Any]:
    """The values that an ``enum`` or a ``const`` allows; empty if it has neither."""
    return list(schema.get("enum") or ([schema["const"]] if "const" in schema else ()))


def _choices(schema: Schema) -> list[Schema]:
    return [
        one for one in schema.get("anyOf") or schema.get("oneOf") or () if isinstance(one, dict)
    ]


_TYPES = {
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    dict: "object",
    list: "array",
}


def _kind(schema: Schema) -> str:
    """What the values of a schema are: one of ``_TYPES``."""
    found = schema.get("type")
    if isinstance(found, list):
        found = next((one for one in found if one != "null"), None)
    if found == "object" or "properties" in schema:
        return "object"
    if found == "array" or "items" in schema:
        return "array"
    return {"integer": "number"}.get(found, found) if isinstance(found, str) else "string"


def _fits(schema: Schema, value: Any) -> bool:
    """Whether a value may be one of a schema: by its kind, its keys and fields with one value."""
    if _kind(schema) != _TYPES.get(type(value)):
        return False
    if not isinstance(value, dict):
        return True
    properties = schema.get("properties", {})
    return all(
        key in properties and (not (allowed := enum_values(properties[key])) or inside in allowed)
        for key, inside in value.items()
    )
