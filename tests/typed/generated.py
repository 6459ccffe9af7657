"""Types and values of them, made up by hypothesis, and what to expect of their beginnings.

``expected`` is the rule that ``Partial`` keeps, written anew and without regard
to cost: read a prefix from its first character, then say what its type allows
to be shown.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import itertools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NotRequired, Union

from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, create_model
from typing_extensions import TypedDict

if TYPE_CHECKING:
    from tests.typed.reading import Node

HIDDEN = object()
_numbers = itertools.count()


class Colour(enum.Enum):
    """A type whose values must be whole."""

    RED = "red"
    REDDER = "redder"


@dataclass
class Spec:
    """A type, how to make values of it as JSON has them, and what it is made of."""

    kind: str
    type: Any
    values: st.SearchStrategy[Any]
    inner: list[Spec] = field(default_factory=list)
    fields: dict[str, tuple[str, Spec]] = field(default_factory=dict)  # by key: name, type


def leaf(kind: str, of: Any, values: st.SearchStrategy[Any]) -> Spec:
    return Spec(kind, of, values)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
DATES = st.dates().map(dt.date.isoformat)
LEAVES = [
    leaf("str", str, TEXT),
    leaf("whole", int, st.integers()),
    leaf("whole", float, st.floats(allow_nan=False)),
    leaf("whole", bool, st.booleans()),
    leaf("whole", dt.date, DATES),
    leaf("whole", Colour, st.sampled_from(["red", "redder"])),
    leaf("whole", Literal["a", "ab", 1], st.sampled_from(["a", "ab", 1])),
    leaf("whole", tuple[int, str], st.tuples(st.integers(), TEXT).map(list)),
]


def listed(inner: Spec) -> Spec:
    return Spec("list", list[inner.type], st.lists(inner.values, max_size=3), [inner])  # type: ignore[name-defined]


def mapped(inner: Spec) -> Spec:
    values = st.dictionaries(TEXT, inner.values, max_size=3)
    return Spec("dict", dict[str, inner.type], values, [inner])  # type: ignore[name-defined]


def optional(inner: Spec) -> Spec:
    return Spec("optional", inner.type | None, st.none() | inner.values, [inner])


def _object(rows: dict[str, tuple[str, Spec]], left_out: set[str]) -> st.SearchStrategy[Any]:
    required = {key: spec.values for key, (_, spec) in rows.items() if key not in left_out}
    free = {key: rows[key][1].values for key in left_out}
    return st.fixed_dictionaries(required, optional=free).flatmap(
        lambda value: st.permutations(list(value.items())).map(dict)
    )


def model(inner: list[Spec], defaults: list[bool], aliases: list[bool], tag: str = "") -> Spec:
    number = next(_numbers)
    rows: dict[str, tuple[str, Spec]] = {}
    types: dict[str, Any] = {}
    left_out = set()
    for at, spec in enumerate(inner):
        name = f"f{at}"
        key = f"key {at}" if aliases[at] else name
        rows[key] = (name, spec)
        has_default = defaults[at]
        options: dict[str, Any] = {"alias": key} if aliases[at] else {}
        of = optional(spec) if has_default else spec
        rows[key] = (name, of)
        types[name] = (of.type, Field(None, **options) if has_default else Field(**options))
        if has_default:
            left_out.add(key)
    if tag:
        rows["kind"] = ("kind", leaf("whole", Literal[tag], st.just(tag)))
        types["kind"] = (Literal[tag], ...)
    made = create_model(f"Model{number}", **types)
    return Spec("object", made, _object(rows, left_out), fields=rows)


def data_class(inner: list[Spec]) -> Spec:
    rows = {f"f{at}": (f"f{at}", spec) for at, spec in enumerate(inner)}
    types = [(name, spec.type) for name, spec in rows.values()]
    frozen = len(inner) % 2 == 0
    made = dataclasses.make_dataclass(f"Data{next(_numbers)}", types, frozen=frozen, slots=frozen)
    return Spec("object", made, _object(rows, set()), fields=rows)


def typed_dict(inner: list[Spec], defaults: list[bool]) -> Spec:
    rows = {f"f{at}": (f"f{at}", spec) for at, spec in enumerate(inner)}
    types = {
        name: NotRequired[spec.type] if defaults[at] else spec.type
        for at, (name, spec) in enumerate(rows.values())
    }
    made = TypedDict(f"Dict{next(_numbers)}", types)  # type: ignore[misc] # made up at run time
    left_out = {name for at, name in enumerate(rows) if defaults[at]}
    return Spec("object", made, _object(rows, left_out), fields=rows)


def union(inner: list[Spec], aliases: list[bool]) -> Spec:
    members = [
        model([spec], [False], [alias], tag=f"kind {at}")
        for at, (spec, alias) in enumerate(zip(inner, aliases, strict=False))
    ]
    kinds: Any = tuple(one.type for one in members)
    of: Any = Union[kinds]  # noqa: UP007 # made up at run time
    return Spec("union", of, st.one_of([one.values for one in members]), members)


def _extended(inner: st.SearchStrategy[Spec]) -> st.SearchStrategy[Spec]:
    some = st.lists(inner, min_size=1, max_size=3)
    flags = st.lists(st.booleans(), min_size=3, max_size=3)
    return st.one_of(
        inner.map(listed),
        inner.map(mapped),
        inner.map(optional),
        st.builds(model, some, flags, flags),
        st.builds(data_class, some),
        st.builds(typed_dict, some, flags),
        st.builds(union, st.lists(inner, min_size=2, max_size=3), flags),
    )


SPECS = st.recursive(st.sampled_from(LEAVES), _extended, max_leaves=6)
CASES = SPECS.flatmap(lambda spec: st.tuples(st.just(spec), spec.values))


def expected(spec: Spec, node: Node) -> Any:
    """What may be shown, in the form that ``plain`` brings values into."""
    match spec.kind, node.kind:
        case "optional", "atom" if node.complete and node.value == "null":
            return None
        case "optional", _:
            return expected(spec.inner[0], node)
        case "str", "string":
            return node.value
        case "list", "array":
            rows = [expected(spec.inner[0], row) for row in node.value]
            return [row for row in rows if row is not HIDDEN]
        case "dict", "object":
            pairs = {key: expected(spec.inner[0], row) for key, row in node.value.items()}
            return {key: row for key, row in pairs.items() if row is not HIDDEN}
        case "object", "object":
            return _expected_fields(spec, node)
        case "union", "object":
            members = [one for one in spec.inner if _may_be(one, node)]
            return expected(members[0], node) if len(members) == 1 else HIDDEN
    if not node.complete:
        return HIDDEN
    return plain(TypeAdapter(spec.type).validate_json(json.dumps(node.json())))


def _expected_fields(spec: Spec, node: Node) -> Any:
    found = {}
    for key, row in node.value.items():
        name, inner = spec.fields[key]
        if (value := expected(inner, row)) is not HIDDEN:
            found[name] = value
    return found


def _may_be(member: Spec, node: Node) -> bool:
    """Whether the member knows all keys so far and accepts the plain values so far."""
    if not all(key in member.fields for key in node.keys):
        return False
    whole = [(key, row) for key, row in node.value.items() if row.complete]
    return all(
        _accepts(member.fields[key][1].type, row.json())
        for key, row in whole
        if row.kind in ("string", "atom")
    )


def _accepts(of: Any, value: Any) -> bool:
    try:
        TypeAdapter(of).validate_json(json.dumps(value))
    except ValidationError:
        return False
    return True


def plain(value: Any) -> Any:
    """A value as dicts and lists of what has arrived; later growth does not reach it."""
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in value.model_fields_set}
    if dataclasses.is_dataclass(value):
        names = [one.name for one in dataclasses.fields(value) if hasattr(value, one.name)]
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {key: plain(row) for key, row in value.items()}
    if isinstance(value, list):
        return [plain(row) for row in value]
    return value


def extends(old: Any, new: Any) -> bool:
    """Whether nothing that ``old`` shows is gone or other in ``new``."""
    if isinstance(old, str) and isinstance(new, str):
        return new.startswith(old)
    if isinstance(old, dict) and isinstance(new, dict):
        return all(key in new and extends(row, new[key]) for key, row in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) <= len(new) and all(map(extends, old, new))
    return bool(old == new)
