"""From a model, messages, tools and parameters to a stream of the model's answer."""

from nbstream.request.stream import stream

__all__ = ["stream"]
