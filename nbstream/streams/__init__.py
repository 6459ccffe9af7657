"""The runtime of a stream: one run, any number of readers, sync and async.

Provider-free: the events come from any ``Source``.
"""

from nbstream.streams.async_stream import AsyncStream
from nbstream.streams.iterator import StreamIterator
from nbstream.streams.source import Source, stream_from_source
from nbstream.streams.stream import Stream

__all__ = ["AsyncStream", "Source", "Stream", "StreamIterator", "stream_from_source"]
