"""Gemini: recorded streams give the same message as Google's SDK."""

import json
import random
from typing import Any

from nbstream.core.message import Message
from nbstream.protocols.gemini import Gemini
from tests.protocols.any_decoder import (
    decode,
    incomplete_when_cut,
    same_however_cut,
    survives_mutation,
)
from tests.protocols.compare_gemini import differences
from tests.recordings import Recording, parametrize

make = Gemini().decoder


@parametrize("gemini")
def test_a_recording_agrees_with_the_sdk(recording: Recording) -> None:
    _, message, failure = decode(make, [recording.body])
    assert differences(message, recording) == []
    assert bool(failure) == (message.finish_reason is None)
    if recording.final is None:
        assert failure  # the SDK raised, too


@parametrize("gemini")
def test_a_recording_is_the_same_however_it_is_cut(recording: Recording) -> None:
    same_however_cut(make, recording.body)


@parametrize("gemini")
def test_a_recording_that_is_cut_short_is_incomplete(recording: Recording) -> None:
    if not decode(make, [recording.body])[2]:
        incomplete_when_cut(make, recording.body)


@parametrize("gemini")
def test_a_damaged_recording_raises_only_our_own_errors(recording: Recording) -> None:
    survives_mutation(make, recording.body, seed=len(recording.body), rounds=5)


@parametrize("gemini")
def test_wrong_types_raise_only_our_own_errors(recording: Recording) -> None:
    chance = random.Random(len(recording.body))
    rows = [line[5:] for line in recording.body.splitlines() if line[:5] == b"data:"]
    for _ in range(5):
        wrong = [b"data: " + _with_wrong_types(row, chance) + b"\n\n" for row in rows]
        _, message, _ = decode(make, [b"".join(wrong)])  # raises what is not ours
        json.dumps(Gemini().request("gemini-3-pro", [message, Message("user")], {}).body)


def _with_wrong_types(row: bytes, chance: random.Random) -> bytes:
    value = json.loads(row)
    places = list(_places(value))
    for holder, key in chance.sample(places, min(2, len(places))):
        holder[key] = chance.choice([None, -1, 1.5, True, "", "x", [], [1], {}, {"a": 1}, [{}]])
    return json.dumps(value).encode()


def _places(value: Any) -> Any:
    pairs: Any = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        yield value, key
        if isinstance(inner, (dict, list)):
            yield from _places(inner)
