"""Runs a stream: takes events from any ``Source`` and gives them to readers, sync and async.

It knows no provider.
"""

from nbstream.streams.async_stream import AsyncStream
from nbstream.streams.iterator import StreamIterator
from nbstream.streams.source import Source, stream_from_source
from nbstream.streams.stream import Stream

__all__ = ["AsyncStream", "Source", "Stream", "StreamIterator", "stream_from_source"]
