"""What servers do differently from the documents and from each other, for every wire format.

Each body here says "Hello", in the format's own words; only how it is written differs.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from nbstream.core.log import Log
from nbstream.core.message import Message, TextPart
from nbstream.core.sse import SSEDecoder
from nbstream.errors import ProviderError
from nbstream.recorded_body import protocol_named
from tests.protocols.any_decoder import decode, same_however_cut

Row = dict[str, Any]
Rows = list[Row]

CHAT_TOP = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}


def chat(delta: Row, finish: str | None = None) -> Row:
    return {**CHAT_TOP, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def anthropic(kind: str, **fields: Any) -> Row:
    return {"type": kind, **fields}


def piece(text: str) -> Row:
    delta = {"type": "text_delta", "text": text}
    return anthropic("content_block_delta", index=0, delta=delta)


def gemini(text: str, **candidate: Any) -> Row:
    content = {"parts": [{"text": text}], "role": "model"}
    return {"candidates": [{"content": content, "index": 0, **candidate}], "responseId": "g"}


def responses(kind: str, **fields: Any) -> Row:
    return {"type": f"response.{kind}", **fields}


AT: Row = {"output_index": 0, "content_index": 0, "item_id": "i"}
ITEM: Row = {"type": "message", "id": "i", "role": "assistant", "content": []}
DONE: Row = {**ITEM, "content": [{"type": "output_text", "text": "Hello", "annotations": []}]}
RESPONSE: Row = {"id": "r", "object": "response", "model": "m", "status": "in_progress"}
COUNTS: Row = {"input_tokens": 3, "output_tokens": 2}
COMPLETED: Row = {**RESPONSE, "status": "completed", "output": [DONE], "usage": COUNTS}
CHAT_COUNTS: Row = {"prompt_tokens": 3, "completion_tokens": 2}
MESSAGE: Row = {"id": "a", "type": "message", "role": "assistant", "model": "m", "content": []}

STREAMS: dict[str, Rows] = {
    "openai_chat": [
        chat({"role": "assistant", "content": ""}),
        chat({"content": "Hel"}),
        chat({"content": "lo"}),
        chat({}, "stop"),
        {**CHAT_TOP, "choices": [], "usage": CHAT_COUNTS},
    ],
    "anthropic": [
        anthropic("message_start", message={**MESSAGE, "usage": {**COUNTS, "output_tokens": 1}}),
        anthropic("content_block_start", index=0, content_block={"type": "text", "text": ""}),
        piece("Hel"),
        piece("lo"),
        anthropic("content_block_stop", index=0),
        anthropic("message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 2}),
        anthropic("message_stop"),
    ],
    "openai_responses": [
        responses("created", response={**RESPONSE, "output": []}),
        responses("output_item.added", output_index=0, item=ITEM),
        responses("output_text.delta", **AT, delta="Hel"),
        responses("output_text.delta", **AT, delta="lo"),
        responses("output_item.done", output_index=0, item=DONE),
        responses("completed", response=COMPLETED),
    ],
    "gemini": [
        gemini("Hel"),
        {
            **gemini("lo", finishReason="STOP"),
            "usageMetadata": {
                "promptTokenCount": 3,
                "candidatesTokenCount": 2,
                "totalTokenCount": 5,
            },
        },
    ],
}

WHOLE: dict[str, Row] = {
    "openai_chat": {
        **CHAT_TOP,
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hello"},
                "finish_reason": "stop",
            }
        ],
        "usage": CHAT_COUNTS,
    },
    "anthropic": {
        **MESSAGE,
        "content": [{"type": "text", "text": "Hello"}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": COUNTS,
    },
    "openai_responses": {**COMPLETED, "error": None},
    "gemini": {
        **gemini("Hello", finishReason="STOP"),
        "usageMetadata": STREAMS["gemini"][1]["usageMetadata"],
    },
}

PROTOCOLS = list(STREAMS)


@dataclass
class Framing:
    """A way to write rows as bytes."""

    end: str = "\n"
    space: str = " "
    before: str = ""
    between: str = ""
    after: str = ""
    named: bool = True
    name_last: bool = False
    indent: int | None = None
    cut_end: bool = False
    blank: bool = True
    first: bytes = b""

    def __call__(self, rows: Rows) -> bytes:
        text = self.before
        for row in rows:
            data = json.dumps(row, indent=self.indent).replace("\n", f"\ndata:{self.space}")
            lines = [f"data:{self.space}{data}"]
            if self.named and "type" in row:
                lines.insert(len(lines) * self.name_last, f"event:{self.space}{row['type']}")
            text += "\n".join([*lines, "", ""][: None if self.blank else -1]) + self.between
        text += self.after
        if self.cut_end:
            text = text.rstrip("\n")
        return self.first + text.replace("\n", self.end).encode()


FRAMINGS = {
    "CRLF": Framing(end="\r\n"),
    "CR": Framing(end="\r"),
    "a byte order mark": Framing(first=b"\xef\xbb\xbf"),
    "no space after the colon": Framing(space=""),
    "more space after the colon": Framing(space="   "),
    "comments": Framing(before=": hello\n\n", between=": keepalive\n\n:\n\n"),
    "comments without a blank line": Framing(before=":\n", between=": OPENROUTER PROCESSING\n"),
    "blank lines": Framing(before="\n\n", between="\n\n\n"),
    "ids and times to wait": Framing(before="retry: 3000\n\n", between="id: 7\nid\nretry: 1\n\n"),
    "empty data": Framing(before="data:\n\n", between="data: \n\nevent: ping\ndata:\n\n"),
    "null as a keep-alive": Framing(before="data: null\n\n", between="data: null\n\n"),
    "no blank lines": Framing(blank=False),
    "no blank lines, no names": Framing(blank=False, named=False, after="data: [DONE]\n"),
    "no names": Framing(named=False),
    "names after the data": Framing(name_last=True),
    "JSON on several lines": Framing(indent=1),
    "no newline at the end": Framing(cut_end=True),
    "[DONE] at the end": Framing(after="data: [DONE]\n\n"),
    "[DONE] in quotes": Framing(after='data: "[DONE]"\n\n'),
    "[done]": Framing(after="data: [done]\n\n"),
    "[DONE] without a newline": Framing(after="data: [DONE]", cut_end=True),
}


def reverse(value: Any) -> Any:
    """The same with the fields of each object in the opposite order."""
    if isinstance(value, dict):
        return {name: reverse(value[name]) for name in reversed(value)}
    return [reverse(one) for one in value] if isinstance(value, list) else value


def with_unknown(value: Any) -> Any:
    """The same with unknown fields in each object."""
    if isinstance(value, dict):
        known = {name: with_unknown(one) for name, one in value.items()}
        return {"x_new": None, **known, "x_more": {"deep": [1, {"a": "b"}]}, "x_empty": ""}
    return [with_unknown(one) for one in value] if isinstance(value, list) else value


# Fields that may be missing, or null, in each format.
OPTIONAL = {
    *("object", "created", "role", "index", "id", "model", "responseId"),
    *("usage", "usageMetadata", "item_id", "annotations", "output"),
}


def without_optional(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_optional(one) for name, one in value.items() if name not in OPTIONAL}
    return [without_optional(one) for one in value] if isinstance(value, list) else value


def with_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: None if name in OPTIONAL else with_nulls(one) for name, one in value.items()}
    return [with_nulls(one) for one in value] if isinstance(value, list) else value


def with_strangers(rows: Rows) -> Rows:
    """The same with rows of unknown types between the others."""
    strangers: Rows = [{"type": "x.new", "delta": {"text": "no"}}, {"x": [1]}, {}]
    return [one for row in rows for one in (row, *strangers)]


def fold(protocol: str, body: bytes) -> tuple[Message, str]:
    _, message, failure = decode(protocol_named(protocol).decoder, [body])
    return message, failure


def said(message: Message) -> Message:
    """The parts of a message that must be the same; unknown fields may differ."""
    parts = [TextPart(part.text) for part in message.parts if isinstance(part, TextPart)]
    assert len(parts) == len(message.parts)
    return replace(message, parts=tuple(parts), provider_metadata={})


def plain(protocol: str) -> Message:
    message, failure = fold(protocol, Framing()(STREAMS[protocol]))
    assert (message.text, message.finish_reason, failure) == ("Hello", "stop", "")
    assert message.usage is not None
    assert (message.usage.input_tokens, message.usage.output_tokens) == (3, 2)
    return said(message)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("framing", FRAMINGS.values(), ids=FRAMINGS)
def test_framing(protocol: str, framing: Framing) -> None:
    body = framing(STREAMS[protocol])
    message, failure = fold(protocol, body)
    assert not failure
    assert said(message) == plain(protocol)
    same_however_cut(protocol_named(protocol).decoder, body)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("change", [reverse, with_unknown, with_strangers])
def test_irrelevant_differences(protocol: str, change: Callable[[Any], Any]) -> None:
    message, failure = fold(protocol, Framing()(change(STREAMS[protocol])))
    assert not failure
    assert said(message) == plain(protocol)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("change", [without_optional, with_nulls])
def test_optional_fields_may_be_missing_or_null(
    protocol: str, change: Callable[[Any], Any]
) -> None:
    message, failure = fold(protocol, Framing()(change(STREAMS[protocol])))
    assert (message.text, message.finish_reason, failure) == ("Hello", "stop", "")


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("indent", [None, 2])
def test_a_response_that_is_not_streamed(protocol: str, indent: int | None) -> None:
    body = json.dumps(WHOLE[protocol], indent=indent).encode()
    message, failure = fold(protocol, body)
    assert not failure
    assert said(message) == plain(protocol)
    same_however_cut(protocol_named(protocol).decoder, body)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_body_cut_anywhere_is_incomplete_or_complete(protocol: str) -> None:
    """An incomplete event is not a protocol error, and earlier events are kept."""
    body = Framing()(STREAMS[protocol])
    lengths = []
    for end in range(len(body) + 1):
        message, failure = fold(protocol, body[:end])
        assert failure in ("", "IncompleteResponseError"), body[:end]
        assert "Hello".startswith(message.text)
        assert failure or message.text == "Hello"
        lengths.append(len(message.text))
    assert lengths == sorted(lengths)


BOOM: Row = {"message": "boom", "type": "server_error", "code": "x"}

FAILURES: dict[str, bytes] = {
    "an object": json.dumps({"error": BOOM}).encode(),
    "words": b'{"error": "boom"}',
    "a list": json.dumps({"error": [BOOM]}).encode(),
    "with a type": json.dumps({"type": "error", "error": BOOM}).encode(),
}

MID_STREAM = {
    **{name: b"data: " + data + b"\n\n" for name, data in FAILURES.items()},
    "a named event": b'event: error\ndata: {"message": "boom"}\n\n',
    "a named event in words": b"event: error\ndata: boom\n\n",
    "a named event, cut": b"event: error\ndata: boom",
    "a field of its own": b'error: {"detail": "x", "error": {"message": "boom"}}\n\n',
    "a field of its own in words": b"error: boom\n",
    "a bare line": b'{"error": {"message": "boom"}}\n',
    "bare lines": json.dumps({"error": BOOM}, indent=2).encode(),
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("fault", MID_STREAM.values(), ids=MID_STREAM)
def test_an_error_in_the_stream(protocol: str, fault: bytes) -> None:
    begun = next(at for at, row in enumerate(STREAMS[protocol]) if "Hel" in json.dumps(row))
    body = Framing()(STREAMS[protocol][: begun + 1]) + fault
    text, failure = said_before(protocol, body)
    assert text == "Hel"
    assert "boom" in failure
    same_however_cut(protocol_named(protocol).decoder, body)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("fault", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("framed", [True, False])
def test_an_error_instead_of_an_answer(protocol: str, fault: bytes, framed: bool) -> None:
    body = b"data: " + fault + b"\n\n" if framed else fault
    assert "boom" in said_before(protocol, body)[1]


def said_before(protocol: str, body: bytes) -> tuple[str, str]:
    """The text so far, and the provider's error message."""
    log, decoder = Log(), protocol_named(protocol).decoder()
    try:
        log.extend(decoder.feed(body))
        log.extend(decoder.close())
    except ProviderError as error:
        return log.message().text, error.text
    pytest.fail("no error of the provider's")


ARGUMENTS: dict[str, tuple[str, Rows]] = {
    "anthropic, in a delta": (
        "anthropic",
        [
            STREAMS["anthropic"][0],
            anthropic(
                "content_block_start",
                index=0,
                content_block={"type": "tool_use", "id": "t", "name": "f", "input": None},
            ),
            anthropic(
                "content_block_delta",
                index=0,
                delta={"type": "input_json_delta", "partial_json": {"a": 1}},
            ),
            *STREAMS["anthropic"][-3:],
        ],
    ),
    "responses, in the item": (
        "openai_responses",
        [
            STREAMS["openai_responses"][0],
            responses(
                "output_item.done",
                output_index=0,
                item={
                    "type": "function_call",
                    "id": "i",
                    "call_id": "t",
                    "name": "f",
                    "arguments": {"a": 1},
                },
            ),
            responses("completed", response={**COMPLETED, "output": None}),
        ],
    ),
    "gemini, as text": (
        "gemini",
        [
            {
                "candidates": [
                    {
                        "content": {"parts": [{"functionCall": {"name": "f", "args": '{"a": 1}'}}]},
                        "finishReason": "STOP",
                    }
                ]
            }
        ],
    ),
}


@pytest.mark.parametrize(("protocol", "rows"), ARGUMENTS.values(), ids=ARGUMENTS)
def test_arguments_may_be_an_object_or_text(protocol: str, rows: Rows) -> None:
    message, failure = fold(protocol, Framing()(rows))
    assert not failure
    (call,) = message.tool_calls
    assert (call.tool_name, call.args, call.args_json) == ("f", {"a": 1}, '{"a": 1}')


def test_bare_json_of_any_length_is_parsed() -> None:
    decoder = SSEDecoder()
    text = json.dumps({"error": list(range(2000))}, indent=1).encode()
    assert list(decoder.feed(b"id: 1\n\n: hm\n\n" + text)) == []
    assert list(decoder.close()) == []
    assert json.loads(decoder.bare_json()) == {"error": list(range(2000))}


def test_other_text_is_ignored() -> None:
    decoder = SSEDecoder()
    assert [*decoder.feed(b"<html>\n\n</html>\n"), *decoder.close()] == []
    assert decoder.bare_json() == b""
