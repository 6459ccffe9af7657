"""``MessageParser``: reads the text of a finished message as a value of a type."""

from __future__ import annotations

import pickle
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from nbstream.core.message import RefusalPart
from nbstream.errors import OutputError

if TYPE_CHECKING:
    from nbstream.core.message import Message
    from nbstream.typed import Partial

NOT_WHOLE = (None, "error", "cancelled")
"""The finish reasons of an answer of which something is missing."""

_NO_VALUE_EXPECTED = (*NOT_WHOLE, "tool_call", "content_filter")


def explain(error: OutputError, message: Message) -> None:
    """Put the reason that the message shows, such as a refusal, into the error's text."""
    refusals = [part.text for part in message.parts if isinstance(part, RefusalPart)]
    if refusals:
        error.text = f"The model refused: {refusals[0]}"
    elif calls := message.tool_calls:
        error.text = f"The model called {calls[0].tool_name} and has not answered yet."
        error.remedy = "Answer its calls with tool_message(call, result), and ask again."
    elif message.finish_reason == "length":
        error.text = f"The limit on the answer's length was reached. {error.text}"
        error.remedy = (
            "Allow more with max_tokens=; in a cell, --max-tokens. What had come is in this error's"
            " `partial` and `raw`; in a cell, `_.text` is the text."
        )
    elif message.finish_reason == "content_filter":
        error.text = f"The provider's filter stopped the answer. {error.text}"
    error.args = (error.text,)


class MessageParser:
    """Reads the text of a message as a value of ``of``: what ``Message.parsed_output`` calls.

    It refers to no stream, so that a message that is kept does not keep its stream.
    """

    def __init__(self, of: Any, *, strict: bool = False) -> None:
        self._of = of
        self._strict = strict

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        # A message can be saved even if the type cannot; its parsed_output is then None.
        try:
            pickle.dumps(self._of)
        except Exception:  # noqa: BLE001 - pickle and the type's own hooks raise anything
            return type(None), ()
        return partial(type(self), strict=self._strict), (self._of,)

    def __call__(self, message: Message) -> Any:
        """The value; None if the message is not a complete answer in text.

        Raises:
            OutputError: the text is not a value of the type.
        """
        if message.finish_reason in _NO_VALUE_EXPECTED or not message.text:
            return None
        from nbstream.typed import Partial  # slow to import, and few streams have a type

        parser: Partial[Any] = Partial(self._of, strict=self._strict)
        parser.feed(message.text)
        if message.finish_reason == "stop":
            parser.end()
        try:
            return parser.final()
        except OutputError as failure:
            failure.message = message
            explain(failure, message)
            raise
