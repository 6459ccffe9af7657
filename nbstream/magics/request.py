"""Makes the stream of a ``%%llm`` cell from its options, its prompt and the user's variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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

    from nbstream.magics.options import Options
    from nbstream.streams import Stream


@dataclass(frozen=True, slots=True)
class Request:
    """A parsed cell and the stream of its answer, which has not started."""

    options: Options
    stream: Stream[Any]
    turn: ChatTurn | None = None

    @classmethod
    def made(cls, options: Options, prompt: str, names: Mapping[str, Any]) -> Request:
        """Evaluate what the cell takes from the user's namespace, and make the stream.

        Raises:
            UsageError: a value, an attachment, the schema, a parameter or the model is wrong.
                Nothing was sent.
        """
        if options.background and options.no_widget:
            raise UsageError("%%llm: --bg needs the widget.", remedy="Leave out --no-widget.")
        prompt = prompt.strip("\n")
        filled = prompt if options.raw else fill(prompt, names)
        files = [attachment(text, names) for text in options.attachments]
        # Files come first, as the providers advise for images.
        parts = [*files, *([TextPart(filled)] if isinstance(filled, str) else filled)]
        prompt_message = user_message(*parts)
        kind = None if options.schema is None else output_type(options.schema, names)
        turn = None
        if options.chat is not None:
            turn = ChatTurn(options.chat or own_name(names), prompt_message)
        messages = [*(turn.history() if turn else ()), prompt_message]
        model = options.model or config.get("model")[0]
        parameters = config.parameters | options.parameters
        made = stream(model, messages, output_type=kind, **parameters)
        if model is not None:
            session.models.setdefault(model)
        return cls(options, made, turn)
