"""``recorded()``: keeps what the code of ``-T kernel`` shows, for the model and the call's card."""

from __future__ import annotations

import base64
import sys
import threading
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING, Any

from nbstream.core.message import FilePart, TextPart
from nbstream.display import host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_PICTURES = ("image/png", "image/jpeg")
_IN_CARD = {*_PICTURES, "text/plain"}
"""The forms that the card of the call shows; a display with others is left to the cell."""

_HALF = 25_000
"""Characters of printed text that the model gets of its start, and as many of its end."""


class Recording:
    """What the code has shown, in order."""

    def __init__(self) -> None:
        self.parts: list[TextPart | FilePart] = []
        self.value: Any = None
        """The value of the last line."""
        self.has_value = False
        """Whether it is among the parts."""
        self._held: list[Callable[[], object]] = []
        self._in_card = host.host() != "terminal"

    def hold(self, data: Mapping[str, Any], send: Callable[[], object] | None) -> bool:
        """Keep one display. Returns whether the cell does not show it, because the card will.

        ``send`` shows it in the cell after all; None if the cell has to show it now.
        """
        picture = next((one for one in _PICTURES if one in data), None)
        if picture is None:
            if text := data.get("text/plain"):
                self.parts.append(TextPart(f"{text}\n"))
            return False
        raw = data[picture]
        shown = FilePart(picture, base64.b64decode(raw) if isinstance(raw, str) else raw)
        if shown not in self.parts:  # a figure that is the value of the last line, and left open
            self.parts.append(shown)
        if send is None or not self._in_card or not _IN_CARD.issuperset(data):
            return False
        self._held.append(send)
        return True

    def release(self) -> None:
        """Show in the cell what was held back: there will be no result in the card."""
        for send in self._held:
            send()
        self._held.clear()

    def joined(self) -> list[TextPart | FilePart]:
        """The parts, with texts in a row as one, cut in the middle; empty ones left out."""
        parts: list[TextPart | FilePart] = []
        texts: list[str] = []
        for one in [*self.parts, None]:
            if isinstance(one, TextPart):
                texts.append(one.text)
                continue
            if (text := "".join(texts)).strip():
                parts.append(TextPart(_cut(text)))
            texts.clear()
            if one is not None:
                parts.append(one)
        return parts


_recording: ContextVar[Recording | None] = ContextVar("recording", default=None)


def _is_of(found: Recording) -> bool:
    """Whether the code that runs now is the recorded one, or a thread, which may be its own.

    Code that awaits leaves the kernel's thread to other cells meanwhile.
    """
    on_main = threading.current_thread() is threading.main_thread()
    return not on_main or _recording.get() is found


@contextmanager
def recorded(shell: Any) -> Iterator[Recording]:
    """Keep what is printed and displayed, which appears in the cell too, unless the card has it."""
    found = Recording()
    publisher, hook = shell.display_pub, shell.displayhook
    publish, finish, fill = publisher.publish, hook.finish_displayhook, hook.fill_exec_result
    running, number = hook.exec_result, shell.execution_count

    def record(data: Any, *args: Any, **kwargs: Any) -> None:
        send = partial(publish, data, *args, **kwargs)
        changes = kwargs.get("update") or kwargs.get("transient")  # it has a display_id
        if not _is_of(found) or not found.hold(data, None if changes else send):
            send()

    def record_value(value: Any) -> None:
        # IPython has one place for the value of the cell that runs: another may have it by now.
        if _is_of(found):
            found.value = value
        else:
            fill(value)

    def record_picture() -> None:
        message = getattr(hook, "msg", None)  # a kernel's; a terminal has printed it
        data = message["content"]["data"] if message and _is_of(found) else {}
        if any(one in data for one in _PICTURES):
            found.has_value = True
            if found.hold(data, partial(publish, data)):
                hook.msg = None
        finish()

    with ExitStack() as stack:
        for name in ("stdout", "stderr"):
            before = getattr(sys, name)
            setattr(sys, name, _Tee(before, found))
            stack.callback(setattr, sys, name, before)
        publisher.publish = record
        hook.finish_displayhook, hook.fill_exec_result = record_picture, record_value
        stack.callback(delattr, publisher, "publish")
        stack.callback(delattr, hook, "finish_displayhook")
        stack.callback(delattr, hook, "fill_exec_result")
        token = _recording.set(found)
        stack.callback(_recording.reset, token)
        try:
            yield found
        except BaseException:
            found.release()
            raise
        finally:
            hook.exec_result, shell.execution_count = running, number


class _Tee:
    """A text stream that keeps what is written to it."""

    def __init__(self, out: Any, found: Recording) -> None:
        self._out = out
        self._found = found

    def write(self, text: str) -> Any:
        """Write text."""
        if _is_of(self._found):
            self._found.parts.append(TextPart(text))
        return self._out.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._out, name)


def _cut(text: str) -> str:
    left = len(text) - 2 * _HALF
    if left <= 0:
        return text
    return f"{text[:_HALF]}\n[cut: {left:,} of {len(text):,} characters]\n{text[-_HALF:]}"
