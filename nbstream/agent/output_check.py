"""``OutputCheck``: whether a reply without calls is the output, and what its value is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.agent.caller import fitting
from nbstream.core.message import RefusalPart
from nbstream.errors import ModelRetry, OutputError
from nbstream.streams.message_parser import MessageParser

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from nbstream.agent.caller import Caller
    from nbstream.agent.context import RunContext
    from nbstream.core.message import Message

_FINAL = ("length", "content_filter")  # finish reasons that another attempt does not mend


class OutputCheck:
    """Checks replies against a type and the user's validators."""

    def __init__(
        self, of: Any, validators: Sequence[Callable[..., Any]], *, strict: bool = False
    ) -> None:
        self._parse = None if of is None else MessageParser(of, strict=strict)
        self._validators = tuple(validators)

    async def value(self, reply: Message, ctx: RunContext[Any], caller: Caller) -> Any:
        """The output.

        Raises:
            ModelRetry: the reply is none; the text is for the model.
            OutputError: it is none, and another attempt is of no use.
        """
        value = self._value(reply)
        for validate in self._validators:
            value = await caller.function(validate, *fitting(validate, ctx, value))
        return value

    def _value(self, reply: Message) -> Any:
        refusals = [part.text for part in reply.parts if isinstance(part, RefusalPart)]
        if refusals and not reply.text:
            raise OutputError(f"The model refused: {refusals[0]}", raw="", partial=None)
        if not reply.text and reply.finish_reason in _FINAL:
            reason = reply.finish_reason
            raise OutputError(f"The reply is empty ({reason}).", raw="", partial=None)
        if not reply.text:
            raise ModelRetry("Your reply was empty. Reply with text, or call a tool.")
        if self._parse is None:
            return reply.text
        try:
            value = self._parse(reply)
        except OutputError as error:
            if reply.finish_reason in _FINAL:
                raise
            rows = "\n".join(f"- {problem}" for problem in error.problems) or error.text
            text = f"The reply is not valid:\n{rows}\nFix the errors and try again."
            raise ModelRetry(text) from error
        return value
