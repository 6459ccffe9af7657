"""Detects a headless run: code that runs where nobody can stop it by hand.

Imports no Jupyter package: it looks only at modules that are there already.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any

DISPLAY_VARIABLE = "NBSTREAM_DISPLAY"

# jupyter_client's Session.msg_id: session, process id, count. Browsers send UUIDs.
_PYTHON_CLIENT = re.compile(r"_\d+_\d+$")


def is_headless() -> bool:
    """Whether nobody can press Stop or Ctrl-C here.

    In a kernel: the cell comes from nbclient, papermill or ``jupyter nbconvert --execute``. They
    take no input from a user, which tells them from Jupyter's consoles. Elsewhere: the variable
    ``CI`` is set, or the standard input is not a terminal, as in a cron job or a service.
    ``NBSTREAM_DISPLAY`` (``static`` or ``live``) overrides the detection.
    """
    chosen = os.environ.get(DISPLAY_VARIABLE)
    if chosen in ("live", "static"):
        return chosen == "static"
    kernel = current_kernel()
    if kernel is not None:
        asked = (kernel.get_parent() or {}).get("content", {})
        return sent_by_python(kernel) and not asked.get("allow_stdin", True)
    if os.environ.get("CI", "").lower() not in ("", "0", "false", "no"):
        return True
    try:
        return sys.stdin is None or not sys.stdin.isatty()
    except ValueError:  # it is closed
        return True


def has_prompt() -> bool:
    """Whether ``input()`` is the only way to ask a person: in a terminal, or Jupyter's console.

    In a browser a person answers in the cell.
    """
    kernel = current_kernel()
    if kernel is None:
        return True
    if os.environ.get(DISPLAY_VARIABLE) in ("live", "static"):
        return False
    asked = (kernel.get_parent() or {}).get("content", {})
    return sent_by_python(kernel) and bool(asked.get("allow_stdin"))


def sent_by_python(kernel: Any) -> bool:
    """Whether the running cell was sent through jupyter_client, and not by a browser.

    Voila also uses jupyter_client, but renders widgets afterwards; it is recognised by its
    environment variable.
    """
    header = (kernel.get_parent() or {}).get("header", {})
    return bool(_PYTHON_CLIENT.search(str(header.get("msg_id", "")))) and (
        "VOILA_BASE_URL" not in os.environ
    )


def current_kernel() -> Any:
    """The ipykernel this code runs in, or None."""
    get_ipython = getattr(sys.modules.get("IPython"), "get_ipython", None)
    return getattr(get_ipython(), "kernel", None) if get_ipython else None
