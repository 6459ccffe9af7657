"""The error for a request that a cassette does not have."""

from __future__ import annotations

from nbstream.errors.types import StreamError


class NotRecordedError(StreamError):
    """The cassette that is replayed has no answer to this request. Nothing was sent.

    The text names the differences from the nearest recorded request.

    >>> issubclass(nbstream.errors.NotRecordedError, nbstream.errors.StreamError)
    True
    """
