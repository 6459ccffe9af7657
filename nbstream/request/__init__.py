"""``nbstream.stream()``: turns a model, messages, tools and parameters into a stream."""

from nbstream.request.stream import stream

__all__ = ["stream"]
