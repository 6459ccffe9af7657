"""``StreamWidget``: a stream as a Jupyter widget.

Ties the bridge to an anywidget model: what the bridge sends goes over the comm,
what the browser says goes to the bridge or the stream. Refuses to know how
anything is painted or encoded.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import uuid
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from nbstream.display import bundle, host
from nbstream.streams.loop import call, private_loop, submit
from nbstream.widget.bridge import Bridge
from nbstream.widget.frontend import frontend

if TYPE_CHECKING:
    from concurrent.futures import Future

    from nbstream.streams import Stream

_log = logging.getLogger("nbstream")

_ASKED_TWICE = 0.3  # seconds within which a second request for the code is an echo

_BEAT = 5.0
"""Seconds between signs of life. Where a page is not told that its kernel has ended, it
can only notice that nothing comes; a model that thinks is silent too, its kernel is not."""

_browser_heard = False
"""Whether the browser was ever heard where it can be while a cell runs.

From then on a page that lacks the code can ask for it at any time. Until then
every widget brings it along, lest a page sit blank until the cell ends."""


class StreamWidget(anywidget.AnyWidget):
    """Shows ``stream`` while it grows and afterwards.

    Drawing it starts the stream, if it has not started, and returns at once;
    the stream goes on in the background. Any number of widgets may show one
    stream, and any number of views one widget. ``blocking`` says that the cell
    waits for the stream: then Stop may fall back to interrupting the kernel.
    """

    widget_id = traitlets.Unicode().tag(sync=True)
    snapshot = traitlets.Dict().tag(sync=True)
    stop_by = traitlets.Unicode("comm").tag(sync=True)
    kernel_id = traitlets.Unicode().tag(sync=True)

    def __init__(self, stream: Stream, *, blocking: bool = False, **kwargs: Any) -> None:
        self.stream = stream
        hears = host.hears_while_busy()
        self._bridge = Bridge(stream, self.send, deaf=not hears)
        self._carrying: Future[None] | None = None
        self._starting = threading.Lock()
        self._code_sent = 0.0
        self.has_places = asyncio.Event()
        """Set on the private loop once a page puts the view where the answer's HTML is."""
        self._esm = frontend().stub
        widget_id = uuid.uuid4().hex
        super().__init__(
            widget_id=widget_id,
            model_id=widget_id,  # by this id the page finds out whether the comm is alive
            stop_by="comm" if hears else "interrupt",
            # Only a cell that waits for this stream may be interrupted in its name.
            kernel_id=host.kernel_id() if blocking else "",
            **kwargs,
        )
        host.let_browser_choose_subshell(self.comm)
        self.on_msg(self._heard)

    def start(self) -> Future[None]:
        """Carry the stream to the browser; done when its end was sent.

        Calling it again changes nothing and gives the same future.
        """
        with self._starting:
            if self._carrying is None:
                if not _browser_heard:
                    self._send_code()
                self._carrying = submit(self._carry())
        return self._carrying

    @property
    def is_open(self) -> bool:
        """Whether a page can have it: until ``close()``."""
        return self.comm is not None

    async def _carry(self) -> None:
        beating = asyncio.create_task(self._beat())
        try:
            await self._bridge.carry()
        except Exception as error:
            # In the background nobody waits for this, and the page stays as it is.
            _log.error("the page can be told no more of %r: %r", self.stream, error)
            raise
        finally:
            beating.cancel()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(_BEAT)
            self.send({"t": "beat"})

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """The traits, with the snapshot as it is now.

        So a page that restores the widget, and a notebook that stores its
        state, get the newest text, and nothing is sent for those that do not.
        """
        state: dict[str, Any] = super().get_state(key=key, drop_defaults=drop_defaults)
        if "snapshot" in state:
            state["snapshot"] = call(self._bridge.snapshot)
        return state

    def _heard(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        """The browser said something. Runs on whatever thread the kernel hears it on."""
        global _browser_heard  # noqa: PLW0603
        on_subshell = threading.current_thread() is not threading.main_thread()
        if on_subshell or host.hears_while_awaiting():
            _browser_heard = True
        match content.get("t"):
            case "stop":
                private_loop().call_soon_threadsafe(self._bridge.acknowledge)
                self.stream.cancel()
            case "sync":
                self.start()
                private_loop().call_soon_threadsafe(self._bridge.sync)
            case "code":
                self._send_code()
            case "places":
                private_loop().call_soon_threadsafe(self.has_places.set)
            case "output" if self.stream.is_complete:
                self.send({"t": "output", "data": bundle(self.stream, widget_id=self.widget_id)})

    def _send_code(self) -> None:
        now = time.monotonic()
        if now - self._code_sent > _ASKED_TWICE:
            self._code_sent = now
            self.send(frontend().message())

    def _ipython_display_(self) -> None:
        from nbstream.widget.show import show

        show(self)
