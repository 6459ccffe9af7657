"""IPython's input transformers for the magics: they rewrite a cell's source before it runs.

A ``%%llm`` cell awaits instead of blocking where that is better. ipykernel 7.4 and later handle
widget messages while a cell awaits: a second page can then load the widget in the middle of an
answer, and other widgets keep working. Older kernels gain nothing from awaiting and interrupt it
less reliably, so there the magic blocks. (A known fault of 7.4: if an awaiting cell is interrupted
in its last moments, the kernel sometimes sends no reply.)

A cell that has only its first line gets an empty prompt, so that the magic can explain its use;
IPython itself would refuse such a cell with an unhelpful error. A prompt of ``%llm`` that ends in a
question mark is a prompt, where IPython would look for help.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from nbstream.magics.names import AWAITED, MAGIC, OWN
from nbstream.magics.registration import is_ours

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

# What IPython makes of a cell that begins with %%llm.
_BLOCKING = {name: f"get_ipython().run_cell_magic('{name}'," for name in (MAGIC, OWN)}
_AWAITING = f"await get_ipython().run_cell_magic('{AWAITED}',"
_NO_BODY, _EMPTY_BODY = ", '')\n", ", '\\n')\n"

_TOOLS = re.compile(r"(?<![\w-])(?:-T|--tool|--agent)\b")

_QUESTION = re.compile(
    r"(?P<before>\s*(?:[^\W\d]\w*\s*=\s*)?)%(?P<name>llm|nbstream)[ \t]+(?P<line>\S.*\?)\s*$"
)


def ask_questions(lines: list[str]) -> list[str]:
    """Rewrite ``%llm Why?``, which IPython would take for a request of help on ``Why``.

    It is registered in IPython's ``input_transformers_cleanup``. The body of a cell magic is left
    alone: it is a prompt, a file or a program of another language, and magics that run it as Python
    transform it themselves. So is a line after three quotes, which may be in a string.
    """
    if lines and lines[0].startswith("%%"):
        return lines
    changed = []
    for number, line in enumerate(lines):
        found = _QUESTION.match(line)
        if found and not any(quotes in "".join(lines[:number]) for quotes in ('"""', "'''")):
            call = f"get_ipython().run_line_magic({found['name']!r}, {found['line']!r})"
            changed.append(f"{found['before']}{call}\n")
        else:
            changed.append(line)
    return changed


class MagicCells:
    """Rewrites ``%%llm`` cells; registered in IPython's ``input_transformers_post``."""

    def __init__(self, shell: InteractiveShell, *, awaits: bool) -> None:
        self._shell = shell
        self._awaits = awaits

    def __call__(self, lines: list[str]) -> list[str]:
        """The lines of source that IPython runs instead of ``lines``."""
        call = lines[0] if lines else ""
        name = next((name for name, start in _BLOCKING.items() if call.startswith(start)), None)
        if name is None or not is_ours(self._shell, name):
            return lines
        if call.endswith(_NO_BODY):
            call = call.removesuffix(_NO_BODY) + _EMPTY_BODY
        # Tools run on the thread that waits, where the user's objects live.
        if not _TOOLS.search(call) and self._may_await():
            call = call.replace(_BLOCKING[name], _AWAITING, 1)
        return [call, *lines[1:]]

    def _may_await(self) -> bool:
        """Whether the kernel awaits this cell, and gains from it."""
        return self._awaits and self._shell.autoawait and _kernel_awaits()


def _kernel_awaits() -> bool:
    """Whether the kernel itself transforms this cell; it then awaits what needs awaiting.

    A cell within a cell (``%run x.ipynb``, ``%%capture``, ``%%timeit``) is transformed by
    code that is running already, and runs without a loop of its own. IPython has no public
    sign of this that outlasts a first inner cell, so the calls on the stack decide.
    """
    from ipykernel.ipkernel import IPythonKernel
    from IPython.core.interactiveshell import InteractiveShell

    inner = (InteractiveShell.run_cell.__code__, InteractiveShell.run_code.__code__)
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code not in inner:
        if frame.f_code is IPythonKernel.do_execute.__code__:
            return True
        frame = frame.f_back
    return False
