"""The events of AG-UI (https://docs.ag-ui.com/concepts/events), from the events of a run.

A reply of the model is one assistant message there, with its calls; its thinking is a reasoning
message before it, and each tool's result a tool message. What AG-UI has no word for is a ``CUSTOM``
event: files, sources, citations, what a tool reports, and a retry.
"""

from __future__ import annotations

import json
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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbstream.core.message import Message, Usage
    from nbstream.core.parts import BuiltinToolResultPart, Citation

Row = dict[str, Any]

HEADERS = {
    "content-type": "text/event-stream",
    "cache-control": "no-cache",
    "x-accel-buffering": "no",  # nginx would hold the pieces back
}


class AGUIEncoder:
    """Makes AG-UI's events of one run. ``feed`` takes each event in turn."""

    def __init__(self, thread_id: str, run_id: str) -> None:
        self._names = {"threadId": thread_id, "runId": run_id}
        self._message_index: int | None = None
        """The message that the open step is of."""
        self._step = ""
        self._steps = 0
        self._text: tuple[int, int] | None = None
        """The open text part. One message of AG-UI has one text."""
        self._reasoning: dict[tuple[int, int], str] = {}
        """The ids of the open reasoning messages."""
        self._sent: dict[tuple[int, int], list[str]] = {}
        """The text of the open parts so far."""
        self._message_ids: list[str] = []
        """Of the messages that the open step has made."""
        self._calls = CallIds()
        self._sources = CitedSources()
        self._nested = NestedRuns(lambda known: AGUIEncoder(thread_id, f"{run_id}-{known}"))

    def begin(self) -> Iterator[Row]:
        """The first event."""
        yield {"type": "RUN_STARTED", **self._names}

    def feed(self, event: ev.Event) -> Iterator[Row]:  # noqa: PLR0915 - a table of cases
        """The events of one event; none for what AG-UI cannot say."""
        match event:
            case ev.StreamStart():
                yield from self._begin_step(event.message_index)
            case ev.TextStart() | ev.RefusalStart():
                yield from self._begin_step(event.message_index)
                yield from self._begin_text(event)
            case ev.ThinkingStart():
                yield from self._begin_step(event.message_index)
                yield from self._begin_reasoning(event)
            case ev.TextDelta() | ev.RefusalDelta() | ev.ThinkingDelta():
                yield from self._more(event, event.chunk)
            case ev.TextEnd() | ev.RefusalEnd() | ev.ThinkingEnd():
                yield from self._end_part(event)
            case ev.CitationEvent(cited):
                span = {"start": cited.start, "end": cited.end, "citedText": cited.cited_text}
                yield from self._new_sources(cited, without_none(span))
            case ev.ToolStart() | ev.BuiltinToolStart():
                yield from self._begin_step(event.message_index)
                self._note_message(self._reply_id)
                names = {
                    "toolCallId": self._calls.begin(event),
                    "toolCallName": event.tool_name,
                    "parentMessageId": self._reply_id,
                }
                yield {"type": "TOOL_CALL_START", **names}
            case ev.ToolDelta(chunk) | ev.BuiltinToolDelta(chunk):
                if chunk and (known := self._calls.of_part(event)):
                    yield {"type": "TOOL_CALL_ARGS", "toolCallId": known, "delta": chunk}
            case ev.ToolEnd() | ev.BuiltinToolEnd():
                if known := self._calls.end_part(event):
                    yield {"type": "TOOL_CALL_END", "toolCallId": known}
            case ev.BuiltinToolResult():
                yield from self._builtin_result(event)
            case ev.FileEvent() if not event.partial:
                yield from self._begin_step(event.message_index)
                part = event.part
                value = {
                    "mediaType": part.media_type,
                    "url": file_address(part),
                    "filename": part.filename,
                }
                yield self._custom("file", without_none(value))
            case ev.FunctionToolResult():
                yield from (self._custom("nested", row) for row in self._nested.end(event.result))
                yield from self._result(event.result)
            case ev.MessageEvent(message=message):
                if message.role == "assistant":
                    for one in events_of_parts(event):
                        yield from self.feed(one)
                for result in message.parts:
                    if isinstance(result, ToolResultPart):
                        yield from self._result(result)
            case ev.NestedEvent(tool_call_id=call_id):
                rows = self._nested.feed(event, self._calls.of(call_id))
                yield from (self._custom("nested", row) for row in rows)
            case ev.FunctionToolProgress():
                known = self._calls.of(event.tool_call_id)
                value = {"toolCallId": known, "content": plain(event.content)}
                yield self._custom("tool_progress", without_none(value))
            case ev.ApprovalRequest() | ev.InputRequest() | ev.RequestAnswered():
                yield self._request(event)
            case ev.CustomEvent():
                yield {"type": "CUSTOM", "name": event.name or "custom", "value": plain(event.data)}
            case ev.Progress(status=status, fraction=fraction):
                value = without_none({"status": status, "fraction": fraction})
                yield self._custom("progress", value)
            case ev.AgentRunResult():
                if not isinstance(event.output, str):
                    yield {"type": "STATE_SNAPSHOT", "snapshot": {"output": plain(event.output)}}
            case ev.Retry():
                yield from self._retry(event)

    def end(self, message: Message, usage: Usage | None, error: str | None) -> Iterator[Row]:
        """The last events; ``error`` is what ended the run early."""
        yield from self._end_step()
        if error is not None:
            yield {"type": "RUN_ERROR", "message": error}
            return
        end: Row = {"type": "RUN_FINISHED", **self._names}
        if message.finish_reason == "cancelled":
            end["outcome"] = {"type": "cancelled"}
        if usage:
            counts = {
                "provider": message.provider,
                "model": message.model,
                "inputTokens": usage.input_tokens,
                "outputTokens": usage.output_tokens,
                "totalTokens": usage.total_tokens,
                "reasoningTokens": usage.reasoning_tokens,
                "cachedInputTokens": usage.cache_read_tokens,
                "cacheWriteInputTokens": usage.cache_write_tokens,
            }
            end["usage"] = [without_none(counts)]
        yield end

    @property
    def _reply_id(self) -> str:
        """The id of the assistant message that the open step makes."""
        return f"{self._names['runId']}-{self._steps}"

    def _note_message(self, message_id: str) -> None:
        if message_id not in self._message_ids:
            self._message_ids.append(message_id)

    def _begin_step(self, message_index: int) -> Iterator[Row]:
        if self._message_index is not None and message_index <= self._message_index:
            return  # the provider has told the model's name later
        yield from self._end_step()
        self._message_index, self._message_ids = message_index, []
        self._steps += 1
        self._step = f"reply {self._steps}"
        yield {"type": "STEP_STARTED", "stepName": self._step}

    def _end_step(self) -> Iterator[Row]:
        """End what is open, which an answer that broke off leaves, and the step."""
        if self._message_index is None:
            return
        yield from self._end_text()
        for message_id in self._reasoning.values():
            yield {"type": "REASONING_MESSAGE_END", "messageId": message_id}
            yield {"type": "REASONING_END", "messageId": message_id}
        self._reasoning.clear()
        for known in self._calls.end_parts():
            yield {"type": "TOOL_CALL_END", "toolCallId": known}
        self._message_index = None
        yield {"type": "STEP_FINISHED", "stepName": self._step}

    def _begin_text(self, event: ev.PartStart) -> Iterator[Row]:
        yield from self._end_text()
        self._text = (event.message_index, event.index)
        self._sent[self._text] = []
        self._note_message(self._reply_id)
        yield {"type": "TEXT_MESSAGE_START", "messageId": self._reply_id, "role": "assistant"}

    def _end_text(self) -> Iterator[Row]:
        if self._text is not None:
            self._sent.pop(self._text, None)
            self._text = None
            yield {"type": "TEXT_MESSAGE_END", "messageId": self._reply_id}

    def _begin_reasoning(self, event: ev.PartStart) -> Iterator[Row]:
        key = event.message_index, event.index
        message_id = f"{self._reply_id}-reasoning-{event.index}"
        self._reasoning[key] = message_id
        self._sent[key] = []
        self._note_message(message_id)
        yield {"type": "REASONING_START", "messageId": message_id}
        yield {"type": "REASONING_MESSAGE_START", "messageId": message_id, "role": "reasoning"}

    def _more(self, event: ev.PartEvent, text: str) -> Iterator[Row]:
        key = event.message_index, event.index
        if not text or key not in self._sent:
            return
        self._sent[key].append(text)
        if message_id := self._reasoning.get(key):
            yield {"type": "REASONING_MESSAGE_CONTENT", "messageId": message_id, "delta": text}
        else:
            yield {"type": "TEXT_MESSAGE_CONTENT", "messageId": self._reply_id, "delta": text}

    def _end_part(self, event: ev.TextEnd | ev.RefusalEnd | ev.ThinkingEnd) -> Iterator[Row]:
        key = event.message_index, event.index
        if key not in self._sent:
            return  # a second end, which only adds metadata
        text = "".join(self._sent[key])
        if event.text is not None and event.text.startswith(text):
            yield from self._more(event, event.text[len(text) :])
        message_id = self._reasoning.pop(key, None)
        if message_id is None:
            yield from self._end_text()
            return
        del self._sent[key]
        yield {"type": "REASONING_MESSAGE_END", "messageId": message_id}
        yield {"type": "REASONING_END", "messageId": message_id}
        value = getattr(event, "signature", None) or getattr(event, "redacted", None)
        if value:
            names = {"subtype": "message", "entityId": message_id, "encryptedValue": value}
            yield {"type": "REASONING_ENCRYPTED_VALUE", **names}

    def _builtin_result(self, event: ev.BuiltinToolResult) -> Iterator[Row]:
        yield from self._begin_step(event.message_index)
        result = event.result
        if self._calls.of(result.tool_call_id) is None:  # its call was not told
            known = self._calls.new(result.tool_call_id)
            names = {"toolCallName": result.tool_name, "parentMessageId": self._reply_id}
            yield {"type": "TOOL_CALL_START", "toolCallId": known, **names}
            yield {"type": "TOOL_CALL_END", "toolCallId": known}
        yield from self._result(result)
        for cited in result.sources:
            yield from self._new_sources(cited, {})

    def _result(self, result: ToolResultPart | BuiltinToolResultPart) -> Iterator[Row]:
        known = self._calls.answer(result.tool_call_id)
        if known is None:
            return  # it was told already
        held = result.output if result.is_error else output_of(result)
        content = held if isinstance(held, str) else json.dumps(held)
        message_id = f"{self._names['runId']}-{known}-result"
        self._note_message(message_id)
        names = {"messageId": message_id, "toolCallId": known, "role": "tool"}
        own = {"metadata": {"isError": True}} if result.is_error else {}
        yield {"type": "TOOL_CALL_RESULT", **names, "content": content, **own}

    def _new_sources(self, cited: Citation, span: Row) -> Iterator[Row]:
        for row in self._sources.new(cited):
            yield self._custom("source", row)
        if span:
            value = {"url": cited.url, "title": cited.title, **span}
            yield self._custom("citation", without_none(value))

    def _request(self, event: ev.ApprovalRequest | ev.InputRequest | ev.RequestAnswered) -> Row:
        known = self._calls.of(event.tool_call_id)
        value: Row = {"id": event.request_id, "toolCallId": known or event.tool_call_id}
        match event:
            case ev.ApprovalRequest():
                return self._custom("approval_request", value)
            case ev.InputRequest():
                asked = {"question": event.question, "schema": plain(event.schema)}
                return self._custom("input_request", {**value, **asked})
        return self._custom("request_answered", {**value, "accepted": event.accepted})

    def _retry(self, event: ev.Retry) -> Iterator[Row]:
        """AG-UI takes nothing back: the step ends with the ids of the messages that are void."""
        value: Row = {"attempt": event.attempt, "reason": event.reason}
        if self._message_index == event.message_index:
            yield from self._end_step()
            self._calls.void()
            value["voidMessageIds"] = self._message_ids
        yield self._custom("retry", value)

    def _custom(self, name: str, value: Row) -> Row:
        return {"type": "CUSTOM", "name": f"nbstream.{name}", "value": value}
