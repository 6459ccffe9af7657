"""The sub-commands of ``%llm``: one table of names, and a file for each subject."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from nbstream.magics.commands import cells, chats, errors, keys, models, settings

if TYPE_CHECKING:
    from collections.abc import Callable


_MANY = 1_000


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
    "status": Command(models.status, "", "show the model, the keys found, the tokens used"),
    "key": Command(keys.key, "PROVIDER", "ask for an API key and keep it for this session"),
    "chats": Command(chats.chats, "", "list the chats that are kept"),
    "branch": Command(chats.branch, "NAME NEW", "copy a chat to a new name"),
    "forget": Command(chats.forget, "NAME", "remove a chat for good"),
    "config": Command(settings.settings, "[--save] [NAME] [VALUE...]", "show or change settings"),
    "explain": Command(errors.explain, "", "explain the last exception"),
    "fix": Command(errors.fix, "", "mend the code that raised last, in a new cell"),
    "insert": Command(cells.insert, "[NUMBER]", "put a code block of the answer into a new cell"),
    "stop": Command(cells.stop, "", "stop the answers that stream in the background"),
}


def command(words: list[str]) -> Command | None:
    """The sub-command that a line is; None if the line is a prompt.

    A line that begins like a sub-command but has more words than it takes is a prompt.
    """
    found = COMMANDS.get(words[0]) if words else None
    return found if found is not None and len(words) - 1 in found.counts else None


def manual() -> str:
    """A list of the sub-commands, a line each."""
    rows = [(f"{name} {one.words}".strip(), one.help) for name, one in COMMANDS.items()]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"  {name:{width}}  {text}" for name, text in rows)
