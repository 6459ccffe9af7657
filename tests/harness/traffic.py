"""Counts the WebSocket frames and bytes that a page and its kernel exchange, for tests."""

from dataclasses import dataclass

from playwright.sync_api import Page, WebSocket


@dataclass
class Count:
    """Frames and the sum of their bytes, in one direction."""

    frames: int = 0
    size: int = 0

    def add(self, payload: str | bytes) -> None:
        """One frame more."""
        self.frames += 1
        self.size += len(payload if isinstance(payload, bytes) else payload.encode())


class Traffic:
    """Counts from when it is made; it must be made before the page is opened."""

    def __init__(self, page: Page) -> None:
        self.received = Count()
        self.sent = Count()
        page.on("websocket", self._attach)

    def reset(self) -> None:
        """Count from here."""
        self.received = Count()
        self.sent = Count()

    def _attach(self, socket: WebSocket) -> None:
        """Count a WebSocket of a kernel; others are not counted."""
        if "/channels" not in socket.url:
            return
        socket.on("framereceived", self._receive)
        socket.on("framesent", self._send)

    # Methods of this object and not of the counts, because `reset` replaces the counts.
    def _receive(self, payload: str | bytes) -> None:
        self.received.add(payload)

    def _send(self, payload: str | bytes) -> None:
        self.sent.add(payload)
