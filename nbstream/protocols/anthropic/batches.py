"""Anthropic's Message Batches: up to 100,000 requests to the Messages API at half the price.

Source: https://platform.claude.com/docs/en/api/messages/batches/create.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from nbstream.errors import CancelledStreamError, ProviderError
from nbstream.errors.parsing import error_in_stream
from nbstream.protocols.anthropic import VERSION
from nbstream.protocols.base import Request
from nbstream.protocols.batches import BatchAnswer, BatchState, as_body, in_path
from nbstream.protocols.json_fields import count_of, dict_of, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_PATH = "/v1/messages/batches"


class AnthropicBatches:
    """See ``BatchProtocol``. The requests are part of the one that creates the batch."""

    headers: ClassVar[dict[str, str]] = {"anthropic-version": VERSION}
    max_requests = 100_000
    max_bytes = 256_000_000

    def line(self, custom_id: str, body: bytes) -> bytes:
        """An item of ``requests``."""
        return b'{"custom_id":"%s","params":%s}' % (custom_id.encode(), body)

    def upload(self, _lines: Sequence[bytes]) -> Request | None:
        """Nothing is uploaded."""
        return None

    def create(self, lines: Sequence[bytes], _file_id: str) -> Request:
        """A POST of all requests."""
        content = b'{"requests":[%s]}' % b",".join(lines)
        return Request(_PATH, {}, {"content-type": "application/json"}, content)

    def path(self, batch_id: str) -> str:
        """Where the state is."""
        return f"{_PATH}/{in_path(batch_id)}"

    def cancel(self, batch_id: str) -> str:
        """Where it is cancelled."""
        return f"{self.path(batch_id)}/cancel"

    def state(self, row: dict[str, Any]) -> BatchState:
        """The results are at a path of the same server; ``results_url`` may name another."""
        counts = dict_of(row.get("request_counts"))
        failed = sum(count_of(counts, name) for name in ("errored", "canceled", "expired"))
        status = text_of(row.get("processing_status"))
        ended = status == "ended"
        files = (f"{self.path(text_of(row.get('id')))}/results",) if ended else ()
        error = None
        if row.get("archived_at"):  # 29 days after it was created
            files = ()
            error = ProviderError("The provider keeps the answers of this batch no longer.")
        return BatchState(status, count_of(counts, "succeeded"), failed, ended, files, error)

    def answer(self, row: dict[str, Any]) -> BatchAnswer:
        """``result``: succeeded, errored, canceled or expired."""
        result = dict_of(row.get("result"))
        kind = text_of(result.get("type"))
        if kind == "succeeded":
            return BatchAnswer(as_body(dict_of(result.get("message"))))
        if kind == "canceled":
            text = "The batch was cancelled before this prompt was answered."
            return BatchAnswer(error=CancelledStreamError(text))
        if kind == "expired":
            text = "The batch ended, after 24 hours, before this prompt was answered."
            return BatchAnswer(error=ProviderError(text))
        return BatchAnswer(error=error_in_stream(result.get("error") or result))
