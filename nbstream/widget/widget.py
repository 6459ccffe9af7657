"""``StreamWidget``: the Jupyter widget that shows a stream live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from nbstream.display import bundle
from nbstream.errors.tracebacks import TRACEBACK_END
from nbstream.streams.draw_hook import adapted
from nbstream.streams.state import StreamState
from nbstream.widget import wire, wire_requests
from nbstream.widget.bridge import Bridge
from nbstream.widget.frontend import frontend
from nbstream.widget.live_widget import LiveWidget

if TYPE_CHECKING:
    from nbstream.streams import Stream


class StreamWidget(LiveWidget):
    """Shows ``stream`` while it grows, and afterwards.

    Displaying the widget starts the stream, if it has not started, and returns at
    once; the stream continues in the background. Any number of widgets may show one
    stream, and any number of views one widget. ``blocking`` (default False) says
    that the rest of the cell waits for the stream, as ``%%llm`` does; Stop may then fall
    back to interrupting the kernel. To wait is your code's part: ``widget.stream.wait()``.
    Another library's stream, or an iterator of texts, is shown too: ``widget.stream``
    is what ``nbstream.from_stream()`` makes of it.

    >>> from nbstream import StreamWidget, stream
    >>> from nbstream.testing import ScriptedModel
    >>> widget = StreamWidget(stream(ScriptedModel("Blue."), "Which colour?"))
    >>> widget.stream.is_started
    False
    """

    stream: Stream[Any]
    _bridge: Bridge

    def __init__(self, stream: Any, *, blocking: bool = False, **kwargs: Any) -> None:
        with TRACEBACK_END:
            found = stream if isinstance(stream, StreamState) else adapted(stream)
        shown = cast("Stream[Any]", found)
        code = frontend()
        super().__init__(
            shown,
            lambda send, receives: Bridge(shown, send, can_receive=receives),
            stub=code.stub,
            module=code.hash,
            blocking=blocking,
            **kwargs,
        )

    def __repr__(self) -> str:
        # ipywidgets' own would print every trait, the front end's code among them.
        return f"StreamWidget({self.stream!r})"

    def _first_code(self) -> list[str]:
        form = [frontend().form] if wire.is_typed(self.stream) else []
        # An agent's: its calls, and the cards of its requests.
        of_runs = frontend().of_runs if hasattr(self.stream, "requests") else ()
        return [self._module, *form, *of_runs]

    def _final(self) -> dict[str, str]:
        return bundle(self.stream, widget_id=self.widget_id)

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """As the base class's; the snapshot then has the report of a typed output."""
        wire.output(self.stream)
        return super().get_state(key=key, drop_defaults=drop_defaults)

    def _on_other(self, content: dict[str, Any]) -> None:
        if content.get("t") == "reply":
            self.send(wire_requests.reply(self.stream, content))

    def _ipython_display_(self) -> None:
        from nbstream.widget.show import show

        show(self)
