"""What the model and the reader of a run get of an exception that a tool raised."""

from __future__ import annotations

import traceback

_MOST_CHARACTERS = 2000  # for the model
_HALF_TRACE = 50_000  # characters of a traceback, for the reader


def short(failure: BaseException) -> str:
    """What the model gets of an exception."""
    try:
        words = str(failure)
    except Exception as error:  # noqa: BLE001 - a method of the user's
        words = f"its text cannot be read: {type(error).__name__} in __str__"
    return f"{type(failure).__name__}: {words}"[:_MOST_CHARACTERS]


def formatted(failure: BaseException) -> str:
    """The traceback without the frames of nbstream."""
    trace = failure.__traceback__
    while trace is not None and trace.tb_frame.f_globals.get("__name__", "").split(".")[0] in (
        "nbstream",
        "asyncio",
        "concurrent",
    ):
        trace = trace.tb_next
    text = "".join(traceback.format_exception(type(failure), failure, trace))
    left = len(text) - 2 * _HALF_TRACE
    if left <= 0:
        return text
    return f"{text[:_HALF_TRACE]}\n[cut: {left:,} characters]\n{text[-_HALF_TRACE:]}"
