"""Makes the stream of a ``%%llm`` cell from its options, its prompt and the user's variables."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from nbstream.agent import Agent
from nbstream.core.message import TextPart, user_message
from nbstream.display.chat_turn import set_turn
from nbstream.display.host import host
from nbstream.errors import LocalModelError, UnknownModelError, UsageError
from nbstream.magics.attachments import attachment
from nbstream.magics.budget import Budget
from nbstream.magics.cassettes import answers_kept
from nbstream.magics.chats import ChatTurn, own_name, wait_for_turns
from nbstream.magics.config import config
from nbstream.magics.reservation import most
from nbstream.magics.schema import output_type
from nbstream.magics.session import session
from nbstream.magics.tools import agent_of, check_alone, tools_of
from nbstream.request import stream
from nbstream.values.insertions import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from decimal import Decimal

    from nbstream.core.message import Message
    from nbstream.magics.options import Options
    from nbstream.streams import Stream


_ELSEWHERE = {
    "model": "-m MODEL",
    "messages": "the prompt below the options, or -c to go on with a chat",
    "output_type": "--schema TYPE",
}
"""The arguments of ``stream()`` that ``-p`` does not set."""


class Values(NamedTuple):
    """A cell's options, and what it takes from the user's namespace."""

    options: Options
    message: Message
    output_type: Any
    turn: ChatTurn | None
    agent: Agent[Any, Any] | None = None
    tools: list[Any] | None = None

    @classmethod
    def evaluated(cls, options: Options, prompt: str, names: Mapping[str, Any]) -> Values:
        """Evaluate the expressions of the prompt, the attachments and the schema; read the chat.

        Raises:
            UsageError: one of them is wrong.
        """
        if options.background and options.no_widget:
            raise UsageError("%%llm: --bg needs the widget.", remedy="Leave out --no-widget.")
        for name, place in _ELSEWHERE.items():
            if name in options.parameters:
                raise UsageError(f"-p {name} is not a parameter here.", remedy=f"Write {place}.")
        prompt = prompt.strip("\n")
        filled = prompt if options.raw else fill(prompt, names)
        files = [part for text in options.attachments for part in attachment(text, names)]
        # Files come first, as the providers advise for images.
        parts = [*files, *([TextPart(filled)] if isinstance(filled, str) else filled)]
        kind = None if options.schema is None else output_type(options.schema, names)
        message, turn = user_message(*parts), None
        if options.chat is not None:
            name = options.chat or own_name(names)
            wait_for_turns(name)
            turn = ChatTurn(name, message, names)
        agent, tools = None, None
        if options.agent is not None:
            check_alone(options)
            agent = agent_of(options.agent, names)
        elif options.tools:
            tools = tools_of(options.tools, names)
        return cls(options, message, kind, turn, agent, tools)


@dataclass(frozen=True, slots=True)
class PreparedCell:
    """A parsed cell and the stream of its answer, which has not started."""

    options: Options
    stream: Stream[Any]
    most: Callable[[], Decimal]
    """What the answer is taken to cost at most, in dollars; asking may take 0.2 s once."""
    turn: ChatTurn | None = None

    @classmethod
    def made(cls, values: Values) -> PreparedCell:
        """Make the stream.

        Raises:
            UsageError: a parameter or the model is wrong. Nothing was sent.
        """
        options, turn = values.options, values.turn
        earlier = turn.history() if turn else []
        messages = [*earlier, values.message]
        model, place = (options.model, "") if options.model else config.get("model")
        parameters = config.parameters | options.parameters
        try:
            with answers_kept() if options.cache else nullcontext():
                made = _stream(model, values, earlier, parameters)
        except (UnknownModelError, LocalModelError) as error:
            if place:
                error.remedy = f"{error.remedy or ''} The name is that of {place}.".strip()
            raise
        if values.agent is not None or values.tools:
            model = made.model
        if turn is not None:
            set_turn(made, options.chat or "", turn.number)
            made._run.exchange.conversation = turn.chat.name
        if model is not None:
            session.models.setdefault(model)
        return cls(options, made, partial(most, made.model, messages, parameters), turn)


def _stream(
    model: str | None, values: Values, earlier: Sequence[Message], parameters: Mapping[str, Any]
) -> Stream[Any]:
    """The stream of the cell's agent, of its tools, or of one answer."""
    agent = _agent(model, values, parameters) if values.tools else values.agent
    if agent is None:
        messages = [*earlier, values.message]
        return stream(model, messages, output_type=values.output_type, **parameters)
    return agent.run_stream(
        values.message,
        message_history=earlier,
        usage_limits=Budget(),
        approve="wait" if values.options.background and host() == "terminal" else None,
    )


def _agent(model: Any, values: Values, parameters: Mapping[str, Any]) -> Agent[Any, Any]:
    """The agent of a cell with tools."""
    settings = {name: value for name, value in parameters.items() if name != "retries"}
    return Agent(
        model,
        tools=values.tools,
        output_type=values.output_type,
        request_retries=parameters.get("retries"),
        **settings,
    )
