"""Streams: one response, any number of readers, sync and async."""

from nbstream.streams.api import stream
from nbstream.streams.faces import AsyncStream, Stream
from nbstream.transport.timeouts import Timeouts

__all__ = ["AsyncStream", "Stream", "Timeouts", "stream"]
