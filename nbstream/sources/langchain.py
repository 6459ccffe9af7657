"""Reads the streams of LangChain's models and chains: ``stream``, ``astream``, ``astream_events``.

A chain's events have those of its models and tools in them; the others are left out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nbstream.core.message import Usage
from nbstream.sources.readers import class_names
from nbstream.sources.replies import Replies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.events import Event
    from nbstream.sources.readers import Reader

_PROVIDERS = {"google_genai": "google", "google_vertexai": "google"}


def is_event(item: Any) -> bool:
    """Whether an item is one of the dicts of ``astream_events``."""
    return isinstance(item, dict) and "run_id" in item and "event" in item


def reader(item: Any, _thing: Any) -> Reader | None:
    """The reader for items like this one; None if they are not of this library."""
    if is_event(item) or "BaseMessage" in class_names(_message(item)):
        return _Reader()
    return None


def _message(item: Any) -> Any:
    """The message of an item; LangGraph gives pairs of a message and its metadata."""
    return item[0] if isinstance(item, tuple) and item else item


class _Reader:
    def __init__(self) -> None:
        self._replies = Replies()
        self._streamed = False
        self.raw: Any = None
        """The sum of the chunks of the last reply."""

    def read(self, item: Any) -> Iterable[Event]:
        """The events of a chunk, or of one of ``astream_events``."""
        if is_event(item):
            yield from self._event(item["event"], item.get("data", {}), item)
        else:
            yield from self._chunk(_message(item))

    def close(self) -> Iterable[Event]:
        """The end of the last reply."""
        return self._replies.end()

    def _event(self, kind: str, data: Any, item: Any) -> Iterable[Event]:
        if kind == "on_chat_model_start":
            yield from self._replies.end()
            self._streamed, self.raw = False, None
        elif kind == "on_chat_model_stream":
            self._streamed = True
            yield from self._chunk(data["chunk"])
        elif kind == "on_chat_model_end":
            if not self._streamed:
                yield from self._chunk(data["output"])
            yield from self._replies.end()
        elif kind == "on_tool_end":
            yield from self._result(data.get("output"), item.get("name", ""))

    def _result(self, output: Any, name: str) -> Iterable[Event]:
        if "ToolMessage" in class_names(output):
            failed = getattr(output, "status", "") == "error"
            named = output.name or name
            yield from self._replies.result(
                output.tool_call_id, named, output.content, failed=failed
            )

    def _chunk(self, chunk: Any) -> Iterable[Event]:
        names = class_names(chunk)
        if "ToolMessage" in names:
            yield from self._result(chunk, "")
            return
        if "AIMessage" not in names:
            return
        self.raw = chunk if self.raw is None or not self._replies.is_open else self.raw + chunk
        replies, facts = self._replies, chunk.response_metadata
        yield from replies.begin()
        provider = facts.get("model_provider")
        yield from replies.named(
            id=facts.get("id"),
            model=facts.get("model_name") or facts.get("model"),
            provider=_PROVIDERS.get(provider, provider),
        )
        content = chunk.content
        if isinstance(content, str):
            yield from replies.text(content)
        else:
            for block in content:
                yield from self._block(block)
        for call in self._calls_of(chunk):
            args = call.get("args")
            yield from replies.call(call.get("index"), call.get("id"), call.get("name"), args or "")
        if chunk.usage_metadata:
            replies.counted(_usage(chunk.usage_metadata))
        reason = facts.get("finish_reason") or facts.get("stop_reason") or facts.get("status")
        if reason and reason != "in_progress":
            replies.stopped(reason)

    def _calls_of(self, chunk: Any) -> Iterable[Any]:
        if "AIMessageChunk" in class_names(chunk):
            return list(chunk.tool_call_chunks)
        return [
            {"index": at, "id": one["id"], "name": one["name"], "args": json.dumps(one["args"])}
            for at, one in enumerate(chunk.tool_calls)
        ]

    def _block(self, block: Any) -> Iterable[Event]:
        """A block of the content: a text, or thinking as one of the providers writes it."""
        if isinstance(block, str):
            yield from self._replies.text(block)
            return
        kind = block.get("type")
        if kind == "text":
            yield from self._replies.text(block.get("text", ""))
        elif kind in ("thinking", "reasoning", "reasoning_content"):
            text = block.get("thinking") or block.get("reasoning") or ""
            rows = block.get("summary") or ()
            text = text or "".join(row.get("text", "") for row in rows if isinstance(row, dict))
            yield from self._replies.thinking(text)
            if block.get("signature"):
                yield from self._replies.signed(block["signature"])


def _usage(counts: Any) -> Usage:
    read, wrote = counts.get("input_token_details") or {}, counts.get("output_token_details") or {}
    return Usage(
        counts.get("input_tokens", 0),
        counts.get("output_tokens", 0),
        read.get("cache_read", 0) or 0,
        read.get("cache_creation", 0) or 0,
        wrote.get("reasoning", 0) or 0,
    )
