"""``StreamMessages``: the messages of a stream so far, alone or with those that were sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nbstream.core.codec import message_to_dict
from nbstream.core.wrong_names import WrongNames

if TYPE_CHECKING:
    from nbstream.core.message import Message
    from nbstream.streams.run import Run


class StreamMessages(WrongNames):
    """The messages so far: growing while the model answers, final afterwards."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @property
    def message(self) -> Message:
        """The last assistant message so far, as a value that later events do not change."""
        return self._run.log.message()

    @property
    def messages(self) -> tuple[Message, ...]:
        """All messages of the run so far, in order: one, unless its source has several turns.

        >>> stream = nbstream.stream(ScriptedModel("Hello."), "hi")
        >>> stream.until_done()
        >>> [message.text for message in stream.messages]
        ['Hello.']
        """
        return self._run.log.messages()

    @property
    def current_message_snapshot(self) -> Message:
        """The message so far; another name for ``message``."""
        return self.message

    def all_messages(self) -> list[Message]:
        """The conversation that was sent, then the answer so far; PydanticAI's name.

        >>> stream = nbstream.stream(ScriptedModel("Blue."), "Name a colour.")
        >>> stream.until_done()
        >>> [message.role for message in stream.all_messages()]
        ['user', 'assistant']
        """
        return [*self._run.history, *self._run.log.messages()]

    def new_messages(self) -> list[Message]:
        """The messages of the run so far, without those that were sent; PydanticAI's name.

        Empty until something of the answer has come. An agent's run begins with its prompt.

        >>> stream = nbstream.stream(ScriptedModel("Blue."), "Name a colour.")
        >>> stream.until_done()
        >>> [message.text for message in stream.new_messages()]
        ['Blue.']
        """
        run = self._run
        return [*run.history[run.new_from :], *run.log.messages()]

    def all_messages_json(self) -> bytes:
        """``all_messages()`` as a JSON array; ``nbstream.stream`` takes it back, parsed.

        >>> import json
        >>> stream = nbstream.stream(ScriptedModel("Blue."), "Name a colour.")
        >>> stream.until_done()
        >>> json.loads(stream.all_messages_json())[0]["role"]
        'user'
        """
        return _as_json(self.all_messages())

    def new_messages_json(self) -> bytes:
        """``new_messages()`` as a JSON array; ``nbstream.stream`` takes it back, parsed.

        >>> import json
        >>> stream = nbstream.stream(ScriptedModel("Blue."), "Name a colour.")
        >>> stream.until_done()
        >>> json.loads(stream.new_messages_json())[0]["role"]
        'assistant'
        """
        return _as_json(self.new_messages())


def _as_json(messages: list[Message]) -> bytes:
    """Messages as a JSON array."""
    return json.dumps([message_to_dict(message) for message in messages]).encode()
