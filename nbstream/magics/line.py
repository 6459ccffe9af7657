"""``%llm``: a prompt in one line, or a sub-command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from IPython.core.error import UsageError as ShellUsageError
from IPython.core.magic import no_var_expand

from nbstream.display.interrupts import without_traceback
from nbstream.errors import NBStreamError, UsageError
from nbstream.magics.commands import command, manual
from nbstream.magics.llm import llm
from nbstream.magics.options import prompt_at

if TYPE_CHECKING:
    from nbstream.streams import Stream


@no_var_expand
def llm_line(line: str) -> Stream | None:
    """Ask a model in one line, or use a sub-command."""
    words = line.split()
    if not words:
        print(llm_line.__doc__)  # noqa: T201 - what it can do
        return None
    found = command(words)
    if found is None:
        at = prompt_at(line)
        return llm(line[:at], line[at:].strip())
    try:
        result: Stream | None = found.run(*words[1:])
    except UsageError as error:
        raise ShellUsageError(str(error)) from None
    except NBStreamError as error:
        raise without_traceback(error, f"{error.title}: {error}") from None
    return result


_MANUAL = """Ask a model in one line, or use a sub-command.

    %llm [options] the prompt
    %llm COMMAND

The options and the value are those of %%llm; see %%llm? for them.

Commands:
@COMMANDS@

Examples:

    %llm Why is the sky blue?
    answer = %llm -m local Name a colour.
    %llm models claude
"""
llm_line.__doc__ = _MANUAL.replace("@COMMANDS@", manual())
