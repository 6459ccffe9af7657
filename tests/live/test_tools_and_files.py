"""Tools and files over HTTP: the request that a server of each protocol gets."""

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
    """The request body of ``stream`` in the journal of the server."""
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
def test_a_function_is_declared_called_and_answered(aimock: AIMock, wire: str) -> None:
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
    """A server that records requests and answers with a fixed body."""

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
    """``row`` with each ``...`` replaced by the file, as base64 or as a data URL."""
    if row is ...:
        data = part.data or b""
        plain = base64.b64encode(data).decode()
        return plain if bare else data_url(data, part.media_type)
    if isinstance(row, dict):
        return {name: filled(value, part, bare=bare) for name, value in row.items()}
    return row


def last_content(wire: str, body: Any) -> Any:
    """The content of the last message."""
    if wire == "gemini":
        return body["contents"][-1]["parts"]
    return body["input" if wire == "openai_responses" else "messages"][-1]["content"]


@WIRE
@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_sent_as_the_documentation_says(wire: str, kind: str) -> None:
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
    assert expected in last_content(wire, json.loads(request.content))


@WIRE
def test_an_image_reaches_the_server(aimock: AIMock, wire: str) -> None:
    asked = nbstream.user_message("say hello", file_part(samples.PNG))
    stream = nbstream.stream(model(wire, aimock.url), [asked])
    assert stream.get_final_text().startswith("Hello")


@pytest.mark.parametrize("wire", WIRES.keys() - {"openai_chat"})
def test_a_file_that_is_too_large_is_not_sent(wire: str) -> None:
    """A server of Chat Completions without a known name has no known limit."""
    server = Recorder()
    huge = FilePart("image/png", samples.PNG + b"\0" * 100_000_000)
    with pytest.raises(UsageError, match="takes"):
        nbstream.stream(
            model(wire, "http://nowhere.test"),
            [nbstream.user_message("?", huge)],
            client=server.client,
        ).until_done()
    assert server.requests == []
