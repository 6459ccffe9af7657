"""Recorded answers, cut off at 20 places, as the messages that a user then has."""

import copy
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from nbstream.core.log import Log
from nbstream.core.message import FinishReason, Message
from nbstream.errors import NBStreamError
from tests.history.servers import SERVERS
from tests.recordings import Recording

CUTS = 20
_ENDS: tuple[FinishReason | None, ...] = ("cancelled", "error", "length", None)
"""How an answer that was cut off ends: by Stop, a failure, a limit; None while it arrives."""


def cut_answers(recording: Recording) -> Iterator[Message]:
    """The message after each 20th of the body, and the whole one.

    The body is decoded once. ``test_cuts.py`` checks that this is the same as cutting it.
    """
    decoder, log, done = SERVERS[recording.protocol].protocol.decoder(), Log(), 0
    body = recording.body
    for number in range(1, CUTS + 1):
        place = len(body) * number // (CUTS + 1)
        with suppress(NBStreamError):
            log.extend(decoder.feed(body[done:place]))
        done = place
        message = log.message()
        if message.finish_reason is None:
            message = replace(message, finish_reason=_ENDS[number % len(_ENDS)])
        yield message
    with suppress(NBStreamError):
        log.extend(decoder.feed(body[done:]))
        log.extend(decoder.close())
    yield log.message()


def cut_once(recording: Recording, number: int) -> Message:
    """The message after ``number`` 20ths, from a body that is really cut off there."""
    log = Log()
    decoder = SERVERS[recording.protocol].protocol.decoder()
    with suppress(NBStreamError):
        log.extend(decoder.feed(recording.body[: len(recording.body) * number // (CUTS + 1)]))
        log.extend(decoder.close())
    return copy.copy(log.message())
