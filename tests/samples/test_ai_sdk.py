"""Samples like those of Vercel's ai for Python; only the import and the model differ.

Source: its README and the documents "Streaming" and "Messages and Events".
"""

import pytest

import nbstream as ai
from tests.harness.background import run_async
from tests.harness.llm_scripts import say, text_of

SKY = "Air scatters blue light more than red. So the sky is blue."
MODEL = f"openai-chat:{say(SKY)}"


def test_read_the_final_message() -> None:
    async def main() -> None:
        async with ai.stream(ai.get_model(MODEL), [ai.user_message("Why?")]) as stream:
            async for _event in stream:
                pass

        message = stream.message
        text = stream.text
        usage = stream.usage
        assert message.text == text == stream.output == SKY
        assert message.role == "assistant"
        assert usage is not None
        assert usage.output_tokens > 0
        assert message.usage == usage
        assert [f.media_type for f in stream.message.files] == []

    run_async(main())


def test_match_on_events(capsys: pytest.CaptureFixture[str]) -> None:
    async def main() -> None:
        async with ai.stream(ai.get_model(MODEL), [ai.user_message("Why?")]) as stream:
            async for event in stream:
                match event:
                    case ai.events.BuiltinToolEnd(tool_call):
                        print(tool_call.tool_name)
                    case ai.events.BuiltinToolResult(result):
                        print(result.result)
                    case ai.events.TextDelta(chunk):
                        print(chunk, end="", flush=True)

    run_async(main())
    assert capsys.readouterr().out == SKY


def test_track_usage() -> None:
    async def main() -> None:
        seen = []
        async with ai.stream(ai.get_model(MODEL), [ai.user_message("Why?")]) as stream:
            async for event in stream:
                if event.usage is not None:
                    seen.append(event.usage)
        assert seen
        assert seen[-1] == stream.usage == stream.message.usage

    run_async(main())


def test_thinking(capsys: pytest.CaptureFixture[str]) -> None:
    async def main() -> None:
        async with ai.stream(ai.get_model("openai-chat:think-5"), "Why?") as stream:
            async for event in stream:
                if isinstance(event, ai.events.ThinkingDelta):
                    print(event.chunk, end="")
        assert stream.thinking == stream.message.thinking

    run_async(main())
    assert capsys.readouterr().out == text_of("think-5")


def test_a_stream_that_ends_too_early() -> None:
    async def main() -> None:
        stream = ai.stream(ai.get_model("openai-chat:cut-20"), "Why?")
        with pytest.raises(ai.errors.IncompleteResponseError):
            async with stream as s:
                async for _event in s:
                    pass
        assert stream.message.text == text_of("cut-20")

    run_async(main())
