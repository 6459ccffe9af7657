"""Encodes the fields and files of an image request as multipart/form-data (RFC 7578)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from nbstream.core.message import FilePart

if TYPE_CHECKING:
    from collections.abc import Sequence


def encode_multipart(
    fields: dict[str, Any], pictures: Sequence[FilePart], mask: FilePart | None
) -> tuple[str, bytes]:
    """The content type with its boundary, and the encoded body."""
    boundary = f"nbstream-{secrets.token_hex(16)}"
    parts = [_part(f'name="{name}"', "", _text(value)) for name, value in fields.items()]
    files = [("image[]", picture) for picture in pictures]
    if isinstance(mask, FilePart):
        files.append(("mask", mask))
    parts += [_file(name, number, file) for number, (name, file) in enumerate(files)]
    edge = f"--{boundary}\r\n".encode()
    body = b"".join(edge + part for part in parts) + f"--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", body


def _file(name: str, number: int, file: FilePart) -> bytes:
    # Not the user's filename, which could contain quotes.
    filename = f"image-{number}.{file.media_type.rpartition('/')[2]}"
    about = f'name="{name}"; filename="{filename}"'
    return _part(about, f"Content-Type: {file.media_type}\r\n", file.data or b"")


def _part(about: str, more: str, data: bytes) -> bytes:
    head = f"Content-Disposition: form-data; {about}\r\n{more}\r\n".encode()
    return head + data + b"\r\n"


def _text(value: Any) -> bytes:
    return (str(value).lower() if isinstance(value, bool) else str(value)).encode()
