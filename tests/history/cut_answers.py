"""Recorded answers, cut off at 20 places, as the messages that a user then has."""

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

    The body is decoded once; ``test_cuts.py`` checks that this is the same as cutting it. Only
    Gemini's decoder reads a last chunk without its end when it is closed.
    """
    if recording.protocol == "gemini":
        yield from (_ended(cut_once(recording, number), number) for number in range(1, CUTS + 2))
        return
    decoder, log, done = SERVERS[recording.protocol].protocol.decoder(), Log(), 0
    body = recording.body
    for number in range(1, CUTS + 1):
        place = len(body) * number // (CUTS + 1)
        with suppress(NBStreamError):
            log.extend(decoder.feed(body[done:place]))
        done = place
        yield _ended(log.message(), number)
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
    return log.message()


def _ended(message: Message, number: int) -> Message:
    """The message with an end, if it has none."""
    if message.finish_reason is not None:
        return message
    return replace(message, finish_reason=_ENDS[number % len(_ENDS)])
