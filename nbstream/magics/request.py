"""Makes the stream of a ``%%llm`` cell from its options, its prompt and the user's variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from nbstream.core.message import TextPart, user_message
from nbstream.errors import UsageError
from nbstream.magics.attachments import attachment
from nbstream.magics.chats import ChatTurn, own_name
from nbstream.magics.config import config
from nbstream.magics.insertions import fill
from nbstream.magics.schema import output_type
from nbstream.magics.session import session
from nbstream.request import stream

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbstream.core.message import Message
    from nbstream.magics.options import Options
    from nbstream.streams import Stream


class Values(NamedTuple):
    """A cell's options, and what it takes from the user's namespace."""

    options: Options
    message: Message
    output_type: Any

    @classmethod
    def evaluated(cls, options: Options, prompt: str, names: Mapping[str, Any]) -> Values:
        """Evaluate the expressions of the prompt, the attachments and the schema.

        Raises:
            UsageError: one of them is wrong.
        """
        if options.background and options.no_widget:
            raise UsageError("%%llm: --bg needs the widget.", remedy="Leave out --no-widget.")
        prompt = prompt.strip("\n")
        filled = prompt if options.raw else fill(prompt, names)
        files = [attachment(text, names) for text in options.attachments]
        # Files come first, as the providers advise for images.
        parts = [*files, *([TextPart(filled)] if isinstance(filled, str) else filled)]
        kind = None if options.schema is None else output_type(options.schema, names)
        return cls(options, user_message(*parts), kind)


@dataclass(frozen=True, slots=True)
class Request:
    """A parsed cell and the stream of its answer, which has not started."""

    options: Options
    stream: Stream[Any]
    turn: ChatTurn | None = None

    @classmethod
    def made(cls, values: Values, names: Mapping[str, Any]) -> Request:
        """Make the stream.

        Raises:
            UsageError: a parameter or the model is wrong. Nothing was sent.
        """
        options = values.options
        turn = None
        if options.chat is not None:
            turn = ChatTurn(options.chat or own_name(names), values.message)
        messages = [*(turn.history() if turn else ()), values.message]
        model = options.model or config.get("model")[0]
        parameters = config.parameters | options.parameters
        made = stream(model, messages, output_type=values.output_type, **parameters)
        if model is not None:
            session.models.setdefault(model)
        return cls(options, made, turn)
