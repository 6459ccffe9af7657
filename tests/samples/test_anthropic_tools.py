"""Samples like those of Anthropic's SDK: tool use, web search, images.

Source: its folder "examples" (tools.py, tools_stream.py, web_search_stream.py, images.py), with
``ai.stream`` for ``client.messages.create`` and ``client.messages.stream``.
"""

import json
from collections.abc import Iterator

import pytest

import nbstream as ai
from nbstream.core.message import Message, TextPart
from tests.files import samples
from tests.harness.aimock import AIMock
from tests.harness.background import run_async
from tests.samples.served import Served

SEARCH = "mirascope--e2e--input--test-web-search-tool-stream--anthropic-claude-sonnet-4-0"


@pytest.fixture(scope="module")
def aimock() -> Iterator[AIMock]:
    with AIMock() as running:
        yield running


@pytest.fixture
def at_aimock(aimock: AIMock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", aimock.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "no-real-key")


def test_tools(at_aimock: None) -> None:
    user_message = {"role": "user", "content": "What is the weather in SF?"}
    tools = [
        {
            "name": "get_weather",
            "description": "Get the weather for a specific location",
            "input_schema": {
                "type": "object",
                "properties": {"location": {"type": "string"}},
            },
        }
    ]

    message = ai.stream(
        model="anthropic/claude-opus-4-5",
        max_tokens=1024,
        messages=[user_message],
        tools=tools,
    ).get_final_message()

    assert message.finish_reason == "tool_call"

    response = ai.stream(
        model="anthropic/claude-opus-4-5",
        max_tokens=1024,
        messages=[
            user_message,
            message,
            *(ai.tool_message(tool, "The weather is 73f") for tool in message.tool_calls),
        ],
        tools=tools,
    ).get_final_message()
    assert response.text == "Rain in Paris, sun in Rome."


def test_tools_stream(at_aimock: None, capsys: pytest.CaptureFixture[str]) -> None:
    async def main() -> None:
        async with ai.stream(
            max_tokens=1024,
            model="anthropic/claude-haiku-4-5",
            tools=[
                {
                    "name": "get_weather",
                    "description": "Get the weather at a specific location",
                    "input_schema": {
                        "type": "object",
                        "properties": {
                            "location": {
                                "type": "string",
                                "description": "The city and state, e.g. San Francisco, CA",
                            },
                            "unit": {
                                "type": "string",
                                "enum": ["celsius", "fahrenheit"],
                                "description": "Unit for the output",
                            },
                        },
                        "required": ["location"],
                    },
                }
            ],
            tool_choice={"type": "tool", "name": "get_weather"},
            messages=[{"role": "user", "content": "What is the weather in SF?"}],
        ) as stream:
            async for event in stream:
                if isinstance(event, ai.events.ToolDelta):
                    print(f"delta: {event.chunk!r}")
                    print(f"snapshot: {event.args}")
            await stream.until_done()

    run_async(main())
    printed = capsys.readouterr().out
    assert "snapshot: {'city': 'Paris'}" in printed
    assert printed.count("delta: ") > 4


def test_web_search_stream(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = Served("anthropic", SEARCH)
    server.patch(monkeypatch)

    async def main() -> Message:
        async with ai.stream(
            model="anthropic/claude-sonnet-4-5-20250929",
            max_tokens=1024,
            messages=[{"role": "user", "content": "What's the weather in New York?"}],
            tools=[
                {
                    "name": "web_search",
                    "type": "web_search_20250305",
                }
            ],
        ) as stream:
            async for event in stream:
                if isinstance(event, ai.events.TextDelta):
                    print(event.chunk, end="", flush=True)
                elif isinstance(event, ai.events.BuiltinToolStart):
                    print("\n[Web search started...]", end="", flush=True)
                elif isinstance(event, ai.events.BuiltinToolResult):
                    print("[Web search completed]", end="\n\n", flush=True)
            return await stream.get_final_message()

    message = run_async(main())
    printed = capsys.readouterr().out
    assert "[Web search started...][Web search completed]" in printed
    assert printed.count("[Web search completed]") == 3
    assert all(part.text in printed for part in message.parts if isinstance(part, TextPart))
    assert message.usage is not None
    assert message.citations
    (request,) = server.requests
    sent = json.loads(request.content)
    assert sent["tools"] == [{"name": "web_search", "type": "web_search_20250305"}]


def test_images(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Served("anthropic", SEARCH)
    server.patch(monkeypatch)
    ai.stream(
        max_tokens=1024,
        messages=[ai.user_message("Hello!", ai.file_part(samples.PNG))],
        model="anthropic/claude-opus-4-5",
    ).until_done()
    (turn,) = json.loads(server.requests[0].content)["messages"]
    assert [block["type"] for block in turn["content"]] == ["text", "image"]
    assert turn["content"][1]["source"]["media_type"] == "image/png"
