"""``close_figures``: closes the figures of pyplot that a run's cards show.

Jupyter's inline backend shows the figures that are left open once more, at the end of the cell, or
below a later cell if the run is in the background. With another backend a figure is a window of
the user's, and with ``%config InlineBackend.close_figures = False`` figures are to stay open.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from nbstream.display.host import host

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nbstream.core.call_record import CallRecord


def close_figures(records: Mapping[Any, CallRecord]) -> None:
    """Close the figures that tools returned; to be called when their cards are drawn.

    >>> from nbstream.display.figures import close_figures
    >>> close_figures({})
    """
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or host() == "terminal" or not _closes():
        return
    for value in _values(records):
        number = getattr(getattr(value, "figure", None) or value, "number", None)
        if isinstance(number, int) and pyplot.fignum_exists(number):
            pyplot.close(number)


def _closes() -> bool:
    """Whether the inline backend is on, and closes what it has shown."""
    inline: Any = sys.modules.get("matplotlib_inline.backend_inline")
    matplotlib: Any = sys.modules["matplotlib"]
    if inline is None or "inline" not in str(matplotlib.rcParams["backend"]):
        return False
    return bool(inline.InlineBackend.instance().close_figures)


def _values(records: Mapping[Any, CallRecord]) -> Iterator[Any]:
    """What the tools returned. The cards inside an agent's card are folded, so not those."""
    for record in records.values():
        value: Any = None if record.result is None else record.result.value
        rows: Iterable[Any] = value if isinstance(value, (list, tuple)) else (value,)
        yield from rows
