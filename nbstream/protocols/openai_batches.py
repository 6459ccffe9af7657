"""OpenAI's Batch API: a file of up to 50,000 requests at half the price.

Source: https://platform.openai.com/docs/api-reference/batch.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, ClassVar

from nbstream.errors import BadRequestError, CancelledStreamError, ProviderError
from nbstream.errors.parsing import error_in_stream, provider_error
from nbstream.protocols.base import Request
from nbstream.protocols.batches import BatchAnswer, BatchState, as_body, in_path
from nbstream.protocols.json_fields import count_of, dict_of, dicts_of, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_ENDED = ("completed", "failed", "expired", "cancelled")


class OpenAIBatches:
    """See ``BatchProtocol``. The requests are uploaded as a file; ``endpoint`` is their address."""

    headers: ClassVar[dict[str, str]] = {}
    max_requests = 50_000
    max_bytes = 200_000_000

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def line(self, custom_id: str, body: bytes) -> bytes:
        """A line of the file."""
        about = custom_id.encode(), self._endpoint.encode(), body
        return b'{"custom_id":"%s","method":"POST","url":"%s","body":%s}' % about

    def upload(self, lines: Sequence[bytes]) -> Request | None:
        """A form with the file, as ``multipart/form-data`` (RFC 7578)."""
        boundary = f"nbstream-{secrets.token_hex(16)}"
        edge = f"--{boundary}\r\n"
        head = (
            f'{edge}Content-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n{edge}'
            'Content-Disposition: form-data; name="file"; filename="batch.jsonl"\r\n'
            "Content-Type: application/jsonl\r\n\r\n"
        )
        content = head.encode() + b"\n".join(lines) + f"\n\r\n--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        return Request("/files", {}, {"content-type": kind}, content)

    def create(self, _lines: Sequence[bytes], file_id: str) -> Request:
        """A batch of the uploaded file."""
        body = {"input_file_id": file_id, "endpoint": self._endpoint, "completion_window": "24h"}
        return Request("/batches", body)

    def path(self, batch_id: str) -> str:
        """Where the state is."""
        return f"/batches/{in_path(batch_id)}"

    def cancel(self, batch_id: str) -> str:
        """Where it is cancelled."""
        return f"{self.path(batch_id)}/cancel"

    def state(self, row: dict[str, Any]) -> BatchState:
        """One file has the answers, another one the errors; each may be missing."""
        counts, status = dict_of(row.get("request_counts")), text_of(row.get("status"))
        ended = status in _ENDED
        ids = [text_of(row.get(name)) for name in ("output_file_id", "error_file_id")]
        files = tuple(f"/files/{in_path(one)}/content" for one in ids if one) if ended else ()
        error = None
        if status == "failed":
            first = next(iter(dicts_of(dict_of(row.get("errors")).get("data"))), {})
            text = text_of(first.get("message")) or "no details"
            error = BadRequestError(f"The provider did not accept the batch: {text}")
        done, failed = count_of(counts, "completed"), count_of(counts, "failed")
        return BatchState(status, done, failed, ended, files, error)

    def answer(self, row: dict[str, Any]) -> BatchAnswer:
        """``response`` with a status and a body, or ``error``."""
        response, error = dict_of(row.get("response")), dict_of(row.get("error"))
        body, status = dict_of(response.get("body")), response.get("status_code")
        if status == 200 and not error:
            return BatchAnswer(as_body(body))
        code = text_of(error.get("code"))
        if code == "batch_cancelled":
            text = "The batch was cancelled before this prompt was answered."
            return BatchAnswer(error=CancelledStreamError(text))
        if code == "batch_expired":
            text = "The batch ended, after 24 hours, before this prompt was answered."
            return BatchAnswer(error=ProviderError(text))
        found = error_in_stream(error or body)
        request_id = text_of(response.get("request_id")) or None
        if isinstance(status, int) and not isinstance(status, bool) and found.status is None:
            kind = dict_of(body.get("error"))
            found = provider_error(
                found.text, kind=kind.get("type"), code=kind.get("code"), status=status
            )
        found.request_id = found.request_id or request_id
        return BatchAnswer(error=found)
