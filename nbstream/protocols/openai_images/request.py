"""Builds the request to OpenAI's Images API from a prompt and input pictures.

Source: https://platform.openai.com/docs/api-reference/images/create and
/createEdit. Pictures are uploaded as a form. An edit of a picture at a URL is JSON instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbstream.core.message import FilePart
from nbstream.errors import UsageError
from nbstream.protocols.base import Request
from nbstream.protocols.media_files import check_picture, url_or_data_url
from nbstream.protocols.media_protocol import pictures_of, prompt_of
from nbstream.protocols.openai_images.multipart import encode_multipart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbstream.core.message import Message

_MAX_IMAGES = 16
_MAX_BYTES = 50 * 1024 * 1024  # of one image: "less than 50MB"
_DRAFTS = 2
_JSON = {"Accept": "application/json"}


def build_request(model: str, messages: Sequence[Message], params: dict[str, Any]) -> Request:
    """The request. ``params`` are merged in last.

    Raises:
        UsageError: there is no text, or a picture that the API does not take.
    """
    body = {"model": model, "prompt": prompt_of(messages), **_defaults(model, params), **params}
    pictures = pictures_of(messages, _MAX_IMAGES, model)
    headers = {} if body.get("stream") else _JSON
    if not pictures:
        return Request("/images/generations", body, headers)
    mask = body.pop("mask", None)
    for picture in (*pictures, *([mask] if isinstance(mask, FilePart) else [])):
        _check(picture, model)
    if all(picture.data is not None for picture in pictures):
        kind, content = encode_multipart(body, pictures, mask)
        return Request("/images/edits", body, {**headers, "Content-Type": kind}, content)
    body["images"] = [{"image_url": url_or_data_url(picture)} for picture in pictures]
    if isinstance(mask, FilePart):
        body["mask"] = {"image_url": url_or_data_url(mask)}
    return Request("/images/edits", body, headers)


def _defaults(model: str, params: dict[str, Any]) -> dict[str, Any]:
    """Fields that ask for drafts of a single image; for DALL·E, data instead of a URL.

    DALL·E has no drafts. With several images a draft does not say which one it belongs to.
    """
    if model.startswith("dall-e"):
        return {"response_format": "b64_json"}
    if params.get("n", 1) != 1 or params.get("stream") is False:
        return {}
    return {"stream": True, "partial_images": _DRAFTS}


def _check(picture: FilePart, model: str) -> None:
    check_picture(picture, model)
    if picture.data is not None and len(picture.data) >= _MAX_BYTES:
        size = len(picture.data) / 1024 / 1024
        raise UsageError(
            f"{model} takes pictures of less than 50 MB; this one has {size:.0f} MB.",
            remedy="Make it smaller first.",
        )
