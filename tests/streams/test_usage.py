"""The token counts of an answer that runs, is stopped or breaks off."""

import json
from collections.abc import AsyncIterator
from typing import Any

import anyio
import httpx
import pytest

import nbstream
from nbstream import errors, events
from nbstream.messages import Usage


def row(text: str, tokens: int, **more: Any) -> bytes:
    counts = {"prompt_tokens": 10, "completion_tokens": tokens}
    chunk = {"id": "c", "choices": [{"delta": {"content": text}}], "usage": counts, **more}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def ask(*, stalls: bool) -> nbstream.Stream:
    async def body() -> AsyncIterator[bytes]:
        yield row("a", 5)
        yield row("b", 15, model="late")
        if stalls:
            await anyio.sleep_forever()

    reply = httpx.Response(200, content=body(), headers={"content-type": "text/event-stream"})
    client = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: reply))
    url = "http://provider.example/v1"
    return nbstream.stream(
        "openai-chat/m", "hi", client=client, retries=0, base_url=url, api_key="k"
    )


def test_of_an_answer_that_was_stopped() -> None:
    stream = ask(stalls=True)
    with stream as running:
        for event in running:
            if isinstance(event, events.TextDelta) and event.chunk == "b":
                assert running.usage == Usage(10, 15)
                assert (running.message.model, running.message.provider) == ("late", "openai-chat")
                break
    stream.wait()
    assert stream.finish_reason == "cancelled"
    assert stream.usage == stream.message.usage == Usage(10, 15)
    assert stream.message.text == "ab"


def test_of_an_answer_that_broke_off() -> None:
    with pytest.raises(errors.IncompleteResponseError) as failure:
        ask(stalls=False).get_final_message()
    assert failure.value.message is not None
    assert failure.value.message.usage == Usage(10, 15)
