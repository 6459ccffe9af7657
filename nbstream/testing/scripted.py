"""``ScriptedModel``: a model for tests that gives prepared answers and records its requests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from nbstream.core.events import Event
from nbstream.core.message import Message, TextPart, Usage
from nbstream.errors import UsageError
from nbstream.protocols.openai_chat import OpenAIChat
from nbstream.providers import Endpoint, Model, register_model
from nbstream.streams.replay import events_of, play, script_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    Script = Sequence[Event | BaseException]

Answer = str | Message | BaseException | Iterable[Message | Event | BaseException]
"""A text, a message, an error, or a list of messages, events and errors in their order."""


@dataclass(frozen=True, slots=True)
class ScriptedRequest:
    """A request that a ``ScriptedModel`` got: its messages and parameters.

    >>> model = ScriptedModel("Hello.")
    >>> nbstream.stream(model, "hi", temperature=0).until_done()
    >>> model.requests[0].prompt, model.requests[0].params["temperature"]
    ('hi', 0)
    """

    messages: tuple[Message, ...]
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def prompt(self) -> str:
        """The text of the last message."""
        return self.messages[-1].text if self.messages else ""


class ScriptedModel(Model):
    """A model with scripted answers: each request takes the next one.

    ``delay`` is the number of seconds before each event (default 0). Texts come ``chunk``
    characters (default 5) at a time. ``requests`` lists what it was asked so far. The usage of
    a text counts each of its deltas as an output token.

    Pass it wherever a model can be passed. In ``with``, or after ``register()``, it can also be
    named ``test/<name>``, as in ``%%llm -m test/scripted``.

    >>> model = ScriptedModel("Blue.", nbstream.errors.RateLimitError("Too many requests."))
    >>> nbstream.stream(model, "What colour?").get_final_text()
    'Blue.'
    >>> model.requests[0].prompt
    'What colour?'
    """

    requests: list[ScriptedRequest]
    _scripts: list[Script]
    _delay: float
    _end: Callable[[], None] | None

    def __init__(
        self, *answers: Answer, name: str = "scripted", delay: float = 0.0, chunk: int = 5
    ) -> None:
        # Every model has a protocol. It is not used, because this one has its own source.
        super().__init__("test", name, OpenAIChat(), _no_endpoint, source=self._source)
        scripts = [_script(answer, chunk) for answer in answers]
        self._set(requests=[], _scripts=scripts, _delay=delay, _end=None)

    def _source(
        self, messages: Sequence[Message], params: dict[str, Any]
    ) -> Callable[[], AsyncGenerator[Iterable[Event], None]]:
        """Record a request and give the source of its answer's events."""

        def begin() -> AsyncGenerator[Iterable[Event], None]:
            number = len(self.requests)
            self.requests.append(ScriptedRequest(tuple(messages), dict(params)))
            if number < len(self._scripts):
                return play(self._scripts[number], self._delay)
            text = (
                f"Request {number + 1} to {self}, and its script has {len(self._scripts)} answers."
            )
            remedy = "Give ScriptedModel(...) one answer for each request."
            return play([UsageError(text, remedy=remedy)], 0)

        return begin

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)  # the class it extends is frozen

    def register(self) -> Self:
        """Register the model as ``test/<name>``, until ``unregister()``."""
        self._set(_end=register_model(self))
        return self

    def unregister(self) -> None:
        """Undo ``register()``."""
        if self._end is not None:
            self._end()

    def __reduce__(self) -> tuple[Any, ...]:
        # Answers are taken in turn, of one list.
        raise UsageError(
            "A scripted model cannot be pickled or copied: its requests take turns.",
            remedy="Use it in the process that made it, without executor=.",
        )

    def __enter__(self) -> Self:
        return self.register()

    def __exit__(self, *_: object) -> None:
        self.unregister()


def _script(answer: Answer, chunk: int) -> Script:
    """The events of one answer; text comes in pieces of ``chunk`` characters."""
    if isinstance(answer, str):
        count = -(-len(answer) // max(chunk, 1))
        answer = Message("assistant", (TextPart(answer),), Usage(output_tokens=count))
    if isinstance(answer, Message):
        return events_of(answer, chunk)
    return [answer] if isinstance(answer, BaseException) else script_of(answer, chunk)


def _no_endpoint() -> Endpoint:
    """Raise: a scripted model sends no HTTP requests."""
    raise UsageError("A scripted model has no endpoint.")
