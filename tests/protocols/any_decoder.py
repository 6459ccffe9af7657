"""Checks that every protocol's decoder must pass; called by each protocol's tests."""

import random
from collections.abc import Callable

import pytest

from nbstream.core.events import Event, Retry, StreamEnd
from nbstream.core.log import Log
from nbstream.core.message import Message, RefusalPart, TextPart, ThinkingPart
from nbstream.errors import IncompleteResponseError, NBStreamError, StreamError
from nbstream.protocols import Decoder
from tests.cuts import ways

MakeDecoder = Callable[[], Decoder]


def decode(make: MakeDecoder, chunks: list[bytes]) -> tuple[list[Event], Message, str]:
    """The events, their message, and the class name of the error, if there was one."""
    log, decoder = Log(), make()
    reader, failure = log.reader(), ""
    try:
        for chunk in chunks:
            log.extend(decoder.feed(chunk))
        log.extend(decoder.close())
    except NBStreamError as error:
        failure = type(error).__name__
    return reader.take(), log.message(), failure


def same_however_cut(make: MakeDecoder, body: bytes) -> None:
    """The events are the same for the body at once, byte by byte and in random pieces."""
    results = {way: decode(make, chunks) for way, chunks in ways(body)}
    expected = results["whole"]
    for way, result in results.items():
        assert result == expected, way


def incomplete_when_cut(make: MakeDecoder, body: bytes, separator: bytes = b"\n\n") -> None:
    """A body cut after any event is incomplete, and the message so far is kept."""
    pieces = body.replace(b"\r\n", b"\n").split(separator)
    for count in range(len(pieces) + 1):  # the last one may lack its separator
        part = b"".join(piece + separator for piece in pieces[:count])
        log, decoder = Log(), make()
        log.extend(decoder.feed(part))
        if any(isinstance(event, StreamEnd) for event in log.transcript.events()):
            return
        before = log.message()
        try:
            log.extend(decoder.close())
        except IncompleteResponseError:
            assert log.message() == before
        else:
            # A protocol may know its end only once the body has ended.
            assert log.transcript.finish_reason is not None
            return
    pytest.fail("no end was seen in the whole body")


def survives_mutation(make: MakeDecoder, body: bytes, seed: int, rounds: int = 20) -> None:
    """Damaged bytes raise only our own errors, and the message so far is kept."""
    chance = random.Random(seed)
    for _ in range(rounds):
        broken = bytearray(body)
        for _ in range(chance.randint(1, 8)):
            _mutate(broken, chance)
        log, decoder = Log(), make()
        reader = log.reader()
        for start in range(0, len(broken) + 97, 97):
            chunk, before = bytes(broken[start : start + 97]), _texts(log.message())
            try:
                log.extend(decoder.feed(chunk) if chunk else decoder.close())
            except StreamError:
                break
            finally:
                # Only a retry discards parts, and only the end may correct them.
                if not any(isinstance(event, (Retry, StreamEnd)) for event in reader.take()):
                    after = _texts(log.message())
                    assert all(map(str.startswith, after, before)), (before, after)
                    assert len(after) >= len(before)


def _texts(message: Message) -> list[str]:
    """The text of each part; several may grow at the same time."""
    return [part.text if isinstance(part, _PROSE) else "" for part in message.parts]


_PROSE = (TextPart, ThinkingPart, RefusalPart)


def _mutate(data: bytearray, chance: random.Random) -> None:
    if not data:
        return
    at = chance.randrange(len(data))
    match chance.randrange(4):
        case 0:
            data[at] = chance.randrange(256)
        case 1:
            del data[at : at + chance.randint(1, 40)]
        case 2:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 6)))
        case 3:
            data[at:at] = data[at : at + chance.randint(1, 60)]
