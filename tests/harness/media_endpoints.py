"""The endpoints of ``media_server``, an HTTP server for tests that imitates image and video APIs.

They are, as documented: OpenAI's images and videos; Gemini's predict, predictLongRunning and
streamGenerateContent; the gateway's image-model, video-model and chat completions. Words in the
prompt make some of them fail.
"""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.harness.media_server import Exchange

KEY = "media-key-0123456789"
A_LONG_TIME = 60.0  # seconds that a slow answer takes; no test waits for it
MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40


def png(shade: int = 0) -> bytes:
    """A picture of one grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes([0, shade]))
    mark = b"\x89PNG\r\n\x1a\n"
    return mark + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@dataclass
class Job:
    """A video job: done at the third poll, unless the prompt says otherwise."""

    prompt: str
    asked: int = 0
    deleted: bool = False

    @property
    def polls(self) -> int:
        """How many polls it takes."""
        return 10_000 if "endless" in self.prompt else 3


def b64(data: bytes) -> str:
    """Bytes as JSON has them."""
    return base64.b64encode(data).decode()


# OpenAI.

_IMAGE_USAGE = {"input_tokens": 13, "output_tokens": 272, "total_tokens": 285}


def _images(http: Exchange, kind: str) -> None:
    """Answer a request for images: whole, or as a stream of drafts."""
    if "multipart" in http.asked.headers["content-type"]:
        parts = http.asked.form.items()
        row: dict[str, Any] = {name: found[0].get_payload() for name, found in parts}
    else:
        row = http.asked.json
    family = "image_edit" if kind == "edits" else "image_generation"
    about = {"size": row.get("size") or "1024x1024", "quality": "high", "output_format": "png"}
    if row.get("stream") in (True, "true"):
        http.events(_drafts(http, family, about, int(row["partial_images"])))
        return
    pictures = [{"b64_json": b64(png(number))} for number in range(int(row.get("n", 1)))]
    if row["model"].startswith("dall-e") and row.get("response_format") != "b64_json":
        pictures = [{"url": f"{http.media.url}/files/plain.png"}]
    http.row({"created": 1, "data": pictures, "usage": _IMAGE_USAGE, **about})


def _drafts(http: Exchange, family: str, about: dict[str, Any], drafts: int) -> Iterator[Any]:
    """The events of a streamed image: its drafts, then itself."""
    for number in range(drafts):
        data = b64(png(100 + number))
        kind = f"{family}.partial_image"
        yield {"type": kind, "b64_json": data, "partial_image_index": number, **about}
        if "cut" in http.asked.prompt:
            return
        if "wait" in http.asked.prompt:
            http.media.closing.wait(A_LONG_TIME)
    kind = f"{family}.completed"
    yield {"type": kind, "b64_json": b64(png(7)), "usage": _IMAGE_USAGE, **about}


def _create_video(http: Exchange) -> None:
    name = f"video_{len(http.media.jobs)}"
    http.media.jobs[name] = Job(http.asked.prompt)
    asked = {key: http.asked.json.get(key) for key in ("model", "seconds", "size")}
    http.row({"id": name, "object": "video", "status": "queued", "progress": 0, **asked})


def _poll_video(http: Exchange, name: str) -> None:
    """Answer a poll of a video job."""
    job = http.media.jobs[name]
    if _fail_if_flaky(http):
        return
    job.asked += 1
    row: dict[str, Any] = {"id": name, "object": "video", "seconds": "4", "size": "1280x720"}
    if "fails" in job.prompt and job.asked == 2:
        error = {"code": "moderation_blocked", "message": "The video was blocked."}
        http.row({**row, "status": "failed", "progress": 40, "error": error})
    elif job.asked >= job.polls:
        http.row({**row, "status": "completed", "progress": 100, "error": None})
    else:
        progress = min(99, 40 * job.asked)
        http.row({**row, "status": "in_progress", "progress": progress, "error": None})


def _video_content(http: Exchange, name: str) -> None:
    broken = "torn" in http.media.jobs[name].prompt
    http.whole(MP4, "video/mp4", promised=len(MP4) + 9 if broken else 0)


def _delete_video(http: Exchange, name: str) -> None:
    http.media.jobs[name].deleted = True
    http.row({"id": name, "object": "video.deleted", "deleted": True})


def _fail_if_flaky(http: Exchange) -> bool:
    """Answer with an error if the test has asked for some; returns whether it did."""
    if not http.media.flaky:
        return False
    http.media.flaky -= 1
    http.row({"error": {"message": "The server is overloaded.", "code": 503}}, 503)
    return True


# Google.


def _predict(http: Exchange, _model: str) -> None:
    if "filtered" in http.asked.prompt:
        http.row({"predictions": [{"raiFilteredReason": "It shows what it must not."}]})
        return
    count = http.asked.json["parameters"]["sampleCount"]
    rows = [{"mimeType": "image/png", "bytesBase64Encoded": b64(png(n))} for n in range(count)]
    http.row({"predictions": rows})


def _generate_content(http: Exchange, _model: str) -> None:
    parts: list[Any] = [{"text": "Here it is."}]
    if "words only" not in http.asked.prompt:
        parts.append({"inlineData": {"mimeType": "image/png", "data": b64(png(9))}})
    usage = {"promptTokenCount": 8, "candidatesTokenCount": 1290, "totalTokenCount": 1298}

    def rows() -> Iterator[Any]:
        for part in parts:
            yield {"candidates": [{"content": {"role": "model", "parts": [part]}}]}
        yield {"candidates": [{"finishReason": "STOP"}], "usageMetadata": usage}

    http.events(rows())


def _start_veo(http: Exchange, model: str) -> None:
    """Start a video job of Veo."""
    name = f"models/{model}/operations/op{len(http.media.jobs)}"
    http.media.jobs[name] = Job(http.asked.prompt)
    http.row({"name": name})


def _poll_veo(http: Exchange, name: str) -> None:
    """Answer a poll of a Veo job."""
    job = http.media.jobs[name]
    if _fail_if_flaky(http):
        return
    job.asked += 1
    if job.asked < job.polls:
        http.row({"name": name})
    elif "fails" in job.prompt:
        http.row({"name": name, "done": True, "error": {"code": 13, "message": "It broke."}})
    elif "filtered" in job.prompt:
        said = {"raiMediaFilteredCount": 1, "raiMediaFilteredReasons": ["It was blocked."]}
        http.row({"name": name, "done": True, "response": {"generateVideoResponse": said}})
    else:
        where = f"{http.media.url}/v1beta/files/clip:download?alt=media"
        if "elsewhere" in job.prompt:
            where = f"http://localhost:{http.media.url.rpartition(':')[2]}/files/plain.mp4"
        said = {"generatedSamples": [{"video": {"uri": where}}]}
        http.row({"name": name, "done": True, "response": {"generateVideoResponse": said}})


def _google_file(http: Exchange) -> None:
    """Redirect to the file, as Google does."""
    http.send_response(302)
    http.send_header("Location", "/download/v1beta/files/clip.mp4")
    http.send_header("Content-Length", "0")
    http.end_headers()


def _plain_video(http: Exchange) -> None:
    http.whole(MP4, "video/mp4")


def _plain_picture(http: Exchange) -> None:
    http.whole(png(5), "image/png")


# The gateway.


def _gateway_image(http: Exchange) -> None:
    pictures = [b64(png(number)) for number in range(http.asked.json["n"])]
    usage = {"inputTokens": 4, "outputTokens": 9}
    http.row({"images": pictures, "warnings": [], "usage": usage})


def _gateway_video(http: Exchange) -> None:
    def rows() -> Iterator[Any]:
        yield "keep-alive"
        if "fails" in http.asked.prompt:
            yield {"type": "error", "message": "No provider is up.", "statusCode": 503}
            return
        video = {"type": "base64", "data": b64(MP4), "mediaType": "video/mp4"}
        if "by address" in http.asked.prompt:
            where = f"{http.media.url}/files/plain.mp4"
            video = {"type": "url", "url": where, "mediaType": "video/mp4"}
        yield {"type": "result", "videos": [video], "warnings": []}

    http.events(rows())


def _chat(http: Exchange) -> None:
    picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{b64(png(3))}"}}

    def rows() -> Iterator[Any]:
        head = {"id": "gen_1", "object": "chat.completion.chunk", "model": http.asked.json["model"]}
        for delta in ({"role": "assistant", "content": "A cat."}, {"images": [picture]}):
            yield {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
        last = {"index": 0, "delta": {}, "finish_reason": "stop"}
        yield {**head, "choices": [last], "usage": {"prompt_tokens": 5, "completion_tokens": 1300}}

    http.events(rows())


ENDPOINTS: list[tuple[str, str, Callable[..., None]]] = [
    ("POST", r"/v1/images/(generations|edits)", _images),
    ("POST", r"/v1/videos", _create_video),
    ("GET", r"/v1/videos/([^/]+)", _poll_video),
    ("GET", r"/v1/videos/([^/]+)/content", _video_content),
    ("DELETE", r"/v1/videos/([^/]+)", _delete_video),
    ("POST", r"/v1beta/models/([^/:]+):predict", _predict),
    ("POST", r"/v1beta/models/([^/:]+):streamGenerateContent", _generate_content),
    ("POST", r"/v1beta/models/([^/:]+):predictLongRunning", _start_veo),
    ("GET", r"/v1beta/(models/[^/]+/operations/.+)", _poll_veo),
    ("GET", r"/v1beta/files/clip:download", _google_file),
    ("GET", r"/download/v1beta/files/clip\.mp4|/files/plain\.mp4", _plain_video),
    ("GET", r"/files/plain\.png", _plain_picture),
    ("POST", r"/v3/ai/image-model", _gateway_image),
    ("POST", r"/v3/ai/video-model", _gateway_video),
    ("POST", r"/v1/chat/completions", _chat),
]
