"""OpenAI's Videos API: create, ask, download.

Source: https://platform.openai.com/docs/api-reference/videos. Deleting is
documented for videos that are finished; it is the only way to end one that is
not, so it is tried. Refuses to know addresses and clocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nbstream.errors import ProtocolError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.base import Request
from nbstream.protocols.jobs import JobFile, JobState
from nbstream.protocols.keys import bearer
from nbstream.protocols.media_files import address
from nbstream.protocols.media_prompt import pictures_of, prompt_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message

_KEPT = ("id", "seconds", "size", "expires_at")


@dataclass(frozen=True, slots=True)
class OpenAIVideos:
    """The protocol; see ``JobProtocol``. ``key_header`` as in ``OpenAIImages``."""

    name = "openai_videos"

    interval: float = 10.0
    key_header: str | None = None

    def auth(self, api_key: str) -> dict[str, str]:
        """A bearer token, or the header that the server wants instead."""
        return bearer(api_key, self.key_header)

    def create(self, model: str, messages: Sequence[Message], params: dict[str, Any]) -> Request:
        """The request; a picture is the video's first frame."""
        body: dict[str, Any] = {"model": model, "prompt": prompt_of(messages)}
        for picture in pictures_of(messages, 1, model):
            body["input_reference"] = {"image_url": address(picture)}
        return Request("/videos", {**body, **params}, {"Accept": "application/json"})

    def job_id(self, row: dict[str, Any]) -> str:
        """The video's id."""
        if isinstance(found := row.get("id"), str) and found:
            return found
        raise ProtocolError("The provider began a video without saying its id.")

    def path(self, job_id: str) -> str:
        """The video's own path."""
        return f"/videos/{quote(job_id, safe='')}"

    def state(self, row: dict[str, Any]) -> JobState:
        """How the video stands; ``progress`` is in percent."""
        status = str(row.get("status") or "queued")
        if status in {"failed", "cancelled", "expired"}:
            raise error_in_stream(row.get("error") or f"The video {status}.")
        done = status == "completed"
        percent = row.get("progress")
        known = isinstance(percent, (int, float)) and not isinstance(percent, bool)
        fraction = min(1.0, max(0.0, float(percent or 0) / 100)) if known else None
        if not done:
            return JobState(status, fraction)
        # Servers that imitate OpenAI's give an address instead of the content's path.
        url = row.get("url")
        where = url if isinstance(url, str) and url else f"{self.path(self.job_id(row))}/content"
        metadata = {name: row[name] for name in _KEPT if row.get(name) is not None}
        files = (JobFile("video/mp4", url=where),)
        return JobState(status, 1.0, done=True, files=files, metadata=metadata)

    def cancel(self, job_id: str) -> tuple[str, str] | None:
        """Deletes the video."""
        return "DELETE", self.path(job_id)
