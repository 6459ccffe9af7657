"""Reads the streams of Vercel's ``ai`` for Python: ``ai.stream`` and runs of its agents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.message import Usage
from nbstream.sources.replies import Replies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbstream.core.events import Event
    from nbstream.sources.readers import Reader


def reader(item: Any, _thing: Any) -> Reader | None:
    """The reader for items like this one; None if they are not of this library."""
    return _Reader() if isinstance(getattr(item, "kind", None), str) else None


def final(thing: Any) -> Any:
    """The library's own message: the last one of an agent's run."""
    messages = getattr(thing, "messages", None)
    return messages[-1] if messages else getattr(thing, "message", None)


class _Reader:
    def __init__(self) -> None:
        self._replies = Replies()

    def read(self, item: Any) -> Iterable[Event]:
        """The events of one of the library's events."""
        replies, kind = self._replies, item.kind
        if kind == "stream_start":
            yield from replies.end()
            yield from replies.begin()
        elif kind in ("text_end", "tool_end"):
            yield from replies.end_part()
        elif kind == "text_delta":
            yield from replies.text(item.chunk)
        elif kind == "reasoning_delta":
            yield from replies.thinking(item.chunk)
        elif kind == "reasoning_end":
            if signature := _signature(item.provider_metadata):
                yield from replies.signed(signature)
            yield from replies.end_part()
        elif kind == "tool_start":
            yield from replies.call(item.tool_call_id, item.tool_call_id, item.tool_name, "")
        elif kind == "tool_delta":
            yield from replies.call(item.tool_call_id, item.tool_call_id, None, item.chunk)
        elif kind == "tool_call_result":
            for one in item.results:
                failed = "error" in str(one.result_kind)
                yield from replies.result(
                    one.tool_call_id, one.tool_name, one.get_model_input(), failed=failed
                )
        elif kind == "stream_end":
            yield from replies.named(id=item.response_id, model=item.response_model)
            if item.usage is not None:
                replies.counted(_usage(item.usage))
            replies.stopped(item.finish_reason)
            yield from replies.end()

    def close(self) -> Iterable[Event]:
        """The end of the last reply."""
        return self._replies.end()


def _usage(counts: Any) -> Usage:
    return Usage(
        counts.input_tokens,
        counts.output_tokens,
        counts.cache_read_tokens or 0,
        counts.cache_write_tokens or 0,
        counts.reasoning_tokens or 0,
    )


def _signature(metadata: Any) -> str | None:
    """The signature of thinking, where a provider keeps one."""
    for row in (metadata or {}).values() if isinstance(metadata, dict) else ():
        if isinstance(row, dict) and isinstance(row.get("signature"), str):
            return str(row["signature"])
    found = metadata.get("signature") if isinstance(metadata, dict) else None
    return found if isinstance(found, str) else None
