"""A stream in blocking and in async code, with a real HTTP server."""

import asyncio
import threading
import time

import pytest

import nbstream
from nbstream import errors
from nbstream.core.events import StreamEnd, TextDelta
from tests.harness.background import run_async
from tests.harness.in_step import in_step
from tests.harness.llm_scripts import text_of
from tests.harness.llm_server import LLMServer
from tests.harness.patience import HANG, until


@pytest.fixture(autouse=True)
def _provider(llm_server: LLMServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in llm_server.env.items():
        monkeypatch.setenv(name, value)


def ask(script: str) -> nbstream.Stream:
    return nbstream.stream(f"openai-chat/{script}", "hi")


def test_sync_in_a_script() -> None:
    with ask("paced-50-500") as stream:
        events = list(stream)
        assert stream.get_final_text() == stream.text
    assert len([e for e in events if isinstance(e, TextDelta)]) == 50
    assert isinstance(events[-1], StreamEnd)
    assert stream.finish_reason == "stop"
    assert stream.usage is not None
    assert stream.usage.output_tokens == 50
    assert stream.output == stream.message.text == stream.text
    assert stream.is_complete


def test_text_grows_while_it_streams() -> None:
    lengths = [len(text) for text in in_step(ask("paced-30-30")).stream_text()]
    assert lengths == sorted(set(lengths))
    assert len(lengths) > 5
    pieces = list(ask("paced-30-300").text_stream)
    assert len("".join(pieces)) == lengths[-1]


async def _read(stream: nbstream.AsyncStream) -> str:
    return "".join([piece async for piece in stream.text_stream])


def test_async_with_ten_readers() -> None:
    async def main() -> None:
        async with ask("paced-100-1000") as stream:
            texts = await asyncio.gather(*(_read(stream) for _ in range(10)))
            assert set(texts) == {await stream.get_final_text()}

    run_async(main())


def test_sync_inside_a_running_loop() -> None:
    async def main() -> str:
        return ask("paced-10-500").get_final_text()  # blocks this loop, not the stream

    assert run_async(main()).startswith("0")


def test_readers_on_threads_and_late_ones() -> None:
    stream = ask("paced-100-500")
    texts: list[str] = []
    threads = [
        threading.Thread(target=lambda: texts.append("".join(stream.text_stream))) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    for thread in threads:
        thread.join(HANG)
    assert texts == [stream.text] * 5
    assert "".join(stream.text_stream) == stream.text, "also after the end"


def test_entering_keeps_every_event_for_a_slow_reader() -> None:
    with ask("paced-20-1000") as stream:
        assert stream.wait(HANG)
        deltas = [event for event in stream if isinstance(event, TextDelta)]
    assert len(deltas) == 20


def test_leaving_early_closes_the_connection(llm_server: LLMServer) -> None:
    with ask("paced-5000-100") as stream:
        for _ in stream.text_stream:
            break
    request = llm_server.of("paced-5000-100")[-1].wait()
    assert request.disconnected is not None
    assert stream.finish_reason == "cancelled"
    assert 0 < len(stream.text) < len(text_of("paced-5000-100"))


def test_leaving_early_closes_the_connection_async(llm_server: LLMServer) -> None:
    async def main() -> nbstream.AsyncStream:
        async with ask("paced-5000-101") as stream:
            async for _ in stream.text_stream:
                break
        return stream

    stream = run_async(main())
    assert llm_server.of("paced-5000-101")[-1].wait().disconnected is not None
    assert stream.finish_reason == "cancelled"


def test_cancel_from_another_thread_ends_a_waiting_reader() -> None:
    stream = ask("hang-5")

    def cancel() -> None:
        until(lambda: len(stream.text) == 25)
        time.sleep(0.1)  # so that the reader waits
        stream.cancel()

    threading.Thread(target=cancel).start()
    with pytest.raises(errors.CancelledStreamError) as caught:
        stream.get_final_message()
    assert caught.value.message == stream.message
    assert stream.finish_reason == "cancelled"
    assert len(stream.text) == 25


def test_cancel_before_the_start_sends_nothing(llm_server: LLMServer) -> None:
    before = len(llm_server.requests)
    stream = ask("paced-5-100")
    stream.cancel()
    stream.until_done()
    assert stream.finish_reason == "cancelled"
    assert len(llm_server.requests) == before


@pytest.mark.parametrize(
    ("script", "error", "length"),
    [
        ("cut-20", errors.IncompleteResponseError, 100),
        ("malformed-10", errors.ProtocolError, 50),
        ("status-401", errors.AuthenticationError, 0),
        ("status-429", errors.RateLimitError, 0),
        ("status-500", errors.ProviderError, 0),
    ],
)
def test_a_failure_keeps_the_partial_message(
    script: str, error: type[errors.StreamError], length: int, llm_server: LLMServer
) -> None:
    stream = ask(script)
    with pytest.raises(error) as caught:
        stream.get_final_message()
    assert caught.value.message == stream.message
    assert len(stream.text) == length
    assert stream.finish_reason == "error"
    assert stream.error is caught.value
    shown = f"{caught.value}{caught.value!r}{stream!r}{stream.message!r}"
    assert llm_server.env["OPENAI_API_KEY"] not in shown


def test_a_missing_server_is_a_connection_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(errors.TransportError, match=r"127\.0\.0\.1:9"):
        ask("paced-1-1").until_done()


def test_thinking_comes_before_the_text() -> None:
    message = ask("think-10").get_final_message()
    assert message.thinking
    assert message.text
    assert [part.kind for part in message.parts] == ["thinking", "text"]


@pytest.mark.parametrize(
    ("model", "error", "says"),
    [
        ("opnai-chat/x", errors.UnknownModelError, "Did you mean openai-chat"),
        ("openai-chat", errors.UnknownModelError, "names a provider but no model"),
        ("zzz", errors.UnknownModelError, "Known: local"),
    ],
)
def test_an_unknown_model_is_an_error_before_sending(
    model: str, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        nbstream.stream(model, "hi")


def test_a_missing_key_is_an_error_before_sending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(errors.MissingKeyError, match="OPENAI_API_KEY"):
        nbstream.stream("openai-chat/x", "hi")


@pytest.mark.parametrize("nothing", ["", "  \n", []])
def test_an_empty_prompt_is_an_error_before_sending(nothing: str | list[str]) -> None:
    with pytest.raises(errors.UsageError, match="empty"):
        nbstream.stream("openai-chat/x", nothing)


def test_a_model_can_be_made_once_and_hides_its_key() -> None:
    model = nbstream.get_model("openai-chat:paced-3-100", api_key="very-secret")
    assert nbstream.stream(model, ["hi", nbstream.user_message("there")]).get_final_text()
    assert "very-secret" not in repr(model)
    assert "very-secret" not in repr(model.endpoint())
