"""Samples of Vercel's ai for Python: provider tools and files; only import and model differ.

Source: the documents "Tools" and "Messages and Events", and the examples builtin_web_search.py
and media/inline_image.py.
"""

import base64
import json
import pathlib
from typing import Any

import pytest

import nbstream as ai
from nbstream.providers.anthropic import tools as anthropic_tools
from tests.files import samples
from tests.harness.background import run_async
from tests.samples.served import Served

SEARCH = "chatlas--test-echo-display-providers--test-anthropic-search-panel"
DRAWN = "ai--azure--azure-image-generation-tool-1"
ENCRYPTED_KEYS = frozenset({"encrypted_content", "encrypted_stdout"})


def strip_encrypted(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: strip_encrypted(v) for k, v in value.items() if k not in ENCRYPTED_KEYS}
    if isinstance(value, list):
        return [strip_encrypted(v) for v in value]
    return value


def test_builtin_web_search(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = Served("anthropic", SEARCH)
    server.patch(monkeypatch)
    messages = [
        ai.system_message("Be concise. Cite sources you use. The year is 2026"),
        ai.user_message("Who won the most recent Formula 1 Grand Prix, and where was it held?"),
    ]

    tools = [anthropic_tools.web_search(max_uses=3)]

    async def main() -> None:
        model = ai.get_model("anthropic:claude-sonnet-4-6")

        async with ai.stream(model, messages, tools=tools) as s:
            async for event in s:
                match event:
                    case ai.events.TextDelta():
                        print(event.chunk, end="", flush=True)
                    case ai.events.BuiltinToolEnd():
                        args = json.loads(event.tool_call.tool_args or "{}")
                        print(f"\n[{event.tool_call.tool_name}] input:")
                        print(json.dumps(args, indent=2))
                    case ai.events.BuiltinToolResult():
                        print(f"\n[{event.result.tool_name}] result:")
                        print(json.dumps(strip_encrypted(event.result.result), indent=2))
            print()

    run_async(main())
    printed = capsys.readouterr().out
    assert '[web_search] input:\n{\n  "query": ' in printed
    assert "[web_search] result:\n[\n  {\n" in printed
    assert "encrypted_content" not in printed
    (request,) = server.requests
    assert json.loads(request.content)["tools"] == [
        {"type": "web_search_20250305", "name": "web_search", "max_uses": 3}
    ]


def test_provider_executed_tools(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Served("anthropic", SEARCH).patch(monkeypatch)
    model = ai.get_model("anthropic:claude-sonnet-4-6")
    messages = [
        ai.user_message("Check the latest mothership telemetry reports."),
    ]

    async def main() -> None:
        async with ai.stream(
            model,
            messages,
            tools=[ai.providers.anthropic.tools.web_search(max_uses=3)],
        ) as stream:
            async for event in stream:
                if isinstance(event, ai.events.TextDelta):
                    print(event.chunk, end="", flush=True)
        assert stream.text.strip() in capsys.readouterr().out

    run_async(main())


def test_a_tool_of_the_gateways(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Served("openai-chat", "ai--perplexity--perplexity-text")
    server.patch(monkeypatch)
    tools = [
        ai.providers.ai_gateway.tools.perplexity_search(max_results=5),
    ]
    ai.stream("ai_gateway:openai/gpt-5.2", "What is new?", tools=tools).until_done()
    assert str(server.requests[0].url) == "https://ai-gateway.vercel.sh/v1/chat/completions"
    (row,) = json.loads(server.requests[0].content)["tools"]
    assert (row["id"], row["args"]) == ("gateway.perplexity_search", {"maxResults": 5})


def test_files_and_multimodal_input(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Served("anthropic", SEARCH)
    server.patch(monkeypatch)
    image_bytes = samples.PNG

    message = ai.user_message(
        "Inspect this mothership diagram.",
        ai.file_part(image_bytes, media_type="image/png"),
    )

    ai.stream("anthropic:claude-sonnet-4-6", [message]).until_done()
    (turn,) = json.loads(server.requests[0].content)["messages"]
    assert base64.b64decode(turn["content"][1]["source"]["data"]) == image_bytes


def test_inline_image(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Served("openai-responses", DRAWN).patch(monkeypatch)
    monkeypatch.chdir(tmp_path)
    model = ai.get_model("openai:gpt-5.2")
    messages = [
        ai.system_message(
            "You are an art assistant. When asked to draw or create an image, generate it."
        ),
        ai.user_message("Draw a cat sitting in a field of cherry blossoms at sunset."),
    ]
    tools = [ai.providers.openai.tools.image_generation(partial_images=1)]

    async def main() -> None:
        async with ai.stream(model, messages, tools=tools) as s:
            async for event in s:
                if isinstance(event, ai.events.TextDelta):
                    print(event.chunk, end="", flush=True)

        print()

        if s.message.images:
            for i, img in enumerate(s.message.images):
                filename = f"inline_{i}.png"
                assert isinstance(img.data, bytes)
                data = img.data
                pathlib.Path(filename).write_bytes(data)
                print(f"Saved {filename} ({img.media_type}, {len(data)} bytes)")
                assert img.save(tmp_path / "again.png").read_bytes() == data
        else:
            print("No images were generated in this response.")

    run_async(main())
    assert "Saved inline_0.png (image/png, " in capsys.readouterr().out
    assert (tmp_path / "inline_0.png").stat().st_size > 0
