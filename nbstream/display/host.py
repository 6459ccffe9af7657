"""What kind of place this code runs in.

Knows IPython shells, ipykernel and who is at the other end of it. Refuses to
know streams and widgets. Facts about front ends belong here and nowhere else.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any, Literal

Host = Literal["live", "static", "terminal"]

DISPLAY_VARIABLE = "NBSTREAM_DISPLAY"

# jupyter_client's Session.msg_id: session, process id, count. Browsers send UUIDs.
_PYTHON_CLIENT = re.compile(r"_\d+_\d+$")


def host() -> Host:
    """``live`` with a browser, ``static`` in a headless run, else ``terminal``.

    nbclient, papermill and ``jupyter nbconvert --execute`` talk to the kernel
    through jupyter_client, and so do Jupyter's consoles: none of them can run
    a widget. Voila does too, but renders widgets afterwards; it sets an
    environment variable of its own. ``NBSTREAM_DISPLAY`` overrules all this.
    """
    kernel = _kernel()
    if kernel is None:
        return "terminal"
    chosen = os.environ.get(DISPLAY_VARIABLE)
    if chosen in ("live", "static"):
        return "live" if chosen == "live" else "static"
    parent = kernel.get_parent() or {}
    message_id = str(parent.get("header", {}).get("msg_id", ""))
    headless = _PYTHON_CLIENT.search(message_id) and "VOILA_BASE_URL" not in os.environ
    return "static" if headless else "live"


def hears_while_busy() -> bool:
    """Whether this kernel can hear the browser while a cell runs.

    That takes comms on subshells: ipykernel 7. The front end's setting for it
    is not visible from here; the browser notices by itself.
    """
    return bool(getattr(_kernel(), "_supports_kernel_subshells", False))


def hears_while_awaiting() -> bool:
    """Whether this kernel dispatches comms while a cell awaits: ipykernel 7.4 and later."""
    ipykernel = sys.modules.get("ipykernel")
    version: tuple[int, ...] = getattr(ipykernel, "version_info", (0,))
    return _kernel() is not None and hears_while_busy() and version[:2] >= (7, 4)


def kernel_id() -> str:
    """The id by which the Jupyter server knows this kernel, or ``""``."""
    config = getattr(_kernel(), "config", None) or {}
    path = str(config.get("IPKernelApp", {}).get("connection_file", ""))
    found = re.search(r"kernel-(.+)\.json$", path)
    return found[1] if found else ""


def let_browser_choose_subshell(comm: Any) -> None:
    """Undo ipykernel 7.4's rerouting for one comm.

    7.4 sends what the browser says to the shell that last used the comm: for a
    blocking cell that is the blocked one, and Stop would wait for the end. The
    browser already names a subshell that can hear it; let that stand. The hook
    is private, hence the guard; 7.1 to 7.3 have none and need none.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda _data, default: default


def _kernel() -> Any:
    """The ipykernel this runs in, or None. Imports nothing that is not there yet."""
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None)
