"""Samples like those of PydanticAI, with a stream in the place of a run.

Source: its documents "Direct Model Requests" and "Output", section "Streamed Results".
"""

import pytest

import nbstream as ai
from tests.harness.background import run_async
from tests.harness.in_step import in_step
from tests.harness.llm_scripts import drawl, say

EINSTEIN = "Albert Einstein was a German-born theoretical physicist."
MODEL = f"openai-chat:{say(EINSTEIN)}"
SLOW = f"openai-chat:{drawl(EINSTEIN)}"  # the text grows


def test_direct_sync() -> None:
    messages = [ai.user_message("Who was Albert Einstein?")]
    with ai.stream(MODEL, messages) as stream:
        chunks = []
        for chunk in stream:
            chunks.append(chunk)
    assert isinstance(chunks[0], ai.events.StreamStart)
    assert isinstance(chunks[1], ai.events.TextStart)
    assert isinstance(chunks[-1], ai.events.StreamEnd)
    assert stream.usage is not None


def test_direct_async() -> None:
    async def main() -> None:
        messages = [ai.user_message("Who was Albert Einstein?")]
        async with ai.stream(MODEL, messages) as stream:
            chunks = []
            async for chunk in stream:
                chunks.append(chunk)
        assert len(chunks) > 5

    run_async(main())


def test_cumulative_text(capsys: pytest.CaptureFixture[str]) -> None:
    async def main() -> None:
        async with in_step(ai.stream(SLOW, "Who was Albert Einstein?")) as result:
            async for message in result.stream_text():
                print(message)
            assert result.is_complete

    run_async(main())
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == EINSTEIN
    assert all(EINSTEIN.startswith(line) for line in lines)
    assert len(lines) > 1


def test_deltas(capsys: pytest.CaptureFixture[str]) -> None:
    async def main() -> None:
        async with ai.stream(MODEL, "Who was Albert Einstein?") as result:
            async for message in result.stream_text(delta=True):
                print(message, end="")

    run_async(main())
    assert capsys.readouterr().out == EINSTEIN


def test_output_debounced(capsys: pytest.CaptureFixture[str]) -> None:
    async def main() -> None:
        async with ai.stream(MODEL, "Who was Albert Einstein?") as result:
            async for output in result.stream_output(debounce_by=0.01):
                print(output)
            assert await result.get_output() == EINSTEIN

    run_async(main())
    assert capsys.readouterr().out.splitlines()[-1] == EINSTEIN


def test_responses_debounced() -> None:
    async def main() -> None:
        async with ai.stream(MODEL, "Who was Albert Einstein?") as result:
            async for message in result.stream_responses(debounce_by=0.01):
                assert EINSTEIN.startswith(message.text)
        assert message == result.message

    run_async(main())


def test_text_in_a_script() -> None:
    result = ai.stream(MODEL, "Who was Albert Einstein?")
    for text in result.stream_text(debounce_by=None):
        assert EINSTEIN.startswith(text)
    assert result.get_output() == EINSTEIN
    assert result.finish_reason == "stop"


def test_cancel() -> None:
    async def main() -> None:
        async with ai.stream("openai-chat:paced-2000-100", "Count.") as result:
            async for _text in result.stream_text(delta=True, debounce_by=None):
                await result.cancel()
                break
        assert result.message.finish_reason == "cancelled"
        assert result.message.text

    run_async(main())
