"""Response bodies that are compressed, or a single JSON object instead of an event stream."""

import gzip
import json
import zlib
from typing import Any

import httpx
import pytest

import nbstream

CHUNK: dict[str, Any] = {"id": "c", "choices": [{"delta": {"content": "Hello"}}]}
END: dict[str, Any] = {"id": "c", "choices": [{"delta": {}, "finish_reason": "stop"}]}
EVENTS = b"".join(b"data: " + json.dumps(row).encode() + b"\n\n" for row in (CHUNK, END))
EVENT_STREAM = "text/event-stream; charset=utf-8"

CHOICE = {"message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}
WHOLE = json.dumps({"id": "c", "choices": [CHOICE]}, indent=2).encode()


def ask(content: bytes, **headers: str) -> nbstream.Stream:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    reply = httpx.Response(200, content=content, headers=named)
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: reply))
    url = "http://provider.example/v1"
    return nbstream.stream(
        "openai-chat/m", "hi", client=client, retries=0, base_url=url, api_key="k"
    )


@pytest.mark.parametrize(
    ("encoding", "content"),
    [("gzip", gzip.compress(EVENTS)), ("deflate", zlib.compress(EVENTS))],
)
def test_a_compressed_stream(encoding: str, content: bytes) -> None:
    stream = ask(content, content_type=EVENT_STREAM, content_encoding=encoding)
    assert stream.get_final_text() == "Hello"


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8"])
def test_a_server_that_does_not_stream(kind: str) -> None:
    stream = ask(WHOLE, content_type=kind)
    assert stream.get_final_text() == "Hello"
    assert stream.finish_reason == "stop"


@pytest.mark.parametrize("kind", ["text/event-stream", "application/json", "text/plain"])
@pytest.mark.parametrize("content", [EVENTS, WHOLE], ids=["events", "whole"])
def test_a_wrong_content_type_is_tolerated(kind: str, content: bytes) -> None:
    assert ask(content, content_type=kind).get_final_text() == "Hello"


def test_replay_detects_the_format_of_a_json_response() -> None:
    assert nbstream.replay(WHOLE).get_final_text() == "Hello"
    anthropic = {"type": "message", "content": [{"type": "text", "text": "Hello"}]}
    assert nbstream.replay(json.dumps(anthropic).encode()).get_final_text() == "Hello"
    part = {"type": "output_text", "text": "Hello"}
    item = {"type": "message", "content": [part]}
    responses = {"object": "response", "status": "completed", "output": [item]}
    assert nbstream.replay(json.dumps(responses).encode()).get_final_text() == "Hello"
