"""Decompresses response bodies in small steps; the bytes decide, not ``Content-Encoding`` alone.

Proxies compress without a label, or decompress and leave the label. A few kilobytes can hold
gigabytes, so a step makes a megabyte at most, and other streams run between two steps.
"""

from __future__ import annotations

import asyncio
import zlib
from typing import TYPE_CHECKING, Any

from nbstream.errors import ProtocolError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterator

ACCEPTED = "gzip, deflate"
"""The encodings that requests ask for."""

_STEP = 1024 * 1024  # bytes that are made at a time
_GZIP = b"\x1f\x8b"
_PLAIN = frozenset(range(0x20, 0x7F)) | frozenset(b"\t\r\n\xef\xbb\xbf")
"""What JSON, an event stream and HTML begin with: ASCII, or a byte order mark."""


def plain_chunks(response: Any, host: str, *, require_complete: bool) -> AsyncIterator[bytes]:
    """The decompressed body of an httpx response, chunk by chunk.

    Raises:
        ProtocolError: the body is damaged, or compressed in a way that was not asked for.
    """
    if response.is_stream_consumed:  # a test's response, which was decompressed when it was made
        return response.aiter_bytes()  # type: ignore[no-any-return]
    label = response.headers.get("content-encoding", "").strip().lower()
    return _decompressed(response.aiter_raw(), label, host, require_complete=require_complete)


async def _decompressed(
    raw: AsyncIterator[bytes], label: str, host: str, *, require_complete: bool
) -> AsyncGenerator[bytes, None]:
    start, is_labelled = b"", label not in ("", "identity")
    async for data in raw:
        start += data
        # One byte tells a body that is plain; it must not wait for the next.
        if len(start) > 1 or (not is_labelled and start != _GZIP[:1]):
            break
    inflater = _inflater(start, label if is_labelled else "", host)
    if inflater is None:
        if start:
            yield start
        async for data in raw:
            yield data
        return
    try:
        for chunk in inflater.feed(start):
            yield chunk
        async for data in raw:
            for number, chunk in enumerate(inflater.feed(data)):
                if number:
                    await asyncio.sleep(0)
                yield chunk
    except zlib.error as error:
        raise ProtocolError(f"{host} sent a damaged compressed body: {error}.") from None
    if require_complete and not inflater.is_whole:
        raise ProtocolError(f"{host} sent a compressed body that broke off.")


def _inflater(start: bytes, label: str, host: str) -> _Inflater | None:
    """What decompresses a body that begins with ``start``; None if it is not compressed."""
    if start[:2] == _GZIP:
        return _Inflater(zlib.MAX_WBITS | 16)
    is_zlib = len(start) > 1 and start[0] & 0x0F == 8 and int.from_bytes(start[:2]) % 31 == 0
    if label == "deflate" and is_zlib:
        return _Inflater(zlib.MAX_WBITS)
    if not label or _PLAIN.issuperset(start[:16]):
        return None
    if label == "deflate":
        return _Inflater(-zlib.MAX_WBITS)
    raise ProtocolError(
        f"{host} compressed its answer as {label[:40]}, which the request did not allow.",
        remedy="Check the proxy or the server; nbstream reads gzip and deflate.",
    )


class _Inflater:
    """A zlib decompressor that gives small pieces, and reads gzip members one after another."""

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._zlib = zlib.decompressobj(bits)

    @property
    def is_whole(self) -> bool:
        """Whether the end of the compressed data was reached."""
        return self._zlib.eof

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._zlib.eof:
                if data[:1] != _GZIP[:1]:  # padding after the end
                    return
                self._zlib = zlib.decompressobj(self._bits)
            if chunk := self._zlib.decompress(data, _STEP):
                yield chunk
            data = self._zlib.unconsumed_tail or self._zlib.unused_data
