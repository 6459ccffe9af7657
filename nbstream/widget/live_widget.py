"""``LiveWidget``: what the Jupyter widgets (anywidget) of a stream and of a map share.

Connects a bridge to an anywidget model: the bridge's messages go out over the comm,
and the browser's messages come in to the bridge or to what the widget shows.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any, Protocol

import anywidget
import traitlets
from ipywidgets import Layout

from nbstream.display import host
from nbstream.streams.loop import call, private_loop, submit
from nbstream.widget.frontend import frontend

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

_log = logging.getLogger("nbstream")

_REPEAT = 1.0  # seconds within which a second request for the code is a duplicate

_HEARTBEAT = 5.0
"""Seconds between heartbeats. Not every page learns that its kernel has ended; it can then
only notice missing heartbeats. Without them a long pause of the model would look the same."""

_received_while_busy = False
"""Whether a comm message has ever arrived on a channel that works while a cell runs.

If so, a page that lacks the front end's code can request it at any time. Until then
every widget sends the code with it; else the page would stay blank until the cell ends."""


class _Layout(Layout):  # type: ignore[misc]  # ipywidgets has no types
    """A layout whose state has only what is set: ipywidgets sends 40 properties that are not."""

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """The properties asked for; else those that are set."""
        state: dict[str, Any] = super().get_state(key=key, drop_defaults=drop_defaults)
        return state if key is not None else _set_only(state)


def _set_only(state: dict[str, Any]) -> dict[str, Any]:
    """The values that are not None, which every front end takes a missing one for."""
    return {name: value for name, value in state.items() if value is not None}


class SendsToPage(Protocol):
    """A bridge: sends to the page what the widget shows. Its methods run on the private loop."""

    @property
    def sent(self) -> int:
        """The sequence number of the last message with changes."""
        ...

    async def send_stream(self) -> None:
        """Start what is shown, and send it as it grows; returns once its end was sent."""
        ...

    def sync(self) -> None:
        """Send the whole state."""
        ...

    def acknowledge(self) -> None:
        """Tell the page that its request to stop has arrived."""
        ...

    def snapshot(self) -> dict[str, Any]:
        """The whole state, with the sequence number of the last message that it includes."""
        ...


class LiveWidget(anywidget.AnyWidget):
    """Shows ``shown`` (a stream, or a map) with a module of the front end.

    Args:
        shown: What is shown; the attribute ``stream``.
        make_bridge: Makes the bridge; gets ``send``, and whether the kernel receives messages
            while a cell runs.
        stub: The source of the stub that loads the module.
        module: The hash of the module.
        blocking: Whether the cell waits for the end.
    """

    widget_id = traitlets.Unicode().tag(sync=True)
    snapshot = traitlets.Dict().tag(sync=True)
    stop_by = traitlets.Unicode("comm").tag(sync=True)
    kernel_id = traitlets.Unicode().tag(sync=True)

    _own_layout: Any = None
    """The layout that ipywidgets made for this widget. None until then."""

    def __init__(
        self,
        shown: Any,
        make_bridge: Callable[[Any, bool], SendsToPage],
        *,
        stub: str,
        module: str,
        blocking: bool,
        **kwargs: Any,
    ) -> None:
        self.stream = shown
        receives = host.receives_comms_while_busy()
        self._bridge = make_bridge(self.send, receives)
        self._module = module
        self._sending: Future[None] | None = None
        self._sending_task: asyncio.Task[Any] | None = None
        self._starting = threading.Lock()
        self._code_sent: dict[str, float] = {}
        self.page_swaps = asyncio.Event()
        """Set (on the private loop) once a page puts the view in the place of the HTML."""
        self._drawings = 0
        """How many cell outputs are still to be updated with the end of the answer."""
        self._output_asked = False
        self._esm = stub
        widget_id = uuid.uuid4().hex
        super().__init__(
            widget_id=widget_id,
            model_id=widget_id,  # the page checks by it whether the comm is open
            stop_by="comm" if receives else "interrupt",
            # Stop may interrupt the kernel only if the cell waits for this stream.
            kernel_id=host.kernel_id() if blocking else "",
            **({} if "layout" in kwargs else {"layout": _Layout()}),
            **kwargs,
        )
        self._own_layout = None if "layout" in kwargs else self.layout
        host.let_browser_choose_subshell(self.comm)
        host.run_no_cell_hooks(self.comm, self._handle_msg)
        self.on_msg(self._on_message)

    def start(self) -> Future[None]:
        """Send the stream to the browser; the future is done when its end has been sent.

        A second call returns the same future.
        """
        with self._starting:
            if self._sending is None:
                if not _received_while_busy:
                    for one in self._first_code():
                        self._send_code(one)
                self._sending = submit(self._send_stream())
        return self._sending

    def _first_code(self) -> list[str]:
        """The hashes of the modules that are sent at once to a page that cannot ask for them."""
        return [self._module]

    def _final(self) -> dict[str, str]:
        """The final data of the output, by media type."""
        raise NotImplementedError

    @property
    def is_open(self) -> bool:
        """Whether a page can show the widget: true until ``close()``."""
        return self.comm is not None

    def close(self) -> None:
        """Close the widget in the kernel and in all pages. The stream goes on."""
        super().close()
        # ipywidgets makes a layout, with a comm of its own, for each widget.
        if self._own_layout is not None:
            self._own_layout.close()

    def stop_sending(self, then: Callable[[], object]) -> None:
        """Stop what ``start`` began. The stream goes on.

        ``then`` is called on the private loop, once the widget no longer reads the stream.
        """
        private_loop().call_soon_threadsafe(self._stop_sending, then)

    def _stop_sending(self, then: Callable[[], object]) -> None:
        """``stop_sending``, on the private loop."""
        task = self._sending_task
        if task is None or task.done():
            if self._sending is not None:
                self._sending.cancel()  # it may be about to begin
            then()
        else:
            # A task that is cancelled closes its reader only when it runs next.
            task.add_done_callback(lambda _: then())
            task.cancel()

    async def _send_stream(self) -> None:
        """Send the stream by the bridge, with heartbeats meanwhile."""
        self._sending_task = asyncio.current_task()
        heartbeat = asyncio.create_task(self._send_heartbeats())
        try:
            await self._bridge.send_stream()
        except Exception as error:
            # No caller waits for this task, so the error would be lost without a log entry.
            _log.error("cannot send updates of %r to the page: %r", self.stream, error)
            raise
        finally:
            heartbeat.cancel()

    async def _send_heartbeats(self) -> None:
        """Send a message regularly, so that the page knows that the kernel runs.

        With the number of the last message: a page that has missed it asks for the state.
        """
        while True:
            await asyncio.sleep(_HEARTBEAT)
            self._send_heartbeat()

    def _send_heartbeat(self) -> None:
        self.send({"t": "beat", "seq": self._bridge.sent})

    def begin_drawing(self) -> None:
        """An output will be updated with the end of the answer: a page need not ask for it."""
        self._drawings += 1

    def end_drawing(self) -> None:
        """That update has been sent. A page that has asked meanwhile asks again if it lacks it."""
        self._drawings -= 1
        if self._output_asked:
            self._output_asked = False
            self._send_heartbeat()

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """The widget's traits as its state, with a current snapshot.

        So a page that restores the widget, or a notebook that stores its state, gets
        the latest text, and no snapshot is sent without a request.
        """
        state: dict[str, Any] = super().get_state(key=key, drop_defaults=drop_defaults)
        if "snapshot" in state:
            state["snapshot"] = call(self._bridge.snapshot)
        return state if key is not None else _set_only(state)

    def _stop(self) -> None:
        """The user pressed Stop."""
        self.stream.cancel()

    def _on_message(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        """Handle a message from the browser, on any of the kernel's threads."""
        global _received_while_busy  # noqa: PLW0603
        on_subshell = threading.current_thread() is not threading.main_thread()
        if on_subshell or host.receives_comms_while_awaiting():
            _received_while_busy = True
        match content.get("t"):
            case "stop":
                private_loop().call_soon_threadsafe(self._bridge.acknowledge)
                self._stop()
            case "sync":
                self.start()
                private_loop().call_soon_threadsafe(self._bridge.sync)
            case "code":
                self._send_code(str(content.get("hash")))
            case "page_swaps":
                private_loop().call_soon_threadsafe(self.page_swaps.set)
            case "output" if self._drawings:
                self._output_asked = True
            case "output" if self.stream.is_complete:
                self.send({"t": "output", "data": self._final()})
            case _:
                self._on_other(content)

    def _on_other(self, content: dict[str, Any]) -> None:
        """Handle a message that only this kind of widget has."""

    def _send_code(self, asked: str) -> None:
        """Send the page the source with the hash ``asked``, unless it was sent a moment ago.

        Does nothing for an unknown hash: on a page with several kernels, that of another version.
        """
        now = time.monotonic()
        is_known = asked in frontend().sources
        if is_known and now - self._code_sent.get(asked, 0.0) > _REPEAT:
            self._code_sent[asked] = now
            self.send(frontend().message(asked))
