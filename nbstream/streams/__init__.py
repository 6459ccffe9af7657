"""The runtime of a stream: one run, any number of readers, sync and async.

Provider-free: what gives the events is any function that returns an async generator.
"""

from nbstream.streams.async_stream import AsyncStream
from nbstream.streams.iterator import StreamIterator
from nbstream.streams.stream import Stream

__all__ = ["AsyncStream", "Stream", "StreamIterator"]
