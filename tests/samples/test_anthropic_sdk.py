"""Samples like those of Anthropic's SDK, with ``ai.stream`` for ``client.messages.stream``.

Source: its helpers.md and the folder "examples".
"""

import pytest

import nbstream as ai
from tests.harness.background import run_async
from tests.harness.llm_scripts import say, text_of

HELLO = "Hello there! How are you?"
MODEL = f"openai-chat/{say(HELLO)}"


def test_text_stream_async(capsys: pytest.CaptureFixture[str]) -> None:
    async def main() -> None:
        async with ai.stream(
            max_tokens=1024,
            messages=[{"role": "user", "content": "Say hello there!"}],
            model=MODEL,
        ) as stream:
            async for text in stream.text_stream:
                print(text, end="", flush=True)
            print()

        # This works outside of the context, because everything was read inside it.
        accumulated = await stream.get_final_message()
        assert accumulated.text == HELLO

    run_async(main())
    assert capsys.readouterr().out == HELLO + "\n"


def test_events_with_snapshots() -> None:
    with ai.stream(MODEL, "Say hello there!") as stream:
        for event in stream:
            if isinstance(event, ai.events.TextDelta):
                assert HELLO.startswith(event.snapshot)
                assert event.snapshot.endswith(event.chunk)
                assert stream.current_message_snapshot.text.startswith(event.snapshot)


def test_until_done_and_the_final_text() -> None:
    with ai.stream(MODEL, "Say hello there!") as stream:
        stream.until_done()
        assert stream.get_final_text() == HELLO
        assert stream.get_final_message().finish_reason == "stop"


def test_manual_lifecycle() -> None:
    stream = ai.stream("openai-chat/paced-2000-200", "Count.")
    stream.start()
    try:
        for _text in stream.text_stream:
            break
        assert not stream.is_complete
    finally:
        stream.close()
    assert stream.finish_reason == "cancelled"
    assert stream.message.text


def test_manual_lifecycle_async() -> None:
    async def main() -> None:
        manager = ai.stream(MODEL, "Say hello there!")
        stream = await manager.__aenter__()
        try:
            assert await stream.get_final_text() == HELLO
        finally:
            await stream.close()

    run_async(main())


def test_metadata_and_usage() -> None:
    with ai.stream(MODEL, "Say hello there!") as stream:
        stream.until_done()
    assert stream.request_id == "req_test"
    assert stream.response is not None
    assert stream.response.headers["x-request-id"] == "req_test"
    message = stream.get_final_message()
    assert message.id == "chatcmpl-test"
    assert message.provider == "openai-chat"
    assert message.provider_metadata["finish_reason"] == "stop"
    assert message.usage is not None
    assert message.usage.input_tokens == 7


def test_event_handler() -> None:
    stream = ai.stream(MODEL, "Say hello there!")
    fired: list[str] = []
    stream.on(ai.events.TextDelta, lambda event: fired.append(event.chunk))
    with stream:
        stream.until_done()
    assert "".join(fired) == HELLO


def test_a_failure_keeps_the_partial_answer() -> None:
    with pytest.raises(ai.errors.StreamError) as caught, ai.stream("openai-chat/cut-9", "x") as s:
        s.get_final_message()
    assert caught.value.message is not None
    assert caught.value.message.text == text_of("cut-9")
