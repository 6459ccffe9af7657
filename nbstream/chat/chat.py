"""``Chat``: which turns a request sends, and which turn its answer becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbstream.chat.turn import Turn

if TYPE_CHECKING:
    from nbstream.chat.store import Store
    from nbstream.core.message import Message
    from nbstream.streams import Stream


class Chat:
    """A conversation by name in a store.

    >>> from nbstream.chat import Chat, Store
    >>> chat = Chat("trip", Store(None))
    >>> asked = nbstream.user_message("Where to?")
    >>> answer = nbstream.stream(ScriptedModel("To Bern."), [*chat.history(), asked])
    >>> answer.until_done()
    >>> chat.ended(asked, answer)
    1
    >>> [message.text for message in chat.history()]
    ['Where to?', 'To Bern.']
    """

    def __init__(self, name: str, store: Store) -> None:
        self.name = name
        self.store = store

    def turns(self, cell: str = "") -> list[Turn]:
        """The turns before that of ``cell``; all turns if the cell has none."""
        turns = self.store.turns(self.name)
        places = [at for at, turn in enumerate(turns) if cell and turn.cell == cell]
        return turns[: places[0]] if places else turns

    def history(self, cell: str = "") -> list[Message]:
        """The messages that a request of ``cell`` sends before its prompt."""
        return [message for turn in self.turns(cell) for message in turn.messages]

    def ended(self, prompt: Message, answer: Stream, cell: str = "") -> int | None:
        """Keep the turn of an answer that has ended; returns its number, from 1.

        An answer that failed or was stopped is no turn: None. If it had begun, the turn that the
        cell had before is removed all the same, with all later ones, for the cell no longer
        shows it.
        """
        if is_whole(answer):
            turn = Turn(prompt, tuple(answer.messages), cell, answer.model)
            return self.store.save(self.name, turn)
        if any(message.parts for message in answer.messages):
            self.store.cut(self.name, cell)
        return None


def is_whole(answer: Stream) -> bool:
    """Whether an answer that has ended is a turn: it did not fail and was not stopped."""
    return answer.error is None and answer.finish_reason not in ("cancelled", "error")
