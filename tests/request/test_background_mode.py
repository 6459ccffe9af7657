"""Responses in background mode: a connection that is cut twice is resumed at the provider."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

import nbstream
from nbstream import errors
from nbstream.messages import Message
from tests.harness.raw_server import RawServer, head
from tests.recordings import Recording, recordings

TEXT = "Light scatters: \u00e4, \U0001f600, and so on. " * 8
TITLE = re.compile(r"GET (\S+) HTTP")
RECORDED = [
    one
    for one in recordings("openai-responses")
    if one.name
    in (
        "ai--azure--azure-web-search-preview-tool-1",
        "ai--azure--azure-reasoning-encrypted-content-1--2",
        "ai--azure--azure-image-generation-tool-1",
    )
]


def own_body() -> bytes:
    """A short answer with the numbers that OpenAI gives its events."""
    base: dict[str, Any] = {"id": "resp_1", "object": "response", "model": "gpt-5", "output": []}
    item: dict[str, Any] = {"id": "msg_1", "type": "message", "role": "assistant", "content": []}
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    part = {"type": "output_text", "text": TEXT, "annotations": []}
    whole = {**item, "content": [part], "status": "completed"}
    usage = {"input_tokens": 3, "output_tokens": 9, "total_tokens": 12}
    end = {**base, "status": "completed", "output": [whole], "usage": usage}
    rows: list[dict[str, Any]] = [
        {"type": "response.created", "response": {**base, "status": "queued"}},
        {"type": "response.in_progress", "response": {**base, "status": "in_progress"}},
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": "response.content_part.added", **place, "part": {**part, "text": ""}},
        *({"type": "response.output_text.delta", **place, "delta": one} for one in TEXT),
        {"type": "response.output_text.done", **place, "text": TEXT},
        {"type": "response.content_part.done", **place, "part": part},
        {"type": "response.output_item.done", "output_index": 0, "item": whole},
        {"type": "response.completed", "response": end},
    ]
    return b"".join(
        f"event: {row['type']}\ndata: {json.dumps({**row, 'sequence_number': at})}\n\n".encode()
        for at, row in enumerate(rows)
    )


def number(event: bytes) -> int:
    found = re.search(rb'"sequence_number": ?(\d+)', event)
    return int(found[1]) if found else -1


class Provider:
    """Keeps an answer, and cuts the first connections in the middle of an event."""

    def __init__(self, body: bytes, cuts: int = 2, again: int = 0) -> None:
        self.body, self.cuts = body, cuts
        self.again = again
        """How many events a resumed connection sends once more."""
        self.server = RawServer(self._script)

    def _script(self, count: int) -> Iterator[bytes]:
        yield head()
        events = self.body.split(b"\n\n")[:-1]
        if count:
            (path,) = TITLE.findall(self.server.requests[count].decode())
            after = int(re.findall(r"starting_after=(\d+)", path)[0]) - self.again
            events = [event for event in events if number(event) > after]
        rest = b"".join(event + b"\n\n" for event in events)
        share = len(rest) // (self.cuts - count + 1) if count < self.cuts else len(rest)
        yield rest[: share - 5] if count < self.cuts else rest

    def ask(self, **keywords: Any) -> Any:
        keywords = {"extra_body": {"background": True}, **keywords}
        return nbstream.stream(
            "openai/gpt-5", "hi", base_url=self.server.url, api_key="test-key-1", **keywords
        )


def run(provider: Provider, **keywords: Any) -> tuple[list[str], Message]:
    """The kinds of the events, and the message."""
    with provider.server:
        stream = provider.ask(**keywords)
        kinds = [event.kind for event in stream]
        return kinds, stream.message


@pytest.mark.parametrize("again", [0, 3])
def test_nothing_is_lost_or_doubled(again: int) -> None:
    whole = run(Provider(own_body(), cuts=0))
    provider = Provider(own_body(), again=again)
    assert run(provider) == whole
    assert whole[1].text == TEXT
    first, *others = [request.decode() for request in provider.server.requests]
    assert len(others) == 2
    sent = json.loads(first.partition("\r\n\r\n")[2])
    assert (sent["background"], sent["store"], sent["stream"]) == (True, True, True)
    for other in others:
        (path,) = TITLE.findall(other)
        assert path.startswith("/responses/resp_1?stream=true&starting_after=")
        assert "Bearer test-key-1" in other


@pytest.mark.skipif(not RECORDED, reason="no recordings beside this checkout")
@pytest.mark.parametrize("recording", RECORDED, ids=lambda one: one.name)
def test_recorded_answers(recording: Recording) -> None:
    provider = Provider(recording.body)
    assert run(provider) == run(Provider(recording.body, cuts=0))
    assert len(provider.server.requests) == 3


def test_a_connection_is_not_resumed_without_background_mode_or_retries() -> None:
    cases: list[dict[str, Any]] = [{"extra_body": {}}, {"retries": 0}]
    for keywords in cases:
        provider = Provider(own_body())
        with provider.server, pytest.raises(errors.IncompleteResponseError) as failure:
            provider.ask(**keywords).until_done()
        assert len(provider.server.requests) == 1
        assert failure.value.message is not None
        assert TEXT.startswith(failure.value.message.text)


def test_a_provider_that_has_forgotten_the_answer_says_so() -> None:
    body = own_body()

    def script(count: int) -> list[bytes]:
        if count == 0:
            return [head(), body[:2000]]
        said = b'{"error": {"message": "Response not found.", "type": "invalid_request_error"}}'
        return [head("application/json", 404, len(said)), said]

    with RawServer(script) as server:
        stream = nbstream.stream(
            "openai/gpt-5",
            "hi",
            base_url=server.url,
            api_key="test-key-1",
            extra_body={"background": True},
        )
        with pytest.raises(errors.ProviderError, match="Response not found") as failure:
            stream.until_done()
    assert len(server.requests) == 2
    assert failure.value.message is not None
    assert failure.value.message.text
