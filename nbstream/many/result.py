"""``MapResult``: what came of one prompt of a map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbstream.core.message import Message


@dataclass(frozen=True, slots=True)
class MapResult:
    """What came of one prompt: the answer's value, or the error that took its place.

    Attributes:
        index: The number of the prompt, from 0.
        prompt: The prompt as text.
        output: A value of the ``output_type``, or the text if there is none; None after an error.
        error: Why there is no answer; None if there is one.
        message: The model's message, or what had come of it; None if nothing was sent.
        attempts: How often the request was sent. 0 if the answer came from the cassette.

    >>> result = next(iter(nbstream.map(["Which colour?"], ScriptedModel("Blue."))))
    >>> result.index, result.output, result.error
    (0, 'Blue.', None)
    """

    index: int
    prompt: str
    output: Any = None
    error: BaseException | None = None
    message: Message | None = None
    attempts: int = 1

    @property
    def is_replayed(self) -> bool:
        """Whether the answer came from the cassette, so that nothing was sent."""
        return self.attempts == 0 and self.message is not None

    @property
    def text(self) -> str:
        """The text of the message; of one that failed, what had come."""
        return "" if self.message is None else self.message.text
