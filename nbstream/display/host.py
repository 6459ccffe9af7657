"""Detects the host (a browser, a headless run or a terminal) and what its kernel can do.

Also gives the ids of the kernel and of the cell that runs. Checks of a front end or a kernel
version belong in this file, and so does the change that ipykernel 7.4 needs
(``let_browser_choose_subshell``).
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any, Literal, NamedTuple

from nbstream.core.headless import DISPLAY_VARIABLE, current_kernel, sent_by_python

Host = Literal["live", "static", "terminal"]


def host() -> Host:
    """``live`` with a browser, ``static`` in a headless run, else ``terminal``.

    nbclient, papermill and ``jupyter nbconvert --execute`` talk to the kernel
    through jupyter_client, and so do Jupyter's consoles, which take input: none of
    them can run a widget. ``NBSTREAM_DISPLAY`` (``live`` or ``static``) overrides the detection.
    """
    kernel = current_kernel()
    if kernel is None:
        return "terminal"
    chosen = os.environ.get(DISPLAY_VARIABLE)
    if chosen in ("live", "static"):
        return "live" if chosen == "live" else "static"
    if not sent_by_python(kernel):
        return "live"
    asked = (kernel.get_parent() or {}).get("content", {})
    return "terminal" if asked.get("allow_stdin") else "static"


def is_read_meanwhile() -> bool:
    """Whether the output of a static run may be read while its cell runs.

    Jupyter's server sets this variable in the kernels of notebooks that are open. With
    jupyter-server-documents the server itself runs their cells, and no widget is drawn.
    """
    return "JPY_SESSION_NAME" in os.environ


_COLAB = "google.colab.output"


def widget_metadata() -> dict[str, Any]:
    """What Colab reads beside a widget: where its manager for other packages' widgets is.

    Colab draws such widgets only after ``enable_custom_widget_manager()``, which anywidget
    calls for the first widget of a session. Elsewhere this is empty.
    """
    url = _colab_manager()
    return {"colab": {"custom_widget_manager": {"url": url}}} if url else {}


def widgets_are_off() -> bool:
    """Whether this is Colab, and other packages' widgets were turned off after the first one."""
    return _COLAB in sys.modules and _colab_manager() is None


def _colab_manager() -> str | None:
    """The address of Colab's widget manager: None if it is off, ``""`` if that is not known."""
    widgets = getattr(sys.modules.get(_COLAB), "_widgets", None)
    url: str | None = getattr(widgets, "_installed_url", "")
    return url


def receives_comms_while_busy() -> bool:
    """Whether this kernel receives comm messages while a cell runs.

    This needs comms on subshells: ipykernel 7. The front end can turn them off; the
    kernel cannot see that setting, so the browser detects it.
    """
    return bool(getattr(current_kernel(), "_supports_kernel_subshells", False))


def receives_comms_while_awaiting() -> bool:
    """Whether this kernel receives comm messages while a cell awaits: ipykernel 7.4 and later."""
    ipykernel = sys.modules.get("ipykernel")
    version: tuple[int, ...] = getattr(ipykernel, "version_info", (0,))
    return current_kernel() is not None and receives_comms_while_busy() and version[:2] >= (7, 4)


class Cell(NamedTuple):
    """The cell that runs: its id in the notebook, the id of this run, and deleted cells' ids.

    The ids are empty without a kernel, and in a front end that does not send them.
    """

    id: str
    run: str
    deleted: tuple[str, ...]


def running_cell() -> Cell:
    """The cell that the front end asked the kernel to run."""
    kernel = current_kernel()
    parent = (kernel.get_parent() if kernel else None) or {}
    metadata = parent.get("metadata") or {}
    run = str(parent.get("header", {}).get("msg_id", ""))
    # ``deletedCells`` is JupyterLab's: the cells deleted since the last run of any cell.
    deleted = metadata.get("deletedCells") or ()
    return Cell(str(metadata.get("cellId") or ""), run, tuple(map(str, deleted)))


def kernel_id() -> str:
    """The id by which the Jupyter server knows this kernel, or ``""``."""
    config = getattr(current_kernel(), "config", None) or {}
    path = str(config.get("IPKernelApp", {}).get("connection_file", ""))
    found = re.search(r"kernel-(.+)\.json$", path)
    return found[1] if found else ""


def let_browser_choose_subshell(comm: Any) -> None:
    """Turn off ipykernel 7.4's own choice of subshell for the messages of one comm.

    7.4 routes a message from the browser to the shell that last used the comm. For a
    blocking cell that is the blocked shell, so Stop would wait for the end of the
    answer. The browser already names a free subshell; this keeps its choice. The
    hook is private, so the code checks for it; 7.1 to 7.3 neither have nor need it.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda _data, default: default


def run_no_cell_hooks(comm: Any, handle: Any) -> None:
    """Let ``handle`` have the messages of one comm, without IPython's hooks around a cell.

    The comm package calls them for each message, which on a subshell, or while a cell awaits,
    comes while another cell runs: Matplotlib's would show and close the figures that the cell
    has begun.
    """
    if hasattr(comm, "handle_msg"):
        comm.handle_msg = handle
