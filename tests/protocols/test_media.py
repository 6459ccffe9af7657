"""Image and video protocols: complete, truncated and damaged bodies."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from nbstream import errors
from nbstream.core.events import FileEvent
from nbstream.protocols import Decoder
from nbstream.protocols.gateway_media import GatewayImages, GatewayVideos
from nbstream.protocols.imagen import Imagen
from nbstream.protocols.openai_images import OpenAIImages
from nbstream.protocols.openai_videos import OpenAIVideos
from nbstream.protocols.veo import Veo
from tests.harness.media_endpoints import MP4, b64, png
from tests.protocols.any_decoder import (
    decode,
    incomplete_when_cut,
    same_however_cut,
    survives_mutation,
)

ABOUT = {"size": "1024x1024", "quality": "high", "output_format": "png", "created_at": 1}
USAGE = {"input_tokens": 5, "output_tokens": 9, "total_tokens": 14}
PARTIAL = {"type": "image_generation.partial_image", "b64_json": b64(png(1)), **ABOUT}
COMPLETED = {"type": "image_generation.completed", "b64_json": b64(png(2)), **ABOUT, "usage": USAGE}
RESULT = {"type": "result", "videos": [{"type": "base64", "data": b64(MP4[:64])}]}


def sse(*rows: Any) -> bytes:
    """Rows as a response body of OpenAI."""
    return b"".join(f"event: {row['type']}\ndata: {json.dumps(row)}\n\n".encode() for row in rows)


BODIES: dict[str, tuple[Callable[[], Decoder], bytes]] = {
    "openai stream": (OpenAIImages("m").decoder, sse(PARTIAL, PARTIAL, COMPLETED)),
    "openai whole": (
        OpenAIImages("m").decoder,
        json.dumps({"data": [{"b64_json": b64(png(2))}], "usage": USAGE, **ABOUT}).encode(),
    ),
    "imagen": (
        Imagen("m").decoder,
        json.dumps({"predictions": [{"bytesBase64Encoded": b64(png(2))}]}).encode(),
    ),
    "gateway images": (
        GatewayImages("m").decoder,
        json.dumps({"images": [b64(png(2))], "usage": {"inputTokens": 5}}).encode(),
    ),
    "gateway videos": (GatewayVideos("m").decoder, b": wait\n\n" + sse(RESULT)),
}
ALL = pytest.mark.parametrize("name", BODIES)


@ALL
def test_the_events_are_the_same_however_the_body_is_cut(name: str) -> None:
    same_however_cut(*BODIES[name])


@ALL
def test_a_truncated_body_is_incomplete(name: str) -> None:
    incomplete_when_cut(*BODIES[name])


@ALL
def test_damaged_bytes_raise_only_our_own_errors(name: str) -> None:
    survives_mutation(*BODIES[name], seed=len(name), rounds=60)


@ALL
def test_the_file_is_there(name: str) -> None:
    _, message, failure = decode(BODIES[name][0], [BODIES[name][1]])
    assert not failure
    assert message.model == "m"
    assert message.finish_reason == "stop"
    [file] = message.files
    assert file.data == (MP4[:64] if "videos" in name else png(2))


def test_a_files_bytes_decide_its_media_type() -> None:
    row = {**COMPLETED, "b64_json": b64(b"\xff\xd8\xff\xe0")}
    _, message, _ = decode(OpenAIImages().decoder, [sse(row)])
    assert message.files[0].media_type == "image/jpeg"


def test_a_revised_prompt_is_kept() -> None:
    row = {"data": [{"b64_json": b64(png(2)), "revised_prompt": "A grey cat."}]}
    _, message, _ = decode(OpenAIImages().decoder, [json.dumps(row).encode()])
    kept = message.files[0].provider_metadata["openai_images"]
    assert kept["revised_prompt"] == "A grey cat."


def test_an_error_inside_the_stream() -> None:
    error = {"code": "moderation_blocked", "message": "No."}
    body = sse(PARTIAL, {"type": "error", "error": error})
    events, _, failure = decode(OpenAIImages().decoder, [body])
    assert failure == "ContentFilterError"
    assert any(isinstance(event, FileEvent) for event in events)


@pytest.mark.parametrize("name", ["../models", "//evil.example/x", "a?b=c/../d", "", None, 3])
def test_an_operation_name_that_is_not_a_path(name: Any) -> None:
    with pytest.raises(errors.ProtocolError):
        Veo().job_id({"name": name})


def test_a_video_id_is_quoted_in_the_path() -> None:
    assert OpenAIVideos().path("../x?y") == "/videos/..%2Fx%3Fy"


@pytest.mark.parametrize(
    "row",
    [
        {"generateVideoResponse": {"generatedSamples": [{"video": {"uri": "https://x/1"}}]}},
        {"generatedVideos": [{"video": {"uri": "https://x/1"}}]},
        {"videos": [{"bytesBase64Encoded": b64(MP4), "mimeType": "video/mp4"}]},
    ],
)
def test_veos_fields_for_videos(row: dict[str, Any]) -> None:
    state = Veo().state({"name": "operations/1", "done": True, "response": row})
    assert state.done
    [file] = state.files
    assert file.url == "https://x/1" or file.data == MP4
    assert file.media_type == "video/mp4"


@pytest.mark.parametrize(
    ("row", "fraction"),
    [
        ({"status": "queued"}, None),
        ({"status": "in_progress", "progress": 140}, 1.0),
        ({"status": "in_progress", "progress": "many"}, None),
        ({"status": "in_progress", "progress": True}, None),
    ],
)
def test_invalid_progress(row: dict[str, Any], fraction: float | None) -> None:
    assert OpenAIVideos().state({"id": "v", **row}).fraction == fraction
