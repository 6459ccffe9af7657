"""``Turn``: one prompt of a chat and its whole answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbstream.core.codec import message_from_dict, message_to_dict

if TYPE_CHECKING:
    from nbstream.core.message import Message


@dataclass(frozen=True, slots=True)
class Turn:
    """A prompt and the messages that answered it.

    ``cell`` names the cell that asked, so that running it again replaces the turn; empty if
    nothing does. ``model`` is ``provider/model``.
    """

    prompt: Message
    reply: tuple[Message, ...]
    cell: str = ""
    model: str = ""

    @property
    def messages(self) -> tuple[Message, ...]:
        """The prompt and its answer, as a later request sends them."""
        return (self.prompt, *self.reply)

    def to_row(self) -> tuple[str, str, str, str]:
        """The columns ``cell, model, prompt, reply``; messages are JSON as the codec writes it."""
        prompt = _json(message_to_dict(self.prompt))
        reply = _json([message_to_dict(one) for one in self.reply])
        return self.cell, self.model, prompt, reply

    @classmethod
    def from_row(cls, cell: str, model: str, prompt: str, reply: str) -> Turn:
        """The turn that ``to_row`` wrote."""
        messages = tuple(message_from_dict(one) for one in json.loads(reply))
        return cls(message_from_dict(json.loads(prompt)), messages, cell, model)


def _json(value: Any) -> str:
    """JSON that can be stored as UTF-8: half of a surrogate pair is written as its escape."""
    text = json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
