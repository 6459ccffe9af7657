"""Cassettes: files that hold requests with their answers, to give the answers again.

A cassette is JSON lines. ``request`` puts one between a stream and its model; this package opens
no connection and knows no provider. ``docs/record.md`` describes the file for other tools.
"""

from nbstream.cassette.active import active_cassette, set_session_cassette
from nbstream.cassette.cassette import MODES, Cassette
from nbstream.cassette.context import Recording, recording
from nbstream.cassette.request import described

__all__ = [
    "MODES",
    "Cassette",
    "Recording",
    "active_cassette",
    "described",
    "recording",
    "set_session_cassette",
]
