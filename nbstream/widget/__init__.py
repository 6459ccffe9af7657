"""The notebook's view of a stream.

What needs ipywidgets is imported when it is first asked for: loading the
extension, and asking ``host`` what kind of place this is, must cost nothing.
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
