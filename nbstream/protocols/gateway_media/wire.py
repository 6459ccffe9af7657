"""What the gateway's two endpoints share: headers, and how a file is written.

Knows the names. Refuses to know answers.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbstream.core.message import FilePart

_SPECIFICATION = "3"
_PROTOCOL = "0.0.1"


def auth(api_key: str) -> dict[str, str]:
    """A bearer token, and which kind: a deployment's own is a JWT, which has two dots."""
    method = "oidc" if api_key.count(".") == 2 else "api-key"
    return {"Authorization": f"Bearer {api_key}", "ai-gateway-auth-method": method}


def headers(kind: str, model: str, accept: str) -> dict[str, str]:
    """The headers of a request to the endpoint for ``kind`` (image, video)."""
    return {
        "Accept": accept,
        "ai-gateway-protocol-version": _PROTOCOL,
        f"ai-{kind}-model-specification-version": _SPECIFICATION,
        "ai-model-id": model,
    }


def file(part: FilePart) -> dict[str, str]:
    """A picture: its address, or its bytes."""
    if part.data is None:
        return {"type": "url", "url": part.url or ""}
    data = base64.b64encode(part.data).decode()
    return {"type": "file", "data": data, "mediaType": part.media_type}
