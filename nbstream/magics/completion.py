"""Completes with Tab what ``%%llm`` and ``%llm`` take: options, commands, and their values.

In the prompt of a cell, names in ``{{ }}`` complete too.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

from IPython.core.completer import SimpleCompletion, context_matcher

from nbstream.errors import NBStreamError
from nbstream.magics.chats import store
from nbstream.magics.commands import COMMANDS
from nbstream.magics.commands.keys import FORGET, SAVE
from nbstream.magics.commands.settings import SAVE as SAVE_SETTING
from nbstream.magics.config import SETTINGS
from nbstream.magics.options import OPTIONS
from nbstream.magics.session import last_answer, session
from nbstream.providers.names import LOCAL
from nbstream.providers.registry import registered_names
from nbstream.providers.table import PROVIDERS
from nbstream.request.keywords import KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from IPython.core.completer import CompletionContext, SimpleMatcherResult
    from IPython.core.interactiveshell import InteractiveShell

_NAME = "nbstream.llm"
_CELL = re.compile(r"\s*%%(?:llm|nbstream)\b")
_LINE = re.compile(r"\s*(?:[^\W\d]\w*\s*=\s*)?%(?:llm|nbstream)(?=\s)")
_OPEN = re.compile(r"\{\{\s*(?:[^{}]|\{[^{}]*\})*$")
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.\w*)*$")
_SHELL = ("get_ipython", "open", "exit", "quit", "display")
_EFFORTS = ("low", "medium", "high", "off")


def register(shell: InteractiveShell) -> None:
    """Add the completion to a shell."""
    completion = Completion(shell)

    @context_matcher(identifier=_NAME)  # type: ignore[untyped-decorator]
    def matcher(context: CompletionContext) -> SimpleMatcherResult:
        return completion.matches(context)

    completer: Any = shell.Completer
    completer.custom_matchers.append(matcher)


def unregister(shell: InteractiveShell) -> None:
    """Remove the completion from a shell, if it is there."""
    matchers = shell.Completer.custom_matchers
    matchers[:] = [one for one in matchers if getattr(one, "matcher_identifier", "") != _NAME]


class Completion:
    """What may stand at the cursor, for one shell."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell: Any = shell

    def matches(self, context: CompletionContext) -> SimpleMatcherResult:
        """What may stand at the cursor; other matchers count too where this has nothing."""
        try:
            fragment, found = self._found(context)
        except NBStreamError:  # the chats cannot be read: the command says why, not the Tab
            fragment, found = "", ()
        # Front ends show the type beside it.
        rows = [
            SimpleCompletion(one, type="option" if one.startswith("-") else "value")
            for one in found
            if one.startswith(fragment)
        ]
        return {"completions": rows, "matched_fragment": fragment, "suppress": bool(rows)}

    def _found(self, context: CompletionContext) -> tuple[str, Iterable[str]]:
        """The text before the cursor that is completed, and what it may become."""
        before = context.text_until_cursor
        if not _CELL.match(context.full_text):
            found = _LINE.match(before)
            return self._line(before[found.end() :]) if found else ("", ())
        lines = context.full_text.split("\n")
        number = context.cursor_line
        if all(line.rstrip().endswith("\\") for line in lines[:number]):
            return self._option(_CELL.sub("", before, count=1) if number == 0 else before)
        if _OPEN.search(before) and (name := _DOTTED.search(before)):
            return name[0], self._names(name[0])
        return "", ()

    def _line(self, before: str) -> tuple[str, Iterable[str]]:
        """Completes a word of ``%llm``; ``before`` is the line from there to the cursor."""
        *words, fragment = re.split(r"\s+", before.lstrip())
        if words and words[0] in COMMANDS:
            return fragment, self._arguments(*words)
        if not words and not fragment.startswith("-"):
            return fragment, COMMANDS
        if fragment.startswith("-") or words[-1].startswith("-"):
            return self._option(f" {before.lstrip()}")
        return "", ()

    def _arguments(self, command: str, *words: str) -> Iterable[str]:
        """What may follow a sub-command and the words after it."""
        last = words[-1] if words else ""
        match command:
            case "key":
                return (SAVE, FORGET) if words else PROVIDERS
            case "models" if not words:
                return PROVIDERS
            case "model" if not words:
                return self._values("--model")
            case "forget" | "branch" if not words:
                return self._values("--chat")
            case "insert" if not words:
                answer = last_answer(self._shell.user_ns)
                return [str(n) for n in range(1, len(answer.codes if answer else ()) + 1)]
            case "approve" if not words:
                return ("always", "deny")
            case "config" if last in ("", SAVE_SETTING):
                return SETTINGS if words else (*SETTINGS, SAVE_SETTING)
            case "config":
                return ("default", *self._values(f"--{last}"))
        return ()

    def _option(self, before: str) -> tuple[str, Iterable[str]]:
        """Completes a word of the first line; ``before`` is the line up to the cursor."""
        *words, fragment = re.split(r"\s+", f" {before}")
        last = words[-1] if words else ""
        option = next((one for one in OPTIONS if last in one.names), None)
        if option is None or not option.value:
            return fragment, [name for one in OPTIONS for name in one.names]
        return fragment, self._values(option.names[-1])

    def _values(self, option: str) -> Iterable[str]:
        """The values of an option."""
        if option == "--model":
            return [*session.models, *registered_names(), LOCAL, *(f"{one}/" for one in PROVIDERS)]
        if option == "--thinking":
            return _EFFORTS
        if option == "--param":
            return sorted(KNOWN)
        if option == "--chat":
            return [one.name for one in store().chats(patience=0) if " " not in one.name]
        names = self._shell.user_ns
        if option == "--schema":
            return [name for name, value in names.items() if isinstance(value, type)]
        if option == "--tool":
            return ["kernel", *(name for name, value in names.items() if _is_tool(name, value))]
        if option == "--agent":
            return [name for name, value in names.items() if hasattr(value, "run_stream_events")]
        if option == "--attach":
            return [name for name in names if not name.startswith("_")]
        return ()

    def _names(self, dotted: str) -> Iterable[str]:
        """The variables, or the attributes of one, for an expression in the prompt."""
        *path, _ = dotted.split(".")
        if not path:
            return [name for name in self._shell.user_ns if not name.startswith("_")]
        if len(path) > 1:
            return ()  # its attributes might be computed by the user's code
        value = self._shell.user_ns.get(path[0])
        return [f"{path[0]}.{name}" for name in dir(value) if not name.startswith("_")]


def _is_tool(name: str, value: Any) -> bool:
    """Whether a variable is a function of the user's, a tool or an agent."""
    if name.startswith("_") or name in _SHELL:
        return False
    return inspect.isroutine(value) or hasattr(value, "as_tool") or hasattr(value, "signature")
