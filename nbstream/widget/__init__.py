"""Shows streams live in notebooks: the widget ``StreamWidget`` and the bridge to the browser.

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
