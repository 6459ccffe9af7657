"""The sub-commands of ``%llm``: one table of names, and a file for each subject."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from nbstream.magics.commands import (
    approve,
    cells,
    chats,
    cost,
    errors,
    keys,
    models,
    settings,
    tapes,
)
from nbstream.magics.config import SETTINGS
from nbstream.providers.names import split
from nbstream.providers.table import PROVIDERS

if TYPE_CHECKING:
    from collections.abc import Callable


_MANY = 1_000
_SHORT = 2  # words: a prompt this short is more likely a misspelt command
_VERBS = ("explain", "fix", "stop")  # a short prompt may begin with them
_INSTEAD = {"chats": "%llm -c NAME PROMPT to go on with one"}
_NUMBER = re.compile(r"\$?[\d.,]+")


class Command(NamedTuple):
    """One sub-command; ``run`` gets its words."""

    run: Callable[..., Any]
    words: str
    """The words that follow it, as in the manual; those in brackets may be left out."""
    help: str

    @property
    def counts(self) -> range:
        """How many words may follow."""
        words = self.words.split()
        needed = sum(not word.startswith("[") for word in words)
        return range(needed, _MANY if "..." in self.words else len(words) + 1)


COMMANDS = {
    "model": Command(models.model, "[NAME]", "show or set the default model"),
    "models": Command(models.models, "[FILTER]", "list models, by provider or part of a name"),
    "status": Command(models.status, "", "show the model, the keys found, what was spent"),
    "cost": Command(cost.cost, "", "show what was spent, by model and by cell, and the budget"),
    "key": Command(
        keys.key,
        "PROVIDER [--save|--forget]",
        "ask for a key; keep it for this session, or in the keyring",
    ),
    "chats": Command(chats.chats, "", "list the chats that are kept"),
    "branch": Command(chats.branch, "NAME NEW", "copy a chat to a new name"),
    "forget": Command(chats.forget, "NAME", "remove a chat for good"),
    "record": Command(
        tapes.record, "[FILE|off] [MODE]", "record answers in a file; those it has are replayed"
    ),
    "replay": Command(
        tapes.replay, "[FILE|off] [PACE]", "replay a file's answers, without a key or a network"
    ),
    "config": Command(settings.settings, "[--save] [NAME] [VALUE...]", "show or change settings"),
    "explain": Command(errors.explain, "", "explain the last exception"),
    "fix": Command(errors.fix, "", "mend the code that raised last, in a new cell"),
    "insert": Command(cells.insert, "[NUMBER]", "put a code block of the answer into a new cell"),
    "approve": Command(
        approve.approve, "[always|deny] [REASON...]", "approve the calls that wait, or deny them"
    ),
    "stop": Command(cells.stop, "", "stop the answers that stream in the background"),
}


def command(words: list[str]) -> Command | None:
    """The sub-command that a line is; None if the line is a prompt.

    A line that begins like a sub-command but has more words than it takes is a prompt. One with a
    provider after ``key`` is none in any case: it might have the key itself.
    """
    found = COMMANDS.get(words[0]) if words else None
    if words[:1] == ["key"] and len(words) > 1 and split(words[1])[0] in PROVIDERS:
        return found
    return found if found is not None and len(words) - 1 in found.counts else None


def misspelt(words: list[str]) -> str | None:
    """The command that a short line seems to mean; None if it is a prompt, or is a command."""
    if len(words) > _SHORT or words[-1].endswith("?"):
        return None
    near = difflib.get_close_matches(words[0], COMMANDS, n=1, cutoff=0.75)
    return near[0] if near and near[0] != words[0] else None


def misused(words: list[str]) -> tuple[str, str] | None:
    """What is wrong with the command that a short line begins, and what to write.

    None if it is a prompt, or right. It is a command without the words it needs or with one that it
    does not take, or a setting without ``config``.
    """
    name, rest = words[0], words[1:]
    if len(words) > _SHORT or words[-1].endswith("?"):
        return None
    found = COMMANDS.get(name)
    if found is None:
        is_setting = name in SETTINGS and all(_NUMBER.fullmatch(one) for one in rest)
        whole = " ".join(["%llm config", *words])
        return (f"%llm {' '.join(words)} is not a whole command", whole) if is_setting else None
    usage = f"%llm {name} {found.words}".strip()
    if len(rest) < found.counts.start:
        return f"%llm {' '.join(words)} is not a whole command", usage
    if len(rest) >= found.counts.stop and name not in _VERBS:
        other = _INSTEAD.get(name)
        return f"%llm {name} takes no {rest[-1]}", f"{usage}, or {other}" if other else usage
    return None


def manual() -> str:
    """A list of the sub-commands, a line each."""
    rows = [(f"{name} {one.words}".strip(), one.help) for name, one in COMMANDS.items()]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"    {name:{width}}  {text}" for name, text in rows)
