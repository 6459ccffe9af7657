"""Time limits of ``generate()``: JSON bodies, streams of drafts, jobs and downloads."""

import json
from collections.abc import Callable
from typing import Any

import pytest

import nbstream
from nbstream import errors
from tests.harness.media_endpoints import png
from tests.harness.patience import HANG
from tests.harness.raw_server import STALL, RawServer, Steps, head

IMAGE, GATEWAY, VIDEO = "openai/gpt-image-1", "gateway/google/imagen-4.0", "openai/sora-2"


def make(server: RawServer, model: str, **settings: Any) -> nbstream.Generation:
    settings = {"retries": 0, **settings}
    generation = nbstream.generate(
        model, "A boat.", base_url=f"{server.url}/v1", api_key="k", **settings
    )
    generation.start()
    return generation


def expired(generation: nbstream.Generation) -> errors.ResponseTimeoutError:
    assert generation.stream.wait(HANG), "no limit ended it"
    error = generation.stream.error
    assert isinstance(error, errors.ResponseTimeoutError), error
    return error


def reply(row: Any) -> bytes:
    body = json.dumps(row).encode()
    return head("application/json", 200, len(body)) + body


def forever(start: bytes, piece: bytes) -> Steps:
    yield start
    while True:
        yield piece
        yield 0.02


@pytest.mark.parametrize("label", ["application/json", "text/event-stream"])
@pytest.mark.parametrize("model", [IMAGE, GATEWAY])
@pytest.mark.parametrize("start", [b"", b'{"data": [{"b64_js'], ids=["before", "within"])
def test_a_body_that_stalls(model: str, label: str, start: bytes) -> None:
    with RawServer(lambda _: [head(label) + start, STALL]) as server:
        expired(make(server, model, timeout=0.3))
        assert server.gone.wait(HANG)


@pytest.mark.parametrize("piece", [b" ", b": ping\n\n"])
@pytest.mark.parametrize("model", [IMAGE, GATEWAY])
def test_a_body_that_is_only_kept_open(model: str, piece: bytes) -> None:
    with RawServer(lambda _: forever(head("application/json"), piece)) as server:
        assert expired(make(server, model, timeout=0.3)).limit == "first_event"


def job(status: str) -> dict[str, Any]:
    return {"id": "video_7", "object": "video", "status": status, "progress": 0}


JOB: dict[str, Callable[[int], Steps]] = {
    "never done": lambda _: [reply(job("queued"))],
    "a poll that stalls": lambda n: [reply(job("queued"))] if n == 0 else [STALL],
    "a poll's body that stalls": lambda n: (
        [reply(job("queued"))] if n == 0 else [head("application/json"), b"{", STALL]
    ),
    "a poll's body without end": lambda n: (
        [reply(job("queued"))] if n == 0 else forever(head("application/json"), b" ")
    ),
    "a download that stalls": lambda n: (
        [reply(job("completed"))] if n == 0 else [head("video/mp4"), b"....ftyp", STALL]
    ),
    "polls that fail": lambda n: (
        [reply(job("queued"))] if n == 0 else [head("application/json", 503, 2) + b"{}"]
    ),
}


@pytest.mark.parametrize("limit", ["job", "total"])
@pytest.mark.parametrize("case", [case for case in JOB if case != "polls that fail"])
def test_a_job_is_limited_in_whatever_it_waits(case: str, limit: str) -> None:
    with RawServer(JOB[case]) as server:
        limits = nbstream.Timeouts(**{limit: 0.5})
        error = expired(make(server, VIDEO, timeout=limits, poll_every=0.02))
        assert error.limit == limit
        assert "video_7" in error.text


def test_a_poll_has_the_limits_of_a_request() -> None:
    with RawServer(JOB["a poll's body that stalls"]) as server:
        limits = nbstream.Timeouts(between=0.3)
        error = expired(make(server, VIDEO, timeout=limits, poll_every=0.02))
        assert error.limit == "between"


def test_a_poll_is_not_repeated_beyond_the_limit() -> None:
    with RawServer(JOB["polls that fail"]) as server:
        generation = make(
            server, VIDEO, timeout=nbstream.Timeouts(job=1), poll_every=0.02, retries=99
        )
        assert generation.stream.wait(HANG)
        assert isinstance(generation.stream.error, errors.OverloadedError)


@pytest.mark.parametrize("limit", ["first_byte", "between", "total"])
def test_the_download_of_an_image_is_limited(limit: str) -> None:
    def script(number: int) -> Steps:
        if number == 0:
            return [reply({"data": [{"url": f"{server.url}/v1/image.png"}]})]
        return [STALL] if limit == "first_byte" else [head("image/png"), png(1)[:9], STALL]

    with RawServer(script) as server:
        generation = make(server, IMAGE, timeout=nbstream.Timeouts(**{limit: 0.5}))
        assert expired(generation).limit == limit
        assert len(server.requests) == 2
