"""``generate()`` in a script, in a running loop and in a task; failures, interrupts and keys."""

import asyncio
import gc
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from IPython.core import ultratb

import nbstream
from nbstream import errors
from nbstream.core.events import FileEvent
from nbstream.core.message import FilePart, assistant_message
from nbstream.streams.loop import submit
from nbstream.testing import ScriptedModel
from tests.harness.background import run_async
from tests.harness.media_endpoints import A_LONG_TIME, MP4, png
from tests.harness.media_server import MediaServer
from tests.harness.patience import HANG

MODEL = "openai/gpt-image-1"


def test_nothing_is_sent_before_the_result_is_waited_for(media: MediaServer) -> None:
    generation = nbstream.generate(MODEL, "A cat.")
    time.sleep(0.1)
    assert media.requests == []
    assert "not started" in repr(generation)
    assert generation.result().images
    assert generation.result() == generation.result()
    assert len(media.requests) == 1


def test_blocking_calls_inside_a_running_loop(media: MediaServer) -> None:
    async def main() -> nbstream.Generated:
        return nbstream.generate(MODEL, "A cat.").result()

    assert run_async(main()).images


def test_asyncio_run_accepts_a_generation(media: MediaServer) -> None:
    with ThreadPoolExecutor(1) as thread:
        result = thread.submit(asyncio.run, nbstream.generate(MODEL, "A cat.")).result()
    assert result.images


def test_no_warning_if_it_is_never_awaited(media: MediaServer) -> None:
    generation = nbstream.generate(MODEL, "A cat.")
    generation.close()  # as the garbage collector may
    del generation
    gc.collect()  # a warning would be an error here
    assert media.requests == []


def test_a_task_of_it_can_be_cancelled(media: MediaServer) -> None:
    generation = nbstream.generate(MODEL, "slow")

    async def main() -> None:
        task = asyncio.create_task(generation)
        await asyncio.sleep(0.1)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        run_async(main())
    assert generation.stream.wait(HANG)
    assert generation.message.finish_reason == "cancelled"


def test_several_at_once(media: MediaServer) -> None:
    async def main() -> list[nbstream.Generated]:
        return await asyncio.gather(*(nbstream.generate(MODEL, f"Cat {n}.") for n in range(3)))

    assert [len(result.images) for result in run_async(main())] == [1, 1, 1]


def test_a_timeout_of_the_caller(media: MediaServer) -> None:
    async def main() -> None:
        await asyncio.wait_for(nbstream.generate(MODEL, "slow"), 0.2)

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        run_async(main())
    assert time.monotonic() - began < A_LONG_TIME / 4


def test_a_silent_provider(media: MediaServer) -> None:
    timeout = nbstream.Timeouts(first_byte=0.2)
    with pytest.raises(
        errors.ResponseTimeoutError, match="sent nothing within the time limit"
    ) as caught:
        nbstream.generate(MODEL, "slow", timeout=timeout).result()
    assert caught.value.remedy


def test_cancelling_while_the_image_is_made(media: MediaServer) -> None:
    params = nbstream.ImageParams(partial_images=1)
    generation = nbstream.generate(MODEL, "wait", params)
    began = time.monotonic()
    for event in generation:
        if isinstance(event, FileEvent):
            generation.cancel()
    assert time.monotonic() - began < A_LONG_TIME / 4
    assert generation.message.files[0].data == png(100)
    assert generation.message.finish_reason == "cancelled"


def test_an_error_names_the_provider_and_the_request(media: MediaServer) -> None:
    with pytest.raises(errors.ContentFilterError, match="rejected") as caught:
        nbstream.generate(MODEL, "forbidden").result()
    assert caught.value.provider == "openai"
    assert caught.value.request_id == "req_media"
    assert caught.value.remedy


def test_text_instead_of_an_image(media: MediaServer) -> None:
    generation = nbstream.generate("google/gemini-2.5-flash-image", "words only")
    with pytest.raises(errors.ProviderError, match=r"no image. The model wrote: Here it is\.") as c:
        generation.result()
    assert c.value.message is not None
    assert c.value.message.text == "Here it is."


def test_one_failure_among_several_fails_all(media: MediaServer) -> None:
    params = nbstream.ImageParams(n=2)
    with pytest.raises(errors.ContentFilterError):
        nbstream.generate("google/gemini-2.5-flash-image", "forbidden", params).result()


def test_imagen_filters_an_image(media: MediaServer) -> None:
    with pytest.raises(errors.ContentFilterError, match="what it must not"):
        nbstream.generate("google/imagen-4.0-generate-001", "filtered").result()


def test_a_scripted_model_replaces_a_real_one() -> None:
    model = ScriptedModel(assistant_message(FilePart("image/png", png(1))))
    result = nbstream.generate(model, "A cat.").result()
    assert result.images[0].data == png(1)
    assert model.requests[0].prompt == "A cat."


@pytest.mark.parametrize("name", [MODEL, "openai/sora-2", "google/veo-3.1-generate-preview"])
def test_no_verbose_traceback_shows_the_key(media: MediaServer, name: str) -> None:
    key = "sk-very-secret-0123456789"
    generation = nbstream.generate(name, "A cat.", api_key=key)
    try:
        generation.result()
    except errors.AuthenticationError as error:
        shown = _verbose()
        said = f"{error}{error!r}{generation!r}{vars(generation)}"
    assert "AuthenticationError" in shown
    assert key not in shown
    assert key not in said


def _verbose() -> str:
    kind, error, trace = sys.exc_info()
    assert kind is not None
    return str(ultratb.VerboseTB(theme_name="nocolor").text(kind, error, trace))


def test_a_custom_client_does_not_send_the_key_elsewhere() -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        if request.url.path.endswith(":predictLongRunning"):
            return httpx.Response(200, json={"name": "operations/1"})
        if request.url.path.endswith("operations/1"):
            uri = "https://g.example/v1beta/files/1:download?alt=media"
            said = {"generatedSamples": [{"video": {"uri": uri}}]}
            done = {"name": "operations/1", "done": True, "response": said}
            return httpx.Response(200, json=done)
        if request.url.host == "g.example":
            return httpx.Response(302, headers={"location": "https://cdn.example/1.mp4"})
        return httpx.Response(200, content=MP4, headers={"content-type": "video/mp4"})

    transport = httpx.MockTransport(answer)
    client = httpx.AsyncClient(transport=transport, follow_redirects=True)
    result = nbstream.generate(
        "google/veo-3.1-generate-preview",
        "A boat.",
        base_url="https://g.example",
        api_key="sk-very-secret-0123456789",
        client=client,
        poll_every=0.01,
    ).result()
    submit(client.aclose()).result()
    assert result.videos[0].data == MP4
    hosts: dict[str, list[Any]] = {}
    for request in sent:
        hosts.setdefault(request.url.host, []).append(request.headers.get("x-goog-api-key"))
    assert hosts["g.example"] == ["sk-very-secret-0123456789"] * 3
    assert hosts["cdn.example"] == [None]
