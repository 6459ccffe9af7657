"""Wire formats, one package each: build a request, decode response bytes to events. No I/O."""

from nbstream.protocols.base import Decoder, Request, WireProtocol

__all__ = ["Decoder", "Request", "WireProtocol"]
