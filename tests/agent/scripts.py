"""Scripted replies for agents: messages with calls of tools, and a tool."""

from typing import Any

import nbstream
from nbstream.messages import Message, ToolCallPart, Usage
from nbstream.testing import ScriptedModel


def calls(*rows: tuple[str, str], text: str = "", first: int = 1) -> Message:
    """A reply that calls tools: each row is a name and arguments as JSON."""
    parts = [ToolCallPart(f"c{at}", name, args) for at, (name, args) in enumerate(rows, first)]
    content: list[Any] = [text, *parts] if text else [*parts]
    reply = nbstream.assistant_message(*content)
    return Message("assistant", reply.parts, Usage(10, 5), "tool_call")


def agent_of(*replies: Any, **settings: Any) -> nbstream.Agent[Any, Any]:
    """An agent whose model gives these replies."""
    return nbstream.Agent(ScriptedModel(*replies), **settings)


def tool_parts(message: Message) -> list[Any]:
    """The parts of a message with tools' results."""
    assert message.role == "tool"
    return [*message.parts]


def results(source: Any) -> list[Any]:
    """The contents of all tool results, in order."""
    messages = source.new_messages()
    return [part.result for one in messages if one.role == "tool" for part in tool_parts(one)]


def double(n: int) -> int:
    """Twice the number."""
    return 2 * n


def replies() -> list[Any]:
    """Two steps with calls of `double`, then the answer."""
    return [
        calls(("double", '{"n": 2}'), ("double", '{"n": 3}'), text="Let me see."),
        calls(("double", '{"n": 10}'), first=3),
        "It is 20.",
    ]
