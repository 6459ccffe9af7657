"""Shows streams in cells: live by the widget ``StreamWidget`` and its bridge to the browser.

Where the host has no live widgets, it shows static HTML or prints in the terminal.

ipywidgets is imported only when ``StreamWidget`` is first used: loading the
extension must stay quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbstream.widget.widget import StreamWidget

__all__ = ["StreamWidget"]


def __getattr__(name: str) -> Any:
    if name == "StreamWidget":
        from nbstream.widget.widget import StreamWidget

        return StreamWidget
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
