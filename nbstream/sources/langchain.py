"""Reads the streams of LangChain's models and chains, and of LangGraph's graphs.

``stream``, ``astream`` and ``astream_events``. A chain's events have those of its models and tools
in them; the others are left out, and so are a graph's modes other than ``messages``. Models that
answer at the same time become one reply after the other.
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
_MODES = {"values", "updates", "messages", "custom", "checkpoints", "tasks", "debug"}


def is_event(item: Any) -> bool:
    """Whether an item is one of the dicts of ``astream_events``."""
    return isinstance(item, dict) and "run_id" in item and "event" in item


def reader(item: Any, _thing: Any) -> Reader | None:
    """The reader for items like this one; None if they are not of this library."""
    mode, message, _place = _of_graph(item)
    known = is_event(item) or mode in _MODES or "BaseMessage" in class_names(message)
    return _Reader() if known else None


def _of_graph(item: Any) -> tuple[str, Any, str]:
    """The mode of an item of a graph, its message, and the place in the graph that it is from.

    An item is a message and its metadata. With several modes, or with ``subgraphs``, it is the last
    of a tuple that names them, and with ``version="v2"`` the data of a dict.
    """
    mode = ""
    if isinstance(item, dict) and item.keys() >= {"type", "ns", "data"}:
        mode, item = item["type"], item["data"]
    elif isinstance(item, tuple) and item and "BaseMessage" not in class_names(item[0]):
        mode, item = next((one for one in item[:-1] if isinstance(one, str)), ""), item[-1]
    if isinstance(item, tuple) and len(item) == 2 and isinstance(item[1], dict):
        return mode, item[0], str(item[1].get("langgraph_checkpoint_ns", ""))
    return mode, item, ""


class _Reader:
    def __init__(self) -> None:
        self._replies = Replies()
        self._open: str | None = None
        """The place of the model that answers."""
        self._held: list[tuple[str, str, Any]] = []
        """What has come of other places meanwhile."""
        self.raw: Any = None
        """The sum of the chunks of the last reply."""

    def read(self, item: Any) -> Iterable[Event]:
        """The events of a chunk, or of one of ``astream_events``."""
        if is_event(item):
            data = item.get("data", {})
            kind = item["event"]
            if kind == "on_tool_end":
                yield from self._take("", kind, (data.get("output"), item.get("name", "")))
            else:
                yield from self._take(str(item["run_id"]), kind, data)
            return
        _mode, message, place = _of_graph(item)
        names = class_names(message)
        if "ToolMessage" in names:
            yield from self._take(place, "on_tool_end", (message, ""))
        elif "AIMessage" in names:
            yield from self._take(place, "on_chat_model_stream", {"chunk": message})
            is_chunk = "AIMessageChunk" in names
            if not is_chunk or getattr(message, "chunk_position", None) == "last":
                yield from self._take(place, "on_chat_model_end", {"output": message})

    def close(self) -> Iterable[Event]:
        """The end of the last reply, and all that was held back."""
        while self._open is not None or self._held:
            yield from self._end()

    def _take(self, place: str, kind: str, data: Any) -> Iterable[Event]:
        """The events of a step; none yet if a model at another place is answering."""
        if self._open not in (None, place):
            self._held.append((place, kind, data))
        elif kind == "on_chat_model_stream":
            self._open = place
            yield from self._chunk(data["chunk"])
        elif kind == "on_chat_model_end":
            if self._open is None:  # it did not stream
                yield from self._chunk(data["output"])
            yield from self._end()
        elif kind == "on_tool_end":
            yield from self._result(*data)

    def _end(self) -> Iterable[Event]:
        """The end of the open reply, and what was held back for it."""
        yield from self._replies.end()
        self._open = None
        held, self._held = self._held, []
        for step in held:
            yield from self._take(*step)

    def _result(self, output: Any, name: str) -> Iterable[Event]:
        if "ToolMessage" in class_names(output):
            failed = getattr(output, "status", "") == "error"
            named = output.name or name
            yield from self._replies.result(
                output.tool_call_id, named, output.content, failed=failed
            )

    def _chunk(self, chunk: Any) -> Iterable[Event]:
        if "AIMessage" not in class_names(chunk):
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
