"""Reads the streams of Vercel's ``ai`` for Python: ``ai.stream`` and runs of its agents."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core import parts as p
from nbstream.core.message import Usage, as_json
from nbstream.sources.replies import Replies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.sources.readers import Reader

_ENDS = {"text_end": p.TextPart, "tool_end": p.ToolCallPart}


def reader(item: Any, thing: Any) -> Reader | None:
    """The reader for items like this one; None if they are not of this library."""
    known = isinstance(getattr(item, "kind", None), str)
    return _Reader(runs_tools=hasattr(thing, "context")) if known else None


def final(thing: Any) -> Any:
    """The library's own message: the last one of an agent's run."""
    messages = getattr(thing, "messages", None)
    return messages[-1] if messages else getattr(thing, "message", None)


class _Reader:
    """Builds the transcript of one run; ``runs_tools`` if it is an agent's."""

    def __init__(self, *, runs_tools: bool) -> None:
        self._replies = Replies()
        self._runs_tools = runs_tools
        self._calls: list[p.ToolCallPart] = []
        self._nested: dict[str, tuple[Any, _Reader]] = {}

    def read(self, item: Any) -> Iterable[ev.Event]:
        """The events of one of the library's events."""
        replies, kind = self._replies, item.kind
        if kind == "stream_start":
            yield from self.close()
            yield from replies.begin()
        elif kind == "text_delta":
            yield from replies.text(item.chunk)
        elif kind == "reasoning_delta":
            yield from replies.thinking(item.chunk)
        elif kind == "reasoning_end":
            yield from self._end_thinking(item.provider_metadata)
        elif kind == "tool_start":
            yield from replies.call(item.tool_call_id, item.tool_call_id, item.tool_name, "")
        elif kind == "tool_delta":
            yield from replies.call(item.tool_call_id, item.tool_call_id, None, item.chunk)
        elif kind == "builtin_tool_start":
            yield from replies.builtin_call(item.tool_call_id, item.tool_name, "")
        elif kind == "builtin_tool_delta":
            yield from replies.builtin_call(item.tool_call_id, "", item.chunk)
        elif kind == "builtin_tool_result":
            yield from replies.builtin_result(_builtin_result(item.result))
        elif kind == "file":
            yield from self._file(item)
        elif kind in _ENDS:
            yield from self._end_part(item)
        elif kind == "partial_tool_call_result":
            yield from self._partial(item)
        elif kind == "tool_call_result":
            yield from self._results(item)
        elif kind == "retry":
            self._calls = []
            yield from replies.retry("the run asks the model again")
        elif kind == "stream_end":
            yield from replies.named(id=item.response_id, model=item.response_model)
            if item.usage is not None:
                replies.counted(_usage(item.usage))
            replies.stopped(item.finish_reason)
            yield from self.close()

    def close(self) -> Iterable[ev.Event]:
        """The end of the last reply, and the start of its calls."""
        yield from self._replies.end()
        calls, self._calls = self._calls, []
        for call in calls:
            yield ev.FunctionToolCall(call, message_index=self._replies.index)

    def _end_part(self, item: Any) -> Iterable[ev.Event]:
        """End a part, unless another one has begun: Chat Completions' text ends after its calls."""
        if self._replies.has_open(_ENDS[item.kind]):
            yield from self._replies.end_part()
        if item.kind == "tool_end" and self._runs_tools:
            call = item.tool_call
            self._calls.append(p.ToolCallPart(call.tool_call_id, call.tool_name, call.tool_args))

    def _end_thinking(self, metadata: Any) -> Iterable[ev.Event]:
        if signature := _found_in(metadata, "signature"):
            yield from self._replies.signed(signature)
        elif encrypted := _found_in(metadata, "reasoning_encrypted_content"):
            yield from self._replies.encrypted(encrypted)
        elif self._replies.has_open(p.ThinkingPart):
            yield from self._replies.end_part()

    def _file(self, item: Any) -> Iterable[ev.Event]:
        data, url = item.data, None
        if isinstance(data, str):
            if data.startswith(("http:", "https:", "data:")):
                data, url = None, data
            else:
                try:
                    data = base64.b64decode(data, validate=True)
                except binascii.Error:
                    return
        partial = item.block_id.endswith(":partial")
        yield from self._replies.file(item.media_type, data, url, item.filename, partial=partial)

    def _results(self, item: Any) -> Iterable[ev.Event]:
        for one in item.results:
            if not one.is_hook_deferred:  # else it stands for a call that waits for a person
                content = one.get_model_input()
                failed = one.result_kind == "error"
                yield from self._replies.result(
                    one.tool_call_id, one.tool_name, content, failed=failed
                )

    def _partial(self, item: Any) -> Iterable[ev.Event]:
        """What a tool yields before its result: of a tool that is an agent, that run's events."""
        call_id, name = item.tool_call_id or "", item.tool_name or ""
        where = self._replies.index
        if not isinstance(getattr(item.value, "kind", None), str):
            content = as_json(item.value)
            yield ev.FunctionToolProgress(call_id, name, content, message_index=where)
            return
        label, inner = self._nested.setdefault(call_id, (item.label, _Reader(runs_tools=True)))
        if call_id and item.label == label:  # a call has the run of one agent, its first
            for event in inner.read(item.value):
                agent = label if isinstance(label, str) else name
                yield ev.NestedEvent(call_id, agent, event, message_index=where)


def _builtin_result(result: Any) -> p.BuiltinToolResultPart:
    content = as_json(result.result)
    return p.BuiltinToolResultPart(
        result.tool_call_id, result.tool_name, content, is_error=result.is_error
    )


def _usage(counts: Any) -> Usage:
    written = counts.cache_write_tokens or 0
    total = counts.input_tokens
    if "cache_creation_input_tokens" in (counts.raw or {}):  # Anthropic's, which ai leaves out
        total += written
    return Usage(
        total,
        counts.output_tokens,
        counts.cache_read_tokens or 0,
        written,
        counts.reasoning_tokens or 0,
    )


def _found_in(metadata: Any, name: str) -> str | None:
    """A text that the provider keeps, such as the signature of thinking."""
    if not isinstance(metadata, dict):
        return None
    for row in (metadata, *metadata.values()):
        if isinstance(row, dict) and isinstance(row.get(name), str):
            return str(row[name])
    return None
