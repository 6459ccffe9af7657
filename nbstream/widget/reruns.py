"""When a cell is run again or deleted, closes the widgets and streams that it has shown.

Jupyter keeps every widget until it is closed: in the kernel, in the page, and in a notebook
that is saved with widget state. A widget stays open while something holds it: a variable, a
container, another widget, or another cell that shows it. ``Out`` and ``_`` do not count: a
closed widget in them can be displayed again, and then shows its stream in a new widget.
"""

from __future__ import annotations

import weakref
from functools import partial
from typing import TYPE_CHECKING, Any

from IPython import get_ipython

from nbstream.display import host
from nbstream.widget.holders import is_held

if TYPE_CHECKING:
    from nbstream.streams import Stream
    from nbstream.widget.live_widget import LiveWidget

    Shown = weakref.ref[LiveWidget]


class ShownWidgets:
    """The widgets that the last run of each cell has shown, by the cell's id."""

    def __init__(self) -> None:
        self._of_cell: dict[str, list[Shown]] = {}
        self._stale: list[Shown] = []
        """Those whose cell was run again while something held them."""
        self._runs: dict[str, str] = {}
        """The id of the last run of each cell, by the cell's id."""
        self._shell: Any = None

    def add(self, widget: LiveWidget) -> None:
        """Note that the running cell shows ``widget``."""
        shell: Any = get_ipython()
        if shell is None:
            return
        if shell is not self._shell:
            shell.events.register("pre_execute", self._begin_cell)
            shell.events.register("post_execute", self._close_stale)
            self._shell = shell
        self._begin_cell()  # the first widget of all comes after the first event
        cell = host.running_cell()
        if cell.id:  # otherwise no later run can be known as the same cell's
            self._of_cell.setdefault(cell.id, []).append(weakref.ref(widget))

    def _begin_cell(self) -> None:
        """Close what the cell has shown before, and what deleted cells have shown.

        Also called for a cell within the cell, and for each comm message, which may arrive
        on another thread while a cell runs. A comm message is of no cell.
        """
        cell = host.running_cell()
        if not cell.id or self._runs.get(cell.id) == cell.run:
            return
        for gone in (cell.id, *cell.deleted):
            self._runs.pop(gone, None)
            self._stale += self._of_cell.pop(gone, ())
        self._runs[cell.id] = cell.run
        self._close_stale()

    def _close_stale(self) -> None:
        """Close what nothing holds any more; also after a cell, which may have let go of it."""
        if not self._stale:
            return
        shown = {ref for refs in self._of_cell.values() for ref in refs}
        stale, self._stale = self._stale, []
        for ref in stale:
            widget = ref()
            if widget is None or not widget.is_open or ref in shown:
                continue
            if is_held(widget):
                self._stale.append(ref)
            else:
                _close(widget)


shown_widgets = ShownWidgets()


def _close(widget: LiveWidget) -> None:
    """Close a widget, and cancel its stream unless something else uses that."""
    stream = widget.stream
    widget.close()
    is_used = stream.is_complete or is_held(stream, besides=widget.__dict__)
    widget.stop_sending(then=(lambda: None) if is_used else partial(_cancel_unless_read, stream))


def _cancel_unless_read(stream: Stream) -> None:
    if not stream.is_read:
        stream.cancel()
