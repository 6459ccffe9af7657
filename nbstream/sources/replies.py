"""Writes the events of a transcript for libraries that give pieces without starts and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core import parts as p
from nbstream.core.message import Message, Usage, as_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.message import FinishReason

_REASONS: dict[str, FinishReason] = {
    "stop": "stop",
    "end_turn": "stop",
    "completed": "stop",
    "stop_sequence": "stop",
    "length": "length",
    "max_tokens": "length",
    "max_output_tokens": "length",
    "tool_calls": "tool_call",
    "tool_use": "tool_call",
    "tool_call": "tool_call",
    "tool-calls": "tool_call",
    "function_call": "tool_call",
    "content_filter": "content_filter",
    "content-filter": "content_filter",
    "safety": "content_filter",
    "refusal": "content_filter",
}


def finish_reason(raw: Any, *, called: bool) -> FinishReason:
    """The finish reason for a provider's or a library's word; ``stop`` if there is none."""
    found = _REASONS.get(str(raw).lower(), "other") if raw else "stop"
    return "tool_call" if called and found == "stop" else found


class Replies:
    """The replies of one run, with the results of tools between them."""

    def __init__(self) -> None:
        self._message = -1
        self._is_open = False
        self._count = 0  # parts of the reply
        self._open: p.Part | None = None
        self._key: Any = None
        self._args = ""
        self._calls = False
        self._results: list[p.Part] = []
        self._facts: dict[str, Any] = {}
        self._usage: Usage | None = None
        self._reason: Any = None
        self._attempt = 1

    @property
    def index(self) -> int:
        """The number of the reply in the transcript; 0 if none has begun."""
        return max(self._message, 0)

    @property
    def is_open(self) -> bool:
        """Whether a reply has begun and not ended."""
        return self._is_open

    def has_open(self, cls: Any) -> bool:
        """Whether a part of that class has begun and not ended."""
        return isinstance(self._open, cls)

    def begin(self) -> Iterable[ev.Event]:
        """Begin a reply, unless one is open."""
        if self._is_open:
            return
        if self._results:
            self._message += 1
            message = Message("tool", tuple(self._results))
            yield ev.MessageEvent(message, message_index=self._message)
        self._results, self._facts, self._usage, self._reason = [], {}, None, None
        self._message += 1
        self._is_open, self._count, self._calls = True, 0, False
        yield ev.StreamStart(message_index=self._message)

    def named(self, **facts: Any) -> Iterable[ev.Event]:
        """Say who answers: ``id``, ``model``, ``provider``; None is not known."""
        facts = {name: one for name, one in facts.items() if one and one != self._facts.get(name)}
        if facts:
            yield from self.begin()
            self._facts.update(facts)
            yield ev.StreamStart(**self._facts, message_index=self._message)

    def text(self, chunk: str) -> Iterable[ev.Event]:
        """More of the text."""
        if chunk:
            yield from self._part(p.TextPart, ev.TextStart)
            yield ev.TextDelta(self._count - 1, chunk, message_index=self._message)

    def thinking(self, chunk: str) -> Iterable[ev.Event]:
        """More of the thinking."""
        if chunk:
            yield from self._part(p.ThinkingPart, ev.ThinkingStart)
            yield ev.ThinkingDelta(self._count - 1, chunk, message_index=self._message)

    def signed(self, signature: str) -> Iterable[ev.Event]:
        """The signature of the thinking before it."""
        yield from self._part(p.ThinkingPart, ev.ThinkingStart)
        at, where = self._count - 1, self._message
        yield ev.SignatureEvent(at, signature, message_index=where)
        yield ev.ThinkingEnd(at, signature, message_index=where)
        self._open = None

    def encrypted(self, redacted: str) -> Iterable[ev.Event]:
        """The encrypted form of the thinking before it."""
        yield from self._part(p.ThinkingPart, ev.ThinkingStart)
        yield ev.ThinkingEnd(self._count - 1, None, redacted, message_index=self._message)
        self._open = None

    def call(
        self, key: Any, call_id: str | None, name: str | None, chunk: str
    ) -> Iterable[ev.Event]:
        """More of the call that ``key`` stands for."""
        if not isinstance(self._open, p.ToolCallPart) or key != self._key:
            yield from self._begin_call(key, p.ToolCallPart, ev.ToolStart, call_id, name)
            self._calls = True
        if chunk:
            self._args += chunk
            yield ev.ToolDelta(self._count - 1, chunk, message_index=self._message)

    def builtin_call(self, call_id: str, name: str, chunk: str) -> Iterable[ev.Event]:
        """More of a call of the provider's own tool."""
        if not isinstance(self._open, p.BuiltinToolCallPart) or call_id != self._key:
            start = ev.BuiltinToolStart
            yield from self._begin_call(call_id, p.BuiltinToolCallPart, start, call_id, name)
        if chunk:
            self._args += chunk
            yield ev.BuiltinToolDelta(self._count - 1, chunk, message_index=self._message)

    def _begin_call(
        self, key: Any, cls: Any, start: Any, call_id: str | None, name: str | None
    ) -> Iterable[ev.Event]:
        yield from self.begin()
        yield from self.end_part()
        self._key, self._args = key, ""
        self._open = part = cls(call_id or f"call_{self._count}", name or "")
        self._count += 1
        where = self._message
        yield start(self._count - 1, part.tool_call_id, part.tool_name, message_index=where)

    def builtin_result(self, part: p.BuiltinToolResultPart) -> Iterable[ev.Event]:
        """What a tool of the provider's own gave."""
        yield from self.begin()
        yield from self.end_part()
        self._count += 1
        yield ev.BuiltinToolResult(self._count - 1, part, message_index=self._message)

    def file(
        self,
        media_type: str,
        data: bytes | None = None,
        url: str | None = None,
        filename: str | None = None,
        *,
        partial: bool = False,
    ) -> Iterable[ev.Event]:
        """A file; a partial one is replaced by the next."""
        yield from self.begin()
        if not isinstance(self._open, p.FilePart):
            yield from self.end_part()
            self._count += 1
        self._open = p.FilePart(media_type, data, url, filename) if partial else None
        yield ev.FileEvent(
            self._count - 1,
            media_type,
            data,
            url,
            filename,
            partial=partial,
            message_index=self._message,
        )

    def retry(self, reason: str) -> Iterable[ev.Event]:
        """The reply begins again; what it had is void, also the results of its calls."""
        if self._message < 0:
            return
        self._attempt += 1
        self._open, self._is_open, self._results = None, False, []
        yield ev.Retry(self._attempt, reason, message_index=self._message)
        self._message -= 1  # it begins again in the same place

    def result(
        self, call_id: str, name: str, content: Any, *, failed: bool = False
    ) -> Iterable[ev.Event]:
        """The result of a call of the last reply."""
        yield from self.end()
        part = p.ToolResultPart(call_id, as_json(content), name, is_error=failed)
        self._results.append(part)
        yield ev.FunctionToolResult(part, message_index=self.index)

    def counted(self, usage: Usage) -> None:
        """Add tokens to those of the reply."""
        self._usage = usage if self._usage is None else self._usage + usage

    def stopped(self, raw: Any) -> None:
        """Note why the reply ends, in the provider's or the library's word."""
        self._reason = raw

    def end(self) -> Iterable[ev.Event]:
        """End the reply, if one is open."""
        if not self._is_open:
            return
        yield from self.end_part()
        self._is_open = False
        metadata = {"finish_reason": self._reason} if self._reason else {}
        reason = finish_reason(self._reason, called=self._calls)
        yield ev.StreamEnd(reason, self._usage, metadata, message_index=self._message)

    def _part(self, cls: Any, start: Any) -> Iterable[ev.Event]:
        """Begin a part of that class, unless one is open."""
        yield from self.begin()
        if not isinstance(self._open, cls):
            yield from self.end_part()
            self._open = cls("")
            self._count += 1
            yield start(self._count - 1, message_index=self._message)

    def end_part(self) -> Iterable[ev.Event]:
        """End the part that is open, if one is."""
        part, self._open = self._open, None
        at, where = self._count - 1, self._message
        if isinstance(part, p.TextPart):
            yield ev.TextEnd(at, message_index=where)
        elif isinstance(part, p.ThinkingPart):
            yield ev.ThinkingEnd(at, message_index=where)
        elif isinstance(part, p.ToolCallPart):
            whole = p.ToolCallPart(part.tool_call_id, part.tool_name, self._args)
            yield ev.ToolEnd(at, whole, message_index=where)
        elif isinstance(part, p.BuiltinToolCallPart):
            builtin = p.BuiltinToolCallPart(part.tool_call_id, part.tool_name, self._args)
            yield ev.BuiltinToolEnd(at, builtin, message_index=where)
