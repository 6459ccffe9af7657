"""Helpers for the Vercel AI Gateway's image and video protocols: headers, body, files, metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.base import Request
from nbstream.protocols.media_files import encode_base64
from nbstream.protocols.media_protocol import prompt_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import FilePart, Message

_SPECIFICATION = "3"
_PROTOCOL = "0.0.1"
_METADATA_FIELDS = ("warnings", "providerMetadata")


def auth(api_key: str) -> dict[str, str]:
    """The headers with the token and its kind. A deployment's token is a JWT, with two dots."""
    method = "oidc" if api_key.count(".") == 2 else "api-key"
    return {"Authorization": f"Bearer {api_key}", "ai-gateway-auth-method": method}


def request(kind: str, model: str, body: dict[str, Any], accept: str) -> Request:
    """The POST request to the endpoint for ``kind`` (image, video)."""
    headers = {
        "Accept": accept,
        "ai-gateway-protocol-version": _PROTOCOL,
        f"ai-{kind}-model-specification-version": _SPECIFICATION,
        "ai-model-id": model,
    }
    return Request(f"/v3/ai/{kind}-model", body, headers)


def body(messages: Sequence[Message]) -> dict[str, Any]:
    """The fields that both endpoints require; ``providerOptions`` may be empty but not missing."""
    return {"prompt": prompt_of(messages), "n": 1, "providerOptions": {}}


def file(part: FilePart) -> dict[str, str]:
    """An image as JSON for the request: its URL, or its bytes."""
    if part.data is None:
        return {"type": "url", "url": part.url or ""}
    return {"type": "file", "data": encode_base64(part.data), "mediaType": part.media_type}


def response_metadata(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of a response that the message keeps besides its files."""
    return {name: row[name] for name in _METADATA_FIELDS if row.get(name)}
