"""The job protocol for OpenAI's Videos API: create a video, poll its state, download it.

Source: https://platform.openai.com/docs/api-reference/videos. Deletion is documented for
finished videos only. There is no other way to cancel, so ``cancel`` tries it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nbstream.errors import ProtocolError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.auth_headers import bearer
from nbstream.protocols.base import Request
from nbstream.protocols.jobs import JobFile, JobState
from nbstream.protocols.media_files import url_or_data_url
from nbstream.protocols.media_protocol import pictures_of, prompt_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message

_METADATA_FIELDS = ("id", "seconds", "size", "expires_at")


@dataclass(frozen=True, slots=True)
class OpenAIVideos:
    """Builds and reads video jobs; see ``JobProtocol``. ``key_header`` as in ``OpenAIImages``."""

    name = "openai_videos"

    interval: float = 10.0
    key_header: str | None = None

    def auth(self, api_key: str) -> dict[str, str]:
        """A bearer token, or the key in ``key_header``."""
        return bearer(api_key, self.key_header)

    def create(self, model: str, messages: Sequence[Message], params: dict[str, Any]) -> Request:
        """The request that starts a video; an image becomes the first frame."""
        body: dict[str, Any] = {"model": model, "prompt": prompt_of(messages)}
        for picture in pictures_of(messages, 1, model):
            body["input_reference"] = {"image_url": url_or_data_url(picture)}
        return Request("/videos", {**body, **params}, {"Accept": "application/json"})

    def job_id(self, row: dict[str, Any]) -> str:
        """The video's id."""
        if isinstance(video_id := row.get("id"), str) and video_id:
            return video_id
        raise ProtocolError("The provider started a video but sent no id for it.")

    def path(self, job_id: str) -> str:
        """The path that returns the video's state."""
        return f"/videos/{quote(job_id, safe='')}"

    def state(self, row: dict[str, Any]) -> JobState:
        """The state of the video; ``progress`` is in percent."""
        status = str(row.get("status") or "queued")
        if status in {"failed", "cancelled", "expired"}:
            raise error_in_stream(row.get("error") or f"The video {status}.")
        done = status == "completed"
        percent = row.get("progress")
        known = isinstance(percent, (int, float)) and not isinstance(percent, bool)
        fraction = min(1.0, max(0.0, float(percent or 0) / 100)) if known else None
        if not done:
            return JobState(status, fraction)
        # Servers that imitate OpenAI's send an address; OpenAI's content has a path.
        url = row.get("url")
        where = url if isinstance(url, str) and url else f"{self.path(self.job_id(row))}/content"
        metadata = {name: row[name] for name in _METADATA_FIELDS if row.get(name) is not None}
        files = (JobFile("video/mp4", url=where),)
        return JobState(status, 1.0, done=True, files=files, metadata=metadata)

    def cancel(self, job_id: str) -> tuple[str, str] | None:
        """The method and path that delete the video."""
        return "DELETE", self.path(job_id)
