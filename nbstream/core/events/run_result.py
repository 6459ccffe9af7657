"""``AgentRunResult``: the result of an agent's run, which is also the run's last event."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from nbstream.core.call_record import executed_calls
from nbstream.core.events.agent import RunEvent
from nbstream.core.message import Message, Usage
from nbstream.core.wrong_names import WrongNames

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    from nbstream.core.call_record import ExecutedCall
    from nbstream.core.message import Citation, FilePart, FinishReason


class _Streamed(RunEvent, WrongNames):
    """Holds the stream of the run. Not a field, so not compared or saved."""

    __slots__ = ("_stream",)
    _stream: Any


@dataclass(frozen=True, slots=True)
class AgentRunResult(_Streamed):
    """The result of an agent's run. A cell whose last line it is shows the whole run.

    ``output`` is the text of the last reply, or a value of the agent's ``output_type``.
    ``messages`` is the whole conversation, and those from ``first_new`` on are new in this run:
    the prompt, the replies and the tools' results.

    >>> result = nbstream.Agent(ScriptedModel("Blue.")).run_sync("A colour?")
    >>> result.output, [message.role for message in result.new_messages()]
    ('Blue.', ['user', 'assistant'])
    """

    kind: ClassVar[str] = "agent_run_result"
    output: Any
    messages: tuple[Message, ...] = field(default=(), repr=False)
    first_new: int = field(default=0, repr=False)
    usage: Usage = field(default_factory=Usage)

    @property
    def result(self) -> Self:
        """The event itself: PydanticAI reads ``event.result.output``."""
        return self

    @property
    def message(self) -> Message:
        """The last reply."""
        return next(one for one in reversed(self.messages) if one.role == "assistant")

    @property
    def text(self) -> str:
        """The text of the last reply, also where ``output`` is a value of a type."""
        return self.message.text

    @property
    def thinking(self) -> str:
        """The thinking of the last reply."""
        return self.message.thinking

    @property
    def finish_reason(self) -> FinishReason | None:
        """Why the last reply ended, such as ``stop`` or ``length``."""
        return self.message.finish_reason

    @property
    def citations(self) -> list[Citation]:
        """The sources that the last reply cites."""
        return self.message.citations

    @property
    def files(self) -> list[FilePart]:
        """The files of the last reply, such as pictures that the model drew."""
        return self.message.files

    @property
    def cost(self) -> Any:
        """Dollars, or None where no price is known, as of a stream. Raises as ``df``."""
        return self._of_run("cost").cost

    @property
    def tool_calls(self) -> list[ExecutedCall]:
        """The calls of all replies of this run, in order, with their results and times.

        Of a result that was saved only what the messages hold.
        """
        stream = getattr(self, "_stream", None)
        return executed_calls(self.new_messages(), {}) if stream is None else stream.tool_calls

    @property
    def df(self) -> Any:
        """The output as a DataFrame, as of a stream.

        Raises:
            LookupError: the result was saved, or sent to another process.
            UsageError: neither pandas nor Polars is installed.
        """
        return self._of_run("df").df

    @property
    def html(self) -> str:
        """The run as static HTML, as a saved notebook shows it. Raises as ``df``."""
        found: str = self._of_run("html").html
        return found

    @property
    def code(self) -> str:
        """All code blocks of the last reply in one text, as of a stream. Raises as ``df``."""
        found: str = self._of_run("code").code
        return found

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the run to a file, as a stream does. Raises as ``df``, and what that raises."""
        found: Path = self._of_run("save()").save(path)
        return found

    def _of_run(self, name: str) -> Any:
        stream = getattr(self, "_stream", None)
        if stream is None:
            raise LookupError(f"{name} needs the run itself, and this is a copy of its result.")
        return stream

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        stream = getattr(self, "_stream", None)
        return {"text/plain": repr(self)} if stream is None else stream._shown_forms()

    def all_messages(self) -> list[Message]:
        """The whole conversation; give it to ``message_history=`` of the next run.

        PydanticAI's name.
        """
        return list(self.messages)

    def new_messages(self) -> list[Message]:
        """The messages of this run, the prompt among them. PydanticAI's name."""
        return list(self.messages[self.first_new :])

    def all_messages_json(self) -> bytes:
        """``all_messages()`` as a JSON array. PydanticAI's name."""
        return _as_json(self.all_messages())

    def new_messages_json(self) -> bytes:
        """``new_messages()`` as a JSON array. PydanticAI's name."""
        return _as_json(self.new_messages())


def _as_json(messages: list[Message]) -> bytes:
    from nbstream.core.codec import message_to_dict  # imports the events

    return json.dumps([message_to_dict(message) for message in messages]).encode()


set_stream = _Streamed.__dict__["_stream"].__set__
