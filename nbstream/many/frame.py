"""Makes a DataFrame of a map's results: the table it began with, with the answers as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.errors import NBStreamError
from nbstream.streams.dataframe import columns_of, frame_of_columns, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.many.prompts import Prompts
    from nbstream.many.result import MapResult

_ANSWER, _ERROR, _PROMPT = "answer", "error", "prompt"


def frame_of(prompts: Prompts, results: Sequence[MapResult | None], kind: Any) -> Any:
    """A row for each prompt: the prompt, the fields of its answer, and its error.

    A map of a DataFrame gives a DataFrame of the same library, with columns added.

    Raises:
        UsageError: the prompts are a list, and neither pandas nor Polars is installed.
    """
    fields = columns_of(kind)
    rows = [_cells(one, fields) for one in results]
    taken = [] if prompts.frame is None else list(prompts.frame.columns)
    names = {
        name: name if name not in (*taken, _PROMPT, _ERROR) else f"{_ANSWER}_{name}"
        for name in fields or [_ANSWER]
    }
    columns = {new: [one.get(old) for one in rows] for old, new in names.items()}
    error = _ERROR if _ERROR not in taken else f"{_ANSWER}_{_ERROR}"
    columns[error] = [_said(one) for one in results]
    if prompts.frame is not None:
        return _added(prompts.frame, columns)
    texts = [prompts.text(at) for at in range(len(prompts))]
    return frame_of_columns({_PROMPT: texts, **columns})


def _added(frame: Any, columns: dict[str, list[Any]]) -> Any:
    """``frame`` with more columns, in its own library."""
    import narwhals as nw

    native = frame.to_native()
    if frame.implementation.is_pandas():
        return native.assign(**columns)  # by position, whatever the index is
    series = [
        nw.new_series(name, values, backend=frame.implementation)
        for name, values in columns.items()
    ]
    return frame.with_columns(*series).to_native()


def _cells(result: MapResult | None, fields: Sequence[str]) -> dict[str, Any]:
    if result is None or result.error is not None:
        return {}
    cells = row(result.output)
    return cells if fields else {_ANSWER: cells.get("value", cells)}


def _said(result: MapResult | None) -> str | None:
    """An error as a line; None if there is none."""
    error = result.error if result else None
    if error is None:
        return None
    text = error.text if isinstance(error, NBStreamError) else str(error)
    return f"{type(error).__name__}: {' '.join(text.split())}"
