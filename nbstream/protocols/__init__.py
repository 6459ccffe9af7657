"""Wire formats, one package each: a request out, bytes in, events out. No I/O."""

from nbstream.protocols.base import Decoder, Request, WireProtocol

__all__ = ["Decoder", "Request", "WireProtocol"]
