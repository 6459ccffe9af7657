"""Videos: jobs with progress, failures and cancellation."""

import asyncio
import dataclasses
import time
from typing import Any

import pytest

import nbstream
from nbstream import errors
from nbstream.core.events import Progress
from nbstream.core.message import FilePart
from nbstream.protocols.openai_videos import OpenAIVideos
from tests.harness.background import run_async
from tests.harness.media_endpoints import KEY, MP4, b64, png
from tests.harness.media_server import MediaServer
from tests.harness.patience import until

SOON = 0.02  # seconds between polls
VEO = "google/veo-3.1-generate-preview"
SORA = "openai/sora-2"


def film(model: str, prompt: str = "A boat.", **settings: Any) -> nbstream.Generation:
    params = settings.pop("params", nbstream.VideoParams())
    return nbstream.generate(model, prompt, params, poll_every=SOON, **settings)


def test_openai(media: MediaServer) -> None:
    reported: list[Progress] = []
    params = nbstream.VideoParams(duration=4, aspect_ratio="16:9")
    generation = film(SORA, params=params, on_progress=reported.append)
    result = generation.result()
    assert [video.data for video in result.videos] == [MP4]
    assert result.videos[0].media_type == "video/mp4"
    assert result.message.id == "video_0"
    assert result.message.finish_reason == "stop"
    assert [(one.status, one.fraction) for one in reported] == [
        ("queued", 0.0),
        ("in_progress", 0.4),
        ("in_progress", 0.8),
        ("completed", 1.0),
    ]
    assert generation.progress == reported[-1]
    [request] = media.of("POST", "/v1/videos")
    assert request.json == {
        "model": "sora-2",
        "prompt": "A boat.",
        "seconds": "4",
        "size": "1280x720",
    }


def test_openai_from_an_image(media: MediaServer) -> None:
    message = nbstream.user_message("It sails.", FilePart("image/png", png(1)))
    nbstream.generate(SORA, message, nbstream.VideoParams(), poll_every=SOON).result()
    row = media.of("POST", "/v1/videos")[0].json
    assert row["input_reference"] == {"image_url": f"data:image/png;base64,{b64(png(1))}"}


def test_veo(media: MediaServer) -> None:
    first, last = FilePart("image/png", png(1)), FilePart("image/jpeg", b"\xff\xd8\xff")
    params = nbstream.VideoParams(duration=8, aspect_ratio="9:16", resolution="720p")
    message = nbstream.user_message("It sails.", first, last)
    result = nbstream.generate(VEO, [message], params, poll_every=SOON).result()
    assert [video.data for video in result.videos] == [MP4]
    [request] = media.of("POST", "predictLongRunning")
    assert request.path == "/v1beta/models/veo-3.1-generate-preview:predictLongRunning"
    assert request.headers["x-goog-api-key"] == KEY
    assert request.json == {
        "instances": [
            {
                "prompt": "It sails.",
                "image": {"bytesBase64Encoded": b64(png(1)), "mimeType": "image/png"},
                "lastFrame": {
                    "bytesBase64Encoded": b64(b"\xff\xd8\xff"),
                    "mimeType": "image/jpeg",
                },
            }
        ],
        "parameters": {"aspectRatio": "9:16", "durationSeconds": 8, "resolution": "720p"},
    }
    # The address from Google redirects to another one.
    assert len(media.of("GET", "/v1beta/files/clip:download")) == 1
    assert len(media.of("GET", "/download/")) == 1


def test_progress_events_while_awaiting(media: MediaServer) -> None:
    async def main() -> tuple[int, nbstream.Generated]:
        generation = film(VEO)
        steps = 0
        async for event in generation:
            steps += isinstance(event, Progress)
        return steps, await generation

    steps, result = run_async(main())
    assert steps == 4
    assert result.videos
    assert len(media.of("POST", ".")) == 1


def test_two_videos_are_two_jobs(media: MediaServer) -> None:
    reported: list[Progress] = []
    params = nbstream.VideoParams(n=2)
    result = film(SORA, params=params, on_progress=reported.append).result()
    assert [video.data for video in result.videos] == [MP4, MP4]
    assert len(media.jobs) == 2
    fractions = [one.fraction for one in reported]
    assert fractions == sorted(fractions, key=lambda one: one or 0.0)
    assert fractions[-1] == 1.0


def test_the_gateway_streams_progress(media: MediaServer) -> None:
    for prompt in ("A boat.", "A boat, by address."):
        params = nbstream.VideoParams(duration=4, aspect_ratio="16:9", resolution="1280x720")
        generation = nbstream.generate(
            "gateway/google/veo-3.1-generate-001", prompt, params, base_url=f"{media.url}/v1"
        )
        assert [video.data for video in generation.result().videos] == [MP4]
    request = media.requests[0]
    assert request.path == "/v3/ai/video-model"
    assert request.headers["ai-video-model-specification-version"] == "3"
    assert request.headers["accept"] == "text/event-stream"
    assert request.json == {
        "prompt": "A boat.",
        "n": 1,
        "duration": 4,
        "aspectRatio": "16:9",
        "resolution": "1280x720",
        "providerOptions": {},
    }


@pytest.mark.parametrize(
    ("model", "prompt", "error", "says"),
    [
        (SORA, "It fails.", errors.ContentFilterError, "The video was blocked."),
        (SORA, "forbidden", errors.ContentFilterError, "rejected"),
        (VEO, "It fails.", errors.ProviderError, "It broke."),
        (VEO, "It is filtered.", errors.ContentFilterError, "It was blocked."),
        (VEO, "From elsewhere.", errors.ProviderError, "not https"),
    ],
)
def test_failures(
    media: MediaServer, model: str, prompt: str, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says) as caught:
        film(model, prompt).result()
    assert isinstance(caught.value, errors.StreamError)
    assert caught.value.provider == model.partition("/")[0]
    assert len(media.of("POST", ".")) == 1


def test_the_gateways_failure(media: MediaServer) -> None:
    with pytest.raises(errors.OverloadedError, match="No provider is up"):
        film("gateway/google/veo-3.1-generate-001", "fails", base_url=media.url, retries=0).result()


def test_an_incomplete_download_is_an_error(media: MediaServer) -> None:
    with pytest.raises(errors.ConnectionFailedError):
        film(SORA, "torn", retries=0).result()


def test_a_failed_poll_is_repeated(media: MediaServer) -> None:
    media.flaky = 2
    assert film(SORA).result().videos
    assert len(media.of("POST", ".")) == 1


def test_too_many_failed_polls_are_an_error(media: MediaServer) -> None:
    media.flaky = 99
    with pytest.raises(errors.OverloadedError):
        film(SORA, retries=1).result()
    assert len(media.of("GET", "/v1/videos/video_0")) == 2


def test_cancelling_the_task_stops_it_and_deletes_the_video(media: MediaServer) -> None:
    async def main() -> None:
        task = asyncio.ensure_future(film(SORA, "endless"))
        await asyncio.to_thread(until, lambda: len(media.of("GET", "video_0")) > 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_async(main())
    until(lambda: media.jobs["video_0"].deleted)
    time.sleep(5 * SOON)  # for a poll that is under way
    asked = len(media.requests)
    time.sleep(10 * SOON)
    assert len(media.requests) == asked, "it is still being polled"


def test_cancelling_one_of_two_waiting_tasks_stops_nothing(media: MediaServer) -> None:
    async def main() -> nbstream.Generated:
        generation = film(SORA)
        first = asyncio.ensure_future(generation)
        second = asyncio.ensure_future(generation)
        await asyncio.sleep(SOON)
        first.cancel()
        return await second

    assert run_async(main()).videos
    assert not media.jobs["video_0"].deleted


def test_cancel_from_another_thread(media: MediaServer) -> None:
    generation = film(VEO, "endless")
    generation.start()
    until(lambda: media.of("GET", "operations"))
    began = time.monotonic()
    generation.cancel()
    with pytest.raises(errors.CancelledStreamError):
        generation.result()
    assert time.monotonic() - began < 10, "the job itself takes minutes"
    assert generation.message.finish_reason == "cancelled"

    async def again() -> None:
        await generation

    with pytest.raises(errors.CancelledStreamError):
        run_async(again())


def test_a_timeout_of_wait_does_not_stop_the_job(media: MediaServer) -> None:
    generation = nbstream.generate(SORA, "A boat.", nbstream.VideoParams(), poll_every=0.2)
    with pytest.raises(TimeoutError):
        generation.result(timeout=0.1)
    assert generation.result().videos


def test_a_job_has_a_time_limit(media: MediaServer) -> None:
    with pytest.raises(errors.ResponseTimeoutError, match=r"the job within 0\.5 s.*video_0"):
        film(SORA, "endless", timeout=nbstream.Timeouts(job=0.5)).result()
    assert not media.jobs["video_0"].deleted, "its id can still be used"


def test_a_stream_of_a_video_model(media: MediaServer) -> None:
    model = dataclasses.replace(nbstream.get_model(SORA), job=OpenAIVideos(SOON))
    with nbstream.stream(model, "A boat.", extra_body={"seconds": "8"}) as stream:
        steps = [event.fraction for event in stream if isinstance(event, Progress)]
    assert steps == [0.0, 0.4, 0.8, 1.0]
    assert stream.files[0].data == MP4
    assert media.requests[0].json["seconds"] == "8"
