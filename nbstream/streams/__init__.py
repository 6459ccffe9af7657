"""The runtime of a stream: one run, any number of readers, sync and async.

Knows no provider and no wire format: what gives the events is a ``Source``.
"""

from nbstream.streams.stream import AsyncStream, Stream

__all__ = ["AsyncStream", "Stream"]
