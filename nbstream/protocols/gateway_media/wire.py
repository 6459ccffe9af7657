"""What the gateway's two endpoints share: the key, the request's frame, files, metadata.

Knows the names. Refuses to know pictures from videos.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.protocols.base import Request
from nbstream.protocols.media_files import encoded
from nbstream.protocols.media_prompt import prompt_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import FilePart, Message

_SPECIFICATION = "3"
_PROTOCOL = "0.0.1"
_KEPT = ("warnings", "providerMetadata")


def auth(api_key: str) -> dict[str, str]:
    """A bearer token, and which kind: a deployment's own is a JWT, which has two dots."""
    method = "oidc" if api_key.count(".") == 2 else "api-key"
    return {"Authorization": f"Bearer {api_key}", "ai-gateway-auth-method": method}


def request(kind: str, model: str, body: dict[str, Any], accept: str) -> Request:
    """A request to the endpoint for ``kind`` (image, video)."""
    headers = {
        "Accept": accept,
        "ai-gateway-protocol-version": _PROTOCOL,
        f"ai-{kind}-model-specification-version": _SPECIFICATION,
        "ai-model-id": model,
    }
    return Request(f"/v3/ai/{kind}-model", body, headers)


def body(messages: Sequence[Message]) -> dict[str, Any]:
    """What either endpoint must be told; ``providerOptions`` too, be it empty."""
    return {"prompt": prompt_of(messages), "n": 1, "providerOptions": {}}


def file(part: FilePart) -> dict[str, str]:
    """A picture: its address, or its bytes."""
    if part.data is None:
        return {"type": "url", "url": part.url or ""}
    return {"type": "file", "data": encoded(part.data), "mediaType": part.media_type}


def kept(row: dict[str, Any]) -> dict[str, Any]:
    """What the message keeps of an answer beside its files."""
    return {name: row[name] for name in _KEPT if row.get(name)}
