"""The wire formats of model APIs, one package or module each, and what they share. No I/O.

Each format builds the requests of one API and decodes the bytes of its responses to events.
"""

from nbstream.protocols.base import Decoder, Request, WireProtocol

__all__ = ["Decoder", "Request", "WireProtocol"]
