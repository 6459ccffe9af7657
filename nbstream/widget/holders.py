"""Tells whether a widget or stream is still in use: whether anything in the kernel refers to it.

References that exist only because of Jupyter or this package do not count.
"""

from __future__ import annotations

import gc
import re
from pathlib import Path
from types import MethodType
from typing import Any

import ipywidgets
from IPython import get_ipython

_OUTPUT_CACHE = re.compile(r"_+|_\d+")
"""The variables in which IPython keeps the values of cells on its own."""

_OURS = ("nbstream.widget.", "nbstream.magics.", "nbstream.progress.", "nbstream.many.")
_CODE = ("cr_code", "gi_code", "ag_code", "f_code")
"""The code of a coroutine, a generator, an asynchronous generator and a frame."""

_PACKAGE = str(Path(__file__).parents[1])


def is_held(value: object, *, besides: dict[str, Any] | None = None) -> bool:
    """Whether a variable, container or other object refers to ``value``.

    ``besides`` is a dictionary whose reference does not count. Local variables of a
    function that runs on another thread are not seen.
    """
    # No inner function here may use ``value``: its closure would be one more reference.
    shell: Any = get_ipython()
    ignored = [besides, _open_widgets(), *_of_shell(shell)]
    # One pass over what Python's collector tracks: about 10 ms for a million objects.
    for holder in gc.get_referrers(value):
        if holder is shell.user_ns:
            if _variables_of_user(holder, value):
                return True
        elif not (_is_one_of(holder, ignored) or _is_internal(holder, value)):
            return True
    return False


def _variables_of_user(namespace: dict[str, Any], value: object) -> list[str]:
    """The variables with this value, without those in which IPython itself keeps it."""
    names = [name for name, held in namespace.items() if held is value]
    return [name for name in names if not _OUTPUT_CACHE.fullmatch(name)]


def _is_one_of(value: object, candidates: list[Any]) -> bool:
    """Whether ``value`` is the same object as a candidate."""
    return any(value is candidate for candidate in candidates)


def _is_internal(holder: object, value: object) -> bool:
    """Whether ``holder`` is a method of ``value`` itself, or belongs to this package."""
    if isinstance(holder, MethodType):
        return holder.__self__ is value
    if type(holder).__module__.startswith(_OURS):
        return True
    for name in _CODE:
        if code := getattr(holder, name, None):
            return str(code.co_filename).startswith(_PACKAGE)
    return False


def _open_widgets() -> dict[str, Any] | None:
    """Ipywidgets' own dictionary of all open widgets. It has no public name."""
    found: dict[str, Any] | None = getattr(ipywidgets.widgets.widget, "_instances", None)
    return found


def _of_shell(shell: Any) -> list[Any]:
    """Where IPython keeps the values of cells: ``Out``, and the result of the last cell."""
    results = (shell.last_execution_result, shell.displayhook.exec_result)
    return [
        shell.user_ns.get("_oh"),
        shell.user_ns_hidden,
        vars(shell.displayhook),
        *results,
        *(vars(result) for result in results if result is not None),
    ]
