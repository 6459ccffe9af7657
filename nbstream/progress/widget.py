"""``MapWidget``: the Jupyter widget that shows a map live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.display import host
from nbstream.progress import static
from nbstream.progress.bridge import MapBridge
from nbstream.progress.words import error_line
from nbstream.streams import Stream
from nbstream.widget.frontend import frontend
from nbstream.widget.live_display import WIDGET_MIME, LiveDrawing
from nbstream.widget.live_widget import LiveWidget
from nbstream.widget.widget import StreamWidget

if TYPE_CHECKING:
    from nbstream.many import PromptMap


class MapWidget(LiveWidget):
    """Shows ``job`` while it runs, and afterwards."""

    stream: PromptMap[Any]

    def __init__(self, job: PromptMap[Any]) -> None:
        code = frontend()
        self._opened: StreamWidget | None = None
        super().__init__(
            job,
            lambda send, _receives: MapBridge(job, send),
            stub=code.map_stub,
            module=code.map_hash,
            blocking=True,
        )

    def __repr__(self) -> str:
        return f"MapWidget({self.stream!r})"

    def _final(self) -> dict[str, str]:
        return static.bundle(self.stream, widget_id=self.widget_id)

    def _stop(self) -> None:
        self.stream.stop()  # a batch at the provider goes on

    def _on_other(self, content: dict[str, Any]) -> None:
        if content.get("t") == "open" and isinstance(content.get("at"), int):
            self._open(content["at"])

    def _open(self, at: int) -> None:
        """Show the answer of one prompt in the page, in a widget of its own."""
        job = self.stream
        if not 0 <= at < len(job):
            return
        before, self._opened = self._opened, None
        if before is not None:
            before.close()
        result, stream = job.result(at), job.running.get(at)
        if stream is None and result is not None and result.error is None and result.message:
            stream = Stream.replay_message(result.message, 4_000)
        if stream is not None:
            self._opened = StreamWidget(stream)
            self._opened.start()
        self.send(
            {
                "t": "opened",
                "at": at,
                "prompt": job.prompt(at),
                "widget": self._opened.model_id if self._opened is not None else "",
                "text": result.text if result is not None else "",
                "error": error_line(result.error) if result is not None else "",
            }
        )

    def close(self) -> None:
        """Close it, and the answer that is open in it."""
        if self._opened is not None:
            self._opened.close()
        super().close()


class MapDrawing(LiveDrawing):
    """The cell output of the widget of a map, which is updated until the map ends."""

    def _growing(self) -> dict[str, Any]:
        widget: Any = self._widget
        if widget.page_swaps.is_set() or not widget.is_open:
            return static.unfinished(widget.stream, self._widget_id)
        view = {"version_major": 2, "version_minor": 0, "model_id": self._widget_id}
        return {WIDGET_MIME: view, "text/plain": static.text(widget.stream)}

    def _finished(self) -> dict[str, Any]:
        return static.bundle(self._widget.stream, widget_id=self._widget_id)


def show_widget(job: PromptMap[Any]) -> bool:
    """Show the widget in the cell that runs. False where the host's widgets are off."""
    widget = MapWidget(job)
    if host.widgets_are_off():
        widget.close()
        return False
    MapDrawing(widget)
    return True
