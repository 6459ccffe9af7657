"""The wire formats of model APIs, one package or module each, and what they share. No I/O.

Each format builds the requests of one API and reads its responses: as events, or as the state of
a job.
"""

from nbstream.protocols.base import Decoder, Request, WireProtocol

__all__ = ["Decoder", "Request", "WireProtocol"]
