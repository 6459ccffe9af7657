"""The UI message stream of Vercel's AI SDK (``ai`` 5, 6 and 7), from the events of a run.

A run is one message there; each reply of the model is a step in it. What the protocol has no word
for is in ``providerMetadata.nbstream``. https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core import events as ev
from nbstream.core.parts import ToolResultPart
from nbstream.encoders.call_ids import CallIds
from nbstream.encoders.nested import NestedRuns
from nbstream.encoders.values import (
    CitedSources,
    events_of_parts,
    file_address,
    output_of,
    plain,
    without_none,
)
from nbstream.encoders.vercel_chunks import citation_of, executed, metadata, output, whole_call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.core.message import Message, Usage
    from nbstream.core.parts import (
        BuiltinToolResultPart,
        Citation,
        FilePart,
    )

Chunk = dict[str, Any]

HEADERS = {
    "content-type": "text/event-stream",
    "cache-control": "no-cache",
    "x-vercel-ai-ui-message-stream": "v1",
    "x-accel-buffering": "no",  # nginx would hold the pieces back
}

_FINISH = {"tool_call": "tool-calls", "content_filter": "content-filter", "cancelled": "other"}
"""Vercel's words where they differ from ``finish_reason``."""


def _nested(data: Chunk) -> Chunk:
    """A chunk of an agent that is a tool. It is in no message, which would grow with each."""
    return {"type": "data-nested", "data": data, "transient": True}


class _OpenPart:
    """A text or reasoning part that has not ended."""

    def __init__(self, word: str, part_id: str) -> None:
        self.word, self.id = word, part_id
        self.sent: list[str] = []
        self.citations: list[Citation] = []


class UIMessageEncoder:
    """Makes the chunks of one UI message. ``feed`` takes each event in turn."""

    def __init__(self, message_id: str) -> None:
        self._message_id = message_id
        self._step: int | None = None
        """The message that the open step is of."""
        self._parts: dict[tuple[int, int], _OpenPart] = {}
        self._count = 0  # of parts and files so far
        self._calls = CallIds()
        self._denied: set[str] = set()
        self._sources = CitedSources()
        self._nested = NestedRuns(UIMessageEncoder)
        self._sent = False
        """Whether anything of the open step was sent."""

    def begin(self) -> Iterator[Chunk]:
        """The first chunk."""
        yield {"type": "start", "messageId": self._message_id}

    def feed(self, event: ev.Event) -> Iterator[Chunk]:  # noqa: PLR0915 - a table of cases
        """The chunks of one event; none for what the protocol cannot say."""
        match event:
            case ev.StreamStart():
                yield from self._begin_step(event.message_index)
            case ev.TextStart() | ev.RefusalStart():
                yield from self._begin_part(event, "text")
            case ev.ThinkingStart():
                yield from self._begin_part(event, "reasoning")
            case ev.TextDelta() | ev.RefusalDelta() | ev.ThinkingDelta():
                yield from self._more(event, event.chunk)
            case ev.TextEnd() | ev.RefusalEnd() | ev.ThinkingEnd():
                yield from self._end_part(event)
            case ev.CitationEvent():
                if part := self._parts.get((event.message_index, event.index)):
                    part.citations.append(event.citation)
                yield from self._new_sources(event.citation)
            case ev.ToolStart() | ev.BuiltinToolStart():
                yield from self._begin_step(event.message_index)
                self._sent = True
                names = {"toolCallId": self._calls.begin(event), "toolName": event.tool_name}
                yield {"type": "tool-input-start", **names, **executed(event)}
            case ev.ToolDelta(chunk) | ev.BuiltinToolDelta(chunk):
                if known := self._calls.of_part(event):
                    names = {"toolCallId": known, "inputTextDelta": chunk}
                    yield {"type": "tool-input-delta", **names}
            case ev.ToolEnd(call) | ev.BuiltinToolEnd(call):
                if known := self._calls.end_part(event):
                    yield {**whole_call(call, known), **executed(event)}
            case ev.BuiltinToolResult():
                yield from self._builtin_result(event)
            case ev.FileEvent():
                if not event.partial:
                    yield from self._begin_step(event.message_index)
                    yield self._file(event.part)
            case ev.FunctionToolResult():
                yield from map(_nested, self._nested.end(event.result))
                yield from self._result(event.result)
            case ev.MessageEvent(message=message):
                if message.role == "assistant":
                    for one in events_of_parts(event):
                        yield from self.feed(one)
                for result in message.parts:
                    if isinstance(result, ToolResultPart):
                        yield from self._result(result)
            case ev.FunctionToolProgress():
                if known := self._calls.of(event.tool_call_id):
                    yield {**output(known, plain(event.content)), "preliminary": True}
            case ev.ApprovalRequest():
                if known := self._calls.of(event.tool_call_id):
                    names = {"approvalId": event.request_id, "toolCallId": known}
                    yield {"type": "tool-approval-request", **names}
            case ev.InputRequest() | ev.RequestAnswered():
                yield from self._request(event)
            case ev.NestedEvent(tool_call_id=call_id):
                yield from map(_nested, self._nested.feed(event, self._calls.of(call_id)))
            case ev.CustomEvent():
                yield {"type": f"data-{event.name or 'custom'}", "data": plain(event.data)}
            case ev.Progress(status=status, fraction=fraction):
                data = without_none({"status": status, "fraction": fraction})
                yield {"type": "data-progress", "data": data, "transient": True}
            case ev.Retry():
                yield from self._retry(event)

    def end(self, message: Message, usage: Usage | None, error: str | None) -> Iterator[Chunk]:
        """The last chunks; ``error`` is what ended the run early."""
        yield from self._end_step()
        if error is not None:
            yield {"type": "error", "errorText": error}
        elif message.finish_reason == "cancelled":
            yield {"type": "abort"}
        else:
            reason = message.finish_reason or "other"
            known: Chunk = {"provider": message.provider, "model": message.model}
            if usage:
                known["usage"] = {
                    "inputTokens": usage.input_tokens,
                    "outputTokens": usage.output_tokens,
                    "totalTokens": usage.total_tokens,
                    "reasoningTokens": usage.reasoning_tokens,
                    "cachedInputTokens": usage.cache_read_tokens,
                }
            yield {
                "type": "finish",
                "finishReason": _FINISH.get(reason, reason),
                "messageMetadata": without_none(known),
            }

    def _begin_step(self, message_index: int) -> Iterator[Chunk]:
        if self._step is not None and message_index <= self._step:
            return  # the provider has told the model's name later
        yield from self._end_step()
        self._step, self._sent = message_index, False
        yield {"type": "start-step"}

    def _end_step(self) -> Iterator[Chunk]:
        if self._step is None:
            return
        for part in self._parts.values():  # of an answer that broke off
            yield {"type": f"{part.word}-end", "id": part.id}
        self._parts.clear()
        self._step = None
        yield {"type": "finish-step"}

    def _begin_part(self, event: ev.PartStart, word: str) -> Iterator[Chunk]:
        yield from self._begin_step(event.message_index)
        self._sent = True
        self._count += 1
        part = _OpenPart(word, f"{word}-{self._count}")
        self._parts[event.message_index, event.index] = part
        yield {"type": f"{word}-start", "id": part.id}

    def _more(self, event: ev.PartEvent, text: str) -> Iterator[Chunk]:
        if part := self._parts.get((event.message_index, event.index)):
            part.sent.append(text)
            yield {"type": f"{part.word}-delta", "id": part.id, "delta": text}

    def _end_part(self, event: ev.TextEnd | ev.RefusalEnd | ev.ThinkingEnd) -> Iterator[Chunk]:
        part = self._parts.get((event.message_index, event.index))
        if part is None:
            return  # a second end, which only adds metadata
        text = "".join(part.sent)
        if event.text is not None and event.text.startswith(text) and event.text != text:
            yield from self._more(event, event.text[len(text) :])
            text = event.text
        del self._parts[event.message_index, event.index]
        own: Chunk = {}
        if isinstance(event, ev.ThinkingEnd):
            own = {"signature": event.signature, "redacted": event.redacted}
        elif isinstance(event, ev.RefusalEnd):
            own = {"refusal": True}
        elif part.citations:
            own = {"citations": [citation_of(one, text) for one in part.citations]}
        yield {"type": f"{part.word}-end", "id": part.id, **metadata(own)}

    def _builtin_result(self, event: ev.BuiltinToolResult) -> Iterator[Chunk]:
        yield from self._begin_step(event.message_index)
        result = event.result
        if self._calls.of(result.tool_call_id) is None:  # its call was not told
            names = {
                "toolCallId": self._calls.new(result.tool_call_id),
                "toolName": result.tool_name,
            }
            yield {"type": "tool-input-available", **names, "input": {}, "providerExecuted": True}
        for chunk in self._result(result):
            yield {**chunk, "providerExecuted": True}
        for cited in result.sources:
            yield from self._new_sources(cited)

    def _result(self, result: ToolResultPart | BuiltinToolResultPart) -> Iterator[Chunk]:
        known = self._calls.answer(result.tool_call_id)
        if known is None or known in self._denied:
            return  # it was told already
        self._sent = True
        if result.is_error:
            text = result.output or "The tool failed."
            yield {"type": "tool-output-error", "toolCallId": known, "errorText": text}
        else:
            yield output(known, output_of(result))

    def _file(self, part: FilePart) -> Chunk:
        self._sent = True
        self._count += 1
        if url := file_address(part):
            own = metadata({"filename": part.filename})
            return {"type": "file", "url": url, "mediaType": part.media_type, **own}
        title = part.filename or part.url or "file"
        names = {"sourceId": f"file-{self._count}", "mediaType": part.media_type, "title": title}
        return {"type": "source-document", **names}

    def _new_sources(self, cited: Citation) -> Iterator[Chunk]:
        for row in self._sources.new(cited):
            names = {"sourceId": row["id"], **{key: row[key] for key in row if key != "id"}}
            if "url" in row:
                yield {"type": "source-url", **names}
            else:
                yield {"type": "source-document", "mediaType": "text/plain", **names}

    def _request(self, event: ev.InputRequest | ev.RequestAnswered) -> Iterator[Chunk]:
        """A question of a tool, and its answer, as one ``data-input-request`` that changes."""
        known = self._calls.of(event.tool_call_id)
        if isinstance(event, ev.InputRequest):
            data: Chunk = {"question": event.question, "schema": plain(event.schema)}
        elif event.request_id != event.tool_call_id:
            data = {"accepted": event.accepted, "content": plain(event.content)}
        else:  # of an approval
            if known and not event.accepted:
                self._denied.add(known)
                yield {"type": "tool-output-denied", "toolCallId": known}
            return
        data["toolCallId"] = known or event.tool_call_id
        yield {"type": "data-input-request", "id": event.request_id, "data": data}

    def _retry(self, event: ev.Retry) -> Iterator[Chunk]:
        """The protocol takes nothing back: the step ends with the note that it is void."""
        data = {"attempt": event.attempt, "reason": event.reason}
        if self._step != event.message_index or not self._sent:
            yield {"type": "data-retry", "data": data, "transient": True}
            return
        for known in self._calls.void():
            text = "The answer begins again."
            yield {"type": "tool-output-error", "toolCallId": known, "errorText": text}
        yield {"type": "data-retry", "data": {**data, "voidsStep": True}}
        yield from self._end_step()
