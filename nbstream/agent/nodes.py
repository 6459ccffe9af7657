"""The nodes of a run: what it does next. ``Agent.iter`` gives them; the names are PydanticAI's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from nbstream.agent.node_stream import NodeStream
    from nbstream.core.events import AgentRunResult
    from nbstream.core.message import Message


class Node:
    """The base class: one step of a run, which is carried out when the run goes on."""

    __slots__ = ()

    def stream(self, ctx: Any) -> NodeStream:
        """Carry the node out, and read its events: ``async with node.stream(run.ctx) as s:``.

        ``with`` and ``for`` work, too. The run stops before its next node.
        """
        from nbstream.agent.node_stream import NodeStream  # it stands above this

        return NodeStream(ctx, self)


@dataclass(frozen=True, slots=True, eq=False)
class UserPromptNode(Node):
    """The run begins with the user's prompt.

    >>> with nbstream.Agent(ScriptedModel("Hello.")).iter("hi") as run:
    ...     [type(node).__name__ for node in run]
    ['UserPromptNode', 'ModelRequestNode', 'CallToolsNode', 'End']
    """

    user_prompt: str


@dataclass(frozen=True, slots=True, eq=False)
class ModelRequestNode(Node):
    """The conversation is sent to the model, which replies.

    ``request`` is the last message of the conversation: the prompt or the tools' results.

    >>> with nbstream.Agent(ScriptedModel("Hello.")).iter("hi") as run:
    ...     nodes = [*run]
    >>> nodes[1].request.text
    'hi'
    """

    request: Message


@dataclass(frozen=True, slots=True, eq=False)
class CallToolsNode(Node):
    """The calls of a reply are executed; a reply without any is checked as the output.

    >>> with nbstream.Agent(ScriptedModel("Hello.")).iter("hi") as run:
    ...     nodes = [*run]
    >>> nodes[2].model_response.text
    'Hello.'
    """

    model_response: Message


@dataclass(frozen=True, slots=True, eq=False)
class End(Node):
    """The run is over; ``data`` is its result.

    >>> with nbstream.Agent(ScriptedModel("Hello.")).iter("hi") as run:
    ...     nodes = [*run]
    >>> nodes[3].data.output
    'Hello.'
    """

    data: AgentRunResult = field()


class NodeChecks:
    """What ``Agent`` inherits: which node a node is."""

    @staticmethod
    def is_user_prompt_node(node: Any) -> TypeGuard[UserPromptNode]:
        """Whether ``node`` is a ``UserPromptNode``. PydanticAI's, as the next three.

        >>> nbstream.Agent.is_user_prompt_node(nbstream.UserPromptNode("hi"))
        True
        """
        return isinstance(node, UserPromptNode)

    @staticmethod
    def is_model_request_node(node: Any) -> TypeGuard[ModelRequestNode]:
        """Whether ``node`` is a ``ModelRequestNode``.

        >>> nbstream.Agent.is_model_request_node(nbstream.UserPromptNode("hi"))
        False
        """
        return isinstance(node, ModelRequestNode)

    @staticmethod
    def is_call_tools_node(node: Any) -> TypeGuard[CallToolsNode]:
        """Whether ``node`` is a ``CallToolsNode``.

        >>> nbstream.Agent.is_call_tools_node(nbstream.UserPromptNode("hi"))
        False
        """
        return isinstance(node, CallToolsNode)

    @staticmethod
    def is_end_node(node: Any) -> TypeGuard[End]:
        """Whether ``node`` is an ``End``.

        >>> nbstream.Agent.is_end_node(nbstream.UserPromptNode("hi"))
        False
        """
        return isinstance(node, End)
