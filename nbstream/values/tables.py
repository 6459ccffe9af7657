"""Describes a DataFrame, a Series or an Arrow table as a Markdown table with its size and types.

Read with narwhals: pandas, Polars, PyArrow, Modin, cuDF. A table that is not in memory (a query of
DuckDB or Dask, a Polars LazyFrame) is not read, so it is no table here.
"""

from __future__ import annotations

from typing import Any

MAX_ROWS = 30
MAX_COLUMNS = 60
MAX_CELL = 200  # characters

_LIBRARIES = ("pandas", "polars", "pyarrow", "modin", "cudf")


def table(value: Any) -> str | None:
    """``value`` as Markdown, its first rows and columns; None if it is no table."""
    if type(value).__module__.partition(".")[0] not in _LIBRARIES:
        return None
    import narwhals as nw

    if isinstance(value, nw.Series | nw.DataFrame):
        frame: Any = value
    else:
        try:
            frame = nw.from_native(value, eager_only=True, allow_series=True, pass_through=True)
        except nw.exceptions.DuplicateError:  # two columns have one name
            return None
    if isinstance(frame, nw.Series):
        frame = frame.alias(frame.name or "value").to_frame()
    return _markdown(frame, type(value).__name__) if isinstance(frame, nw.DataFrame) else None


def _markdown(frame: Any, kind: str) -> str:
    """The sentence that tells the size, and the table."""
    rows, columns = frame.shape
    shown = frame[:, :MAX_COLUMNS].head(MAX_ROWS)
    index, label = _index(shown)
    names = [f"{name} ({_type(one)})" for name, one in shown.schema.items()]
    body = [[*labels, *row] for labels, row in zip(index, shown.rows(), strict=True)]
    head = [*label, *names]
    lines = [f"{kind}, {_count(rows, 'row')} x {_count(columns, 'column')}{_cut(rows, columns)}:"]
    lines += ["", _line(head), "|" + "---|" * len(head), *map(_line, body)]
    return "\n".join(lines)


def _index(frame: Any) -> tuple[list[list[str]], list[str]]:
    """The labels of pandas' rows, a list for each, and the head of their column.

    The lists are empty if the labels only count the rows.
    """
    import narwhals as nw

    native = nw.maybe_get_index(frame)
    if native is None or type(native).__name__ == "RangeIndex":
        return [[]] * len(frame), []
    labels = [label if isinstance(label, tuple) else (label,) for label in native]
    head = ", ".join("" if name is None else str(name) for name in native.names)
    return [[", ".join(map(str, label))] for label in labels], [head.strip(", ")]


def _cut(rows: int, columns: int) -> str:
    """Says how much of the table is shown, if that is not all."""
    parts = []
    if rows > MAX_ROWS:
        parts.append(f"the first {MAX_ROWS} rows")
    if columns > MAX_COLUMNS:
        parts.append(f"the first {MAX_COLUMNS} columns")
    return f"; {' and '.join(parts)}" if parts else ""


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _type(dtype: Any) -> str:
    """A column's type, as narwhals names it, in small letters: ``int64``, ``string``."""
    return str(dtype).partition("(")[0].lower()


def _line(cells: list[Any]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(value: Any) -> str:
    """A cell's text on one line."""
    text = _number(value) if isinstance(value, float) else str(value)
    text = " ".join(text.split()).replace("|", "\\|")
    return text if len(text) <= MAX_CELL else f"{text[:MAX_CELL]}…"


def _number(value: float) -> str:
    """Six digits; from a thousand on all digits before the point, and two after it."""
    if not 1e3 <= abs(value) < 1e15:
        return f"{value:.6g}"
    return f"{value:.2f}".rstrip("0").rstrip(".")
