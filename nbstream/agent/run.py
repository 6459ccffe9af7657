"""``AgentRun``: a run that goes on node by node, as its caller asks; ``Agent.iter`` gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from nbstream.agent.nodes import End, Node
from nbstream.errors import UsageError
from nbstream.streams.async_wait import wait_until

if TYPE_CHECKING:
    from types import TracebackType

    from nbstream.agent.source import AgentSource
    from nbstream.agent.state import AgentState
    from nbstream.agent.stream import AgentStream
    from nbstream.core.events import AgentRunResult
    from nbstream.core.message import Message, Usage


class AgentRun:
    """A run that stops before each node, for ``with``, ``async with``, ``for`` and ``async for``.

    A node is carried out when the next one is asked for, by the loop or by ``next``. ``stream``
    is the run as a stream: its events, text and messages so far.

    >>> with nbstream.Agent(ScriptedModel("Hello.")).iter("hi") as run:
    ...     for node in run:
    ...         print(type(node).__name__)
    UserPromptNode
    ModelRequestNode
    CallToolsNode
    End
    >>> run.result.output
    'Hello.'
    """

    def __init__(self, stream: AgentStream[Any], source: AgentSource) -> None:
        self.stream = stream
        self._source = source
        self._run = stream._run
        self._given: Node | None = None

    @property
    def next_node(self) -> Node:
        """The node that comes next, or ``End``."""
        return self._source.node

    @property
    def result(self) -> AgentRunResult | None:
        """The result; None while the run goes on."""
        return self._source.result

    @property
    def ctx(self) -> RunView:
        """The run's state and dependencies."""
        return RunView(self)

    def all_messages(self) -> list[Message]:
        """The whole conversation so far."""
        return self.stream.all_messages()

    def new_messages(self) -> list[Message]:
        """The messages of this run so far."""
        return self.stream.new_messages()

    @property
    def usage(self) -> Usage:
        """The tokens so far; it may also be called, as PydanticAI writes it."""
        return self.stream.usage

    def all_messages_json(self) -> bytes:
        """``all_messages()`` as JSON."""
        return self.stream.all_messages_json()

    def new_messages_json(self) -> bytes:
        """``new_messages()`` as JSON."""
        return self.stream.new_messages_json()

    def cancel(self) -> None:
        """Stop the run, and the tools that run. From any thread, at any time."""
        self.stream.cancel()

    def say(self, message: str | Message) -> None:
        """Add a message of the user, which the model gets with the next request."""
        self.stream.say(message)

    # The sync half.

    def __enter__(self) -> Self:
        self._run.check_may_block()
        self._run.uses.enter()
        self._run.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._run.uses.exit()
        if not isinstance(self._source.node, End):
            self._run.cancel()
        if not self._run.waits_for_caller:
            self._run.log.wait_finished(self._run.CLOSING_TIMEOUT)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Node:
        if self._given is None:
            self._given = self._source.node
            return self._given
        if isinstance(self._given, End):
            raise StopIteration
        self._given = self.step(self._given)
        return self._given

    def step(self, node: Node) -> Node:
        """Carry ``node`` out, block until it is done, and return the next one.

        Raises:
            UsageError: it is not the node that comes next.
            StreamError: the run failed.
        """
        if not self._release(node):
            return self._source.node
        self._run.check_may_block()
        try:
            with self._run.uses.waiting(), self._run.attached():
                self._run.block_until(lambda: self._is_past(node))
        except KeyboardInterrupt:
            self._run.cancel(interrupted=True)
            raise
        return self._after(node)

    # The async half.

    async def __aenter__(self) -> Self:
        self._run.uses.enter()
        self._run.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run.uses.exit()
        if not isinstance(self._source.node, End):
            self._run.cancel()
        log = self._run.log
        await wait_until(log, lambda: log.finished, self._run.CLOSING_TIMEOUT)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Node:
        if self._given is None:
            self._given = self._source.node
            return self._given
        if isinstance(self._given, End):
            raise StopAsyncIteration
        self._given = await self.next(self._given)
        return self._given

    async def next(self, node: Node) -> Node:
        """Carry ``node`` out, and return the next one, or ``End``.

        Raises:
            UsageError: it is not the node that comes next.
            StreamError: the run failed.
        """
        self._given = node
        if self._release(node):
            await wait_until(self._run.log, lambda: self._is_past(node))
            self._given = self._after(node)
        else:
            self._given = self._source.node
        return self._given

    # Both halves.

    def release(self, node: Node) -> None:
        """Let the run carry ``node`` out; for ``node.stream``."""
        self._release(node)

    def _release(self, node: Node) -> bool:
        """Let the run carry ``node`` out; False if ``node.stream`` has done so."""
        if node is self._source.node and not isinstance(node, End):
            if node is not self._source.released:
                self._source.released = node
                self._source.allow_step()
            return True
        if node is self._source.released:
            return False
        raise UsageError(
            f"The next node of the run is {type(self._source.node).__name__}, "
            f"not {type(node).__name__}.",
            remedy="Pass run.next_node, or what run.next() returned.",
        )

    def is_past(self, node: Node) -> bool:
        """Whether ``node`` has been carried out, or the run has ended."""
        return self._is_past(node)

    def _is_past(self, node: Node) -> bool:
        return self._source.node is not node or self._run.log.finished

    def _after(self, node: Node) -> Node:
        if self._source.node is node:
            self._run.raise_failure()
            self._run.final_message()  # raises if it was cancelled
        return self._source.node


class RunView:
    """A run's state and dependencies, and the run itself for ``node.stream``."""

    def __init__(self, run: AgentRun) -> None:
        self.run = run

    @property
    def state(self) -> AgentState:
        """Where the run stands: its messages, counts and usage."""
        return self.run._source.runtime.state

    @property
    def deps(self) -> Any:
        """What ``deps=`` was."""
        return self.run._source.runtime.context.deps
