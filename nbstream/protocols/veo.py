"""The job protocol for Veo, Google's video models: starts and polls a long-running operation.

Source: https://ai.google.dev/gemini-api/docs/video and
https://ai.google.dev/api/all-methods (``models.operations`` has no method to cancel).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nbstream.errors import ContentFilterError, ProtocolError, ProviderError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.auth_headers import google
from nbstream.protocols.base import Request
from nbstream.protocols.jobs import JobFile, JobState
from nbstream.protocols.json_fields import dict_of, list_of
from nbstream.protocols.media_files import base64_content, check_picture, decode_base64
from nbstream.protocols.media_protocol import pictures_of, prompt_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbstream.core.message import FilePart, Message

_NAME = re.compile(r"[\w-]+(/[\w.-]*[\w-])*(\?[\w=&.-]*)?")


@dataclass(frozen=True, slots=True)
class Veo:
    """Builds and reads video jobs; see ``JobProtocol``."""

    name = "veo"

    interval: float = 10.0

    def auth(self, api_key: str) -> dict[str, str]:
        """The key in Google's header ``x-goog-api-key``."""
        return google(api_key)

    def create(self, model: str, messages: Sequence[Message], params: dict[str, Any]) -> Request:
        """The request that starts a video; one image is the first frame, a second one the last."""
        instance: dict[str, Any] = {"prompt": prompt_of(messages)}
        pictures = pictures_of(messages, 2, model)
        for name, picture in zip(("image", "lastFrame"), pictures, strict=False):
            instance[name] = _frame(picture, model)
        body: dict[str, Any] = {"instances": [instance]}
        if params:
            body["parameters"] = dict(params)
        path = quote(model if "/" in model else f"models/{model}")
        return Request(f"/{path}:predictLongRunning", body, {"Accept": "application/json"})

    def job_id(self, row: dict[str, Any]) -> str:
        """The operation's name, which is also its path."""
        name = row.get("name")
        if isinstance(name, str) and _NAME.fullmatch(name):
            return name
        raise ProtocolError("The provider started a video but sent no name for its operation.")

    def path(self, job_id: str) -> str:
        """The path that returns the operation's state."""
        return f"/{job_id}"

    def state(self, row: dict[str, Any]) -> JobState:
        """The state of the operation; Google reports little more than whether it is done."""
        if not row.get("done"):
            return JobState("running", _fraction(row.get("metadata")))
        if row.get("error"):
            raise error_in_stream({"error": row["error"]})
        response = dict_of(row.get("response"))
        response = dict_of(response.get("generateVideoResponse")) or response
        files = tuple(_files(response))
        if not files:
            reasons = response.get("raiMediaFilteredReasons")
            if isinstance(reasons, list) and reasons:
                raise ContentFilterError(str(reasons[0]))
            raise ProviderError("The provider finished without a video.")
        return JobState("done", 1.0, done=True, files=files, metadata={"id": row.get("name")})

    def cancel(self, job_id: str) -> tuple[str, str] | None:  # noqa: ARG002 - part of the interface
        """None: the Gemini API cannot cancel an operation."""
        return None


def _frame(picture: FilePart, model: str) -> dict[str, Any]:
    check_picture(picture, model)
    return {"bytesBase64Encoded": base64_content(picture, model), "mimeType": picture.media_type}


def _fraction(metadata: Any) -> float | None:
    percent = metadata.get("progressPercent") if isinstance(metadata, dict) else None
    return percent / 100 if type(percent) is int and 0 <= percent <= 100 else None


def _files(response: dict[str, Any]) -> Iterator[JobFile]:
    samples = (
        response.get("generatedSamples")
        or response.get("generatedVideos")
        or response.get("videos")
    )
    for sample in list_of(samples):
        video = sample.get("video", sample) if isinstance(sample, dict) else None
        if not isinstance(video, dict):
            continue
        kind = str(video.get("mimeType") or video.get("encoding") or "video/mp4")
        text = video.get("bytesBase64Encoded") or video.get("encodedVideo")
        if text:
            yield JobFile(kind, decode_base64(text))
        elif isinstance(uri := video.get("uri"), str):
            yield JobFile(kind, url=uri)
