"""Lays out the value of a typed answer: fields, tables, lists and single values, as plain data.

``display.html.form``, ``form_markdown`` and ``form_text`` draw it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from nbstream.display.form_schema import Schema, Schemas, enum_values
from nbstream.display.policy import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbstream.display.typed_answer import TypedAnswer

Path = tuple[str | int, ...]
Kind = Literal["text", "address", "number", "choice", "date", "yes", "no", "none", "missing"]

MAX_ROWS = 200
"""Rows of a table and items of a list. The model's whole text has all."""

MAX_COLUMNS = 50

MAX_VALUES = 20_000
"""Values of the whole answer, with those of fields that the model did not write."""

_LEAST_VALUES = 500
_LEAST_LENGTH = 4
"""Characters of the answer for each further value. A row of a table gets an empty value for each
column: without a limit, 200 objects of one field would be 10,000 values."""

_NOTHING = "\u2013"
"""Stands for a value that may be missing."""


@dataclass(frozen=True, slots=True)
class Single:
    """One value that is no object and no list, as text."""

    text: str
    kind: Kind
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name, what it is about, and its value."""

    name: str
    about: str
    value: Laid


@dataclass(frozen=True, slots=True)
class Fields:
    """An object. ``name`` tells which of several types it is. ``left_out`` counts other fields."""

    fields: tuple[Field, ...]
    name: str = ""
    left_out: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list. ``is_short``: its values can stand beside each other. ``left_out`` counts others."""

    items: tuple[Laid, ...]
    is_short: bool = False
    left_out: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A list of objects. A column is a name and whether its values are numbers."""

    columns: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Laid, ...], ...]
    left_out: int = 0
    problems: tuple[str, ...] = ()


Laid = Single | Fields | Items | Table


def laid_out(answer: TypedAnswer) -> Laid:
    """Lay out a typed answer."""
    problems = dict[Path, list[str]]()
    for problem in answer.report.problems:
        problems.setdefault(_located(answer.value, problem.path), []).append(visible(problem.text))
    room = min(MAX_VALUES, _LEAST_VALUES + len(answer.text) // _LEAST_LENGTH)
    by_path = {at: tuple(text) for at, text in problems.items()}
    layout = _Layout(Schemas(answer.schema), by_path, room)
    return layout.value(dict(answer.schema), answer.value, ())


def _located(value: Any, path: Iterable[str | int]) -> Path:
    """The path of a problem without the names of types, which a validator puts between keys."""
    found: list[str | int] = []
    steps = list(path)
    for at, step in enumerate(steps):
        if isinstance(value, dict) and (step in value or at == len(steps) - 1):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step] if step < len(value) else None
        else:
            continue
        found.append(step)
    return tuple(found)


@dataclass(slots=True)
class _Layout:
    schemas: Schemas
    problems: dict[Path, tuple[str, ...]] = field(default_factory=dict)
    room: int = MAX_VALUES
    """How many more values are laid out."""

    def value(self, raw: Any, value: Any, path: Path) -> Laid:
        resolved = self.schemas.resolve(raw)
        schema = self.schemas.chosen(resolved, value)
        problems = self.problems.get(path, ())
        if isinstance(value, dict):
            name = str(schema.get("title", "")) if schema is not resolved else ""
            keys = list(dict.fromkeys((*schema.get("properties", {}), *value)))
            fields = tuple(self._fields(schema, value, path, keys))
            return Fields(fields, name, len(keys) - len(fields), problems)
        if not isinstance(value, list):
            return _single(schema, value, problems)
        item = self.schemas.resolve(schema.get("items"))
        shown = value[:MAX_ROWS]
        if shown and all(isinstance(one, dict) for one in shown):
            return self._table(item, shown, path, len(value))
        prefix = schema.get("prefixItems", ())
        laid = []
        for i, one in enumerate(shown):
            if not self._take(1):
                break
            laid.append(self.value(prefix[i] if i < len(prefix) else item, one, (*path, i)))
        is_short = all(isinstance(one, Single) and one.kind != "text" for one in laid)
        return Items(tuple(laid), is_short, len(value) - len(laid), problems)

    def _take(self, count: int) -> bool:
        """Whether there is room for more values, which is then taken."""
        self.room -= count
        return self.room >= 0

    def _fields(
        self, schema: Schema, value: dict[str, Any], path: Path, keys: list[str]
    ) -> Iterator[Field]:
        properties = schema.get("properties", {})
        free = schema.get("additionalProperties")
        for key in keys:
            if not self._take(1):
                break
            raw = properties.get(key, free)
            about = str(self.schemas.resolve(raw).get("description", ""))
            yield Field(
                _title(raw, key), visible(about), self._member(schema, raw, value, key, path)
            )

    def _member(
        self, schema: Schema, raw: Any, value: dict[str, Any], key: str, path: Path
    ) -> Laid:
        """The value of a field, which may be missing."""
        if key in value:
            return self.value(raw, value[key], (*path, key))
        problems = self.problems.get((*path, key), ())
        if key in schema.get("required", ()):
            return Single("not written", "missing", problems)
        default = self.schemas.resolve(raw).get("default")
        words = _NOTHING if default is None else _single({}, default, ()).text
        return Single(f"{words} (default)", "none", problems)

    def _table(self, item: Schema, rows: list[dict[str, Any]], path: Path, count: int) -> Table:
        known = self.schemas.columns(item)
        keys = list(dict.fromkeys([*known, *(key for row in rows for key in row)]))[:MAX_COLUMNS]
        columns = tuple(
            (_title(known.get(key), key), self._is_number(known.get(key))) for key in keys
        )
        laid = []
        for i, row in enumerate(rows):
            if not self._take(len(keys)):
                break
            schema = self.schemas.chosen(item, row)
            cells = []
            for key in keys:
                if key in row or key in schema.get("required", ()):
                    cells.append(self._member(schema, known.get(key), row, key, (*path, i)))
                else:
                    cells.append(Single(_NOTHING, "none", self.problems.get((*path, i, key), ())))
            laid.append(tuple(cells))
        return Table(columns, tuple(laid), count - len(laid), self.problems.get(path, ()))

    def _is_number(self, raw: Any) -> bool:
        return self.schemas.resolve(raw).get("type") in ("integer", "number")


_OF_FORMAT: dict[str, Kind] = {
    **dict.fromkeys(("date", "date-time", "time"), "date"),
    **dict.fromkeys(("uri", "url"), "address"),
}


def _title(raw: Any, key: str) -> str:
    title = raw.get("title") if isinstance(raw, dict) else None
    return visible(str(title or key))


def _single(schema: Schema, value: Any, problems: tuple[str, ...]) -> Single:
    if value is None:
        return Single("none", "none", problems)
    if enum_values(schema):
        return Single(visible(str(value)), "choice", problems)
    if isinstance(value, bool):
        return Single("yes" if value else "no", "yes" if value else "no", problems)
    if isinstance(value, (int, float)):
        return Single(str(value), "number", problems)
    kind = _OF_FORMAT.get(str(schema.get("format", "")), "text")
    return Single(visible(str(value)), kind, problems)
