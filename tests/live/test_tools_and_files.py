"""Tools and files on the real wire: what a server of each protocol is sent."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import nbstream
from nbstream import file_part
from nbstream.core.events import ToolEnd
from nbstream.core.message import FilePart
from nbstream.errors import UsageError
from tests.files import samples
from tests.harness.aimock import AIMock
from tests.harness.patience import HANG
from tests.live.wires import WIRES, model

WIRE = pytest.mark.parametrize("wire", WIRES)


def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"mild in {city}"


@pytest.fixture(scope="module")
def aimock() -> Iterator[AIMock]:
    with AIMock() as running:
        yield running


def journal(aimock: AIMock, stream: nbstream.Stream) -> Any:
    """The body that the server got for ``stream``, as it understood it."""
    answer = httpx.get(
        f"{aimock.url}/__aimock/journal",
        params={"requestId": stream.request_id or ""},
        timeout=HANG,
    )
    (entry,) = answer.json()
    return entry["body"]


def data_url(data: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


@WIRE
def test_a_function_is_told_called_and_answered(aimock: AIMock, wire: str) -> None:
    asked = nbstream.user_message("the weather")
    settings: dict[str, Any] = {"tools": [get_weather], "tool_choice": "required"}
    stream = nbstream.stream(model(wire, aimock.url), [asked], **settings)
    calls = [event.tool_call for event in stream if isinstance(event, ToolEnd)]
    assert [(call.tool_name, call.args) for call in calls] == [
        ("get_weather", {"city": "Paris"}),
        ("get_weather", {"city": "Rome"}),
    ]
    assert stream.finish_reason == "tool_call"
    # aimock keeps every request in the shape of Chat Completions.
    body = journal(aimock, stream)
    (tool,) = body["tools"]
    assert tool["function"]["name"] == "get_weather"
    assert tool["function"]["description"] == "The weather of a city."
    if wire != "gemini":  # aimock reads `parameters` there, not `parametersJsonSchema`
        assert tool["function"]["parameters"]["properties"]["city"]["type"] == "string"
    results = [nbstream.tool_message(call, get_weather(**call.args)) for call in calls]
    answer = nbstream.stream(
        model(wire, aimock.url), [asked, stream.message, *results], tools=[get_weather]
    )
    assert answer.get_final_text() == "Rain in Paris, sun in Rome."
    said = [row for row in journal(aimock, answer)["messages"] if row["role"] == "tool"]
    assert [row["content"].count("mild in") for row in said] == [1, 1]


class Recorder:
    """A server that keeps what it is sent and answers with a fixed body."""

    def __init__(self, body: bytes = b"") -> None:
        self.requests: list[httpx.Request] = []
        self._body = body
        self.client = httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(200, content=self._body)


FILES: dict[str, tuple[FilePart, dict[str, Any]]] = {
    "picture": (
        file_part(samples.PNG),
        {
            "anthropic": {
                "type": "image",
                "source": {"type": "base64", "media_type": "image/png", "data": ...},
            },
            "openai_chat": {"type": "image_url", "image_url": {"url": ...}},
            "openai_responses": {"type": "input_image", "detail": "auto", "image_url": ...},
            "gemini": {"inlineData": {"mimeType": "image/png", "data": ...}},
        },
    ),
    "document": (
        file_part(samples.PDF, filename="a.pdf"),
        {
            "anthropic": {
                "type": "document",
                "title": "a.pdf",
                "source": {"type": "base64", "media_type": "application/pdf", "data": ...},
            },
            "openai_chat": {"type": "file", "file": {"filename": "a.pdf", "file_data": ...}},
            "openai_responses": {"type": "input_file", "filename": "a.pdf", "file_data": ...},
            "gemini": {"inlineData": {"mimeType": "application/pdf", "data": ...}},
        },
    ),
    "address": (
        file_part("https://example.org/x.png"),
        {
            "anthropic": {
                "type": "image",
                "source": {"type": "url", "url": "https://example.org/x.png"},
            },
            "openai_chat": {"type": "image_url", "image_url": {"url": "https://example.org/x.png"}},
            "openai_responses": {
                "type": "input_image",
                "detail": "auto",
                "image_url": "https://example.org/x.png",
            },
            "gemini": {
                "fileData": {"mimeType": "image/png", "fileUri": "https://example.org/x.png"}
            },
        },
    ),
}


def filled(row: Any, part: FilePart, *, bare: bool) -> Any:
    """``row`` with the file's bytes where dots stand, in base64 or as an address."""
    if row is ...:
        data = part.data or b""
        plain = base64.b64encode(data).decode()
        return plain if bare else data_url(data, part.media_type)
    if isinstance(row, dict):
        return {name: filled(value, part, bare=bare) for name, value in row.items()}
    return row


def dicts_of(wire: str, body: Any) -> Any:
    """What stands beside the words in the last message."""
    if wire == "gemini":
        return body["contents"][-1]["parts"]
    return body["input" if wire == "openai_responses" else "messages"][-1]["content"]


@WIRE
@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_sent_as_the_document_asks(wire: str, kind: str) -> None:
    part, rows = FILES[kind]
    server = Recorder()
    asked = nbstream.user_message("What is this?", part)
    stream = nbstream.stream(
        model(wire, "http://nowhere.test"), [asked], client=server.client, retries=0
    )
    stream.wait()
    (request,) = server.requests
    bare = wire in ("anthropic", "gemini")
    expected = filled(rows[wire], part, bare=bare)
    assert expected in dicts_of(wire, json.loads(request.content))


@WIRE
def test_a_picture_reaches_the_server_and_is_answered(aimock: AIMock, wire: str) -> None:
    asked = nbstream.user_message("say hello", file_part(samples.PNG))
    stream = nbstream.stream(model(wire, aimock.url), [asked])
    assert stream.get_final_text().startswith("Hello")


@pytest.mark.parametrize("wire", WIRES.keys() - {"openai_chat"})
def test_what_is_too_large_is_never_sent(wire: str) -> None:
    """Chat Completions are spoken by many: of a server without a name, no limit is known."""
    server = Recorder()
    huge = FilePart("image/png", samples.PNG + b"\0" * 100_000_000)
    with pytest.raises(UsageError, match="takes"):
        nbstream.stream(
            model(wire, "http://nowhere.test"),
            [nbstream.user_message("?", huge)],
            client=server.client,
        ).until_done()
    assert server.requests == []
