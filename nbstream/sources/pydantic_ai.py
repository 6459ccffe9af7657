"""Reads the streams of PydanticAI: ``run_stream``, ``run_stream_events``, ``iter``, and agents.

Its events become a transcript: replies, and the results of tools between them. What an event does
not have, such as a reply's tokens, comes from the library's own response.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from nbstream.core import events as ev
from nbstream.core import parts as p
from nbstream.core.message import Message, as_json
from nbstream.errors import IncompleteResponseError, UsageError
from nbstream.sources.pydantic_ai_values import call_part, facts, growing_text, result_part
from nbstream.sources.readers import class_names

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from nbstream.core.message import FinishReason
    from nbstream.sources.readers import Reader

STARTED = ("AbstractAgent",)
"""The classes of what is started with a prompt."""

READ_OTHERWISE = ("AgentRun", "StreamedRunResult")
"""The classes whose events ``iterable`` gives."""


def check(thing: Any) -> None:
    """Refuse what ``run_stream_sync`` gives.

    Raises:
        UsageError: it works only on the thread that made it, where no event loop runs.
    """
    if "StreamedRunResultSync" in class_names(thing):
        raise UsageError(
            "The result of run_stream_sync() can be read only on the thread that made it.",
            remedy="Pass agent.run_stream(prompt), or from_stream(agent, prompt): both can be read "
            "blocking.",
        )


def start(agent: Any, prompt: Any) -> Any:
    """A run of an agent."""
    return agent.iter(prompt)


def iterable(thing: Any) -> Any:
    """What gives the events of a run or of a result; None if the object itself does."""
    names = class_names(thing)
    if "AgentRun" in names:
        return _events_of_run(thing)
    if "StreamedRunResult" in names:
        return _events_of_result(thing)
    return None


def final(thing: Any) -> Any:
    """The result of a run, or else the response; None if there is neither."""
    names = class_names(thing)
    if "AgentRun" in names:
        return thing.result
    return thing.response if names & {"StreamedRunResult", "AgentStream"} else None


async def output(thing: Any, raw: Any) -> Any:
    """The value of the agent's output type; a text or None if there is none."""
    if "AgentRunResult" in class_names(raw):
        return raw.output
    if "StreamedRunResult" not in class_names(thing):
        return None
    with contextlib.suppress(Exception):  # not of its type: the answer stays as it came
        return await thing.get_output()


def reader(item: Any, _thing: Any) -> Reader | None:
    """The reader for items like this one; None if they are not of this library."""
    known = isinstance(item, _Snapshot) or hasattr(item, "event_kind") or hasattr(item, "kind")
    return _Reader() if known else None


async def _events_of_run(run: Any) -> AsyncGenerator[Any, None]:
    """The events of all nodes, and after each reply its ``ModelResponse``."""
    async for node in run:
        names = class_names(node)
        if names & {"ModelRequestNode", "CallToolsNode"}:
            async with node.stream(run.ctx) as events:
                async for event in events:
                    yield event
                if "ModelRequestNode" in names:
                    yield events.response


async def _events_of_result(result: Any) -> AsyncGenerator[Any, None]:
    """The reply that is streamed, each time that it has grown, and then its ``ModelResponse``.

    Its events are no use: the library has read the first of them before it gives the result.
    """
    async for response in result.stream_response(debounce_by=None):
        yield _Snapshot(response)
    if getattr(result.response, "state", "") == "incomplete":
        raise IncompleteResponseError(
            "The answer is not whole: the block of run_stream() was left before its end.",
            remedy="Wait in the block, with `await widget.stream`, or pass agent.run_stream(...).",
        )
    yield result.response


class _Snapshot(NamedTuple):
    """A reply so far."""

    response: Any


class _Reader:
    """Builds the transcript of one run."""

    def __init__(self) -> None:
        self._message = -1  # of the transcript
        self._replies: list[int] = []
        self._is_open = False
        self._indices: dict[int, int] = {}
        self._open: tuple[int, p.Part | None] | None = None
        self._args = ""
        self._lengths: dict[int, int] = {}
        self._results: list[p.Part] = []
        self.raw: Any = None

    def read(self, item: Any) -> Iterable[ev.Event]:
        """The events of one of the library's events."""
        kind = getattr(item, "event_kind", "")
        if isinstance(item, _Snapshot):
            yield from self._grown(item.response)
        elif kind == "part_start":
            yield from self._start(item.index, item.part)
        elif kind == "part_delta":
            yield from self._delta(item.index, item.delta)
        elif kind == "part_end":
            yield from self._end_part(item.part)
        elif kind == "function_tool_call":
            yield from self._end_reply("tool_call")
            call = call_part(item.part)
            yield ev.FunctionToolCall(call, message_index=self._message)
        elif kind in ("function_tool_result", "output_tool_result"):
            yield from self._end_reply("tool_call")
            part = getattr(item, "part", None) or item.result
            result = result_part(part)
            self._results.append(result)
            yield ev.FunctionToolResult(result, message_index=self._message)
        elif kind == "agent_run_result":
            self.raw = item.result
            yield from self._end_reply("stop")
            replies = [one for one in item.result.new_messages() if one.kind == "response"]
            for index, response in zip(self._replies, replies, strict=False):
                yield from facts(response, index)
        elif getattr(item, "kind", "") == "response":
            yield from self._whole(item)

    def close(self) -> Iterable[ev.Event]:
        """The end of the last reply."""
        return self._end_reply("stop")

    def _begin_reply(self) -> Iterable[ev.Event]:
        if self._is_open:
            return
        if self._results:
            self._message += 1
            message = Message("tool", tuple(self._results))
            yield ev.MessageEvent(message, message_index=self._message)
            self._results = []
        self._message += 1
        self._replies.append(self._message)
        self._is_open, self._indices = True, {}
        yield ev.StreamStart(message_index=self._message)

    def _end_reply(self, reason: FinishReason) -> Iterable[ev.Event]:
        if self._is_open:
            yield from self._end_part(None)
            self._is_open = False
            yield ev.StreamEnd(reason, message_index=self._message)

    def _whole(self, response: Any) -> Iterable[ev.Event]:
        """The end of a reply whose ``ModelResponse`` is known."""
        if not self._is_open and not self._replies:  # a response without parts
            yield from self._begin_reply()
        yield from self._end_part(None)
        self._is_open = False
        yield from facts(response, self._replies[-1])

    def _start(self, index: int, part: Any) -> Iterable[ev.Event]:
        if index == 0 and self._results:
            self._is_open = False
        yield from self._begin_reply()
        yield from self._end_part(None)
        at = self._indices.setdefault(index, len(self._indices))
        where: Any = {"message_index": self._message}
        kind = part.part_kind
        if kind == "text":
            self._open = (at, p.TextPart(""))
            yield ev.TextStart(at, **where)
            if part.content:
                yield ev.TextDelta(at, part.content, **where)
        elif kind == "thinking":
            encrypted = "encrypted" if part.provider_name == "openai" else None
            self._open = (at, p.ThinkingPart("", part.signature, encrypted))
            yield ev.ThinkingStart(at, **where)
            if part.content:
                yield ev.ThinkingDelta(at, part.content, **where)
        elif kind in ("tool-call", "builtin-tool-call"):
            call = call_part(part)
            self._open, self._args = (at, call), call.args_json
            begins = ev.ToolStart if kind == "tool-call" else ev.BuiltinToolStart
            yield begins(at, call.tool_call_id, call.tool_name, **where)
            if call.args_json:
                grows = ev.ToolDelta if kind == "tool-call" else ev.BuiltinToolDelta
                yield grows(at, call.args_json, **where)
        elif kind == "builtin-tool-return":
            result = p.BuiltinToolResultPart(
                part.tool_call_id, part.tool_name, as_json(part.content)
            )
            yield ev.BuiltinToolResult(at, result, **where)
        elif kind == "file":
            yield ev.FileEvent(at, part.content.media_type, part.content.data, **where)
        else:
            del self._indices[index]

    def _grown(self, response: Any) -> Iterable[ev.Event]:
        """What a reply has more than at the last time."""
        for index, part in enumerate(response.parts):
            text = growing_text(part)
            if index not in self._lengths:
                yield from self._start(index, part)
            elif (old := self._lengths[index]) < len(text):
                chunk = text[old:]
                where: Any = {"message_index": self._message}
                at = self._indices[index]
                if part.part_kind == "tool-call":
                    self._args = text
                    yield ev.ToolDelta(at, chunk, **where)
                else:
                    grows = ev.TextDelta if part.part_kind == "text" else ev.ThinkingDelta
                    yield grows(at, chunk, **where)
            self._lengths[index] = len(text)

    def _delta(self, index: int, delta: Any) -> Iterable[ev.Event]:
        at = self._indices.get(index)
        if at is None:
            return
        where: Any = {"message_index": self._message}
        kind = delta.part_delta_kind
        if kind == "text" and delta.content_delta:
            yield ev.TextDelta(at, delta.content_delta, **where)
        elif kind == "thinking":
            if delta.content_delta:
                yield ev.ThinkingDelta(at, delta.content_delta, **where)
        elif kind == "tool_call" and delta.args_delta:
            chunk = delta.args_delta
            chunk = chunk if isinstance(chunk, str) else json.dumps(chunk)
            self._args += chunk
            is_call = self._open is not None and isinstance(self._open[1], p.ToolCallPart)
            grows = ev.ToolDelta if is_call else ev.BuiltinToolDelta
            yield grows(at, chunk, **where)

    def _end_part(self, whole: Any) -> Iterable[ev.Event]:
        """End the open part; ``whole`` is the library's complete one, if it gave it."""
        if self._open is None:
            return
        at, part = self._open
        self._open = None
        where: Any = {"message_index": self._message}
        if isinstance(part, p.TextPart):
            yield ev.TextEnd(at, **where)
        elif isinstance(part, p.ThinkingPart):
            signature = getattr(whole, "signature", None) or part.signature
            if signature and part.redacted:  # of OpenAI it is the thinking itself, encrypted
                yield ev.ThinkingEnd(at, None, signature, **where)
                return
            if signature:
                yield ev.SignatureEvent(at, signature, **where)
            yield ev.ThinkingEnd(at, signature, **where)
        elif isinstance(part, p.ToolCallPart):
            yield ev.ToolEnd(at, self._complete(part, whole), **where)
        elif isinstance(part, p.BuiltinToolCallPart):
            yield ev.BuiltinToolEnd(at, self._complete(part, whole), **where)

    def _complete(self, part: Any, whole: Any) -> Any:
        found = call_part(whole) if whole is not None else part
        return type(part)(found.tool_call_id, found.tool_name, self._args or found.args_json)
