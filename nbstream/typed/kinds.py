"""The kinds of JSON, and which of them a type can be parsed from."""

from __future__ import annotations

from typing import Any

OBJECT, ARRAY, STRING, NUMBER, BOOL, NULL = "object", "array", "string", "number", "bool", "null"
ALL_KINDS = frozenset({OBJECT, ARRAY, STRING, NUMBER, BOOL, NULL})

# The kinds of JSON that a type is parsed from. A type that is not listed may be of any kind.
_OF_TYPE: dict[str, set[str]] = {
    "int": {NUMBER},
    "float": {NUMBER},
    "decimal": {NUMBER, STRING},
    "bool": {BOOL},
    "none": {NULL},
    "bytes": {STRING},
    "date": {STRING, NUMBER},
    "time": {STRING, NUMBER},
    "datetime": {STRING, NUMBER},
    "timedelta": {STRING, NUMBER},
    "uuid": {STRING},
    "url": {STRING},
    "multi-host-url": {STRING},
    "tuple": {ARRAY},
    "set": {ARRAY},
    "frozenset": {ARRAY},
    "model": {OBJECT},
    "dataclass": {OBJECT},
    "typed-dict": {OBJECT},
    "dict": {OBJECT},
    "list": {ARRAY},
    "str": {STRING},
}
_OF_VALUE = {str: STRING, int: NUMBER, float: NUMBER, bool: BOOL, type(None): NULL}


def kinds_of(schema: dict[str, Any]) -> frozenset[str]:
    """The kinds of JSON that a type is parsed from, by its core schema."""
    if schema["type"] in ("literal", "enum"):
        values = schema.get("expected") or [member.value for member in schema["members"]]
        return frozenset().union(*map(_of_value, values))
    return frozenset(_OF_TYPE.get(schema["type"], ALL_KINDS))


def _of_value(value: Any) -> frozenset[str]:
    """The kinds that can stand for a literal, or for the value of an enum's member."""
    kind = _OF_VALUE.get(type(value))
    return frozenset({kind}) if kind else ALL_KINDS
