"""Detects that a blocking method is awaited, and raises an error before the method blocks.

``await stream.get_final_text()`` would block the caller's event loop for the
whole answer, and then fail because a string cannot be awaited. The instruction
after a call that is awaited is GET_AWAITABLE, on CPython 3.11 to 3.14 (see the
``dis`` module); where there is no such instruction, nothing is detected.
"""

from __future__ import annotations

import dis
import inspect
import sys
from typing import TYPE_CHECKING

from nbstream.errors import UsageError

if TYPE_CHECKING:
    from types import FrameType

_CAN_AWAIT = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
_CACHE = dis.opmap.get("CACHE", 0)  # unused words after an instruction
_GET_AWAITABLE = dis.opmap.get("GET_AWAITABLE", -1)
_WORD = 2  # bytes


def refuse_await(method: str, instead: str) -> None:
    """Check that the caller's caller does not await the blocking ``method``.

    Raises:
        UsageError: it does; the error says what to write ``instead``.
    """
    caller = sys._getframe(2)
    if caller.f_code.co_flags & _CAN_AWAIT and _awaits_result(caller):
        raise UsageError(
            f"{method}() cannot be awaited: it blocks and returns its result directly.",
            remedy=f"Write {instead}",
        )


def _awaits_result(frame: FrameType) -> bool:
    """Whether ``frame`` awaits the result of the call that it is in."""
    code = frame.f_code.co_code
    at = frame.f_lasti + _WORD
    while at < len(code) and code[at] == _CACHE:
        at += _WORD
    return at < len(code) and code[at] == _GET_AWAITABLE
