"""Veo: videos from Google, as long-running operations.

Source: https://ai.google.dev/gemini-api/docs/video and
https://ai.google.dev/api/all-methods (``models.operations`` can be asked for
and not cancelled). Refuses to know addresses and clocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nbstream.errors import ContentFilterError, ProtocolError, ProviderError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.base import Request
from nbstream.protocols.jobs import JobFile, JobState
from nbstream.protocols.json_fields import dict_of, list_of
from nbstream.protocols.keys import google
from nbstream.protocols.media_files import check_picture, decoded, in_bytes
from nbstream.protocols.media_prompt import pictures_of, prompt_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nbstream.core.message import FilePart, Message

_NAME = re.compile(r"[\w-]+(/[\w.-]*[\w-])*(\?[\w=&.-]*)?")


@dataclass(frozen=True, slots=True)
class Veo:
    """The protocol; see ``JobProtocol``."""

    name = "veo"

    interval: float = 10.0

    def auth(self, api_key: str) -> dict[str, str]:
        """Google's own header."""
        return google(api_key)

    def create(self, model: str, messages: Sequence[Message], params: dict[str, Any]) -> Request:
        """The request; a first picture is the first frame, a second one the last."""
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
        """The operation's name, which is its path."""
        found = row.get("name")
        if isinstance(found, str) and _NAME.fullmatch(found):
            return found
        raise ProtocolError("The provider began a video without a name to ask for it by.")

    def path(self, job_id: str) -> str:
        """The operation's path."""
        return f"/{job_id}"

    def state(self, row: dict[str, Any]) -> JobState:
        """How the operation stands; Google says no more than whether it is done."""
        if not row.get("done"):
            return JobState("running", _fraction(row.get("metadata")))
        if row.get("error"):
            raise error_in_stream({"error": row["error"]})
        said = dict_of(row.get("response"))
        said = dict_of(said.get("generateVideoResponse")) or said
        files = tuple(_files(said))
        if not files:
            reasons = said.get("raiMediaFilteredReasons")
            if isinstance(reasons, list) and reasons:
                raise ContentFilterError(str(reasons[0]))
            raise ProviderError("The provider finished without a video.")
        return JobState("done", 1.0, done=True, files=files, metadata={"id": row.get("name")})

    def cancel(self, job_id: str) -> tuple[str, str] | None:  # noqa: ARG002 - the interface's
        """Google's API for developers has nothing to cancel an operation with."""
        return None


def _frame(picture: FilePart, model: str) -> dict[str, Any]:
    check_picture(picture, model)
    return {"bytesBase64Encoded": in_bytes(picture, model), "mimeType": picture.media_type}


def _fraction(metadata: Any) -> float | None:
    percent = metadata.get("progressPercent") if isinstance(metadata, dict) else None
    return percent / 100 if type(percent) is int and 0 <= percent <= 100 else None


def _files(said: dict[str, Any]) -> Iterator[JobFile]:
    samples = said.get("generatedSamples") or said.get("generatedVideos") or said.get("videos")
    for sample in list_of(samples):
        video = sample.get("video", sample) if isinstance(sample, dict) else None
        if not isinstance(video, dict):
            continue
        kind = str(video.get("mimeType") or video.get("encoding") or "video/mp4")
        text = video.get("bytesBase64Encoded") or video.get("encodedVideo")
        if text:
            yield JobFile(kind, decoded(text))
        elif isinstance(uri := video.get("uri"), str):
            yield JobFile(kind, url=uri)
